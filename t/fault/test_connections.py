"""The daemon's connections: a database that never answers, that moves, that refuses to be written to."""
import json
import os
import signal
import socket
import tempfile

import psycopg2
import pytest

from harness import Postgres, server, wait_until
from harness.catalog import document
from harness.config import change_config, reconfigure
from harness.upstream import answer

OLD = [server("com.example.a/old")]
NEW = [server("com.example.a/new")]


# --- one that never answers


class Mute:
    """Takes connections and never says a word; with `full`, does not even take them."""

    def __init__(self, full=False):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0 if full else 16)
        self.listener.settimeout(20)
        self.port = self.listener.getsockname()[1]
        self.open = []
        while full and len(self.open) < 4:
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", self.port))
            self.open.append(one)

    def take(self):
        self.open.append(self.listener.accept()[0])

    def close(self):
        for each in (self.listener, *self.open):
            each.close()


@pytest.fixture
def mute():
    made = []

    def make(**options):
        made.append(Mute(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_stop_while_the_database_says_nothing(stack, mute):
    one, deaf = stack({"src": OLD}), mute()
    change_config(one, lambda c: c["database"].update(host="127.0.0.1", port=deaf.port))
    one.syncd.start()
    deaf.take()
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0
    assert "The database is away" not in one.syncd.log_text()


def test_a_stop_while_the_database_takes_no_connection(stack, mute):
    one, full = stack({"src": OLD}), mute(full=True)
    change_config(one, lambda c: c["database"].update(host="localhost,127.0.0.1", port=full.port))
    one.syncd.start()
    one.syncd.await_log("The database is away")
    assert "127.0.0.1 does not answer within 5 s" in one.syncd.log_text()
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0


def test_the_next_host_is_tried(stack, postgres, mute):
    """A name that is none, an address that keeps quiet, and the one that answers: a Unix socket."""
    one, deaf = stack({"src": OLD}), mute()
    silent = f"nowhere.invalid,127.0.0.1,{postgres.host}"
    os.symlink(f"{postgres.host}/.s.PGSQL.5432", f"{postgres.host}/.s.PGSQL.{deaf.port}")
    change_config(one, lambda c: c["database"].update(host=silent, port=deaf.port))
    one.syncd.start()
    one.syncd.await_synced("src")


def test_a_stop_while_another_migrates(stack, postgres):
    one = stack({"src": OLD})
    with psycopg2.connect(host=postgres.host, user="admin", dbname=one.database) as other:
        other.cursor().execute("select pg_advisory_lock(1835233395, 1)")
        one.syncd.start()
        wait_until(
            lambda: one.sql("select 1 from pg_stat_activity where application_name = 'thv-syncd' and query ~ 'try_adv'"),
            "it waits for the lock",
        )
        one.syncd.send(signal.SIGTERM)
        assert one.syncd.wait(10) == 0
    other.close()


def test_a_stop_while_the_server_stands_still(stack, postgres):
    """None of its processes does anything any more, as behind a network that is gone."""
    one = stack({"src": OLD}, sync={"pollInterval": "100ms"})
    one.syncd.start()
    one.syncd.await_synced("src")
    mine = "pid <> pg_backend_pid() and datname = current_database()"
    still = [postgres.child.pid, *map(int, one.sql(f"select pid from pg_stat_activity where {mine}").split())]
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        one.syncd.send(signal.SIGUSR1)
        one.syncd.send(signal.SIGTERM)
        assert one.syncd.wait(10) == 0
    finally:
        for pid in still:
            os.kill(pid, signal.SIGCONT)


# --- a daemon that is gone


def keepalive_timers(port):
    """Of the server's side of its TCP connections: the seconds until its kernel asks whether the other side is there."""
    timers = []
    with open("/proc/net/tcp") as table:
        for line in list(table)[1:]:
            _, local, _, state, _, timer, *_ = line.split()
            if state == "01" and int(local.split(":")[1], 16) == port:
                kind, ticks = timer.split(":")
                timers.append(int(ticks, 16) / os.sysconf("SC_CLK_TCK") if kind == "02" else None)
    return timers


def test_the_server_asks_after_a_daemon_that_keeps_quiet(stack, postgres):
    """Else a source stays locked for hours when a daemon's host or network is gone."""
    one = stack({"src": OLD}, sync={"pollInterval": "1h"})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    postgres.stop()
    os.symlink(f".s.PGSQL.{port}", f"{postgres.host}/.s.PGSQL.5432")  # for everybody else
    postgres.start(listen_addresses="127.0.0.1", port=str(port))
    change_config(one, lambda c: c["database"].update(host="127.0.0.1", port=port))
    one.syncd.start()
    one.syncd.await_synced("src")
    timers = wait_until(lambda: None not in (t := keepalive_timers(port)) and t, "all connections are at rest")
    assert len(timers) >= 2 and max(timers) <= 30


# --- one that moves


@pytest.fixture
def elsewhere(folder):
    """A second PostgreSQL."""
    other = Postgres(os.path.join(tempfile.mkdtemp(prefix="e-", dir=folder), "pg"))
    os.chmod(os.path.dirname(other.folder), 0o755)
    other.initdb()
    other.start()
    yield other
    other.stop()


def test_the_database_moves_while_a_source_is_fetched(stack, postgres, elsewhere, upstream, release):
    """The old one is gone for good: what was begun for it is nobody's any more, and the new one gets everything."""

    def reply(request):
        if len(web.requests) == 1:
            release.wait(60)
        return answer(json.dumps(document(NEW)).encode())

    web = upstream(reply)
    one = stack({"slow": {"file": {"url": web.url("/registry.json")}}})
    one.syncd.start()
    wait_until(lambda: len(web.requests) == 1, "it fetches")
    postgres.stop()
    one.syncd.await_log("The database is away")
    elsewhere.sql("create database t1")
    change_config(one, lambda c: c["database"].update(host=elsewhere.host, database="t1"))
    one.syncd.await_synced("slow")
    assert elsewhere.sql("select name from entry", database="t1") == "com.example.a/new"


def test_nothing_stays_at_the_database_before(stack, postgres):
    """Not even the idle workers' connections."""
    one = stack({"src": OLD})
    one.syncd.start()
    one.syncd.await_synced("src")
    postgres.sql("create database another")
    change_config(one, lambda c: c["database"].update(database="another"))
    wait_until(lambda: postgres.sql("select name from entry", database="another") == "com.example.a/old", "it is synced there")
    left = f"select count(*) from pg_stat_activity where datname = '{one.database}'"
    wait_until(lambda: postgres.sql(left) == "0", "nobody is connected to the old one")


# --- one that refuses to be written to


def requests(web, path):
    return len([r for r in web.requests if r.path == path])


@pytest.fixture
def fetched(stack, upstream):
    """fetched(): a stack with two sources of the web, looked at again and again; and the web."""

    def make():
        web = upstream(lambda request: answer(json.dumps(document(web.content[request.path])).encode()))
        web.content = {"/a": [server("com.example.a/a")], "/b": [server("com.example.b/b")]}
        files = {name: {"file": {"url": web.url("/" + name)}} for name in "ab"}
        one = stack(files)
        change_config(one, lambda c: [s["syncPolicy"].update(interval="1h" if s["name"] == "a" else "1s") for s in c["sources"]])
        one.syncd.start()
        one.syncd.await_synced("a", "b")
        return one, web

    return make


def test_read_only_for_a_while(fetched, postgres):
    """After a failover: what is fetched is kept until a server can be written to, and then it is written."""
    one, web = fetched()
    postgres.sql("alter system set default_transaction_read_only = on")
    postgres.sql("select pg_reload_conf()")
    wait_until(lambda: one.sql("show transaction_read_only") == "on", "nobody can write")
    web.content["/a"] = NEW
    before = requests(web, "/a")
    one.syncd.send(signal.SIGUSR1)
    one.syncd.await_log("session is read-only")
    wait_until(lambda: requests(web, "/a") == before + 1, "it was fetched")
    assert one.syncd.command("status").returncode == 0
    postgres.sql("alter system reset default_transaction_read_only")
    postgres.sql("select pg_reload_conf()")
    wait_until(lambda: "com.example.a/new" in one.sql("select name from entry where alive"), "it is written")
    assert requests(web, "/a") == before + 1


def test_a_failure_that_cannot_be_stored(fetched):
    """A full disk: the source is not fetched again at every poll."""
    one, web = fetched()
    one.sql(
        "create function full_disk() returns trigger language plpgsql as $$ begin"
        " if new.source_id = (select id from source where name = 'a') then"
        " raise exception 'could not extend file' using errcode = '53100'; end if; return new; end $$;"
        " create trigger full_disk before insert or update on source_sync for each row execute function full_disk();"
        " alter table source_sync disable trigger full_disk;"
        " update source_sync y set next_due_at = now() from source s where s.id = y.source_id and s.name = 'a';"
        " alter table source_sync enable trigger full_disk"
    )
    one.syncd.await_log("The end of a sync could not be stored")
    before = requests(web, "/a"), requests(web, "/b")
    wait_until(lambda: requests(web, "/b") >= before[1] + 4, "many polls have gone by")
    assert requests(web, "/a") == before[0]
    assert one.sql("select next_due_at < now() from source_sync y join source s on s.id = y.source_id where s.name = 'a'") == "t"
    # Whoever asks for all is heard.
    one.sql("drop trigger full_disk on source_sync")
    web.content["/a"] = NEW
    one.syncd.send(signal.SIGUSR1)
    wait_until(lambda: "com.example.a/new" in one.sql("select name from entry where alive"), "it is written")


def test_a_failure_before_anything_is_known(stack):
    """A right that is missing: tried after a while, not at every poll."""
    one = stack({"src": OLD})
    one.syncd.start()
    one.syncd.await_synced("src")
    one.sql("create role narrow login; grant all on all tables in schema public to narrow")
    one.sql("grant all on all sequences in schema public to narrow; revoke all on entry_version from narrow")
    reconfigure(one, lambda c: c["database"].update(user="narrow", migrationUser="admin"))
    one.sql("update source_sync set next_due_at = now()")
    one.syncd.await_log("permission denied for table entry_version")
    polls = set()
    poll = "select query_start from pg_stat_activity where usename = 'narrow' and application_name = 'thv-syncd'"
    wait_until(lambda: polls.add(one.sql(poll)) or len(polls) > 6, "many polls have gone by")
    assert one.syncd.log_text().count("Sync failed") == 1
    one.sql("grant all on entry_version to narrow")
    one.write("src", NEW)
    one.syncd.send(signal.SIGUSR1)
    wait_until(lambda: one.sql("select name from entry where alive") == "com.example.a/new", "it is written")
