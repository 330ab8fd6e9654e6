"""The operations port: health, readiness, version; and what is served while PostgreSQL is away."""
import contextlib
import os
import signal
import subprocess
import threading

import pytest

from harness import build, server, wait_until

FILES = {"src": [server("com.example.a/one")]}
ROUTES = {"/health": {"status": "healthy"}, "/readiness": {"status": "ready"}}


@pytest.mark.parametrize("path", ROUTES)
def test_healthy(reads, path):
    answer = reads.httpd.operations().get(path)
    assert answer.status == 200
    assert answer.header("Content-Type").split(";")[0] == "application/json"
    assert answer.json == ROUTES[path]
    assert answer.body.endswith(b"\n")
    head = reads.httpd.operations().request("HEAD", path)
    assert (head.status, head.body) == (200, b"")


def test_version(reads):
    answer = reads.httpd.operations().get("/version")
    assert answer.status == 200
    assert set(answer.json) >= {"version", "commit", "build_date", "go_version", "platform"}
    assert all(isinstance(v, str) and v for v in answer.json.values())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/health", "/readiness", "/version"])
def test_other_methods(reads, path, method):
    answer = reads.httpd.operations().request(method, path, body=b"{}")
    assert answer.status == 405
    assert answer.header("Allow") == "GET, HEAD, OPTIONS"
    assert answer.header("Content-Type") == "application/json"
    assert answer.json["error"]


@pytest.mark.parametrize("path", ["/", "/health/", "/healthz", "/Health", "/health/x", "/version2", "//health", "/metrics"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_unknown_paths(reads, path, method):
    answer = reads.httpd.operations().request(method, path)
    assert answer.status == 404
    assert answer.header("Content-Type") == "application/json"
    assert method == "HEAD" or answer.json["error"]


def test_no_registry_is_not_ready(stack):
    """An operations port where no MCPRegistryConfig is set."""
    one = stack(FILES)
    one.httpd.config = None
    one.httpd.start()
    assert one.httpd.operations().get("/health").status == 200
    assert one.httpd.operations().get("/version").status == 200
    assert one.httpd.operations().get("/readiness").json == {"error": "service not ready"}


def test_the_ports_are_apart(reads):
    for path in ROUTES:
        assert reads.client.get(path).status == 404
    assert reads.httpd.operations().servers().status == 404


class Outage:
    """PostgreSQL stopped, and started again at the end whatever happens: other tests need it."""

    def __init__(self, postgres):
        self.postgres = postgres

    def __enter__(self):
        self.postgres.stop()

    def __exit__(self, *_):
        if not self.postgres.running:
            self.postgres.start()


def test_postgres_goes_and_comes_back(stack, postgres):
    one = stack(FILES).start()
    operations = one.httpd.operations()
    with Outage(postgres):
        unready = wait_until(lambda: (a := operations.get("/readiness")).status == 503 and a, "readiness is 503")
        assert unready.json == {"error": "service not ready"}
        assert operations.get("/health").status == 200
        # Never stale in silence: once the watcher has lost its connection, a read needs PostgreSQL.
        answer = wait_until(lambda: (a := one.client.servers()).status == 503 and a, "reads are 503")
        assert answer.json["error"]
        assert int(answer.header("Retry-After")) > 0
    wait_until(lambda: operations.get("/readiness").status == 200, "readiness is back")
    wait_until(lambda: one.client.servers().status == 200, "reads are back")


def test_httpd_starts_without_postgres(stack, postgres):
    one = stack(FILES)
    with Outage(postgres):
        one.httpd.start()
        assert one.httpd.operations().get("/health").status == 200
        assert one.httpd.operations().get("/readiness").status == 503
        assert one.client.servers().status == 503
    one.syncd.start()
    one.syncd.await_synced("src")
    one.httpd.await_ready()


def test_broken_connections_are_not_used_again(stack, postgres):
    """Every connection is cut; a read is tried once more on a fresh one, so no client sees it."""
    one = stack(FILES, httpd={"settings": "MCPRegistryCacheSize 0"}).start()
    for _ in range(5):
        assert one.client.servers().status == 200
        one.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        wait_until(lambda: one.client.servers().status == 200, "reads go on", seconds=5)


def test_a_graceful_restart_keeps_answering(stack):
    one = stack(FILES).start()
    for _ in range(3):
        one.httpd.graceful()
        for _ in range(20):
            assert one.httpd.client().servers().status == 200
    wait_until(lambda: one.httpd.log_text().count("resuming normal operations") >= 2, "it was restarted")


# --- bounds, and the schema

ONE_CHILD = "ServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"


@contextlib.contextmanager
def locked(one, table):
    """Nobody can read the table inside."""
    psql = [os.path.join(build.postgres_bin(), "psql"), "-XqAt", "-h", one.postgres.host, "-U", "admin", "-d", one.database]
    with subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/") as session:
        session.stdin.write(f"begin; lock table {table} in access exclusive mode; select 'held';\n")
        session.stdin.flush()
        assert session.stdout.readline() == "held\n"
        yield
        session.stdin.close()


def waiting_for_locks(one):
    return int(one.sql("select count(*) from pg_stat_activity where datname = current_database()"
                       " and wait_event_type = 'Lock' and application_name = 'mod_mcp_registry'"))


def in_background(call):
    """Runs call() in a thread; the thread, and a list that will hold its answer."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(call()), daemon=True)
    thread.start()
    return thread, answers


def backends(one):
    return [int(pid) for pid in one.sql("select pid from pg_stat_activity where datname = current_database()"
                                        " and application_name = 'mod_mcp_registry'").split()]


@contextlib.contextmanager
def stopped(pids):
    """Processes that are there, and do nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def test_an_exhausted_pool_is_not_ready(stack):
    """The only connection is busy for as long as the test likes, and requests may wait for it a minute: the check
    does not."""
    settings = "MCPRegistryCacheSize 0\nMCPRegistryPoolMax 1\nMCPRegistryPoolTimeout 60s"
    one = stack(FILES, httpd={"settings": settings, "limits": ONE_CHILD}).start()
    operations = one.httpd.operations()
    assert operations.get("/readiness").status == 200
    with locked(one, "entry_version"):
        reader, answers = in_background(lambda: one.httpd.client().servers())
        wait_until(lambda: waiting_for_locks(one) == 1, "the read waits for the lock", interval=0.01)
        with stopped(backends(one)):  # else the read would give the lock up soon
            answer = operations.get("/readiness")
            assert (answer.status, answer.json) == (503, {"error": "service not ready"})
            assert operations.get("/health").status == 200
            assert reader.is_alive()
    reader.join(30)
    assert answers[0].status in (200, 503)
    wait_until(lambda: operations.get("/readiness").status == 200, "readiness is back")


def test_a_hanging_postgres_is_not_ready(stack):
    """The connection is there, and nothing comes over it."""
    one = stack(FILES, httpd={"settings": "MCPRegistryCacheSize 0\nMCPRegistryPoolMax 1", "limits": ONE_CHILD}).start()
    operations = one.httpd.operations()
    assert operations.get("/readiness").status == 200
    with stopped(backends(one)):
        assert operations.get("/readiness").status == 503
    wait_until(lambda: operations.get("/readiness").status == 200, "readiness is back")
    one.httpd.await_log("Readiness check failed")


@pytest.mark.parametrize("version", [0, 99])
def test_another_schema_is_not_ready(stack, version):
    """Also over a connection that was opened before the schema changed."""
    one = stack(FILES).start()
    operations = one.httpd.operations()
    assert operations.get("/readiness").status == 200
    one.sql("create table kept as select * from schema_migration")
    one.sql(f"update schema_migration set version = {version} where version = (select max(version) from schema_migration)")
    assert operations.get("/readiness").status == 503
    one.sql("truncate schema_migration; insert into schema_migration select * from kept")
    wait_until(lambda: operations.get("/readiness").status == 200, "readiness is back")
