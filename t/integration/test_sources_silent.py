"""Sources that are silent, or say a byte now and then, after a good sync: each is given up in time, processes and
connections are gone, and what was served stays. All of them hang at once, and one more source is synced meanwhile."""
import os

import pytest

from harness import server, wait_until
from harness.config import reconfigure
from harness.git_stack import children, is_gone, message, silent  # noqa: F401 (fixture)
from harness.keeping import kept
from harness.upstream import answer

GIVEN_UP = "Fetch failed: not done within 3 s (sync.deadline), while fetching"
FETCH = "Fetch failed: failed to fetch data: failed to fetch URL {}: "
BODY = answer(length=10**6)
HEADERS = b"HTTP/1.1 200 OK\r\nX-Slow: "
# The first line of what git says, and the begin of one that is 64 KiB long.
ADVERTISEMENT = answer(
    b"001e# service=git-upload-pack\n0000fff0", length=10**6, Content_Type="application/x-git-upload-pack-advertisement"
)
GIT = {
    # what is said before it drips; None: not a word
    "git-silent": None,
    "git-silent-tls": None,
    "git-dripping": ADVERTISEMENT,
    "git-dripping-headers": HEADERS,
}
URLS = {
    # the same, the timeout of the source, and what it fails with
    "url-dripping": (BODY, "1s", FETCH + "failed to read response body: Operation timed out"),
    "url-dripping-headers": (HEADERS, "1s", FETCH + "failed to execute request: Operation timed out"),
    "url-deadline": (BODY, "5m", GIVEN_UP),
    "url-deadline-headers": (HEADERS, "5m", GIVEN_UP),
}


def dripping(release, head):
    """Says `head`, and then a byte now and then."""

    def reply(request):
        yield head
        while not release.wait(0.05):
            yield b"x"

    return reply


@pytest.fixture
def settings(silent, upstream, release):
    """Where each of the sources is to be found when it hangs."""
    port = silent.getsockname()[1]
    found = {"git-silent": f"http://127.0.0.1:{port}/x.git", "git-silent-tls": f"https://127.0.0.1:{port}/x.git"}
    for name in ("git-dripping", "git-dripping-headers"):
        found[name] = upstream(dripping(release, GIT[name])).url("/x.git")
    blocks = {name: {"git": {"repository": url}} for name, url in found.items()}
    for name, (head, timeout, _) in URLS.items():
        blocks[name] = {"file": {"url": upstream(dripping(release, head)).url("/x"), "timeout": timeout}}
    return blocks


def well(one):
    """The source that has nothing to do with it."""
    one.write("well", [server("com.example.well/new")])
    return one.syncd.command("sync", "well", "--wait")


def test_sources_that_hang(stack, settings):
    names = [*GIT, *URLS]
    files = {name: [server(f"com.example.{name}/x")] for name in names}
    one = stack({**files, "well": [server("com.example.well/x")]}, sync={"workers": len(names) + 1})
    one.syncd.options = ["--state-dir", os.path.join(one.folder, "state")]
    one.start()
    before = {name: kept(one, name)[1] for name in names}

    def change(content):
        content["sync"]["deadline"] = "3s"
        for source in content["sources"]:
            if source["name"] in settings:
                del source["file"]
                source.update(settings[source["name"]])

    reconfigure(one, change)
    pids = wait_until(lambda: len(all := children(one)) == len(GIT) and all, "each has its process")
    assert well(one).returncode == 0
    for name in GIT:
        wait_until(lambda: message(one, name) == GIVEN_UP, f"{name} is given up")
    for name, (_, _, words) in URLS.items():
        url = settings[name]["file"]["url"]
        wait_until(lambda: message(one, name).startswith(words.format(url)), f"{name} is given up")
    wait_until(lambda: all(is_gone(pid) for pid in pids), "the processes are gone")
    assert not children(one)
    assert {name: kept(one, name)[1] for name in names} == before
    served = [e["server"]["name"] for e in one.client.walk()]
    assert served == sorted(["com.example.well/new", *(f"com.example.{name}/x" for name in names)])
