"""Several sources, workers and daemons at once: who syncs what, who waits for whom, and what a stop, a crash, a reload
or a change in the middle leaves behind."""
import json
import os
import re
import signal
import socket
import threading

import pytest

from harness import build, server, wait_until
from harness.catalog import document, write
from harness.config import change_config
from harness.daemon import connect, names

SERVER = [server("com.example.a/one")]


class Silence:
    """A web server that takes a request and keeps quiet, until answer() is told what to say to all that wait."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/registry.json"
        self.open, self.count, self.paths = [], 0, []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.paths.append(connection.recv(65536).split(b" ")[1].decode())
            self.open.append(connection)
            self.count += 1

    def hung_up(self):
        """How many clients have gone away again."""
        gone = 0
        for connection in self.open:
            try:
                gone += connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
            except BlockingIOError:
                pass
            except OSError:
                gone += 1
        return gone

    def answer(self, servers):
        body = json.dumps(document(servers)).encode()
        for connection in self.open:
            try:
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        for connection in self.open:
            connection.close()


@pytest.fixture
def silence():
    one = Silence()
    yield one
    one.close()


def with_url(one, name, url, interval="1h"):
    """A source behind a URL joins the configuration."""

    def change(config):
        config["sources"].append({"name": name, "file": {"url": url}, "syncPolicy": {"interval": interval}})
        config["registries"][0]["sources"].append(name)

    change_config(one, change)
    return one


def source(one, name):
    return next(s for s in one.syncd.status()["sources"] if s["name"] == name)


def phase(one, name="src"):
    return one.sql(f"select phase from source_sync join source s on s.id = source_id where s.name = '{name}'")


# --- many


def many(count=12, mark="a"):
    return {f"s{i:02}": [server(f"com.example.{mark}/s{i:02}")] for i in range(count)}


def test_twelve_sources_at_start(stack):
    one = stack(many())
    one.syncd.start()
    wait_until(lambda: len(names(one)) == 12, "all are there", seconds=10)
    assert one.sql("select count(*) from sync_run where outcome = 'changed'") == "12"


def test_one_that_hangs_holds_up_no_other_and_none_is_synced_twice(stack, silence, another):
    one = with_url(stack(many(11), sync={"workers": 2}), "hangs", silence.url, interval="1s")
    change_config(one, lambda c: [s["syncPolicy"].update(interval="1s") for s in c["sources"]])
    second = another(one)
    one.syncd.start()
    second.start()
    wait_until(lambda: len(names(one)) == 11 and silence.count == 1, "all others are there")
    for i in range(11):
        one.write(f"s{i:02}", [server(f"com.example.b/s{i:02}")])
    wait_until(lambda: all(n.startswith("com.example.b/") for n in names(one)), "all others follow")
    looked = "select min(y.last_success_at) from source_sync y join source s on s.id = y.source_id where s.name <> 'hangs'"
    begun = one.sql("select now()")
    wait_until(lambda: one.sql(f"select ({looked}) > '{begun}'") == "t", "all others were looked at again")
    # One worker of one daemon has it all the time; each change was written once.
    assert (silence.count, silence.hung_up()) == (1, 0)
    assert one.sql("select distinct count(*) from sync_run where outcome = 'changed' group by source_id") == "2"
    assert one.sql("select count(*) from sync_run where outcome = 'failed'") == "0"
    shown = source(one, "hangs")
    assert (shown["running"], shown["activity"]) == (True, "fetching")
    silence.answer(SERVER)
    wait_until(lambda: "com.example.a/one" in names(one), "the slow one is there too")


@pytest.mark.parametrize("which", [0, 1])
def test_a_killed_daemon_in_a_fetch(stack, silence, another, which):
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    daemons = [one.syncd, another(one)]
    daemons[which].start()
    wait_until(lambda: silence.count == 1, "the first one fetches")
    daemons[1 - which].start()
    daemons[1 - which].await_log("Sources and registries are those of the configuration")
    daemons[which].kill()
    wait_until(lambda: silence.count == 2, "the other one takes it over")
    silence.answer([server("com.example.b/slow")])
    wait_until(lambda: "com.example.b/slow" in names(one), "it is complete")
    assert source(one, "slow")["state"] == "complete"


def test_a_killed_daemon_in_a_write(stack, another, held):
    one = stack({"src": SERVER})
    one.syncd.start()
    one.syncd.await_synced("src")
    second = another(one)
    second.start()
    second.await_log("Sources and registries are those of the configuration")
    lock = held(one, "entry_version")
    one.write("src", [server("com.example.a/two")])
    one.syncd.sync_now()
    wait_until(lambda: phase(one) == "syncing", "it writes")
    one.syncd.kill()
    lock.release()
    wait_until(lambda: names(one) == ["com.example.a/two"], "the other one has taken it over")
    wait_until(lambda: phase(one) == "complete", "it is complete")
    outcomes = one.sql("select trigger, outcome from sync_run order by id desc limit 2").split("\n")
    assert outcomes == ["recovery|changed", "interval|interrupted"]


def test_a_lock_that_somebody_keeps(stack):
    """A stuck worker of a daemon that lives: its source is passed over, not waited for."""
    one = stack({"src": SERVER, "other": [server("com.example.b/x")]})
    one.syncd.start()
    one.syncd.await_synced("src", "other")
    with connect(one) as keeper:
        keeper.autocommit = True
        keeper.cursor().execute("select pg_advisory_lock(1835233394, id) from source where name = 'src'")
        one.write("src", [server("com.example.a/two")])
        one.write("other", [server("com.example.b/y")])
        one.syncd.sync_now()
        wait_until(lambda: names(one) == ["com.example.a/one", "com.example.b/y"], "the other one is synced")
        assert source(one, "src")["running"] is True
    keeper.close()
    wait_until(lambda: source(one, "src")["running"] is False, "the lock is given back")
    one.syncd.sync_now()
    wait_until(lambda: names(one) == ["com.example.a/two", "com.example.b/y"], "now it has its turn")


# --- stopping


def test_a_stop_in_a_write(stack, held):
    """The write waits for a lock that nobody gives back: it is undone, and the row is as it was."""
    one = stack({"src": SERVER})
    one.syncd.start()
    one.syncd.await_synced("src")
    row = "select phase, message, started_at, attempt_count, data_hash, server_count from source_sync"
    before = one.sql(row)
    lock = held(one, "entry_version")
    one.write("src", [server("com.example.a/two")])
    one.syncd.sync_now()
    wait_until(lambda: phase(one) == "syncing", "it writes")
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0
    assert one.sql(row) == before
    assert one.sql("select outcome from sync_run order by id desc limit 1") == "interrupted"
    lock.release()
    one.syncd.start()
    wait_until(lambda: names(one) == ["com.example.a/two"], "it is due at the next start")


def test_a_stop_in_a_fetch(stack, silence):
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    one.syncd.start()
    wait_until(lambda: silence.count == 1, "it fetches")
    before = one.sql("select phase, message, ended_at from source_sync order by source_id desc limit 1")
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0
    assert one.sql("select phase, message, ended_at from source_sync order by source_id desc limit 1") == before


def test_a_stop_when_not_even_the_end_can_be_stored(stack, held):
    one = stack({"src": SERVER})
    one.syncd.start()
    one.syncd.await_synced("src")
    lock = held(one, "entry_version")
    one.write("src", [server("com.example.a/two")])
    one.syncd.sync_now()
    wait_until(lambda: phase(one) == "syncing", "it writes")
    second = held(one, "source_sync")
    one.syncd.send(signal.SIGTERM)
    one.syncd.wait(10)
    assert phase(one) == "syncing"
    for each in (lock, second):
        each.release()
    one.syncd.start()
    wait_until(lambda: names(one) == ["com.example.a/two"], "the next daemon takes it over")


# --- changes in the middle


def test_a_source_that_goes_while_it_is_synced(stack, silence):
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    one.syncd.start()
    wait_until(lambda: silence.count == 1, "it fetches")
    change_config(one, lambda c: (c["sources"].pop(), c["registries"][0]["sources"].pop()))
    wait_until(lambda: silence.hung_up() == 1, "the transfer is cancelled")
    assert [s["name"] for s in one.syncd.status()["sources"]] == ["src"]


def test_settings_that_change_while_it_is_synced(stack, silence):
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    one.syncd.start()
    wait_until(lambda: silence.count == 1, "it fetches")
    change_config(one, lambda c: c["sources"][1]["file"].update(url=silence.url + "?new"))
    wait_until(lambda: silence.count == 2, "it starts again at once")
    assert silence.hung_up() == 1
    assert silence.paths == ["/registry.json", "/registry.json?new"]
    silence.answer([server("com.example.b/new")])
    wait_until(lambda: "com.example.b/new" in names(one), "the new settings hold")


def test_a_reload_waits_for_no_sync(stack, silence):
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    one.syncd.start()
    wait_until(lambda: silence.count == 1, "it fetches")
    path = one.write("more", [server("com.example.b/more")])

    def more(config):
        config["sources"].append({"name": "more", "file": {"path": path}, "syncPolicy": {"interval": "1h"}})
        config["registries"][0]["sources"].append("more")
        config["sync"]["workers"] = 1

    change_config(one, more)
    one.syncd.await_log("Configuration was read again")
    # One worker only, and it has the slow one; two again, and the new source has one.
    change_config(one, lambda c: c["sync"].update(workers=2))
    wait_until(lambda: "com.example.b/more" in names(one), "the new source is there")
    assert (silence.count, silence.hung_up()) == (1, 0)
    silence.answer([server("com.example.c/slow")])
    wait_until(lambda: "com.example.c/slow" in names(one), "the slow one ends as ever")


def test_an_invalid_configuration_changes_nothing(stack):
    one = stack({"src": SERVER})
    change_config(one, lambda c: c["sources"][0]["syncPolicy"].update(interval="1s"))
    one.syncd.start()
    one.syncd.await_synced("src")
    write(one.config, "sources: [")
    one.syncd.await_log("The configuration in force stays")
    one.write("src", [server("com.example.a/two")])
    wait_until(lambda: names(one) == ["com.example.a/two"], "the old one is in force")


def test_a_deadline(stack, silence):
    one = with_url(stack({"src": SERVER}, sync={"deadline": "1s"}), "slow", silence.url)
    one.syncd.start()
    failed = wait_until(lambda: (s := source(one, "slow"))["consecutiveFailures"] and s, "the sync fails")
    assert "sync.deadline" in failed["message"] and failed["state"] == "failed"
    assert failed["nextDue"] > failed["lastEnd"]
    wait_until(lambda: silence.hung_up() == 1, "the transfer is cancelled")


# --- rows


def test_a_request_wakes_the_daemon(stack):
    one = stack({"src": SERVER}, sync={"pollInterval": "1h"})
    one.syncd.start()
    one.syncd.await_synced("src")
    one.write("src", [server("com.example.a/two")])
    one.sql("update source_sync set requested_at = now(); notify mcpr_sync")
    wait_until(lambda: names(one) == ["com.example.a/two"], "it is synced")
    assert one.sql("select trigger from sync_run order by id desc limit 1") == "request"
    assert one.sql("select requested_at is null from source_sync") == "t"


def test_a_source_of_the_api(stack):
    """It is in no configuration: all that is known of it is its row."""
    one = stack({"src": SERVER}, sync={"pollInterval": "1h"})
    one.syncd.start()
    one.syncd.await_synced("src")
    block = json.dumps({"path": one.write("api", [server("com.example.b/one"), server("com.example.b/two")])})
    only = json.dumps({"names": {"include": ["*/one"]}})
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, filter_config, sync_schedule, syncable)"
        f" values ('api', 'API', 'file', '{block}', '{only}', '1 h', true);"
        " insert into source_sync (source_id, phase, message) select id, 'failed', 'new' from source where name = 'api';"
        " notify mcpr_sync"
    )
    wait_until(lambda: names(one) == ["com.example.a/one", "com.example.b/one"], "it is synced, with its filter")
    one.sql(
        "update source set filter_config = null, updated_at = now() where name = 'api';"
        " update source_sync set next_due_at = null; notify mcpr_sync"
    )
    wait_until(lambda: "com.example.b/two" in names(one), "without its filter")
    one.sql(
        "update source set source_config = 'no JSON', updated_at = now() where name = 'api';"
        " update source_sync set next_due_at = null; notify mcpr_sync"
    )
    words = "Registry validation failed: the stored type block is no JSON object"
    wait_until(lambda: source(one, "api")["message"] == words, "it says what is wrong")
    assert "com.example.b/two" in names(one)


def test_a_source_without_an_interval(stack):
    """Looked at once, and when somebody asks."""
    one = stack({"src": SERVER}, sync={"pollInterval": "1s"})
    one.syncd.start()
    one.syncd.await_synced("src")
    block = json.dumps({"path": one.write("api", [server("com.example.b/one")])})
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, syncable)"
        f" values ('api', 'API', 'file', '{block}', true);"
        " insert into source_sync (source_id, phase, message) select id, 'failed', 'new' from source where name = 'api';"
        " notify mcpr_sync"
    )
    wait_until(lambda: "com.example.b/one" in names(one), "it is synced")
    ended = "select ended_at from source_sync y join source s on s.id = source_id where name = '{}'"
    once, other = one.sql(ended.format("api")), one.sql(ended.format("src"))
    one.sql("update source_sync y set next_due_at = now() from source s where s.id = y.source_id and s.name = 'src'")
    wait_until(lambda: one.sql(ended.format("src")) != other, "the next poll is over")
    assert one.sql(ended.format("api")) == once
    one.sql("update source_sync set requested_at = now(); notify mcpr_sync")
    wait_until(lambda: one.sql(ended.format("api")) != once, "it is looked at again")


INLINE = (
    "insert into source (name, creation_type, source_type, source_config, syncable)"
    " values ('inline', 'API', 'file', {}, false);"
    " insert into source_sync (source_id, phase, message, requested_at)"
    " select id, 'failed', 'new', now() from source where name = 'inline'; notify mcpr_sync"
)
AGAIN = (
    "update source set source_config = {}, updated_at = now() where name = 'inline';"
    " update source_sync y set requested_at = now() from source s where s.id = y.source_id and s.name = 'inline';"
    " notify mcpr_sync"
)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def inline(*servers):
    return quoted(json.dumps({"data": json.dumps(document(list(servers)))}))


def test_a_source_that_holds_its_document(stack):
    """Looked at when somebody asks, and not by time."""
    one = stack({"src": SERVER}, sync={"pollInterval": "1s"})
    one.syncd.start()
    one.syncd.await_synced("src")
    one.sql(INLINE.format(inline(server("com.example.b/one", description="It's"))))
    wait_until(lambda: names(one) == ["com.example.a/one", "com.example.b/one"], "the document is in")
    state = "select phase, next_due_at is null, requested_at is null from source_sync y join source s on s.id = source_id"
    state += " where name = 'inline'"
    assert one.sql(state) == "complete|t|t"
    one.syncd.sync_now()
    one.sql(AGAIN.format(quoted('{"data": "{"}')))
    wait_until(lambda: one.sql(state).startswith("failed"), "it is refused")
    assert one.syncd.source("inline")["message"].startswith("Fetch failed: validation failed: ")
    assert "com.example.b/one" in names(one)
    one.sql(AGAIN.format(inline(server("com.example.b/two"))))
    wait_until(lambda: names(one) == ["com.example.a/one", "com.example.b/two"], "the next document is in")
    assert one.sql("select count(*) from sync_run r join source s on s.id = source_id where name = 'inline'") == "3"


@pytest.mark.parametrize(
    "kind, block, words",
    [
        ("file", {}, "file path or url cannot be empty"),
        ("file", {"path": "/a", "url": "http://127.0.0.1/"}, "file path and url are mutually exclusive"),
        ("api", {"endpoint": ""}, "api endpoint cannot be empty"),
        ("git", {}, "git repository URL cannot be empty"),
        ("git", {"repository": "/r", "branch": "b", "tag": "t"}, "only one of branch, tag, or commit may be specified"),
    ],
)
def test_a_source_of_the_api_that_lacks_something(stack, kind, block, words):
    one = stack({"src": SERVER})
    one.syncd.start()
    one.syncd.await_synced("src")
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, sync_schedule, syncable)"
        f" values ('api', 'API', '{kind}', {quoted(json.dumps(block))}, '1 h', true);"
        " insert into source_sync (source_id, phase, message) select id, 'failed', 'new' from source where name = 'api';"
        " notify mcpr_sync"
    )
    wait_until(lambda: one.syncd.source("api")["message"] == f"Registry validation failed: {words}", words)


# --- the service manager


def test_the_service_manager_is_told(stack, silence):
    if not build.defines("HAVE_SYSTEMD"):
        pytest.skip("built without libsystemd")
    one = with_url(stack({"src": SERVER}), "slow", silence.url)
    path = os.path.join(one.folder, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(path)
        told.settimeout(20)
        one.syncd.environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "300000"}
        one.syncd.start()

        def hear(wanted):
            while True:
                text = told.recv(4096).decode()
                if re.search(wanted, text):
                    return text

        hear("READY=1")
        wait_until(lambda: silence.count == 1, "it fetches")
        hear("STATUS=.*syncing now: 1")
        for _ in range(3):
            hear("WATCHDOG=1")
        # Where the loop stands still, the watchdog hears nothing more.
        one.syncd.send(signal.SIGSTOP)
        told.settimeout(1)
        with pytest.raises(socket.timeout):
            while True:
                told.recv(4096)
        told.settimeout(20)
        one.syncd.send(signal.SIGCONT)
        one.syncd.send(signal.SIGTERM)
        hear("STOPPING=1")
    assert one.syncd.wait(10) == 0
