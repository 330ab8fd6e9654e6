"""What is written about requests and about the configuration: the access line, the error log."""
import datetime
import http.client
import json
import os
import re
import socket

import pytest

from harness import server, wait_until
from harness.client import quote

FILES = {"src": [server("com.example.a/one")]}
LOGGING = (
    'LogLevel info\nCustomLog "{folder}/access.json" "%^MR"\n'
    'ErrorLogFormat "[%{{cuz}}t] [%-m:%-l] [pid %P:tid %T] [id %-L] [trace %-{{mcp-trace-id}}n] [client %a] %M"'
)
OPTIONS = {"httpd": {"logging": LOGGING}}
KEYS = [
    "time", "level", "msg", "method", "path", "status", "duration_ms", "response_bytes", "request_id", "remote_addr",
    "sub", "user",
]  # fmt: skip
# host/random-counter
OWN_ID = re.compile(r"^[^/]+/[A-Za-z0-9]{10}-\d{6,}$")


def lines(httpd):
    """Raw lines; the file is not there before the first request."""
    with open(os.path.join(httpd.folder, "access.json"), "rb") as f:
        return [line for line in f.read().split(b"\n") if line]


def line_from(httpd, port):
    """The one line about what came from a port of ours."""
    peer = b'"127.0.0.1:%d"' % port
    return wait_until(lambda: [line for line in lines(httpd) if peer in line], "an access line")[0]


def line_of(reads, path, method="GET", headers=None, body=None):
    client = reads.client
    client.connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    client.connection.connect()
    port = client.connection.sock.getsockname()[1]
    answer = client.request(method, path, headers=headers, body=body)
    client.close()
    raw = line_from(reads.httpd, port)
    line = json.loads(raw)
    assert list(line) == KEYS
    assert line["status"] == answer.status
    return line, answer, raw


def line_of_bytes(reads, sent):
    with socket.create_connection(("127.0.0.1", reads.httpd.port), 10) as s:
        port = s.getsockname()[1]
        s.sendall(sent)
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536):
            pass
    return json.loads(line_from(reads.httpd, port))


LIST = "/registry/default/v0.1/servers"


def test_the_line(reads):
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    line, answer, raw = line_of(reads, LIST + "?limit=5&search=secret")
    after = datetime.datetime.now(datetime.timezone.utc)
    assert before <= datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00")) <= after
    assert re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$", line["time"])
    assert (line["level"], line["msg"], line["method"]) == ("INFO", "HTTP request", "GET")
    assert line["path"] == LIST
    assert b"secret" not in raw, "the query is not written"
    assert line["response_bytes"] == len(answer.body) > 0
    assert type(line["duration_ms"]) is int and 0 <= line["duration_ms"] < 60000
    assert OWN_ID.match(line["request_id"])
    assert re.match(r"^127\.0\.0\.1:\d+$", line["remote_addr"])
    assert (line["sub"], line["user"]) == ("anonymous", "")


def test_levels(reads):
    assert line_of(reads, LIST)[0]["level"] == "INFO"
    assert line_of(reads, LIST + "?limit=x")[0]["level"] == "WARN"
    assert line_of(reads, "/registry/nobody/v0.1/servers")[0]["level"] == "WARN"
    assert line_of(reads, LIST, method="BREW")[0]["method"] == "BREW"


def test_an_error_of_the_server_is_an_error(stack):
    one = stack(FILES, httpd={"logging": LOGGING, "settings": "MCPRegistryCacheSize 0"}).start()
    one.sql("alter table schema_migration rename to hidden")
    one.sql("select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()")
    wait_until(lambda: one.client.servers().status == 503, "reads are 503")
    line = wait_until(lambda: next(x for x in map(json.loads, lines(one.httpd)) if x["status"] == 503), "the line")
    assert line["level"] == "ERROR"


def test_a_head_has_no_bytes(reads):
    line, _, _ = line_of(reads, LIST, method="HEAD")
    assert (line["method"], line["response_bytes"]) == ("HEAD", 0)


def test_the_path_is_decoded_once(reads):
    path = f"/registry/default/v0.1/servers/{quote('com.example.a/one')}/versions/%256c"
    line, _, _ = line_of(reads, path)
    assert line["path"] == "/registry/default/v0.1/servers/com.example.a/one/versions/%6c"


@pytest.mark.parametrize(
    "sent, written",
    [
        ("/registry/%22%7D%0A%7B%22x", '/registry/"} {"x'),
        ("/registry/%FF%C3", "/registry/\ufffd\ufffd"),
        ("/registry/a%00b", "/registry/a b"),
        ("/registry/%1B%5B31m%7F", "/registry/ [31m "),
        ("/registry/%C2%9B", "/registry/ "),
        ("/registry/%E2%82%AC", "/registry/€"),
        ("/registry/%zz", "/registry/%zz"),
    ],
)
def test_what_a_client_may_try(reads, sent, written):
    line, _, raw = line_of(reads, sent)
    assert line["path"] == written
    assert not re.search(rb"[\x00-\x1f\x7f]", raw)


def test_values_are_capped(reads):
    line, _, _ = line_of(reads, "/registry/" + "%E2%82%AC" * 2000)
    assert 1000 < len(line["path"].encode()) <= 1024
    line, _, _ = line_of(reads, LIST, method="X" * 3000)
    assert len(line["method"]) == 1024


@pytest.mark.parametrize(
    "sent, written",
    [
        ("abc-123", "abc-123"),
        ("abc, def", "abc"),
        ("a b ,c", "a b"),
        ('"quoted\\"', '"quoted\\"'),
        ("tab\tin it", "tabin it"),
        ("caf\xe9", "caf"),
        ("x" * 300, "x" * 128),
    ],
)
def test_the_clients_request_id(reads, sent, written):
    assert line_of(reads, LIST, headers={"X-Request-Id": sent})[0]["request_id"] == written


@pytest.mark.parametrize("sent", ["", ",abc", "\xe9\xe9", "  "])
def test_an_id_that_says_nothing(reads, sent):
    assert OWN_ID.match(line_of(reads, LIST, headers={"X-Request-Id": sent})[0]["request_id"])


def test_the_first_of_two_ids(reads):
    request = f"GET {LIST} HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\nX-Request-Id: two\r\nConnection: close\r\n\r\n"
    assert line_of_bytes(reads, request.encode())["request_id"] == "one"


def test_own_ids_differ(reads):
    ids = {line_of(reads, LIST)[0]["request_id"] for _ in range(3)}
    assert len(ids) == 3


def test_forwarded_headers_are_not_believed(reads):
    headers = {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7"}
    assert line_of(reads, LIST, headers=headers)[0]["remote_addr"].startswith("127.0.0.1:")


@pytest.mark.parametrize("raw", [b"GET\r\n\r\n", b"\x16\x03\x01\x00\x05\r\n\r\n", b"GET x HTTP/1.1\r\n\r\n"])
def test_what_is_no_request(reads, raw):
    """httpd answers it; the line is still one of ours."""
    line = line_of_bytes(reads, raw)
    assert list(line) == KEYS and line["status"] == 400 and line["level"] == "WARN"


def test_the_line_survives_a_graceful_restart(stack):
    one = stack(FILES, **OPTIONS).start()
    one.httpd.graceful()
    wait_until(lambda: one.httpd.log_text().count("resuming normal operations") >= 2, "it was restarted")
    line_of(one, LIST)
    assert all(list(json.loads(line)) == KEYS for line in lines(one.httpd))


# --- the error log


def test_warnings_of_the_configuration_are_told(stack):
    one = stack(FILES)
    with open(one.config, "a") as f:
        f.write("telemetry: {enabled: false}\n")
    os.environ["THV_REGISTRY_DATABASE"] = "tcp://10.0.0.1:5432"
    try:
        one.httpd.start()
    finally:
        del os.environ["THV_REGISTRY_DATABASE"]
    wait_until(lambda: "THV_REGISTRY_DATABASE" in one.httpd.log_text(), "the warning is logged")
    told = [line for line in one.httpd.log_text().splitlines() if "THV_REGISTRY_DATABASE" in line]
    assert all("mcp_registry:warn" in line and one.config in line for line in told), told


def test_the_id_and_what_is_told_of_a_page(stack):
    """The id is there from the first line about a request on, and after an internal redirect."""
    one = stack(FILES, httpd={
        "logging": 'LogLevel info mcp_registry:debug\nErrorLogFormat "[id %-{{mcp-request-id}}n] %M"',
        "site": '    ErrorDocument 403 /registry/default/v0.1/servers\n'
                '    <Location "/closed">\n        Require all denied\n    </Location>\n',
    }).start()  # fmt: skip
    assert f"{one.config}: reads PostgreSQL at " in one.httpd.log_text()
    path = "/registry/default/v0.1/servers?search=x"

    def told(path, name, text):
        one.client.request("GET", path, {"X-Request-Id": name})
        return [line for line in one.httpd.log_text().splitlines() if line.startswith(f"[id {name}] ") and text in line]

    assert told(path, "first", "page from PostgreSQL: plain list ")
    # There are two children, and a cache is used once its child knows the generation.
    wait_until(lambda: told(path, "again", "page from memory: plain list "), "a page comes from memory")
    assert told("/closed", "not-let-in", "client denied")
    assert told("/closed", "led-on", "page from ")
    own = [line for line in one.httpd.log_text().splitlines() if "page from" in line][0]
    assert OWN_ID.match(re.search(r"\[id (.*?)\]", own)[1])


def test_no_password_is_logged(stack):
    """Not when all is well, not when the database can't be reached, at no level."""
    one = stack(FILES, database={"password": "sesame-open"}, httpd={"logging": "LogLevel trace8"}).start()
    assert one.client.servers().status == 200
    one.postgres.sql(f"alter database {one.database} allow_connections false")
    one.postgres.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{one.database}'")
    wait_until(lambda: one.client.servers(search="x").status == 503, "reads are 503")
    text = one.httpd.log_text()
    assert "PostgreSQL at" in text and "sesame" not in text
