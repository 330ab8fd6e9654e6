"""PostgreSQL conflicts, hangs up or goes away while the daemon works. Afterwards the source is complete, nothing was
written twice, and until then the old catalog was served."""
import json
import signal

import pytest
from harness.config import change_config
from harness.daemon import Cable, await_waiting, every_second, names, outcomes, row

from harness import server, wait_until
from harness.catalog import document
from harness.upstream import answer

OLD = [server("com.example.a/old")]
NEW = [server("com.example.a/new")]


def served(one):
    return [s["server"]["name"] for s in one.client.servers().json["servers"]]


@pytest.fixture
def synced(stack):
    """synced(**blocks): a stack whose source has been synced once."""

    def make(**blocks):
        one = stack({"src": OLD}, **blocks)
        one.syncd.start()
        one.syncd.await_synced("src")
        return one

    return make


@pytest.fixture
def cable():
    made = []

    def make(one):
        made.append(Cable(one))
        return made[-1]

    yield make
    for one in made:
        one.close()


# --- away


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_away_at_a_poll(stack, postgres, how):
    one = every_second(stack({"src": OLD})).start()
    pid = one.syncd.child.pid
    postgres.kill() if how == signal.SIGKILL else postgres.stop(how)
    one.syncd.await_log("The database is away")
    one.write("src", NEW)
    postgres.start()
    wait_until(lambda: served(one) == ["com.example.a/new"], "the change is served")
    assert one.syncd.running and one.syncd.child.pid == pid
    assert row(one, "phase, attempt_count") == "complete|0"
    assert outcomes(one) == ["changed", "changed"]


def test_hung_up_on_in_a_write(synced, held):
    one = synced()
    lock = held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    pid = await_waiting(one)
    one.sql(f"select pg_terminate_backend({pid})")
    one.syncd.await_log("A sync is tried again")
    wait_until(lambda: await_waiting(one) != pid, "it writes on another connection")
    assert names(one) == ["com.example.a/old"]
    lock.release()
    wait_until(lambda: names(one) == ["com.example.a/new"], "it is written")
    assert row(one, "phase, attempt_count") == "complete|0"
    assert outcomes(one) == ["changed", "changed"]


@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL])
def test_killed_in_a_write(synced, held, postgres, how):
    one = synced()
    held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one)
    postgres.kill() if how == signal.SIGKILL else postgres.stop(how)
    one.syncd.await_log("A sync is tried again")
    one.syncd.await_log("A sync waits for the database")
    postgres.start()
    wait_until(lambda: names(one) == ["com.example.a/new"], "it is written")
    assert row(one, "phase, attempt_count") == "complete|0"
    assert outcomes(one) == ["changed", "changed"]


@pytest.mark.parametrize(
    "bad, words",
    [
        (answer(line="500 Oops"), "HTTP 500 for URL {}: 500 Oops"),
        (answer(b"{"), "validation failed: "),
        (answer(json.dumps(document([])).encode()), "validation failed: "),
    ],
    ids=["refused", "truncated", "empty"],
)
def test_away_when_a_fetch_fails(stack, postgres, upstream, release, bad, words):
    """The failure is told when there is somebody to tell."""
    good = answer(json.dumps(document(OLD)).encode())

    def reply(request):
        if len(web.requests) == 1:
            return good
        release.wait(60)
        return bad

    web = upstream(reply)
    one = stack({"src": {"file": {"url": web.url("/registry.json")}}})
    one.syncd.start()
    one.syncd.await_synced("src")
    kept = "data_hash, settings_hash, last_success_at, server_count"
    before = row(one, kept)
    one.syncd.sync_now()
    wait_until(lambda: len(web.requests) == 2, "it fetches")
    postgres.stop()
    one.syncd.await_log("The database is away")
    release.set()
    if words.startswith("validation"):  # it has to be read first, and compared
        one.syncd.await_log("A sync waits for the database")
    postgres.start()
    wait_until(lambda: row(one, "phase") == "failed", "the failure is recorded")
    message = row(one, "message")
    assert message.startswith("Fetch failed: ") and words.format(web.url("/registry.json")) in message
    assert row(one, "attempt_count") == "1" and row(one, kept) == before
    assert names(one) == ["com.example.a/old"]
    assert outcomes(one) == ["changed", "failed"]
    assert len(web.requests) == 2, "what was fetched is fetched again"


# --- conflicts

CONFLICT = """
create sequence hits;
create function refuse() returns trigger language plpgsql as $$
begin
    if nextval('hits') <= {times} then
        raise exception 'no' using errcode = '{state}';
    end if;
    return null;
end $$;
create trigger refuse before insert on entry_version for each statement execute function refuse()
"""


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_conflict_passes(synced, state):
    one = synced()
    one.sql(CONFLICT.format(times=2, state=state))
    one.write("src", NEW)
    one.syncd.sync_now()
    wait_until(lambda: names(one) == ["com.example.a/new"], "it is written in the end")
    assert one.sql("select last_value from hits") == "3"
    assert row(one, "phase, attempt_count") == "complete|0"
    assert outcomes(one) == ["changed", "changed"]


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_conflict_stays(synced, state):
    one = synced()
    kept = "data_hash, settings_hash, last_success_at, server_count, skill_count, plugin_count"
    before, generation = row(one, kept), one.sql("select number from generation")
    one.sql(CONFLICT.format(times=99, state=state))
    one.write("src", NEW)
    one.syncd.sync_now()
    wait_until(lambda: row(one, "phase") == "failed", "it is given up")
    assert one.sql("select last_value from hits") == "5"
    assert row(one, "attempt_count") == "1" and row(one, "message").startswith("Storage failed: no")
    assert row(one, kept) == before and one.sql("select number from generation") == generation
    assert names(one) == ["com.example.a/old"]
    assert outcomes(one) == ["changed", "failed"]


# --- a COMMIT without an answer


@pytest.mark.parametrize("which", [1, 2], ids=["claim", "write"])
def test_no_answer_to_the_commit(stack, cable, which):
    one = stack({"src": OLD})
    wire = cable(one)
    one.syncd.start()
    one.syncd.await_synced("src")
    versions = "select count(*), count(*) filter (where tombstoned_at is null) from entry_version"
    one.write("src", OLD + NEW)
    wire.cut(which)
    one.syncd.sync_now()
    wait_until(lambda: names(one) == ["com.example.a/new", "com.example.a/old"], "it is written")
    one.syncd.await_log("A sync is tried again")
    wait_until(lambda: row(one, "phase") == "complete", "it is complete")
    wait_until(lambda: not one.syncd.source("src")["running"], "the worker is done")
    assert wire.cuts == 1
    assert outcomes(one) == ["changed", "changed"]
    assert one.sql(versions) == "2|2"
    assert row(one, "server_count, attempt_count") == "2|0"
    assert "The last worker on a source died" not in one.syncd.log_text()
    # And the next look finds nothing to do.
    generation = one.sql("select number from generation")
    checked = row(one, "ended_at")
    one.syncd.sync_now()
    wait_until(lambda: row(one, "ended_at") != checked, "it is looked at again")
    assert outcomes(one) == ["changed", "changed"] and one.sql("select number from generation") == generation


def test_no_answer_to_the_commit_of_a_failure(stack, cable):
    one = stack({"src": OLD})
    wire = cable(one)
    one.syncd.start()
    one.syncd.await_synced("src")
    one.write("src", [])
    wire.cut(1)
    one.syncd.sync_now()
    wait_until(lambda: wire.cuts == 1, "the cable is cut")
    one.syncd.await_log("Sync failed")
    assert row(one, "phase, attempt_count") == "failed|1"
    assert outcomes(one) == ["changed", "failed"]
    assert "The end of a sync could not be stored" not in one.syncd.log_text()


def test_no_answer_to_the_commit_of_a_look(stack, cable):
    """Somebody asks for a sync, and there is nothing new: told once."""
    one = stack({"src": OLD}, sync={"pollInterval": "1h"})
    wire = cable(one)
    one.syncd.start()
    one.syncd.await_synced("src")
    wire.cut(1)
    one.sql("update source_sync set requested_at = now(); notify mcpr_sync")
    one.syncd.await_log("A sync is tried again")
    wait_until(lambda: not one.syncd.source("src")["running"], "the worker is done")
    assert wire.cuts == 1
    assert row(one, "phase, attempt_count, requested_at is null, next_due_at > now()") == "complete|0|t|t"
    assert outcomes(one) == ["changed", "unchanged"]


# --- stops and deadlines in a write

ROW = (
    "phase, message, started_at, ended_at, last_success_at, attempt_count, data_hash, settings_hash,"
    " server_count, skill_count, plugin_count"
)


def test_a_stop_lets_a_write_finish(synced, held):
    one = synced()
    lock = held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one)
    one.syncd.send(signal.SIGTERM)
    one.syncd.await_log("Stopping")
    assert names(one) == ["com.example.a/old"]
    lock.release()
    assert one.syncd.wait(10) == 0
    assert names(one) == ["com.example.a/new"]
    assert row(one, "phase, attempt_count, next_due_at is null") == "complete|0|f"
    assert outcomes(one) == ["changed", "changed"]


def test_a_stop_does_not_wait_for_ever(synced, held):
    one = synced()
    before = row(one, ROW)
    held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one)
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0
    assert row(one, ROW) == before and row(one, "next_due_at is null") == "t"
    assert names(one) == ["com.example.a/old"]
    assert outcomes(one) == ["changed", "interrupted"]


def test_a_stop_while_the_database_is_away(synced, held, postgres):
    """Nobody can be told; the next daemon sees what is left and mends it."""
    one = synced()
    held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    await_waiting(one)
    postgres.stop()
    one.syncd.await_log("A sync waits for the database")
    one.syncd.send(signal.SIGTERM)
    assert one.syncd.wait(10) == 0
    postgres.start()
    assert row(one, "phase") == "syncing" and names(one) == ["com.example.a/old"]
    one.syncd.start()
    wait_until(lambda: names(one) == ["com.example.a/new"], "it is taken over")
    wait_until(lambda: row(one, "phase") == "complete", "it is complete")
    assert outcomes(one) == ["changed", "interrupted", "changed"]


def test_a_deadline_in_a_write(synced, held):
    one = synced()
    change_config(one, lambda c: c["sync"].update(deadline="1s"))
    one.syncd.await_log("Configuration was read again")
    kept = "data_hash, settings_hash, last_success_at, server_count"
    before = row(one, kept)
    held(one, "entry_version")
    one.write("src", NEW)
    one.syncd.sync_now()
    wait_until(lambda: row(one, "attempt_count") == "1", "it is given up")
    assert row(one, "phase") == "failed" and row(one, "message").startswith("Storage failed")
    assert row(one, kept) == before and names(one) == ["com.example.a/old"]
    assert outcomes(one) == ["changed", "failed"]
