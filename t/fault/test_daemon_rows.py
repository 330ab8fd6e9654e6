"""What the daemon leaves in its rows, and what it holds while it works, when others work on the same source."""
import json
import os
import signal
import threading

import pytest
from harness.daemon import Held, await_waiting, connect, every_second, names, outcomes, row

from harness import server, wait_until
from harness.catalog import document
from harness.upstream import answer

OLD = [server("com.example.a/old")]
NEW = [server("com.example.a/new")]
NEWER = [server("com.example.a/newer")]
# All that a success leaves.
KEPT = "data_hash, settings_hash, last_success_at, server_count, skill_count, plugin_count"


def registry(servers):
    return answer(json.dumps(document(servers)).encode())


class Desk:
    """An upstream that answers each request when it is told with what."""

    def __init__(self):
        self.lock, self.waiting = threading.Condition(), []

    def __call__(self, request):
        with self.lock:
            self.waiting.append(request)
            self.lock.wait_for(lambda: hasattr(request, "reply"), 60)
            return getattr(request, "reply", b"")

    def answer(self, which, servers):
        with self.lock:
            self.waiting[which].reply = registry(servers)
            self.lock.notify_all()

    def await_request(self, n):
        wait_until(lambda: len(self.waiting) >= n, f"request {n} is there")


@pytest.fixture
def desk():
    one = Desk()
    yield one
    for i in range(len(one.waiting)):
        one.answer(i, OLD)


def session(one, step):
    return wait_until(
        lambda: one.sql(f"select pid from pg_stat_activity where application_name = 'thv-syncd: {step}'"),
        f"a worker is {step}",
    )


def checked_again(one, look):
    before = row(one, "ended_at")
    look()
    wait_until(lambda: row(one, "ended_at") != before, "it was looked at")


# --- somebody else has the source


@pytest.mark.parametrize("forced", [False, True])
def test_newer_data_of_another_daemon_stays(stack, upstream, desk, another, forced):
    """A worker whose connection is lost after the fetch has an old document when it comes back."""
    web = upstream(desk)
    one = stack({"src": {"file": {"url": web.url("/registry.json")}}})
    one.syncd.start()
    desk.await_request(1)
    if forced:
        desk.answer(0, OLD)
        one.syncd.await_synced("src")
        one.syncd.sync_now()
        desk.await_request(2)
    first = len(desk.waiting) - 1
    pid = session(one, "fetching")
    second = another(one)
    second.start()
    second.await_log("Sources and registries are those of the configuration")
    one.sql(f"select pg_terminate_backend({pid})")
    wait_until(lambda: one.sql(f"select count(*) from pg_stat_activity where pid = {pid}") == "0", "its lock is free")
    if forced:
        second.sync_now()
    desk.await_request(first + 2)
    desk.answer(first + 1, NEWER)
    wait_until(lambda: names(one) == ["com.example.a/newer"] and row(one, "phase") == "complete", "the other writes")
    desk.answer(first, NEW)
    one.syncd.await_log("A sync is tried again")
    one.syncd.await_log("Another worker had the source meanwhile")
    if forced:  # somebody asked: it is fetched once more
        desk.await_request(first + 3)
        desk.answer(first + 2, NEWER)
    wait_until(lambda: not one.syncd.source("src")["running"], "the first is done")
    assert names(one) == ["com.example.a/newer"]
    assert row(one, "phase, attempt_count, server_count") == "complete|0|1"
    assert outcomes(one) == ["changed"] * (1 + forced)


def test_a_sync_of_hours_is_not_run_twice(stack):
    """Its worker lives as long as it holds the lock, however long ago it began."""
    one = every_second(stack({"src": OLD, "other": [server("com.example.b/x")]}))
    one.syncd.start()
    one.syncd.await_synced("src", "other")
    with connect(one) as worker:
        worker.autocommit = True
        id = one.sql("select id from source where name = 'src'")
        wait_until(lambda: one.sql(f"select pg_try_advisory_lock(1835233394, {id})") == "t", "it is free")
        cursor = worker.cursor()
        cursor.execute(f"select pg_advisory_lock(1835233394, {id})")
        cursor.execute(
            "update source_sync set phase = 'syncing', started_at = now() - interval '2 h', next_due_at = null"
            f" where source_id = {id}"
        )
        runs = len(outcomes(one))
        before = row(one, "source_sync.*")
        one.write("src", NEW)
        looked = row(one, "ended_at", "other")
        for _ in range(3):
            wait_until(lambda: row(one, "ended_at", "other") != looked, "the other source is looked at")
            looked = row(one, "ended_at", "other")
        assert row(one, "source_sync.*") == before and len(outcomes(one)) == runs
        assert names(one) == ["com.example.a/old", "com.example.b/x"]
    worker.close()
    wait_until(lambda: names(one) == ["com.example.a/new", "com.example.b/x"], "it is taken over when he has died")
    wait_until(lambda: row(one, "phase") == "complete", "it is complete")


def test_killed_and_the_data_are_the_same(stack):
    """The row of a dead worker is not believed, though the hash is right."""
    one = stack({"src": OLD + NEW})
    one.syncd.start()
    one.syncd.await_synced("src")
    one.syncd.stop()
    generation, hash = one.sql("select number from generation"), row(one, "data_hash")
    one.sql(
        "update source_sync set phase = 'syncing', started_at = now(), server_count = 0;"
        " insert into sync_run (source_id, trigger) select id, 'interval' from source"
    )
    one.syncd.start()
    wait_until(lambda: row(one, "phase") == "complete", "it is complete")
    assert row(one, "server_count, skill_count, plugin_count, attempt_count") == "2|0|0|0"
    assert row(one, "data_hash") == hash and one.sql("select number from generation") == generation
    assert outcomes(one) == ["changed", "interrupted", "unchanged"]
    assert one.sql("select trigger from sync_run order by id desc limit 1") == "recovery"


# --- nobody waits for a fetch


@pytest.mark.parametrize("change", ["update source set updated_at = now()", "delete from registry_source; delete from source"])
def test_a_fetch_holds_nothing(stack, upstream, desk, change):
    web = upstream(desk)
    one = stack({"src": {"file": {"url": web.url("/registry.json")}}}, sync={"pollInterval": "1h"})
    one.syncd.start()
    desk.await_request(1)
    session(one, "fetching")
    mine = "from pg_stat_activity where application_name like 'thv-syncd%' and datname = current_database()"
    assert one.sql(f"select distinct state {mine}") == "idle"
    assert one.sql(f"select count(*) {mine} and xact_start is not null") == "0"
    one.sql(f"set lock_timeout = '1s'; begin; {change}; rollback")


# --- what a check leaves


def test_an_unchanged_check_moves_three_times(stack):
    one = stack({"src": OLD})
    one.syncd.start()
    one.syncd.await_synced("src")

    def shot():
        one_row = json.loads(row(one, "to_json(source_sync)"))
        moving = {key: one_row.pop(key) for key in ("ended_at", "last_success_at", "next_due_at")}
        return moving, one_row, one.sql("select number, (select count(*) from sync_run) from generation")

    before = shot()
    checked_again(one, one.syncd.sync_now)
    after = shot()
    assert after[1:] == before[1:]
    assert all(after[0][key] > before[0][key] for key in before[0])


def test_failures_are_counted_and_tried_later_and_later(stack):
    one = stack({"src": OLD})
    one.syncd.start()
    one.syncd.await_synced("src")
    kept = row(one, KEPT)
    wait = "extract(epoch from next_due_at - ended_at)"
    os.remove(one.paths["src"])
    for count, least, most in ((1, 22, 38), (2, 45, 75)):
        checked_again(one, one.syncd.sync_now)
        assert row(one, "phase, attempt_count") == f"failed|{count}"
        assert least <= float(row(one, wait)) <= most
        assert row(one, KEPT) == kept and names(one) == ["com.example.a/old"]
    one.write("src", OLD)
    checked_again(one, one.syncd.sync_now)
    assert row(one, "phase, attempt_count, message") == "complete|0|Sync completed successfully"
    assert outcomes(one) == ["changed", "failed", "failed"]


# --- settings that move under a write


def test_a_source_that_goes_before_the_write(stack):
    """Whoever deletes it waits for the claim at most; nothing of it is left, and nothing fails."""
    one = stack({"src": OLD, "other": [server("com.example.b/x")]}, sync={"pollInterval": "1h"})
    one.syncd.start()
    one.syncd.await_synced("src", "other")
    held = Held(one, "source_sync")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one, "comparing")
    gone = "delete from registry_source r using source s where s.id = r.source_id and s.name = 'src'"
    gone += "; delete from source where name = 'src'"
    deleting = threading.Thread(target=one.sql, args=(gone,))
    deleting.start()
    wait_until(lambda: one.sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") >= "2", "both wait")
    held.release()
    deleting.join(20)
    assert not deleting.is_alive()
    wait_until(lambda: names(one) == ["com.example.b/x"], "its servers are gone")
    one.write("other", [server("com.example.b/y")])
    one.syncd.sync_now()
    wait_until(lambda: names(one) == ["com.example.b/y"], "the other one is synced on")
    assert one.sql("select count(*), count(distinct source_id) from source_sync") == "1|1"
    assert "Sync failed" not in one.syncd.log_text() and "could not be stored" not in one.syncd.log_text()


def test_settings_that_change_before_the_write(stack):
    """Between the comparison and the write: what was fetched with the old ones is thrown away."""
    one = stack({"src": OLD}, sync={"pollInterval": "1h"})
    one.syncd.start()
    one.syncd.await_synced("src")
    held = Held(one, "source_sync")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one, "comparing")
    one.sql("update source set updated_at = now()")
    one.write("src", NEWER)
    held.release()
    wait_until(lambda: names(one) == ["com.example.a/newer"], "it is synced again at once")
    wait_until(lambda: row(one, "phase") == "complete", "it is complete")
    assert outcomes(one) == ["changed", "interrupted", "changed"]
    seen = one.sql("select distinct e.name from entry_version v join entry e on e.id = v.entry_id order by 1").split("\n")
    assert seen == ["com.example.a/newer", "com.example.a/old"], "the result of the old settings was written"
