"""PostgreSQL goes away under load, in several ways, and comes back."""
import os
import signal
import time

import psycopg2
import pytest
from load import Load

from harness import server, wait_until

SERVERS = [server(f"com.example.a/s{i:03}") for i in range(50)]
BASE = "/registry/default/v0.1/servers"
# One path for every statement that the module prepares.
PATHS = [
    BASE,
    BASE + "?version=latest&limit=7",
    BASE + "?version=1.0.0&limit=3",
    BASE + "?search=server&limit=3",
    BASE + "?updated_since=2020-01-01T00:00:00Z",
    BASE + "/com.example.a%2Fs001/versions",
    BASE + "/com.example.a%2Fs001/versions/latest",
    "/registry/v0.1/servers?limit=2",
    "/registry/v0.1/servers/com.example.a%2Fs001/versions/1.0.0",
    "/registry/default/v0.1/ping",
]


def children(httpd):
    """Their pids. More may come, as httpd likes spare threads."""
    with open(f"/proc/{httpd.child.pid}/task/{httpd.child.pid}/children") as f:
        return set(f.read().split())


def await_status(load, status):
    start = time.monotonic()
    wait_until(lambda: status in load.statuses(start), f"somebody is answered {status}")


@pytest.mark.parametrize("cache", ["0", "32M"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_killed_and_started_again(stack, postgres, how, cache):
    one = stack({"src": SERVERS}, httpd={"settings": f"MCPRegistryCacheSize {cache}"}).start()
    before = children(one.httpd)
    with Load(one.httpd.port, PATHS) as load:
        await_status(load, 200)
        postgres.kill() if how == signal.SIGKILL else postgres.stop(how)
        await_status(load, 503)
        back = time.monotonic()
        postgres.start()
        # Recovered: every path is answered again, and nothing else is answered any more.
        wait_until(lambda: all(one.client.get(path).status == 200 for path in PATHS), "everything is answered", 5)
        recovered = time.monotonic()
        wait_until(lambda: len(load.since(recovered)) > 20 * len(PATHS), "the load goes on")
    assert load.errors == []
    assert load.statuses() == {200, 503}
    assert load.statuses(recovered) == {200}
    assert recovered - back < 20
    for answer in load.since(0):
        if answer.status == 503:
            assert answer.header("Retry-After") == "1" and "database" in answer.json["error"]
    assert before <= children(one.httpd), "a child of httpd is gone"


def test_sessions_cut_one_by_one(stack, postgres):
    """Whoever loses a connection tries once more on a fresh one; nobody is left without an answer."""
    one = stack({"src": SERVERS}, httpd={"settings": "MCPRegistryCacheSize 0"}).start()
    with Load(one.httpd.port, PATHS) as load:
        for _ in range(20):
            await_status(load, 200)
            one.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mod_mcp_registry'")
        await_status(load, 200)
    assert load.errors == []
    assert load.statuses() <= {200, 503}


def test_no_connection_left(stack, postgres):
    """Every connection that the login may have is taken: a bounded wait, then 503; and 200 when there is room."""
    one = stack({"src": SERVERS}, httpd={"settings": "MCPRegistryCacheSize 0\nMCPRegistryPoolMax 2"})
    one.start()
    one.sql("create role reader login in role toolhive_registry_server")
    one.httpd.stop()
    text = open(one.config).read().replace("user: admin", "user: reader")
    one.httpd.config = os.path.join(one.folder, "reader.yaml")
    with open(one.httpd.config, "w") as f:
        f.write(text)
    one.httpd.start()
    one.httpd.await_ready()

    one.sql("alter role reader connection limit 0")
    one.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'")
    answer = wait_until(lambda: (a := one.client.get(BASE)).status == 503 and a, "no connection can be had")
    assert answer.header("Retry-After") == "1" and answer.json["error"]
    assert one.httpd.operations().get("/health").status == 200
    assert one.httpd.operations().get("/readiness").status == 503
    one.sql("alter role reader connection limit -1")
    one.httpd.await_ready()


@pytest.mark.parametrize("limit, status", [("200ms", 500), ("10s", 503)])
def test_a_locked_table_holds_up_a_bounded_time(stack, postgres, limit, status):
    """A statement that hangs ends at its time limit or at that for locks, who waits for a connection at its own."""
    settings = f"MCPRegistryCacheSize 0\nMCPRegistryPoolMax 1\nMCPRegistryPoolTimeout 200ms\nMCPRegistryStatementTimeout {limit}"
    limits = "ServerLimit 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"
    one = stack({"src": SERVERS}, httpd={"settings": settings, "limits": limits}).start()
    locker = psycopg2.connect(host=postgres.host, user="admin", dbname=one.database)
    locker.cursor().execute("lock table entry_version in access exclusive mode")
    with Load(one.httpd.port, [BASE], readers=4) as load:
        await_status(load, 503)
        await_status(load, status)
        locker.rollback()
        await_status(load, 200)
    locker.close()
    assert load.errors == []
    assert load.statuses() <= {200, 500, 503}
