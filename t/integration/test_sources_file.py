"""A registry file as a source: changes, faults, restarts. What is served is the last good catalog, always."""
import json
import os
import signal

import pytest

from harness import registry_file, server, wait_until
from harness.catalog import OFFICIAL, document, write
from harness.client import keys

OLD = [server("com.example.a/one"), server("com.example.a/two")]


def await_names(one, *names):
    wait_until(lambda: [n for n, _ in keys(one.client.walk())] == list(names), f"the catalog holds {names}")


def path_of(one):
    return one.paths["src"]


def test_a_change_at_once_on_sigusr1(stack):
    one = stack({"src": OLD}).start()
    one.write("src", [OLD[0], server("com.example.a/three")])
    one.syncd.sync_now()
    await_names(one, "com.example.a/one", "com.example.a/three")


def test_a_change_within_the_interval(stack):
    """The interval alone does it: no signal is sent."""
    one = stack({"src": OLD})
    text = open(one.config).read().replace("interval: 1h", "interval: 1s")
    write(one.config, text)
    one.start()
    one.write("src", [server("com.example.a/three")])
    await_names(one, "com.example.a/three")


def stamps(one):
    return {k: e["_meta"][OFFICIAL] for e in one.client.walk() for k in keys([e])}


def test_only_what_changed_moves(stack):
    one = stack({"src": OLD}).start()
    before = stamps(one)
    one.write("src", [OLD[0], server("com.example.a/two", description="Another text")])
    one.syncd.sync_now()
    wait_until(
        lambda: one.client.version("com.example.a/two").json["server"]["description"] == "Another text", "two changes"
    )
    after = stamps(one)
    same, other = ("com.example.a/one", "1.0.0"), ("com.example.a/two", "1.0.0")
    assert after[same] == before[same]
    assert after[other]["updatedAt"] > before[other]["updatedAt"]
    assert after[other]["publishedAt"] == before[other]["publishedAt"]


def test_nothing_is_written_when_nothing_changed(stack):
    one = stack({"src": OLD}).start()
    before = one.sql("select number from generation")
    # Other bytes, the same content: it is fetched, compared, and not written.
    write(path_of(one), json.dumps(document(OLD), indent=3))
    one.syncd.sync_now()
    wait_until(lambda: one.sql("select count(*) from sync_run where outcome = 'unchanged'") == "1", "a run changes nothing")
    assert one.sql("select number from generation") == before
    one.write("src", OLD + [server("com.example.a/zzz")])
    one.syncd.sync_now()
    await_names(one, "com.example.a/one", "com.example.a/two", "com.example.a/zzz")
    assert int(one.sql("select number from generation")) > int(before)


def test_latest_follows(stack):
    one = stack({"src": [server("com.example.a/one", v) for v in ("1.0.0", "2.0.0")]}).start()
    assert one.client.version("com.example.a/one").json["server"]["version"] == "2.0.0"
    one.write("src", [server("com.example.a/one", v) for v in ("1.0.0", "1.1.0")])
    one.syncd.sync_now()
    wait_until(lambda: one.client.version("com.example.a/one").json["server"]["version"] == "1.1.0", "latest is 1.1.0")
    assert one.client.version("com.example.a/one", "2.0.0").status == 404


def test_what_disappears_leaves_a_tombstone(stack):
    one = stack({"src": OLD}).start()
    begun = max(s["updatedAt"] for s in stamps(one).values())
    one.write("src", OLD[:1])
    one.syncd.sync_now()
    await_names(one, "com.example.a/one")
    assert one.client.version("com.example.a/two").status == 404
    everything = one.client.walk(include_deleted="true")
    assert [(e["server"]["name"], e["_meta"][OFFICIAL]["status"]) for e in everything] == [
        ("com.example.a/one", "active"),
        ("com.example.a/two", "deleted"),
    ]
    changed = one.client.walk(updated_since=begun)
    assert [n for n, _ in keys(changed)] == ["com.example.a/two"]
    # It comes back to life with its first date of publication.
    one.write("src", OLD)
    one.syncd.sync_now()
    await_names(one, "com.example.a/one", "com.example.a/two")


BROKEN = {
    "truncated": (json.dumps(document(OLD))[:-20], ["line"]),
    "empty": ("", []),
    "not JSON": ("hello", ["line"]),
    "no servers": (json.dumps(document([])), ["at least one server"]),
    "a bad name": (json.dumps(document([server("no slash")])), ["data.servers.0.name"]),
    "a wrong type": (json.dumps(document([server("com.example.a/x", version=7)])), ["data.servers.0.version"]),
    "one bad of many": (json.dumps(document(OLD + [{"name": "com.example.a/x"}])), ["data.servers.2"]),
    "unequal duplicates": (
        json.dumps(document([server("com.example.a/x"), server("com.example.a/x", description="Other")])),
        ["com.example.a/x"],
    ),
    "NUL in a text": (json.dumps(document([server("com.example.a/x", description="a\0b")])), []),
    "deeply nested": ('{"data":' * 100000 + "1" + "}" * 100000, []),
    "an array": ("[]", []),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_keeps_the_old_catalog(stack, kind):
    text, words = BROKEN[kind]
    one = stack({"src": OLD}).start()
    write(path_of(one), text)
    one.syncd.sync_now()
    failed = wait_until(lambda: (s := one.syncd.source("src"))["state"] == "failed" and s, "the sync fails")
    for word in words:
        assert word in json.dumps(failed), failed
    await_names(one, "com.example.a/one", "com.example.a/two")
    human = one.syncd.command("status")
    assert human.returncode == 0 and "failed" in human.stdout
    # And it heals.
    one.write("src", OLD + [server("com.example.a/x")])
    one.syncd.sync_now()
    await_names(one, "com.example.a/one", "com.example.a/two", "com.example.a/x")
    assert one.syncd.source("src")["state"] == "complete"


def test_not_utf8(stack):
    one = stack({"src": OLD}).start()
    with open(path_of(one), "wb") as f:
        f.write(json.dumps(document([server("com.example.a/x")])).encode().replace(b"tests", b"te\xffsts"))
    one.syncd.sync_now()
    wait_until(lambda: one.syncd.source("src")["state"] == "failed", "the sync fails")
    await_names(one, "com.example.a/one", "com.example.a/two")


@pytest.mark.parametrize("gone", ["missing", "a folder"])
def test_a_file_that_is_not_there(stack, gone):
    one = stack({"src": OLD}).start()
    os.unlink(path_of(one))
    if gone == "a folder":
        os.mkdir(path_of(one))
    one.syncd.sync_now()
    wait_until(lambda: one.syncd.source("src")["state"] == "failed", "the sync fails")
    await_names(one, "com.example.a/one", "com.example.a/two")


def test_one_broken_source_holds_up_no_other(stack):
    one = stack({"bad": OLD, "src": [server("com.example.b/x")]}).start()
    write(one.paths["bad"], "{")
    one.write("src", [server("com.example.b/y")])
    one.syncd.sync_now()
    await_names(one, "com.example.a/one", "com.example.a/two", "com.example.b/y")


def test_reads_work_without_the_daemon(stack):
    one = stack({"src": OLD}).start()
    one.syncd.stop()
    await_names(one, "com.example.a/one", "com.example.a/two")
    one.write("src", OLD[:1])
    one.syncd.start()
    one.syncd.sync_now()
    await_names(one, "com.example.a/one")


def test_the_daemon_stops_when_asked(stack):
    one = stack({"src": OLD}).start()
    assert one.syncd.stop(signal.SIGTERM) == 0


def test_sources_and_registries_that_leave_the_configuration(stack):
    one = stack({"src": OLD, "more": [server("com.example.b/x")]}).start()
    await_names(one, "com.example.a/one", "com.example.a/two", "com.example.b/x")
    one.syncd.stop()
    text = open(one.config).read()
    start, end = text.index("- name: more"), text.index("registries:")
    write(one.config, (text[:start] + text[end:]).replace("  - more\n", ""))
    one.syncd.start()
    await_names(one, "com.example.a/one", "com.example.a/two")
    assert {s["name"] for s in one.syncd.status()["sources"]} == {"src"}


def first_name(one):
    return one.client.servers(limit=1).json["servers"][0]["server"]["name"]


@pytest.mark.parametrize("round", range(3))
def test_killed_while_it_writes(stack, round):
    """kill -9 in the middle of a large sync: what is served is the old catalog or the new one, whole; and the next
    daemon takes the source over without being told."""
    count = 4000
    one = stack({"src": [server(f"com.example.old/s{i}") for i in range(count)]}).start()
    new = [server(f"com.example.new/s{i}") for i in range(count)]
    registry_file(path_of(one), new)
    one.syncd.sync_now()
    wait_until(lambda: one.sql("select phase from source_sync") == "syncing", "it writes", interval=0)
    one.syncd.kill()
    found = [n for n, _ in keys(one.client.walk(limit=1000))]
    assert len(found) == count
    assert len({n.split("/")[0] for n in found}) == 1
    one.syncd.start()
    wait_until(lambda: first_name(one).startswith("com.example.new"), "the new catalog is there")
    assert len(one.client.walk(limit=1000)) == count
