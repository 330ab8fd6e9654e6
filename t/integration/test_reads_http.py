"""The HTTP around the reads: HEAD, OPTIONS, CORS, validators, compression, security headers, probes."""
import gzip

import pytest

from harness import server, wait_until
from harness.client import Client

FILES = {"src": [server(f"com.example.a/s{i}", description="words " * 12) for i in range(40)]}
SERVERS = "/registry/default/v0.1/servers"
ONE = f"{SERVERS}/com.example.a%2Fs1/versions/1.0.0"
VERSIONS = f"{SERVERS}/com.example.a%2Fs1/versions"
ROUTES = [SERVERS, VERSIONS, ONE]


@pytest.mark.parametrize("path", ROUTES + ["/registry/nope/v0.1/servers"])
def test_head_is_get_without_a_body(reads, path):
    get, head = reads.client.get(path), reads.client.request("HEAD", path)
    assert (head.status, head.body) == (get.status, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary"):
        assert head.header(name) == get.header(name), name


@pytest.mark.parametrize("path", ROUTES)
def test_options(reads, path):
    answer = reads.client.request("OPTIONS", path)
    assert answer.status in (200, 204)
    assert {"GET", "HEAD", "OPTIONS"} <= {m.strip() for m in answer.header("Allow").split(",")}


def test_a_preflight(reads):
    asked = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, if-none-match, mcp-protocol-version",
    }
    answer = reads.client.request("OPTIONS", SERVERS, asked)
    assert answer.status in (200, 204)
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert {"GET", "HEAD", "OPTIONS"} <= {m.strip() for m in answer.header("Access-Control-Allow-Methods").split(",")}
    allowed = answer.header("Access-Control-Allow-Headers").lower()
    for name in ("authorization", "mcp-protocol-version", "if-none-match"):
        assert name in allowed


@pytest.mark.parametrize("path", ROUTES + ["/registry/nope/v0.1/servers", f"{SERVERS}?limit=x"])
def test_every_answer_may_be_read_by_a_browser(reads, path):
    answer = reads.client.get(path, Origin="https://app.example.com")
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert "etag" in answer.header("Access-Control-Expose-Headers").lower()
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Cross-Origin-Resource-Policy") == "cross-origin"


@pytest.mark.parametrize("path", ROUTES)
def test_conditional_requests(reads, path):
    first = reads.client.get(path)
    tag = first.header("ETag")
    assert tag.startswith('"') and tag.endswith('"'), "a strong tag"
    assert reads.client.get(path).header("ETag") == tag
    for value in (tag, f'"other", {tag}', "*"):
        again = reads.client.get(path, If_None_Match=value)
        assert (again.status, again.body) == (304, b""), value
        assert again.header("ETag") == tag
    assert reads.client.get(path, If_None_Match='"other"').status == 200


PAST, FUTURE = "Thu, 01 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize("path", ROUTES + ["/openapi.json", "/registry/default/v0.1/ping"])
@pytest.mark.parametrize("when", [PAST, FUTURE, "now"])
def test_dates_are_no_conditions(reads, path, when):
    """A catalog has no date; httpd would take the time of the request for one."""
    first = reads.client.get(path)
    assert first.header("Last-Modified") is None
    when = first.header("Date") if when == "now" else when
    for name in ("If_Modified_Since", "If_Unmodified_Since"):
        answer = reads.client.get(path, **{name: when})
        assert (answer.status, answer.body) == (200, first.body), name
    if first.header("ETag"):
        asked = {"If_None_Match": first.header("ETag"), "If_Modified_Since": when}
        assert reads.client.get(path, **asked).status == 304, "the tag alone counts"


@pytest.mark.parametrize("path", ROUTES + ["/openapi.json"])
def test_a_failed_precondition_is_said_in_json(reads, path):
    tag = reads.client.get(path, Accept_Encoding="gzip").header("ETag")
    assert reads.client.get(path, Accept_Encoding="gzip", If_Match=tag).status == 200
    answer = reads.client.get(path, Accept_Encoding="gzip", If_Match='"other"')
    assert answer.status == 412 and "precondition" in answer.json["error"]
    assert answer.header("Content-Encoding") is None and answer.header("Content-Type") == "application/json"


@pytest.mark.parametrize("path", [SERVERS, "/openapi.yaml", "/registry/default/v0.1/ping"])
def test_answers_come_whole(reads, path):
    whole = reads.client.get(path)
    for name in ("Range", "Request_Range"):
        answer = reads.client.get(path, **{name: "bytes=0-3"})
        assert (answer.status, answer.body) == (200, whole.body)


@pytest.mark.parametrize(
    "method, path",
    [("GET", "/nothing"), ("GET", f"{SERVERS}?limit=x"), ("PUT", SERVERS), ("GET", "/registry/a%00b/v0.1/servers")],
)
def test_errors_are_kept_by_nobody(reads, method, path):
    answer = reads.client.request(method, path)
    assert answer.status >= 400 and answer.header("Cache-Control") == "no-store"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert answer.header("Cross-Origin-Resource-Policy") == "cross-origin"


def test_another_page_has_another_tag(reads):
    assert reads.client.servers(limit=1).header("ETag") != reads.client.servers(limit=2).header("ETag")


def test_a_change_has_another_tag(stack):
    one = stack({"src": [server("com.example.a/one")]}).start()
    tag = one.client.get(SERVERS).header("ETag")
    one.write("src", [server("com.example.a/one", description="Changed")])
    one.syncd.sync_now()
    changed = wait_until(
        lambda: (a := one.client.get(SERVERS, If_None_Match=tag)).status == 200 and a, "the page changes"
    )
    assert changed.json["servers"][0]["server"]["description"] == "Changed"


@pytest.mark.parametrize("path", ROUTES)
def test_gzip(reads, path):
    plain = reads.client.get(path)
    packed = reads.client.get(path, Accept_Encoding="gzip")
    assert plain.header("Content-Encoding") is None
    if packed.header("Content-Encoding"):  # a small answer may stay as it is
        assert gzip.decompress(packed.body) == plain.body
        assert packed.header("ETag") != plain.header("ETag"), "a strong tag names the bytes"
        assert reads.client.get(path, Accept_Encoding="gzip", If_None_Match=packed.header("ETag")).status == 304
    assert "accept-encoding" in (plain.header("Vary") or "").lower()


def test_a_large_page_is_packed(reads):
    assert reads.client.get(SERVERS, Accept_Encoding="gzip, deflate").header("Content-Encoding") == "gzip"


@pytest.mark.parametrize("accept", ["identity", "gzip;q=0", "br", "", "*;q=0"])
def test_gzip_only_for_those_who_take_it(reads, accept):
    answer = reads.client.get(SERVERS, Accept_Encoding=accept)
    assert answer.status == 200
    assert answer.header("Content-Encoding") is None


def test_answers_are_not_kept_blindly(reads):
    assert "no-cache" in reads.client.get(SERVERS).header("Cache-Control")


@pytest.mark.parametrize(
    "path, member",
    [("ping", ("pong", True)), ("health", ("status", "ok"))],
)
def test_probes(reads, path, member):
    answer = reads.client.get(f"/registry/default/v0.1/{path}")
    assert answer.status == 200
    assert answer.json[member[0]] == member[1]


def test_version_probe(reads):
    answer = reads.client.get("/registry/default/v0.1/version")
    assert answer.status == 200 and answer.json["version"]


def test_many_requests_on_one_connection(reads):
    client = Client(reads.httpd.port)
    bodies = {client.get(f"{SERVERS}?limit={1 + i % 40}").status for i in range(400)}
    assert bodies == {200}
    client.close()
