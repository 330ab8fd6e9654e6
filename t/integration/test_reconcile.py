"""The configuration's sources and registries against what the API has made: conflicts, what goes on meanwhile and what
heals them; what a source that is taken out leaves; what a reload moves."""
import json
import os
import signal

import pytest

from harness import server, wait_until
from harness.config import change_config

SRC, THERE = "com.example.a/src", "com.example.b/there"
FAILED = "Reconciliation failed, what was there is synced meanwhile"


def api_source(one, name, kind="file", block=None):
    syncable = "false" if kind == "managed" else "true"
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, sync_schedule, syncable)"
        f" values ('{name}', 'API', '{kind}', '{json.dumps(block or {})}', '1 h', {syncable});"
        f" insert into source_sync (source_id, phase, message) select id, 'failed', 'new' from source where name = '{name}'"
    )


def api_registry(one, name, *sources):
    one.sql(f"insert into registry (name, creation_type) values ('{name}', 'API')")
    for position, source in enumerate(sources):
        one.sql(
            "insert into registry_source (registry_id, source_id, position)"
            f" select r.id, s.id, {position} from registry r, source s where r.name = '{name}' and s.name = '{source}'"
        )


def names(one):
    return one.sql("select name from entry where alive order by 1").split("\n")


def configured(one):
    text = "select count(*) from {} where creation_type = 'CONFIG'"
    return one.sql(text.format("source")), one.sql(text.format("registry"))


def failures(one):
    lines = one.syncd.log_text(one.syncd.begin).splitlines()
    return [json.loads(line) for line in lines if f'"{FAILED}"' in line]


# --- conflicts


def source_of_that_name(one):
    api_source(one, "src", block={"path": one.write("theirs", [server("com.example.c/theirs")])})
    return "delete from entry; delete from source where name = 'src'"


def sources_of_those_names(one):
    api_source(one, "src")
    api_source(one, "other")
    return "delete from source where name in ('src', 'other')"


def managed_source(one):
    api_source(one, "theirs", "managed")
    return "delete from source where name = 'theirs'"


def registry_of_that_name(one):
    api_registry(one, "default", "there")
    return "delete from registry where name = 'default'"


def all_of_them(one):
    return "; ".join(make(one) for make in (sources_of_those_names, managed_source, registry_of_that_name))


SOURCES = "cannot overwrite API-created sources: [other src]"
REGISTRIES = "cannot overwrite API-created registries: [default]"
MANAGED = (
    'cannot load config with a managed source: an API-created managed source "theirs" already exists'
)
CONFLICTS = [
    (source_of_that_name, ["cannot overwrite API-created sources: [src]"]),
    (sources_of_those_names, [SOURCES]),
    (managed_source, [MANAGED]),
    (registry_of_that_name, [REGISTRIES]),
    (all_of_them, [SOURCES, REGISTRIES, MANAGED]),
]


@pytest.mark.parametrize("make, texts", CONFLICTS, ids=[make.__name__ for make, _ in CONFLICTS])
def test_a_conflict_at_the_start(stack, manager, make, texts):
    """Not ready, and not silent: the cause is told, what the API has made is synced, and nothing else is touched."""
    one = stack({"src": [server(SRC)], "other": [server("com.example.a/other")], "mine": None})
    told = manager(one)
    assert one.syncd.command("migrate", "up", "--yes").returncode == 0
    api_source(one, "there", block={"path": one.write("there", [server(THERE)])})
    mend = make(one)
    one.syncd.start()
    wait_until(lambda: THERE in names(one), "the source that is in the database already is synced")
    tries = wait_until(lambda: len(f := failures(one)) > 1 and f, "it is tried again")
    assert [line["tries"] for line in tries] == list(range(1, len(tries) + 1))
    listed = [f": {texts[0]}"] if len(texts) == 1 else [
        f" with {len(texts)} errors:", *(f"  {i}. {text}" for i, text in enumerate(texts, 1))
    ]  # fmt: skip
    assert {(line["level"], line["error"]) for line in tries} == {("ERROR", "reconciliation failed" + "\n".join(listed))}
    assert told.heard(r"STATUS=reconciliation failed.*") == ["STATUS=reconciliation failed" + " ".join(listed)]
    assert told.heard(r"EXTEND_TIMEOUT_USEC=\d+") and not told.heard("READY=1")
    assert configured(one) == ("0", "0")
    # Who made the row that is in the way decides what is synced from it.
    if make is source_of_that_name:
        wait_until(lambda: names(one) == [THERE, "com.example.c/theirs"], "theirs is synced as its row has it")

    one.sql(mend)
    told.hear("READY=1")
    one.syncd.await_synced("src", "other", "there")
    assert configured(one) == ("3", "1")
    assert SRC in names(one) and "com.example.c/theirs" not in names(one)
    told.hear("STATUS=sources: 3, syncing now: 0")
    assert len(told.heard("READY=1")) == 1


def test_a_database_that_refuses_meanwhile(stack, manager):
    """At the start that would be its end; a daemon that was up to work once waits, ready or not."""
    one = stack({"src": [server(SRC)]})
    told = manager(one)
    assert one.syncd.command("migrate", "up", "--yes").returncode == 0
    api_source(one, "src")
    one.syncd.start()
    one.syncd.await_log(FAILED)
    allowed = f"alter database {one.database} allow_connections "
    one.postgres.sql(allowed + "false")
    one.postgres.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{one.database}'")
    one.syncd.await_log("The database is away")
    one.postgres.sql(allowed + "true")
    one.sql("delete from source where name = 'src'")
    told.hear("READY=1")
    assert one.syncd.running


def test_a_conflict_of_a_reload(stack, manager):
    """Ready it stays. What is in the database is synced as it was, and not by half of the new settings: entries of the
    new file must not go out with the claims of the old one."""
    one = stack({"src": [server(SRC)]})
    told = manager(one)
    one.start()
    api_registry(one, "second", "src")
    fresh = one.write("fresh", [server("com.example.z/secret")])

    def change(config):
        config["sources"][0].update(file={"path": fresh}, claims={"team": "red"})
        config["registries"].append({"name": "second", "sources": ["src"]})

    change_config(one, change)
    text = "reconciliation failed: cannot overwrite API-created registries: [second]"
    told.hear("STATUS=" + text.replace("[", r"\[").replace("]", r"\]"))
    told.hear("READY=1", times=2)
    one.write("src", [server(SRC), server("com.example.a/more")])
    one.syncd.send(signal.SIGUSR1)
    wait_until(lambda: names(one) == ["com.example.a/more", SRC], "the file of before is synced")
    assert len(one.client.walk()) == 2
    assert len(failures(one)) > 0 and failures(one)[0]["error"] == text

    one.sql("delete from registry where name = 'second'")
    wait_until(lambda: names(one) == ["com.example.z/secret"], "the new settings are in force")
    assert one.sql("select c.claims from entry e join claim_set c on c.id = claim_set_id where alive") == '{"team":"red"}'
    assert len(one.httpd.client().walk("second")) == 1


# --- what leaves the configuration


def test_a_source_that_an_api_registry_has(stack):
    one = stack({"src": [server(SRC)], "kept": [server("com.example.k/one")]}).start()
    api_registry(one, "theirs", "kept")

    def drop(config):
        config["sources"].pop()
        config["registries"][0]["sources"].pop()

    change_config(one, drop)
    one.syncd.await_log("Reconciliation left something undone")
    text = "source kept is not configured any more, but stays: API-created registries link it: theirs"
    assert text in one.syncd.log_text()
    assert [e["server"]["name"] for e in one.client.walk()] == [SRC]
    # It is synced as its row has it.
    one.write("kept", [server("com.example.k/two")])
    one.syncd.send(signal.SIGUSR1)
    wait_until(lambda: names(one) == [SRC, "com.example.k/two"], "it is synced")
    assert [e["server"]["name"] for e in one.client.walk("theirs")] == ["com.example.k/two"]
    # Nobody has it any more: it goes with the next reconciliation.
    one.sql("delete from registry where name = 'theirs'")
    one.syncd.send(signal.SIGHUP)
    wait_until(lambda: names(one) == [SRC], "it goes")
    assert [s["name"] for s in one.syncd.status()["sources"]] == ["src"]


# --- reloads


def positions(one):
    return one.sql("select s.name from registry_source join source s on s.id = source_id order by position").split("\n")


def test_the_order_of_sources(stack):
    """The first one wins, and a reload that turns the order around turns that around."""
    same = "com.example.a/same"
    one = stack({"one": [server(same, description="One's")], "two": [server(same, description="Two's")]}).start()
    said = lambda: [e["server"]["description"] for e in one.client.walk()]
    assert (positions(one), said()) == (["one", "two"], ["One's"])
    change_config(one, lambda c: c["registries"][0]["sources"].reverse())
    wait_until(lambda: said() == ["Two's"], "two comes first")
    assert positions(one) == ["two", "one"]
    assert one.client.version(same).json["server"]["description"] == "Two's"
    runs = "select count(*) from sync_run"
    assert one.sql(runs) == "2"
    change_config(one, lambda c: c["registries"][0].update(sources=["two"]))
    wait_until(lambda: positions(one) == ["two"], "one is not in it any more")
    assert said() == ["Two's"] and one.sql("select count(*) from entry") == "2"


def in_place(path, old, new):
    """Writes a file so that nobody who looks at its date, size or inode notices."""
    before = os.stat(path)
    with open(path, "r+", encoding="utf-8") as f:
        text = f.read()
        assert old in text and len(old) == len(new)
        f.seek(0)
        f.write(text.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_sighup(stack, manager):
    one = stack({"src": [server(SRC)]})
    told = manager(one)
    one.start()
    schedule = "select sync_schedule from source"
    assert one.sql(schedule) == "01:00:00"
    in_place(one.config, "interval: 1h", "interval: 2h")
    one.syncd.send(signal.SIGHUP)
    wait_until(lambda: one.sql(schedule) == "02:00:00", "the file is read again")
    told.hear(r"RELOADING=1\nMONOTONIC_USEC=\d+")
    told.hear("READY=1", times=2)
    # A file that is invalid is refused each time.
    in_place(one.config, "interval: 2h", "interval: 2!")
    for times in (1, 2):
        one.syncd.send(signal.SIGHUP)
        told.hear("READY=1", times=2 + times)
        assert one.syncd.log_text().count("The configuration in force stays") == times
    assert one.sql(schedule) == "02:00:00"
    in_place(one.config, "interval: 2!", "interval: 3h")
    one.syncd.send(signal.SIGHUP)
    wait_until(lambda: one.sql(schedule) == "03:00:00", "it is mended")
    assert names(one) == [SRC]
