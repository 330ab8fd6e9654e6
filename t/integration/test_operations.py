"""The operations port: health, readiness, version; and what is served while PostgreSQL is away."""
import pytest

from harness import server, wait_until

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
