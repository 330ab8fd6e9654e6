"""Where the catalog is mounted: under a prefix, beside a static site, beside another catalog."""
import os

import pytest

from harness import Client, server
from harness.httpd import LOCATION

FILES = {"src": [server("com.example.a/one")]}


def site(one):
    root = os.path.join(one.folder, "www")
    os.makedirs(os.path.join(root, "mcp"))
    for name, text in (("index.html", "the site"), ("mcp/page.html", "hidden by the mount")):
        with open(os.path.join(root, name), "w") as f:
            f.write(text)
    return f'    DocumentRoot "{root}"\n    <Directory "{root}">\n        Require all granted\n    </Directory>\n'


def mounted(stack, prefix, with_site=True):
    one = stack(FILES, httpd={"prefix": prefix})
    if with_site:
        one.httpd.site = site(one)
    return one.start()


@pytest.mark.parametrize("prefix", ["/mcp", "/a/b", "/registry"])
def test_a_prefix(stack, prefix):
    one = mounted(stack, prefix)
    outside = Client(one.httpd.port)
    answer = one.client.servers()
    assert answer.status == 200 and answer.json["metadata"]["count"] == 1
    assert one.client.version("com.example.a/one").status == 200
    assert outside.get("/registry/default/v0.1/servers").status == 404
    assert outside.get(prefix + "x/registry/default/v0.1/servers").status == 404


def test_a_site_beside_it(stack):
    one = mounted(stack, "/mcp")
    outside = Client(one.httpd.port)
    page = outside.get("/")
    assert (page.status, page.body) == (200, b"the site")
    assert page.header("Access-Control-Allow-Origin") is None
    missing = outside.get("/nothing")
    assert missing.status == 404 and missing.header("Content-Type").startswith("text/html")
    inside = outside.get("/mcp/page.html")
    assert inside.status == 404 and inside.json["error"]


def test_the_prefix_itself(stack):
    one = mounted(stack, "/mcp")
    page = Client(one.httpd.port).get("/mcp/")
    assert page.status == 200 and page.header("Content-Type").startswith("text/html") and page.body != b"the site"
    bare = Client(one.httpd.port).get("/mcp")
    assert (bare.status, bare.header("Location")) == (301, "./mcp/")
    beyond = Client(one.httpd.port).get("/mcp//")
    assert beyond.status == 404 and beyond.json["error"]


def test_two_mounts(stack):
    one = stack(FILES, httpd={"prefix": "/first"})
    one.httpd.site = LOCATION.format(path="/second", handler="mcp-registry")
    one.start()
    assert one.httpd.client("/second").servers().json == one.client.servers().json
    assert Client(one.httpd.port).servers().status == 404


def test_a_pattern_has_no_prefix(stack):
    """<LocationMatch> puts the routes at the root, and leaves the other paths to the site."""
    one = stack(FILES, httpd={"prefix": "/first"})
    match = LOCATION.format(path="^/registry/", handler="mcp-registry").replace("Location", "LocationMatch")
    one.httpd.site = site(one) + match
    one.start()
    outside = Client(one.httpd.port)
    assert outside.servers().status == 200
    assert outside.get("/").body == b"the site"


def test_more_databases_than_there_is_room_for(stack):
    """Beyond 64 one runs without a cache, which is said; httpd starts."""
    one = stack({"src": [server("com.example.a/one")]}, httpd={"settings": "MCPRegistryCacheSize 0"})
    text = open(one.config).read()
    for number in range(64):
        path = os.path.join(one.folder, f"other-{number}.yaml")
        with open(path, "w") as f:
            f.write(text.replace(f"database: {one.database}", f"database: other_{number}"))
        one.httpd.settings += f'\n<VirtualHost 127.0.0.1:1>\nMCPRegistryConfig "{path}"\n</VirtualHost>'
    one.start()
    assert one.client.servers().status == 200
    assert "there is room for 64 databases" in one.httpd.log_text()
