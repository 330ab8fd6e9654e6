"""The block that mod_status shows."""
import os
import re

from harness import build, server, wait_until

FILES = {"src": [server("com.example.a/one")]}
SITE = '    <Location "/server-status">\n        SetHandler server-status\n    </Location>\n'
# One process, so that all figures are of one cache.
LIMITS = "ServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"
HTTPD = {
    "settings": "MCPRegistryPoolMax 3\nMCPRegistryCacheSize 2M\n"
    f'LoadModule status_module "{os.path.join(build.httpd_modules(), "mod_status.so")}"',
    "site": SITE,
    "prefix": "/mcp",  # "/" would cover the status page
    "limits": LIMITS,
}


def page_of(one, query=""):
    return one.httpd.client("").get("/server-status" + query).body.decode()


def figures(one, index=0):
    """The lines of the machine form, by name."""
    text = page_of(one, "?auto")
    return dict(re.findall(rf"^MCPRegistry\[{index}\](\w+): (.*)$", text, re.M))


def test_the_machine_form(stack):
    one = stack(FILES, httpd=HTTPD).start()
    first = wait_until(lambda: (f := figures(one))["GenerationKnown"] == "1" and f, "the generation is known")
    assert first["Database"].endswith("/" + one.database)
    assert int(first["Generation"]) == int(one.sql("select number from generation"))
    assert (first["ConnectionsMax"], first["CacheLimit"]) == ("3", str(2 << 20))
    for _ in range(3):
        assert one.client.servers(limit=7).status == 200
    then = figures(one)
    assert int(then["CacheMisses"]) == int(first["CacheMisses"]) + 1
    assert int(then["CacheHits"]) == int(first["CacheHits"]) + 2
    assert int(then["CachePages"]) == int(first["CachePages"]) + 1
    assert int(first["CacheBytes"]) < int(then["CacheBytes"]) <= 2 << 20
    assert then["CacheEvictions"] == "0"


def test_both_ports_share_an_instance(stack):
    one = stack(FILES, httpd=HTTPD).start()
    assert figures(one, 0) and not figures(one, 1)


def test_the_generation_is_unknown_without_postgres(stack, postgres):
    one = stack(FILES, httpd=HTTPD).start()
    wait_until(lambda: figures(one)["GenerationKnown"] == "1", "known")
    number = figures(one)["Generation"]
    postgres.stop()
    try:
        wait_until(lambda: figures(one)["GenerationKnown"] == "0", "unknown")
        assert figures(one)["Generation"] == number
    finally:
        postgres.start()
    wait_until(lambda: figures(one)["GenerationKnown"] == "1", "known again")


def test_without_a_cache(stack):
    one = stack(FILES, httpd={**HTTPD, "settings": HTTPD["settings"] + "\nMCPRegistryCacheSize 0"}).start()
    shown = figures(one)
    assert (shown["CacheLimit"], shown["CachePages"], shown["GenerationKnown"]) == ("0", "0", "0")


def test_the_page(stack):
    """What the configuration says is text, not markup; no secret is in it."""
    one = stack(FILES, httpd=HTTPD, database={"password": "sesame-open"}).start()
    for query in ("", "?notable"):
        page = page_of(one, query)
        block = page[page.index("MCP registry") :]
        assert one.database in block and "Page cache, hits" in block
        assert "sesame" not in page and "password" not in page
    assert ("<ul>" in block, "<table" in block) == (True, False)


def test_the_page_is_escaped(stack):
    one = stack(FILES, httpd=HTTPD)
    text = open(one.config).read().replace(one.database, "<b>&x")
    with open(one.config, "w") as f:
        f.write(text)
    one.httpd.start()
    page = page_of(one)
    assert "/&lt;b&gt;&amp;x" in page and "<b>&x" not in page
    assert figures(one)["Database"].endswith("/<b>&x")
