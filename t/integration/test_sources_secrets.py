"""What a source may know and nobody else may see: the token of an API, passwords and signatures in URLs."""
import json
import os

import pytest

from harness import server, wait_until
from harness.catalog import document, write
from harness.client import keys
from harness.upstream import Registry, answer, entry

ENTRIES = [entry(server(f"com.example.a/{name}")) for name in ("one", "two", "three")]
NAMES = ["com.example.a/one", "com.example.a/three", "com.example.a/two"]
TOKEN = "Fetch failed: failed to get api token: "


class Guarded:
    """A registry for those who have the token."""

    def __init__(self, token):
        self.token, self.registry = token, Registry(ENTRIES)

    def __call__(self, request):
        told = request.headers.get("authorization")
        return self.registry(request) if told == f"Bearer {self.token}" else answer(line="401 Unauthorized")


def names(one):
    return [n for n, _ in keys(one.client.walk())]


def runs(one):
    """How often the sources were looked at."""
    return one.sql("select string_agg(coalesce(ended_at::text, '-'), ' ' order by source_id) from source_sync")


def look(one):
    before = runs(one)
    one.syncd.sync_now()
    wait_until(lambda: runs(one) != before, "the source was looked at")


def failure(one):
    failed = wait_until(lambda: (s := one.syncd.source("src"))["consecutiveFailures"] and s, "the sync fails")
    return failed["message"]


@pytest.fixture
def guarded(stack, upstream):
    """A stack whose source needs a token, and the registry that asks for it."""
    far = upstream(Guarded("first.Token-1"))
    one = stack({"src": {"api": {"endpoint": far.url("/a"), "timeout": "5s", "tokenFile": "/nowhere"}}})
    one.token = os.path.join(one.folder, "token")
    write(one.token, "first.Token-1\n")
    with open(one.config, encoding="utf-8") as f:
        text = f.read()
    write(one.config, text.replace("/nowhere", one.token))
    return one.start(), far


def test_a_token_is_sent_with_every_request_and_shown_nowhere(guarded):
    one, far = guarded
    assert names(one) == NAMES
    assert [r.path for r in far.requests] == ["/a/openapi.yaml", "/a/v0.1/servers", "/a/v0.1/servers"]
    assert {r.headers["authorization"] for r in far.requests} == {"Bearer first.Token-1"}
    assert one.sql("select source_config from source") == json.dumps(
        {"endpoint": far.url("/a"), "tokenFile": one.token, "timeout": "5s"}, separators=(",", ":")
    )
    # Another one: it is read at every fetch. What is there stays until it fits.
    far.answer.token = "another.Token-2"
    look(one)
    assert failure(one).startswith("Fetch failed: ")
    write(one.token, "another.Token-2")
    look(one)
    wait_until(lambda: one.syncd.source("src")["consecutiveFailures"] == 0, "the new one is read")
    assert names(one) == NAMES
    seen = one.syncd.log_text() + json.dumps(one.syncd.status()) + one.sql("select * from source, source_sync, sync_run")
    assert "Token-" not in seen


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "open {}: No such file or directory"),
        ("", "read {}: it is empty"),
        (" \n", "read {}: it is empty"),
        ("two words", "read {}: not one word of printable ASCII"),
        ("a\r\nX-Header: b", "read {}: not one word of printable ASCII"),
        ("sch\u00f6n", "read {}: not one word of printable ASCII"),
        ("x" * 70000, "read {}: too long for a secret"),
    ],
)
def test_a_token_that_cannot_be_sent(guarded, content, words):
    one, far = guarded
    asked = len(far.requests)
    if content is None:
        os.unlink(one.token)
    else:
        write(one.token, content)
    look(one)
    assert failure(one) == TOKEN + words.format(one.token)
    assert len(far.requests) == asked
    assert names(one) == NAMES


def test_no_other_host_or_port_gets_the_token(guarded, upstream):
    one, far = guarded
    other = upstream(Registry(ENTRIES[:1]))
    guard = far.answer

    def reply(request):
        if request.path.startswith("/a/"):
            return answer(line="302 Found", Location=f"/b{request.target[2:]}")
        return answer(line="302 Found", Location=other.url(request.target)) if request.path.startswith("/b/") else guard

    far.answer, far.requests[:] = reply, []
    look(one)
    wait_until(lambda: names(one) == NAMES[:1], "the other one is believed")
    assert {r.path[:3] for r in far.requests} == {"/a/", "/b/"}
    assert {r.headers["authorization"] for r in far.requests} == {"Bearer first.Token-1"}
    assert other.requests and not [r for r in other.requests if "authorization" in r.headers]


def test_a_relative_token_file_is_refused_and_a_missing_one_is_warned_of(stack):
    one = stack({"src": {"api": {"endpoint": "http://127.0.0.1:1", "tokenFile": "/nowhere/token"}}})
    done = one.syncd.command("validate")
    assert done.returncode == 0 and "every sync will fail" in done.stdout + done.stderr
    with open(one.config, encoding="utf-8") as f:
        text = f.read()
    write(one.config, text.replace("/nowhere/token", "token"))
    done = one.syncd.command("validate")
    assert done.returncode != 0 and "api.tokenFile must be an absolute path" in done.stdout + done.stderr


def test_a_query_may_be_a_signature(stack, upstream):
    """It is sent, and not shown."""
    far = upstream(lambda request: answer(json.dumps(document([server("com.example.a/one")])).encode()))
    one = stack({"src": {"file": {"url": far.url("/f?private_token=s3cret", userinfo="me:pass%3Fword@")}}}).start()
    assert str(far.requests[0]) == "GET /f?private_token=s3cret"
    assert one.sql("select source_config::json->>'url' from source") == far.url("/f?private_token=s3cret")
    far.answer = lambda request: answer(line="403 Forbidden")
    look(one)
    shown = far.url("/f?\u2026")
    assert failure(one) == (
        f"Fetch failed: failed to fetch data: failed to fetch URL {shown}: HTTP 403 for URL {shown}: 403 Forbidden"
    )
    seen = one.syncd.log_text() + json.dumps(one.syncd.status())
    assert "s3cret" not in seen and "word" not in seen
