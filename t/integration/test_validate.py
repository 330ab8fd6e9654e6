"""POST …/validate: what is found in a document, and what becomes of bodies that are none."""
import http.client
import json
import socket

import pytest

from harness import server
from harness.catalog import PUBLISHER
from harness.client import Client

FILES = {"src": [server("com.example.a/one")]}
PATH = "/registry/default/v0.1/validate"
MOST = 4 * 1024 * 1024
GOOD = server("com.example.a/new")
NPM = {"registryType": "npm", "identifier": "x", "transport": {"type": "stdio"}}


def validate(reads, document, path=PATH):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return reads.client.request("POST", path, {"Content-Type": "application/json"}, body)


def chunked(port, pieces, path=PATH):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, body=iter(pieces), headers={"Transfer-Encoding": "chunked"}, encode_chunked=True)
    answer = connection.getresponse()
    status, body = answer.status, answer.read()
    connection.close()
    return status, body


@pytest.mark.parametrize(
    "document",
    [
        GOOD,
        {**GOOD, "packages": [{**NPM, "version": "1.0.0"}], "icons": [{"src": "https://example.com/i.png"}]},
        {**GOOD, "unknown": {"deep": [1, 2.5, 123456789012345678901234567890]}},
        {**GOOD, "_meta": {PUBLISHER: {"tool": "publisher-cli"}}},
        {**GOOD, "title": None},
    ],
)
def test_good_documents(reads, document):
    answer = validate(reads, document)
    assert answer.status == 200 and answer.json == {"valid": True, "issues": []}
    assert answer.header("Content-Type") == "application/json"
    assert answer.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "document, paths",
    [
        ({}, ["", "", ""]),
        ([], [""]),
        (None, [""]),
        ("text", [""]),
        ({**GOOD, "version": "latest"}, ["version"]),
        ({**GOOD, "version": ""}, ["version"]),
        ({**GOOD, "version": "1 0"}, ["version"]),
        ({**GOOD, "version": 1}, ["version"]),
        ({**GOOD, "name": "-a/b"}, ["name"]),
        ({**GOOD, "name": "nothing"}, ["name", "name"]),
        ({**GOOD, "description": "x" * 101}, ["description"]),
        ({**GOOD, "packages": [NPM, {**NPM, "version": "latest"}]}, ["packages[1].version"]),
        ({**GOOD, "packages": [{**NPM, "transport": {"type": "sse", "url": "x"}}]}, ["packages[0].transport.url"]),
        ({**GOOD, "remotes": [{"type": "stdio"}]}, ["remotes[0].type"]),
        ({**GOOD, "_meta": {PUBLISHER: []}}, ["_meta." + PUBLISHER]),
        ({**GOOD, "_meta": {PUBLISHER: {"io.github.stacklok": {"x": {}}}}}, ["_meta." + PUBLISHER]),
        ({**GOOD, "_meta": {PUBLISHER: {"x": "y" * 262144}}}, ["_meta." + PUBLISHER]),
    ],
)
def test_issues(reads, document, paths):
    answer = validate(reads, document)
    assert answer.status == 200
    assert answer.json["valid"] is False
    issues = answer.json["issues"]
    assert [i["path"] for i in issues] == paths, issues
    for issue in issues:
        assert set(issue) == {"type", "path", "message", "severity", "reference"}
        assert issue["type"] in ("schema", "semantic") and issue["severity"] == "error"
        assert issue["message"] and issue["reference"]


def test_many_issues_are_counted(reads):
    answer = validate(reads, {**GOOD, "packages": [{}] * 500})
    issues = answer.json["issues"]
    assert len(issues) == 101
    assert issues[-1]["severity"] == "info" and "more problems" in issues[-1]["message"]


def test_nothing_is_stored(reads):
    before = reads.client.servers().body
    assert validate(reads, GOOD).json["valid"]
    assert reads.client.servers().body == before
    assert reads.client.version(GOOD["name"]).status == 404


@pytest.mark.parametrize(
    "body, says",
    [
        (b"", "byte 0"),
        (b"  ", "byte 2"),
        (b'{"a":', "byte 5"),
        (b'{"a":1}x', "byte 7"),
        (b"{'a':1}", "byte 1"),
        (b"\xef\xbb\xbf{}", "byte 0"),
        (b'{"a":"\xff"}', "UTF-8"),
        (b'{"a":"\x00"}', "byte 6"),
        (b'{"a":"\\u0000"}', "NUL"),
        (b"[" * 100000, "byte"),
        (b"NaN", "byte 0"),
    ],
)
def test_no_json(reads, body, says):
    answer = validate(reads, body)
    assert answer.status == 400
    assert answer.json["error"].startswith("invalid request body: ") and says in answer.json["error"]


def test_unknown_registries(reads):
    for body in (GOOD, b"no json"):
        answer = validate(reads, body, "/registry/nope/v0.1/validate")
        assert answer.status == 404 and answer.json == {"error": "registry not found"}
    assert validate(reads, GOOD, "/registry//v0.1/validate").status == 400


@pytest.mark.parametrize("path", ["/registry/nope/v0.1/validate", "/registry/default/v0.1/servers", "/nothing"])
def test_a_body_that_nobody_reads_does_no_harm(reads, path):
    """The next request on the connection is not taken out of the middle of the body."""
    client = Client(reads.httpd.port)
    assert client.request("POST", path, {}, b"GET / HTTP/1.1\r\n" * 5000).status in (404, 405)
    assert client.get("/registry/default/v0.1/ping").json == {"pong": True}


def test_chunks(reads):
    text = json.dumps(GOOD).encode()
    status, body = chunked(reads.httpd.port, [text[i : i + 1] for i in range(len(text))])
    assert (status, json.loads(body)) == (200, {"valid": True, "issues": []})
    assert chunked(reads.httpd.port, [])[0] == 400


def test_the_largest_body(reads):
    text = json.dumps(GOOD).encode()
    assert validate(reads, text.ljust(MOST)).json == {"valid": True, "issues": []}
    answer = validate(reads, text.ljust(MOST + 1))
    assert answer.status == 413 and answer.json == {"error": "request body too large"}


def test_chunks_without_end(reads):
    """The answer comes although the body has not ended, and httpd closes the connection."""
    with socket.create_connection(("127.0.0.1", reads.httpd.port), 30) as s:
        s.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(MOST // 65536 + 2):
            try:
                s.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
            except ConnectionError:
                break
        head = s.recv(65536)
    assert head.startswith(b"HTTP/1.1 413 ")


def test_a_broken_chunk(reads):
    with socket.create_connection(("127.0.0.1", reads.httpd.port), 30) as s:
        s.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode())
        answer = b""
        while got := s.recv(65536):
            answer += got
        assert answer.startswith(b"HTTP/1.1 400 ") and b'\r\n\r\n{"error":' in answer
    assert validate(reads, GOOD).status == 200


def test_a_body_that_breaks_off(reads):
    with socket.create_connection(("127.0.0.1", reads.httpd.port), 30) as s:
        s.sendall(f'POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"name":'.encode())
        s.shutdown(socket.SHUT_WR)
        assert s.recv(65536)[:13] in (b"", b"HTTP/1.1 400 ")
    assert validate(reads, GOOD).status == 200


def test_too_many_values(reads):
    answer = validate(reads, b"[" + b"{}," * 200000 + b"{}]")
    assert answer.status == 413 and "too many values" in answer.json["error"]
    answer = validate(reads, json.dumps({**GOOD, "x": "\\\"[,{" * 200000}).encode())
    assert answer.json == {"valid": True, "issues": []}, "what stands in texts is no value"


def test_expect(reads):
    """A client that asks first is told at once that its body is too large."""
    with socket.create_connection(("127.0.0.1", reads.httpd.port), 30) as s:
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {MOST + 1}\r\n\r\n"
        s.sendall(head.encode())
        assert s.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_a_preflight(reads):
    asked = {
        "Origin": "https://app.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = reads.client.request("OPTIONS", PATH, asked)
    assert answer.status == 204
    methods = {m.strip() for m in answer.header("Access-Control-Allow-Methods").split(",")}
    assert methods == {"POST", "OPTIONS"}
    assert "content-type" in answer.header("Access-Control-Allow-Headers").lower()
    one = "/registry/default/v0.1/servers/com.example.a%2Fone/versions/1.0.0"
    methods = reads.client.request("OPTIONS", one, asked).header("Access-Control-Allow-Methods")
    assert methods == "GET, HEAD, OPTIONS", "other origins' pages write nothing"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods(reads, method):
    answer = reads.client.request(method, PATH)
    assert (answer.status, answer.header("Allow")) == (405, "POST, OPTIONS")


def test_smaller_limits(stack):
    """Those of httpd and of the configuration hold too."""
    one = stack(FILES, limits={"documentBytes": 2000}, httpd={"site": "    LimitRequestBody 3000\n"}).start()
    text = json.dumps(GOOD).encode()
    for size, status in ((2000, 200), (2001, 413), (3001, 413)):
        answer = validate(one, text.ljust(size))
        assert answer.status == status and answer.json, size
        assert chunked(one.httpd.port, [text.ljust(size)])[0] == status, size
    # httpd itself counts chunks; its limit is told in the same words, whoever reads the body.
    for path in (PATH, "/registry/default/v0.1/servers", "/nothing"):
        for chunks in ([text.ljust(4000)], [text, b" " * 3000]):
            status, body = chunked(one.httpd.port, chunks, path)
            assert status == 413 and json.loads(body) == {"error": "request body too large"}, path
    answer = one.client.request("POST", "/nothing", body=b" " * 3001)
    assert answer.status == 413 and answer.json == {"error": "request body too large"}
    text = text.ljust(2001)
    status, body = chunked(one.httpd.port, [text[:1000], text[1000:]])
    assert status == 413 and json.loads(body) == {"error": "request body too large"}
