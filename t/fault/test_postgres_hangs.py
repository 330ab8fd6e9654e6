"""PostgreSQL is there and says nothing: stopped processes, a host that hangs. Nobody waits for it without a limit."""
import os
import signal
import socket
import struct
import threading
import time

import pytest
from load import Load

from harness import server, wait_until

SERVERS = [server(f"com.example.a/s{i:03}") for i in range(50)]
BASE = "/registry/default/v0.1/servers"
PATHS = [BASE, BASE + "?search=server&limit=3", BASE + "/com.example.a%2Fs001/versions/latest"]
SETTINGS = "MCPRegistryCacheSize 0\nMCPRegistryPoolMax 2\nMCPRegistryPoolTimeout 300ms\nMCPRegistryStatementTimeout {}"
ONE_CHILD = "ServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"


def options(statement_timeout, **more):
    return {"settings": SETTINGS.format(statement_timeout), **more}


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(child) for child in f.read().split()]


def await_status(load, status):
    start = time.monotonic()
    wait_until(lambda: status in load.statuses(start), f"somebody is answered {status}", 40)


class Freezer:
    def __init__(self, postgres):
        self.postgres, self.frozen = postgres, []

    def freeze(self, pids):
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
            self.frozen.append(pid)

    def everything(self):
        self.freeze([self.postgres.child.pid])  # first: it makes no more children
        self.freeze(children(self.postgres.child.pid))

    def sessions(self):
        """Those of httpd. New ones can be had."""
        pids = self.postgres.sql("select pid from pg_stat_activity where application_name = 'mod_mcp_registry'")
        self.freeze(int(pid) for pid in pids.split())

    def thaw(self):
        while self.frozen:
            try:
                os.kill(self.frozen.pop(), signal.SIGCONT)
            except ProcessLookupError:
                pass  # it has noticed in between that nobody listens


@pytest.fixture
def freezer(stack, postgres):
    one = Freezer(postgres)
    yield one
    one.thaw()


def check(load):
    assert load.errors == []
    assert load.statuses() == {200, 503}
    for answer in load.since(0):
        if answer.status == 503:
            assert answer.header("Retry-After") == "1" and "database" in answer.json["error"]


def test_everything_hangs_and_goes_on(stack, postgres, freezer):
    begin = time.monotonic()
    one = stack({"src": SERVERS}, httpd=options("1s", limits=ONE_CHILD)).start()
    before = set(children(one.httpd.child.pid))
    with Load(one.httpd.port, PATHS) as load:
        await_status(load, 200)
        freezer.everything()
        frozen = time.monotonic()
        wait_until(lambda: len(load.since(frozen)) > 30, "everybody is answered, again and again", 60)
        await_status(load, 503)
        freezer.thaw()
        wait_until(lambda: all(one.client.get(path).status == 200 for path in PATHS), "everything is answered")
    check(load)
    assert before <= set(children(one.httpd.child.pid)), "a child of httpd is gone"
    # Told once in ten seconds at most, not for each answer.
    assert one.httpd.log_text().count("no free connection") <= 1 + (time.monotonic() - begin) / 10


def test_sessions_that_hang_are_replaced(stack, postgres, freezer):
    one = stack({"src": SERVERS}, httpd=options("1s")).start()
    with Load(one.httpd.port, PATHS) as load:
        await_status(load, 200)
        freezer.sessions()
        await_status(load, 503)
        wait_until(lambda: all(one.client.get(path).status == 200 for path in PATHS), "answered over fresh connections")
    check(load)
    assert "no answer within the time limit" in one.httpd.log_text()


def test_readiness_while_everything_hangs(stack, postgres, freezer):
    one = stack({"src": SERVERS}, httpd=options("60s")).start()
    operations = one.httpd.operations()
    assert operations.get("/readiness").status == 200
    freezer.everything()
    # More often than there are connections: those that are open, and those that can't be had.
    for _ in range(4):
        assert operations.get("/readiness").status == 503
        assert operations.get("/health").status == 200
    freezer.thaw()
    wait_until(lambda: operations.get("/readiness").status == 200, "ready again")


class HelloOnly:
    """Lets everybody in and never answers after that."""

    def __init__(self, path):
        self.socket, self.sessions = socket.socket(socket.AF_UNIX), []
        self.socket.bind(path)
        os.chmod(path, 0o777)
        self.socket.listen(20)
        threading.Thread(target=self.welcome, daemon=True).start()

    def welcome(self):
        while True:
            try:
                session, _ = self.socket.accept()
            except OSError:
                return
            self.sessions.append(session)
            session.recv(struct.unpack("!i", session.recv(4))[0] - 4)
            session.sendall(b"R\0\0\0\x08\0\0\0\0" + b"Z\0\0\0\x05I")  # authenticated, ready for a query

    def stop(self):
        for one in [self.socket, *self.sessions]:
            one.close()


def test_a_server_that_only_says_hello(stack, postgres):
    """The checks and the preparing of a fresh connection have a limit too."""
    one = stack({"src": SERVERS}, httpd=options("1s"))
    one.start()
    one.httpd.stop()
    folder = os.path.join(one.folder, "mute")
    os.makedirs(folder, mode=0o755)
    one.httpd.config = os.path.join(one.folder, "mute.yaml")
    with open(one.config) as good, open(one.httpd.config, "w") as f:
        text = good.read()
        assert postgres.host in text
        f.write(text.replace(postgres.host, folder))
    mute = HelloOnly(os.path.join(folder, ".s.PGSQL.5432"))
    try:
        one.httpd.start()
        for _ in range(3):
            assert one.httpd.operations().get("/readiness").status == 503
        answer = one.client.get(BASE)
        assert answer.status == 503 and answer.header("Retry-After") == "1"
        assert mute.sessions
    finally:
        one.httpd.stop()
        mute.stop()


def ask_in_background(one, count):
    """Requests that nobody is interested in the end of."""

    def ask():
        try:
            one.client.get(BASE)
        except Exception:  # whatever httpd's end does to it
            pass

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def hang_all_connections(one, freezer):
    """Both connections of the child wait for an answer that does not come."""
    freezer.everything()
    threads = ask_in_background(one, 4)
    wait_until(lambda: sum(t.is_alive() for t in threads) == 2, "two wait for PostgreSQL, two were sent away")
    return threads


@pytest.mark.parametrize("mpm", ["event", "worker"])
def test_httpd_stops_in_time(stack, postgres, freezer, mpm):
    one = stack({"src": SERVERS}, httpd=options("60s", mpm=mpm, limits=ONE_CHILD)).start()
    threads = hang_all_connections(one, freezer)
    one.httpd.stop()
    assert "did not exit, sending a SIGKILL" not in one.httpd.log_text()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


# A child of prefork ends in its signal handler, whatever it was doing: what a read held then counts as leaked.
@pytest.mark.skipif("MCPR_HTTPD_PRELOAD" in os.environ, reason="a child that ends in the middle of a read frees nothing")
def test_prefork_stops_in_time(stack, postgres, freezer):
    one = stack({"src": SERVERS}, httpd=options("60s", mpm="prefork")).start()
    wait_until(lambda: one.client.get(BASE).status == 200, "served")
    freezer.everything()
    ask_in_background(one, 3)
    one.httpd.stop()
    assert "did not exit, sending a SIGKILL" not in one.httpd.log_text()


def test_children_of_before_a_graceful_restart_end(stack, postgres, freezer):
    one = stack({"src": SERVERS}, httpd=options("10s", limits=ONE_CHILD)).start()
    before = set(children(one.httpd.child.pid))
    threads = hang_all_connections(one, freezer)
    one.httpd.graceful()
    wait_until(lambda: not before & set(children(one.httpd.child.pid)), "the children of before are gone", 60)
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
