"""What is refused, and how: a status that fits and a JSON body that names the culprit."""
import socket

import pytest

from harness import server

FILES = {"src": [server("com.example.a/one")]}
SERVERS = "/registry/default/v0.1/servers"


def assert_error(answer, status, *words):
    assert answer.status == status, answer
    assert answer.header("Content-Type").split(";")[0] == "application/json"
    assert set(answer.json) == {"error"}
    for word in words:
        assert word in answer.json["error"], answer.json


@pytest.mark.parametrize(
    "query, words",
    [
        ("limit=abc", ["limit", "integer"]),
        ("limit=5.0", ["limit"]),
        ("limit=0x5", ["limit"]),
        ("limit=%205", ["limit"]),
        ("limit=9223372036854775808", ["limit"]),
        ("limit=0", ["limit"]),
        ("limit=-1", ["limit"]),
        ("cursor=garbage", ["cursor"]),
        ("cursor=Zm9v", ["cursor"]),
        ("cursor=Y29tLmE%3DX", ["cursor"]),
        ("updated_since=now", ["updated_since"]),
        ("updated_since=2020-01-01", ["updated_since"]),
        ("updated_since=2020-02-30T00:00:00Z", ["updated_since"]),
        ("updated_since=2020-01-01T00:00:00+02:00", ["updated_since"]),
        ("search=a%00b", ["search"]),
        ("search=%C3%28", ["search"]),
        ("version=%00", ["version"]),
        ("include_deleted=perhaps", ["include_deleted"]),
    ],
)
def test_bad_parameters(reads, query, words):
    assert_error(reads.client.get(f"{SERVERS}?{query}"), 400, *words)


@pytest.mark.parametrize("query", ["limit=", "limit=&limit=x", "unknown=1", "Limit=x", "limit=%zz", "limit=1;x", "cursor=", "&&=&"])
def test_what_is_ignored(reads, query):
    assert reads.client.get(f"{SERVERS}?{query}").json["metadata"]["count"] == 1


@pytest.mark.parametrize(
    "name, words",
    [
        ("com.example.a", ["must be in format"]),
        ("a%2Fb%2Fc", ["exactly one"]),
        ("%2Fone", ["namespace part cannot be empty"]),
        ("com.example.a%2F", ["name part cannot be empty"]),
        ("-x%2Fone", ["namespace '-x' is invalid"]),
        ("x%2Fone-", ["name 'one-' is invalid"]),
        ("x%2F" + "y" * 200, ["200"]),
        ("x%20y%2Fone", ["serverName cannot contain whitespace"]),
        ("a%25ZZ", ["invalid URL encoding in serverName"]),
        ("%20", ["serverName cannot be empty"]),
        ("", ["serverName cannot be empty"]),
    ],
)
def test_bad_names(reads, name, words):
    assert_error(reads.client.get(f"{SERVERS}/{name}/versions"), 400, *words)
    assert_error(reads.client.get(f"{SERVERS}/{name}/versions/1.0.0"), 400, *words)


@pytest.mark.parametrize(
    "path",
    [
        "/registry/nope/v0.1/servers",
        "/registry/Default/v0.1/servers",
        f"{SERVERS}/com.example.a%2Fnone/versions",
        f"{SERVERS}/com.example.a%2Fone/versions/9.9.9",
        f"{SERVERS}/com.example.a%2FOne/versions/1.0.0",
        f"{SERVERS}/",
        f"{SERVERS}/com.example.a%2Fone",
        f"{SERVERS}/com.example.a/one/versions",
        f"{SERVERS}/com.example.a%2Fone/versions/",
        f"{SERVERS}/com.example.a%2Fone/versions/1.0.0/x",
        "/registry/default",
        "/registry/default/",
        "/registry/default/v0.2/servers",
        "/registry/default/v0.1/SERVERS",
        "/registry/../registry/default/v0.1/servers",
    ],
)
def test_not_found(reads, path):
    assert_error(reads.client.get(path), 404)


@pytest.mark.parametrize("name", ["%20", "a%20b", ""])
def test_bad_registry_names(reads, name):
    assert_error(reads.client.get(f"/registry/{name}/v0.1/servers"), 400, "registryName")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [SERVERS, f"{SERVERS}/com.example.a%2Fone/versions"])
def test_methods_that_are_not_there(reads, method, path):
    answer = reads.client.request(method, path, body=b'{"a":1}')
    assert_error(answer, 405)
    allowed = {m.strip() for m in answer.header("Allow").split(",")}
    assert {"GET", "HEAD", "OPTIONS"} <= allowed
    # The body was taken off the connection, so the next request on it is understood.
    assert reads.client.get(SERVERS).status == 200


def raw(port, request):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.sendall(request)
        s.shutdown(socket.SHUT_WR)
        got = b""
        while chunk := s.recv(65536):
            got += chunk
    return got


@pytest.mark.parametrize(
    "line, statuses",
    [
        (b"GET /registry/cl%zz/v0.1/servers HTTP/1.1", (400,)),
        (b"GET /registry/default/v0.1/servers/a%2/versions HTTP/1.1", (400,)),
        (b"FROB /registry/default/v0.1/servers HTTP/1.1", (405, 501)),
        (b"TRACE /registry/default/v0.1/servers HTTP/1.1", (405,)),
        (b"GET /registry/a%00b/v0.1/servers HTTP/1.1", (400,)),
        (b"GET /registry/default/v0.1/servers?search=" + b"x" * 9000 + b" HTTP/1.1", (200,)),
        (b"GET http://other.example/registry/default/v0.1/servers HTTP/1.1", (200,)),
    ],
)
def test_raw_request_lines(reads, line, statuses):
    got = raw(reads.httpd.port, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert int(got.split(b" ", 2)[1]) in statuses, got[:300]


def test_a_crowd_of_bad_requests_leaves_no_trace(reads):
    for path in (f"{SERVERS}?limit=x", "/registry/nope/v0.1/servers", f"{SERVERS}?cursor=%ff") * 50:
        assert reads.client.get(path).status in (400, 404)
    assert reads.client.get(SERVERS).status == 200
