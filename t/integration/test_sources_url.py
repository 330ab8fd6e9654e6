"""A registry file behind a URL: like a file on disk, re-checked by its tag, with the faults of HTTP."""
import base64
import json
import os
import stat

import pytest
from conftest import Stack

from harness import Upstream, server, wait_until
from harness.catalog import document
from harness.client import keys
from harness.upstream import answer, packed, self_signed

OLD = [server("com.example.a/one"), server("com.example.a/two")]
NAMES = ["com.example.a/one", "com.example.a/two"]
FETCH = "Fetch failed: failed to fetch data: failed to fetch URL {0}: "
INVALID = "Fetch failed: validation failed: "


def text(servers):
    return json.dumps(document(servers)).encode()


def url(address, **keys):
    return {"file": {"url": address, "timeout": "3s", **keys}}


def names(one):
    return [n for n, _ in keys(one.client.walk())]


def await_names(one, *wanted):
    wait_until(lambda: names(one) == sorted(wanted), f"the catalog holds {wanted}")


def await_failure(one):
    """The message of the sync that fails now; before the first one there is another."""
    return wait_until(lambda: (s := one.syncd.source("src"))["consecutiveFailures"] and s, "the sync fails")["message"]


def started(one):
    """For a source that is going to fail."""
    one.syncd.start()
    one.syncd.await_log("Sources and registries are those")
    return one


def always(*pieces):
    return lambda request: pieces


def test_a_document_behind_a_url(stack, upstream):
    far = upstream(always(packed(text(OLD))))
    one = stack({"src": url(far.url("/catalog.json?x=1"))}).start()
    assert names(one) == NAMES
    request = far.requests[0]
    assert str(request) == "GET /catalog.json?x=1"
    assert request.headers["user-agent"] == "toolhive-registry-server/1.0"
    assert request.headers["accept"] == "application/json"
    assert "authorization" not in request.headers
    far.answer = always(answer(text(OLD[:1])))
    one.syncd.sync_now()
    await_names(one, NAMES[0])


# --- asking whether it has changed

TAGS = {"ETag": ("ETag", "if-none-match", '"v1"'), "date": ("Last-Modified", "if-modified-since", "Thu, 15 Jan 2026 10:30:00 GMT")}


class Tagged:
    """A document with a tag, for those who ask with it: 304. Without one it can be given anyway."""

    def __init__(self, servers, header, question, tag):
        self.servers, self.header, self.question, self.tag = servers, header, question, tag
        self.given = 0

    def __call__(self, request):
        if request.headers.get(self.question) == self.tag:
            return answer(line="304 Not Modified", **{self.header.replace("-", "_"): self.tag})
        self.given += 1
        return answer(text(self.servers), **{self.header.replace("-", "_"): self.tag})


def with_state(one):
    state = os.path.join(one.folder, "state")
    os.mkdir(state)
    one.syncd.options = ["--state-dir", state]
    one.syncd.environment["LOG_LEVEL"] = "debug"
    return state


def look(one, far):
    """One more look at the source, to its end."""
    asked, seen = len(far.requests), one.syncd.log_text().count("Source is unchanged")
    one.syncd.sync_now()
    wait_until(lambda: len(far.requests) > asked, "it is looked at")
    wait_until(lambda: one.syncd.log_text().count("Source is unchanged") > seen, "it is unchanged")


@pytest.mark.parametrize("kind", TAGS)
def test_an_unchanged_document_is_not_sent_again(stack, upstream, kind):
    header, question, tag = TAGS[kind]
    reply = Tagged(OLD, header, question, tag)
    far = upstream(reply)
    one = stack({"src": url(far.url("/x"))})
    state = with_state(one)
    one.start()
    look(one, far)
    look(one, far)
    assert reply.given == 1
    (memo,) = [name for name in os.listdir(state) if name.startswith("url-")]
    assert stat.S_IMODE(os.stat(os.path.join(state, memo)).st_mode) == 0o600
    # A restart remembers, too, but nothing of sources that are no more.
    one.syncd.stop()
    for name in ("url-gone.json", "url-src.json.part", "other.json"):
        open(os.path.join(state, name), "w").close()
    one.syncd.start()
    look(one, far)
    assert reply.given == 1
    assert sorted(os.listdir(state)) == ["other.json", memo]
    # Another tag: it comes.
    far.answer = Tagged(OLD[:1], header, question, tag.replace("1", "2"))
    one.syncd.sync_now()
    await_names(one, NAMES[0])
    assert names(one) == NAMES[:1]


def test_a_new_filter_needs_the_document(stack, upstream):
    """304 says that the document is the same; what is wanted of it is not."""
    reply = Tagged(OLD, *TAGS["ETag"])
    far = upstream(reply)
    one = stack({"src": {**url(far.url("/x")), "filter": {"names": {"include": ["*"]}}}})
    with_state(one)
    one.start()
    content = open(one.config).read()
    with open(one.config, "w") as f:
        f.write(content.replace("'*'", "'*/two'"))
    one.syncd.stop()
    one.syncd.start()
    await_names(one, NAMES[1])
    assert reply.given == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"url":5,"hash":"x","etag":"y"}', "\0" * 100])
def test_a_damaged_memo_costs_a_download(stack, upstream, damage):
    reply = Tagged(OLD, *TAGS["ETag"])
    far = upstream(reply)
    one = stack({"src": url(far.url("/x"))})
    state = with_state(one)
    one.start()
    with open(os.path.join(state, "url-src.json"), "w") as f:
        f.write(damage)
    look(one, far)
    assert reply.given == 2


def test_without_a_question_304_is_an_error(stack, upstream):
    far = upstream(always(answer(line="304 Not Modified")))
    one = started(stack({"src": url(far.url("/x"))}))
    assert await_failure(one) == FETCH.format(far.url("/x")) + f"HTTP 304 for URL {far.url('/x')}: 304 Not Modified"


# --- credentials, redirects, proxies

BASIC = "Basic " + base64.b64encode(b"me:s3 cret").decode()


def test_userinfo_becomes_basic_authentication(stack, upstream):
    def reply(request):
        return answer(text(OLD)) if request.headers.get("authorization") == BASIC else answer(line="401 Unauthorized")

    far = upstream(reply)
    one = stack({"src": url(far.url("/x", userinfo="me:s3%20cret@"))}).start()
    assert names(one) == NAMES
    far.answer = always(answer(line="403 Forbidden"))
    one.syncd.sync_now()
    shown = far.url("/x")
    assert await_failure(one) == FETCH.format(shown) + f"HTTP 403 for URL {shown}: 403 Forbidden"
    assert "cret" not in one.syncd.log_text() + one.syncd.command("status").stdout


def test_redirects_and_whose_credentials_they_get(stack, upstream):
    """Nine are followed. The same host is told the password, another one is not."""
    last = upstream(always(answer(text(OLD))))

    def reply(request):
        step = int(request.path.strip("/"))
        target = f"/{step + 1}" if step < 8 else last.url("/end", host="localhost")
        return answer(line="302 Found", Location=target)

    far = upstream(reply)
    one = stack({"src": url(far.url("/0", userinfo="me:s3%20cret@"))}).start()
    assert names(one) == NAMES
    assert [r.path for r in far.requests] == [f"/{i}" for i in range(9)]
    assert {r.headers.get("authorization") for r in far.requests} == {BASIC}
    assert "authorization" not in last.requests[0].headers


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy"])
def test_a_proxy(stack, upstream, variable):
    proxy = upstream(always(answer(text(OLD))))
    one = stack({"src": url("http://far.invalid/x")})
    one.syncd.environment[variable] = proxy.url()
    one.start()
    assert names(one) == NAMES
    assert str(proxy.requests[0]) == "GET http://far.invalid/x"


def test_no_proxy(stack, upstream):
    proxy, far = upstream(always(answer(b"no"))), upstream(always(answer(text(OLD))))
    one = stack({"src": url(far.url("/x"))})
    one.syncd.environment.update(HTTP_PROXY=proxy.url(), NO_PROXY="127.0.0.1")
    one.start()
    assert names(one) == NAMES
    assert not proxy.requests


# --- faults

UNREACHABLE = {
    "refused": ("http://127.0.0.1:1/x", "failed to execute request: ", "connect"),
    "unknown host": ("http://no-such-host.invalid/x", "failed to execute request: ", "resolve"),
}


@pytest.mark.parametrize("kind", UNREACHABLE)
def test_unreachable(stack, kind):
    address, words, cause = UNREACHABLE[kind]
    message = await_failure(started(stack({"src": url(address)})))
    assert message.startswith(FETCH.format(address) + words) and cause in message


@pytest.mark.parametrize("trusted", [False, True])
def test_tls(stack, upstream, tmp_path, trusted):
    os.chmod(tmp_path, 0o755)
    certificate = self_signed(tmp_path, "DNS:localhost")
    far = upstream(always(answer(text(OLD))), tls=certificate)
    one = stack({"src": url(far.url("/x", host="localhost"))})
    one.syncd.environment["SSL_CERT_FILE"] = certificate[0] if trusted else self_signed(one.folder)[0]
    if trusted:
        assert names(one.start()) == NAMES
        return
    message = await_failure(started(one))
    assert message.startswith(FETCH.format(far.url("/x", host="localhost")) + "failed to execute request: SSL")
    assert not far.requests


GOOD = text(OLD)
FAULTS = {
    "404": (answer(line="404 Not Found"), FETCH + "HTTP 404 for URL {0}: 404 Not Found"),
    "503": (answer(b"later", line="503 Service Unavailable"), FETCH + "HTTP 503 for URL {0}: 503 Service Unavailable"),
    "204": (answer(line="204 No Content"), FETCH + "HTTP 204 for URL {0}: 204 No Content"),
    "no words": (answer(line="500"), FETCH + "HTTP 500 for URL {0}: 500"),
    "a line of other bytes": (answer(line=b"500 \xff\x1b[1m\xc2\x85"), FETCH + "HTTP 500 for URL {0}: 500 \ufffd [1m "),
    "redirect loop": (answer(line="302 Found", Location="/x"), FETCH + "failed to execute request: stopped after 10 redirects"),
    "too large, declared": (
        answer(length=104857601),
        FETCH + "response size 104857601 bytes exceeds maximum allowed size of 104857600 bytes (100.00 MB)",
    ),
    "gzip bomb": (
        packed(b" " * 104857601),
        FETCH + "response size exceeds maximum allowed size of 104857600 bytes (100.00 MB)",
    ),
    "truncated": (answer(GOOD, length=len(GOOD) + 9), FETCH + "failed to read response body: "),
    "truncated gzip": (answer(packed(GOOD).split(b"\r\n\r\n", 1)[1][:-40], Content_Encoding="gzip"), "Fetch failed: "),
    "closed at once": (b"", FETCH + "failed to execute request: "),
    "nothing": (answer(b""), INVALID + "data cannot be empty"),
    "not JSON": (answer(b"<html>"), INVALID),
    "a byte order mark": (answer(b"\xef\xbb\xbf" + GOOD), INVALID),
    "no servers": (answer(text([])), INVALID + "upstream registry must contain at least one server"),
}


@pytest.fixture(scope="module")
def shared(postgres, folder):
    far = Upstream(always(answer(GOOD)))
    one = Stack(postgres, folder, {"src": url(far.url("/x"))})
    try:
        yield one.start(), far
    finally:
        one.stop()
        far.stop()


@pytest.mark.parametrize("kind", FAULTS)
def test_faults(shared, kind):
    one, far = shared
    reply, words = FAULTS[kind]
    words = words.format(far.url("/x"))
    far.answer = always(reply)
    one.syncd.sync_now()
    message = await_failure(one)
    assert message == words if not words.endswith(": ") else message.startswith(words)
    assert names(one) == NAMES
    far.answer = always(answer(GOOD))
    one.syncd.sync_now()
    wait_until(lambda: one.syncd.source("src")["state"] == "complete", "it heals")
