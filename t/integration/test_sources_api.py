"""Another registry as a source: paging, what is carried over, and every way in which it can misbehave. What is served
is the last good catalog, always."""
import itertools
import json
import os
import re
import signal

import pytest
from conftest import Stack

from harness import Upstream, server, wait_until
from harness.catalog import OFFICIAL
from harness.client import keys
from harness.config import reconfigure
from harness.keeping import fails
from harness.upstream import OPENAPI, Registry, answer, entry, packed, page, self_signed

OLD = [entry(server(f"com.example.a/{name}")) for name in ("one", "two", "three")]
NAMES = ["com.example.a/one", "com.example.a/three", "com.example.a/two"]
NOT_A_REGISTRY = "Fetch failed: upstream format validation failed: unable to validate Upstream format"
PAGE = "Fetch failed: failed to fetch servers: failed to fetch page {}: "
PARSE = "Fetch failed: failed to fetch servers: failed to parse response page {}: "


def api(endpoint, **keys):
    return {"api": {"endpoint": endpoint, "timeout": "3s", **keys}}


def names(one, **parameters):
    return [n for n, _ in keys(one.client.walk(**parameters))]


def await_names(one, *wanted):
    wait_until(lambda: names(one) == sorted(wanted), f"the catalog holds {wanted}")


def by_key(one, **parameters):
    return {k: e for e in one.client.walk(limit=1000, **parameters) for k in keys([e])}


def await_failure(one, **bound):
    """The message of the sync that fails now; before the first one there is another."""
    failed = wait_until(lambda: (s := one.syncd.source("src"))["consecutiveFailures"] and s, "the sync fails", **bound)
    return failed["message"]


# --- good answers


def test_this_server_as_upstream_of_itself(stack):
    """3,000 servers over 30 pages arrive as they are; afterwards a difference moves what differs, no more."""
    catalog = [server(f"com.example.n{i // 3:04}/s", f"{i % 3}.0.0", x={"big": 2**60 + i}) for i in range(3000)]
    first = stack({"src": catalog}).start()
    second = stack({"src": api(f"http://127.0.0.1:{first.httpd.port}/registry/default/", timeout="30s")}).start()
    above, below = by_key(first), by_key(second)
    assert len(below) == 3000
    assert {k: e["server"] for k, e in above.items()} == {k: e["server"] for k, e in below.items()}
    assert {k: e["_meta"][OFFICIAL]["isLatest"] for k, e in above.items()} == {
        k: e["_meta"][OFFICIAL]["isLatest"] for k, e in below.items()
    }
    with open(os.path.join(first.httpd.folder, "httpd-access.log")) as log:
        asked = [line for line in log if re.search("/v0.1/servers[?]limit=100[ &]", line)]
    assert len(asked) == 30

    gone, other = ("com.example.n0000/s", "0.0.0"), ("com.example.n0500/s", "1.0.0")
    begun = max(e["_meta"][OFFICIAL]["updatedAt"] for e in below.values())
    catalog[1501]["description"] = "Another text"
    first.write("src", catalog[1:])
    first.syncd.sync_now()
    wait_until(lambda: len(first.client.walk(limit=1000)) == 2999, "the upstream has changed")
    second.syncd.sync_now()
    wait_until(lambda: len(second.client.walk(limit=1000)) == 2999, "the downstream has followed")
    changed = by_key(second, updated_since=begun)
    assert set(changed) == {gone, other}
    assert changed[gone]["_meta"][OFFICIAL]["status"] == "deleted"
    assert changed[other]["server"]["description"] == "Another text"


STATED = [
    entry(server("com.example.a/one", "1.0.0"), "deprecated", "Use 2.0.0"),
    entry(server("com.example.a/one", "2.0.0"), "active"),
    entry(server("com.example.a/two"), "deleted", "Was never good"),
    entry(server("com.example.a/three"), "quarantined"),
]


def test_status_is_carried_over(stack, upstream):
    far = upstream(Registry(STATED))
    first = stack({"src": api(far.url())}).start()
    second = stack({"src": api(f"http://127.0.0.1:{first.httpd.port}/registry/default")}).start()
    for one in (first, second):
        found = by_key(one)
        old = found["com.example.a/one", "1.0.0"]["_meta"][OFFICIAL]
        assert (old["status"], old["statusMessage"], old["isLatest"]) == ("deprecated", "Use 2.0.0", False)
        assert found["com.example.a/one", "2.0.0"]["_meta"][OFFICIAL]["status"] == "active"
        assert found["com.example.a/three", "1.0.0"]["_meta"][OFFICIAL]["status"] == "active"
        assert ("com.example.a/two", "1.0.0") not in found
    deleted = by_key(first, include_deleted="true")["com.example.a/two", "1.0.0"]["_meta"][OFFICIAL]
    assert (deleted["status"], deleted["statusMessage"]) == ("deleted", "Was never good")
    assert "'quarantined' is unknown" in first.syncd.log_text()

    # The status alone changes: it is noticed, and goes all the way down.
    far.answer = Registry([entry(server("com.example.a/one", "1.0.0"), "deleted"), *STATED[1:]])
    for one in (first, second):
        one.syncd.sync_now()
        wait_until(lambda: ("com.example.a/one", "1.0.0") not in by_key(one), "the version is gone")
        gone = by_key(one, include_deleted="true")["com.example.a/one", "1.0.0"]["_meta"][OFFICIAL]
        assert gone["status"] == "deleted"


def test_requests(stack, upstream):
    far = upstream(Registry(OLD))
    one = stack({"src": api(far.url("/sub/path/"))}).start()
    assert names(one) == NAMES
    targets = [str(r) for r in far.requests]
    assert targets == [
        "GET /sub/path/openapi.yaml",
        "GET /sub/path/v0.1/servers?limit=100",
        "GET /sub/path/v0.1/servers?limit=100&cursor=at%202%26%3D",
    ]
    for request in far.requests:
        assert request.headers["user-agent"] == "toolhive-registry-server/1.0"
        assert request.headers["accept"] == "application/json"
        assert request.headers["accept-encoding"] == "gzip"
        assert "authorization" not in request.headers


def test_the_order_of_members_and_white_space_do_not_count(stack, upstream):
    far = upstream(Registry(OLD))
    one = stack({"src": api(far.url())})
    one.syncd.environment["LOG_LEVEL"] = "debug"
    one.start()
    generation = one.sql("select number from generation")
    turned = [json.loads(json.dumps(e, sort_keys=True), object_pairs_hook=lambda p: dict(p[::-1])) for e in OLD]

    def reply(request):
        return answer(OPENAPI) if "yaml" in request.path else answer(json.dumps({"servers": turned}, indent=4).encode())

    far.answer = reply
    one.syncd.sync_now()
    one.syncd.await_log("Source is unchanged")
    assert one.sql("select number from generation") == generation
    far.answer = Registry(OLD[::-1])
    one.syncd.sync_now()
    looked = "select count(*) from sync_run where outcome = 'unchanged'"
    wait_until(lambda: one.sql(looked) == "1", "the order of servers counts: it was compared")


def test_what_no_file_may_hold(stack, upstream):
    """Types count, nothing else does; a server without a name is left out with a warning that says where it was."""
    odd = [
        entry({"name": "no slash", "version": "", "description": "x" * 500}),
        entry({"name": "com.example.a/wide", "version": "1", "x": [1, None, {"y": ""}]}),
        entry({"name": "", "version": "1"}),
        entry({"version": "1"}),
        {"server": server("com.example.a/bare")},
    ]
    far = upstream(Registry(odd, size=5))
    one = stack({"src": api(far.url())}).start()
    found = by_key(one)
    assert set(found) == {("no slash", ""), ("com.example.a/wide", "1"), ("com.example.a/bare", "1.0.0")}
    assert found["com.example.a/wide", "1"]["server"]["x"] == [1, None, {"y": ""}]
    log = one.syncd.log_text()
    assert '"page":1' in log.replace(" ", "") and "servers.2: skipped" in log and "servers.3: skipped" in log


def test_an_empty_list_empties_the_source(stack, upstream):
    far = upstream(Registry(OLD))
    one = stack({"src": api(far.url())}).start()
    far.answer = Registry([])
    one.syncd.sync_now()
    await_names(one)
    assert one.syncd.source("src")["state"] == "complete"


# --- bounds that are configured

BOUNDS = {
    "entries": (
        {"entries": 2},
        "Fetch failed: failed to fetch servers: total servers (3) would exceed maximum (2), could cause out of service",
    ),
    "pages": (
        {"pages": 1},
        "Fetch failed: failed to fetch servers: pagination exceeded maximum pages (1), possible infinite loop or"
        " malicious upstream",
    ),
    "bytes": (
        {"documentBytes": 300},
        PAGE.format(1) + "response size {} bytes exceeds maximum allowed size of 300 bytes (0.00 MB)",
    ),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_bounds(stack, upstream, bound):
    """What was good enough is too much from now on."""
    limits, message = BOUNDS[bound]
    far = upstream(Registry(OLD))
    one = stack({"src": api(far.url())}).start()
    reconfigure(one, lambda content: content.update(limits=limits))
    assert fails(one) == message.format(len(page(OLD[:2], "at 2&=")))


# --- misbehaviour: one stack, one fault after the other, each healed before the next


class Patient:
    def __init__(self, stack, far):
        self.stack, self.far = stack, far

    def heal(self):
        self.far.answer = Registry(OLD)
        self.stack.syncd.sync_now()
        wait_until(lambda: self.stack.syncd.source("src")["state"] == "complete", "it heals")

    def suffer(self, fault):
        self.far.answer = fault
        self.stack.syncd.sync_now()
        message = await_failure(self.stack)
        assert names(self.stack) == NAMES
        return message


@pytest.fixture(scope="module")
def shared(postgres, folder):
    far = Upstream(Registry(OLD))
    one = Stack(postgres, folder, {"src": api(far.url())})
    try:
        yield Patient(one.start(), far)
    finally:
        one.stop()
        far.stop()


@pytest.fixture
def patient(shared):
    yield shared
    shared.heal()


def pages(reply):
    """Only pages are bad; the description of the API is good."""
    return lambda request: answer(OPENAPI) if "yaml" in request.path else reply(request)


def always(*pieces):
    return pages(lambda request: pieces)


def second_page(reply):
    good = Registry(OLD)
    return lambda request: reply(request) if "cursor" in request.query else good(request)


def redirect_loop(request):
    return answer(line="302 Found", Location=request.target)


FRESH = itertools.count()


def fresh_cursors(request):
    return answer(page([], f"c{next(FRESH)}"))


LINES = {
    "400 Bad Request": "400 Bad Request",
    "403 Forbidden": "403 Forbidden",
    "404 Not Found": "404 Not Found",
    "500 Internal Server Error": "500 Internal Server Error",
    "503 Later": "503 Later",
    "204 No Content": "204 No Content",
    "206 Partial Content": "206 Partial Content",
    "302 Found": "302 Found",
    "304 Not Modified": "304 Not Modified",
    b"502 B\xffad\tgate\x01way http://me:secret@far/": "502 B\ufffdad gate way http://far/",
}


@pytest.mark.parametrize("line", LINES)
def test_status_lines(patient, line):
    message = patient.suffer(always(answer(b"<html>", line=line)))
    shown = LINES[line]
    url = patient.far.url("/v0.1/servers?limit=100")
    assert message == PAGE.format(1) + f"HTTP {shown[:3]} for URL {url}: {shown}"


GOOD = page(OLD)
HUGE = 104857600
LARGE_PAGES = [packed(page([], f"c{i}").ljust(HUGE)) for i in range(7)]
FAULTS = {
    # what is answered -> the message, or what it begins with where a library goes on
    "closed at once": (always(b""), PAGE.format(1) + "failed to execute request: "),
    "not HTTP": (always(b"hello\r\n\r\n"), PAGE.format(1) + "failed to execute request: "),
    "redirect loop": (pages(redirect_loop), PAGE.format(1) + "failed to execute request: stopped after 10 redirects"),
    "redirect to a file": (
        always(answer(line="302 Found", Location="file:///etc/passwd")),
        PAGE.format(1) + "failed to execute request: ",
    ),
    "too large, declared": (
        always(answer(GOOD, length=HUGE + 1)),
        PAGE.format(1) + f"response size {HUGE + 1} bytes exceeds maximum allowed size of {HUGE} bytes (100.00 MB)",
    ),
    "too large": (
        pages(lambda request: itertools.chain([answer(length=False)], itertools.repeat(b" " * 2**20))),
        PAGE.format(1) + f"response size exceeds maximum allowed size of {HUGE} bytes (100.00 MB)",
    ),
    "gzip bomb": (
        always(packed(b" " * (HUGE + 1))),
        PAGE.format(1) + f"response size exceeds maximum allowed size of {HUGE} bytes (100.00 MB)",
    ),
    "not gzip": (always(answer(GOOD, Content_Encoding="gzip")), PAGE.format(1) + "failed to read response body: "),
    "endless headers": (
        pages(lambda request: itertools.chain([b"HTTP/1.1 200 OK\r\n"], (b"X-%d: %b\r\n" % (i, b"x" * 1000) for i in itertools.count()))),
        PAGE.format(1) + "failed to execute request: ",
    ),
    "truncated": (always(answer(GOOD, length=len(GOOD) + 1)), PAGE.format(1) + "failed to read response body: "),
    "half a page": (always(answer(GOOD[:-9])), PARSE.format(1) + "line 1, byte "),
    "half a second page": (second_page(lambda request: answer(GOOD[:-9])), PARSE.format(2) + "line 1, byte "),
    "no second page": (second_page(lambda request: answer(line="500 Oops")), PAGE.format(2) + "HTTP 500 for URL "),
    "not JSON": (always(answer(b"<html>hello</html>")), PARSE.format(1) + "line 1, byte 0: "),
    "a byte order mark": (always(answer(b"\xef\xbb\xbf" + GOOD)), PARSE.format(1) + "line 1, byte 0: "),
    "two documents": (always(answer(GOOD + GOOD)), PARSE.format(1) + "line 1, byte "),
    "nothing": (always(answer(b"")), PARSE.format(1)),
    "not UTF-8": (always(answer(GOOD.replace(b"tests", b"te\xffsts"))), PARSE.format(1)),
    "NUL in a text": (always(answer(GOOD.replace(b"tests", rb"te\u0000sts"))), PARSE.format(1)),
    "deeply nested": (always(answer(b"[" * 10**6)), PARSE.format(1)),
    "an array": (always(answer(b"[]")), PARSE.format(1) + "(root): must be an object"),
    "{}": (always(answer(b"{}")), PARSE.format(1) + "servers: is missing, must be an array"),
    "servers: null": (always(answer(b'{"servers":null}')), PARSE.format(1) + "servers: must be an array"),
    "servers: {}": (always(answer(b'{"servers":{}}')), PARSE.format(1) + "servers: must be an array"),
    "no server in an element": (always(answer(page([OLD[0], {}]))), PARSE.format(1) + "servers.1.server: is missing"),
    "a null element": (always(answer(page([None]))), PARSE.format(1) + "servers.0: must be an object"),
    "a wrong type": (
        always(answer(page([entry(server("com.example.a/x", version=7))]))),
        PARSE.format(1) + "servers.0.server.version: Invalid type. Expected: string, given: integer",
    ),
    "a malformed time": (
        always(answer(GOOD.replace(b"2026-01-15T10:30:00Z", b"yesterday", 1))),
        PARSE.format(1) + f"servers.0._meta.{OFFICIAL}.publishedAt: ",
    ),
    "a cursor that is no text": (
        always(answer(b'{"servers":[],"metadata":{"nextCursor":5}}')),
        PARSE.format(1) + "metadata.nextCursor: must be a string",
    ),
    "the same cursor": (
        always(answer(page(OLD[:1], "again"))),
        "Fetch failed: failed to fetch servers: page 2 repeats a cursor, possible infinite loop or malicious upstream",
    ),
    "fresh cursors without end": (
        pages(fresh_cursors),
        "Fetch failed: failed to fetch servers: pagination exceeded maximum pages (1000), possible infinite loop or"
        " malicious upstream",
    ),
    "large pages without end": (
        pages(lambda request: LARGE_PAGES[next(FRESH) % len(LARGE_PAGES)]),
        "Fetch failed: failed to fetch servers: total response size exceeds maximum allowed size of 536870912 bytes"
        " (512.00 MB)",
    ),
    "unequal duplicates": (
        always(answer(page([OLD[0], entry(server("com.example.a/one", description="Other"))]))),
        "Storage failed: failed to upsert servers: duplicate server com.example.a/one@1.0.0",
    ),
}


# Nothing of a library's own is in these.
EXACT = {kind for kind, (_, words) in FAULTS.items() if words.endswith((" MB)", "redirects", "upstream", "@1.0.0"))}


@pytest.mark.parametrize("kind", FAULTS)
def test_faults(patient, kind):
    fault, words = FAULTS[kind]
    message = patient.suffer(fault)
    assert message.startswith(words)
    if kind in EXACT:
        assert message == words
    human = patient.stack.syncd.command("status").stdout
    assert message.splitlines()[0] in human


def test_slow_loris(patient, release):
    """A byte now and then: cut at the timeout of the request."""

    def drip(request):
        yield answer(length=10**6)
        while not release.wait(0.05):
            yield b" "

    assert patient.suffer(pages(drip)).startswith(PAGE.format(1) + "failed to read response body: ")


def silent(release):
    """Says nothing until it is released."""

    def reply(request):
        release.wait(60)
        yield b""

    return reply


def test_silence(patient, release):
    message = patient.suffer(pages(silent(release)))
    assert message.startswith(PAGE.format(1) + "failed to execute request: ")


# --- an endpoint that is no registry: the message of the probe, both causes in the log

STRANGERS = {
    "refused": ("http://127.0.0.1:1", "Failed to connect"),
    "unknown host": ("http://no-such-host.invalid", "Could not resolve host"),
    "not a URL": ("http://[", "failed to create request"),
    "another protocol": ("gopher://127.0.0.1:1", "failed to execute request"),
    "its password is nobody's business": ("http://me:secret@127.0.0.1:1", "Failed to connect"),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_strangers(stack, kind):
    endpoint, cause = STRANGERS[kind]
    one = stack({"src": api(endpoint)})
    one.syncd.start()
    one.syncd.await_log("Sources and registries are those")
    assert await_failure(one) == NOT_A_REGISTRY
    line = next(json.loads(x) for x in one.syncd.log_text().splitlines() if "An endpoint is no registry" in x)
    assert cause in line["openapi"] and cause in line["first_page"]
    assert "secret" not in one.syncd.log_text() + one.syncd.command("status").stdout


TLS = {
    # the names in the certificate, and whether its authority is trusted
    "unknown authority": ("DNS:localhost", False),
    "another host": ("DNS:elsewhere.test", True),
    "trusted": ("DNS:localhost", True),
}


@pytest.mark.parametrize("kind", TLS)
def test_tls(stack, upstream, tmp_path, kind):
    """Verified, always; SSL_CERT_FILE names other authorities."""
    hosts, trusted = TLS[kind]
    certificate, key = self_signed(tmp_path, hosts)
    os.chmod(tmp_path, 0o755)
    far = upstream(Registry(OLD), tls=(certificate, key))
    # All the system's authorities are read first: with sanitizers that takes seconds.
    one = stack({"src": api(far.url(host="localhost"), timeout="1m")})
    if trusted:
        one.syncd.environment["SSL_CERT_FILE"] = certificate
    if kind == "trusted":
        assert names(one.start()) == NAMES
        return
    one.syncd.start()
    one.syncd.await_log("Sources and registries are those")
    assert await_failure(one, seconds=60) == NOT_A_REGISTRY
    assert "SSL" in one.syncd.log_text()


DESCRIPTIONS = {
    "none": answer(line="404 Not Found"),
    "another version": answer(OPENAPI.replace(b"1.0.0", b"2.0.0")),
    "a float for a version": answer(OPENAPI.replace(b"1.0.0", b"1.0")),
    "another specification": answer(OPENAPI.replace(b"modelcontextprotocol", b"somebody")),
    "not YAML": answer(b"{{{"),
    "a bomb": answer(b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (c + 1, c + 1, c, c, c, c) for c in range(97, 121))),
    "huge": packed(b"#" * 10**7),
}


@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_a_good_first_page_is_enough(stack, upstream, kind):
    far = upstream(Registry(OLD, openapi=DESCRIPTIONS[kind]))
    one = stack({"src": api(far.url())}).start()
    assert names(one) == NAMES


# --- stop and deadline


def test_a_stop_cancels_the_transfer(stack, upstream, release):
    far = upstream(Registry(OLD))
    one = stack({"src": api(far.url(), timeout="5m")}).start()
    before = one.syncd.source("src")
    far.answer = pages(silent(release))
    asked = len(far.requests)
    one.syncd.sync_now()
    wait_until(lambda: len(far.requests) >= asked + 2, "a page is waited for")
    assert one.syncd.stop(signal.SIGTERM) == 0
    after = one.syncd.source("src")
    assert (after["state"], after["message"]) == (before["state"], before["message"])
    assert names(one) == NAMES
    far.answer = Registry(OLD[:1])
    one.syncd.start()
    one.syncd.sync_now()
    await_names(one, "com.example.a/one")


def test_the_deadline_of_the_sync(stack, upstream, release):
    """Each page comes in time, there is always one more: the sync has an end all the same."""
    far = upstream(pages(lambda request: release.wait(0.05) or fresh_cursors(request)))
    one = stack({"src": api(far.url(), timeout="5m")}, sync={"deadline": "1s"})
    one.syncd.start()
    one.syncd.await_log("Sources and registries are those")
    assert "sync.deadline" in await_failure(one)
