"""Servers, skills and plugins in one document: what each becomes, what moves when one changes, what a duplicate or a
refused document does, and what is left of a version that disappears, until nothing is."""
import json

import pytest

from harness import server, wait_until
from harness.catalog import OFFICIAL, PUBLISHER, plugin, registry_file, skill
from harness.client import keys
from harness.upstream import Registry, entry

A, B = "com.example.a", "com.example.b"
SERVERS = [server(f"{A}/one"), server(f"{A}/two"), server(f"{A}/two", "2.0.0")]
SKILLS = [
    skill(A, "triage"),
    skill(A, "triage", "1.1.0", status="deprecated"),
    skill(B, "triage", "0.1.0"),
    skill(A, "review", status="ARCHIVED"),
]
PLUGINS = [plugin(A, "triage", "0.9.0"), plugin(A, "tools"), plugin(B, "tools", "3.0.0")]
VERSION = "kind || ' ' || namespace || '/' || name || '@' || version"


def put(one, servers=SERVERS, skills=SKILLS, plugins=PLUGINS):
    registry_file(one.paths["src"], servers, skills=skills, plugins=plugins)


def put_now(one, **kinds):
    put(one, **kinds)
    one.syncd.sync_now()


@pytest.fixture
def kinds(stack):
    """kinds(**blocks of the configuration): a running stack whose source holds all three."""

    def make(**blocks):
        one = stack({"src": []}, **blocks)
        put(one)
        return one.start()

    return make


def column(one, expression, where="true"):
    """{kind namespace/name@version: expression} of all versions where it holds."""
    rows = one.sql(f"select {VERSION}, {expression} from entry_version where {where}")
    return dict(row.split("|", 1) for row in rows.split("\n") if row)


def alive(one):
    return set(column(one, "1", "tombstoned_at is null"))


def counts(one):
    shown = one.syncd.source("src")
    stored = one.sql("select server_count, skill_count, plugin_count from source_sync")
    assert stored == f"{shown['servers']}|{shown['skills']}|{shown['plugins']}"
    return shown["servers"], shown["skills"], shown["plugins"]


def await_failure(one, message):
    shown = wait_until(lambda: (s := one.syncd.source("src"))["state"] == "failed" and s, "the sync fails")
    assert shown["message"] == message


# --- all of them


def test_all_kinds_are_stored(kinds):
    one = kinds()
    assert counts(one) == (3, 4, 3)
    status = column(one, "status || ' ' || is_latest")
    assert status == {
        f"server /{A}/one@1.0.0": "active true",
        f"server /{A}/two@1.0.0": "active false",
        f"server /{A}/two@2.0.0": "active true",
        f"skill {A}/triage@1.0.0": "active false",
        f"skill {A}/triage@1.1.0": "deprecated true",
        f"skill {B}/triage@0.1.0": "active true",
        f"skill {A}/review@1.0.0": "archived true",
        f"plugin {A}/triage@0.9.0": "active true",
        f"plugin {A}/tools@1.0.0": "active true",
        f"plugin {B}/tools@3.0.0": "active true",
    }
    assert one.sql("select count(*), count(distinct (kind, namespace, name)) from entry where alive") == "8|8"
    documents = column(one, "document", "kind = 'skill'")
    assert json.loads(documents[f"skill {B}/triage@0.1.0"])["namespace"] == B
    # The routes of servers know nothing of the others.
    assert keys(one.client.walk()) == [(f"{A}/one", "1.0.0"), (f"{A}/two", "1.0.0"), (f"{A}/two", "2.0.0")]


def test_a_status_that_goes_absent_is_active_again(kinds):
    one = kinds()
    put_now(one, skills=[skill(A, "triage"), skill(A, "triage", "1.1.0"), *SKILLS[2:]])
    wait_until(lambda: column(one, "status")[f"skill {A}/triage@1.1.0"] == "active", "it is active")


# --- what moves


@pytest.mark.parametrize(
    "changed, kind, after",
    [
        (f"server /{A}/one@1.0.0", "servers", [server(f"{A}/one", description="Another text"), *SERVERS[1:]]),
        (f"skill {B}/triage@0.1.0", "skills", [*SKILLS[:2], skill(B, "triage", "0.1.0", title="New"), SKILLS[3]]),
        (f"plugin {A}/tools@1.0.0", "plugins", [PLUGINS[0], plugin(A, "tools", license="MIT"), PLUGINS[2]]),
    ],
)
def test_only_what_changed_moves(kinds, changed, kind, after):
    one = kinds()
    before, entries = column(one, "updated_at"), one.sql("select id, updated_at from entry order by id")
    put_now(one, **{kind: after})
    wait_until(lambda: column(one, "updated_at") != before, "something moves")
    moved = column(one, "updated_at")
    assert {key for key in before if moved[key] != before[key]} == {changed}
    assert moved[changed] > before[changed]
    published = column(one, "published_at = status_changed_at and published_at < updated_at")
    assert {key for key, value in published.items() if value == "t"} == {changed}
    assert one.sql("select id, updated_at from entry order by id") == entries


# --- what disappears


def test_versions_that_disappear(kinds):
    one = kinds()
    begun = max(e["_meta"][OFFICIAL]["updatedAt"] for e in one.client.walk())
    put_now(one, servers=SERVERS[1:2], skills=SKILLS[1:], plugins=PLUGINS[1:])
    gone = {f"server /{A}/one@1.0.0", f"server /{A}/two@2.0.0", f"skill {A}/triage@1.0.0", f"plugin {A}/triage@0.9.0"}
    wait_until(lambda: set(column(one, "1", "tombstoned_at is not null")) == gone, "they leave tombstones")
    assert set(column(one, "status", "tombstoned_at is not null").values()) == {"deleted"}
    dead = one.sql("select kind, namespace, name from entry where not alive order by 1, 3").split("\n")
    assert dead == [f"server||{A}/one", f"plugin|{A}|triage"]
    assert counts(one) == (1, 3, 2)
    # Latest is a living one, of its own kind and namespace.
    assert column(one, "version", "is_latest and tombstoned_at is null").keys() == {
        f"server /{A}/two@1.0.0",
        *(f"skill {key}" for key in (f"{A}/triage@1.1.0", f"{B}/triage@0.1.0", f"{A}/review@1.0.0")),
        *(f"plugin {key}" for key in (f"{A}/tools@1.0.0", f"{B}/tools@3.0.0")),
    }

    assert keys(one.client.walk()) == [(f"{A}/two", "1.0.0")]
    assert one.client.version(f"{A}/one", "1.0.0").status == 404
    removed = {(f"{A}/one", "1.0.0"), (f"{A}/two", "2.0.0")}
    shown = one.client.walk(include_deleted="true")
    assert {k for e in shown for k in keys([e]) if e["_meta"][OFFICIAL]["status"] == "deleted"} == removed
    # That latest has come back to the one that stays is no change of its own.
    assert set(keys(one.client.walk(updated_since=begun))) == removed


def test_the_last_skill_and_the_last_plugin_disappear(kinds):
    one = kinds()
    put_now(one, skills=[], plugins=[])
    wait_until(lambda: counts(one) == (3, 0, 0), "only servers are left")
    assert one.sql("select kind, count(*) from entry where alive group by 1") == "server|2"


def test_tombstones_expire(kinds):
    one = kinds(sync={"tombstoneAge": "1s"})
    put_now(one, servers=SERVERS[1:], skills=SKILLS[2:], plugins=PLUGINS[1:])
    wait_until(lambda: counts(one) == (2, 2, 2), "they are removed")
    before = int(one.sql("select number from generation"))

    def expired():
        one.syncd.sync_now()
        return one.sql("select count(*) from entry_version where tombstoned_at is not null") == "0"

    wait_until(expired, "the tombstones go", interval=0.3)
    names = one.sql("select distinct kind, namespace, name from entry order by 1, 2, 3").split("\n")
    assert names == [f"server||{A}/two", f"skill|{A}|review", f"skill|{B}|triage", f"plugin|{A}|tools", f"plugin|{B}|tools"]
    assert alive(one) == set(column(one, "1"))
    assert int(one.sql("select number from generation")) > before
    everything = [(f"{A}/two", "1.0.0"), (f"{A}/two", "2.0.0")]
    wait_until(lambda: keys(one.client.walk(include_deleted="true")) == everything, "nobody is shown them any more")
    assert one.client.version(f"{A}/one", "1.0.0").status == 404
    assert counts(one) == (2, 2, 2)


# --- duplicates


def turned(item):
    """The same members in another order, the lists in theirs."""
    if isinstance(item, dict):
        return {key: turned(value) for key, value in reversed(item.items())}
    return [turned(value) for value in item] if isinstance(item, list) else item


WIDE = {"n": 123456789012345678901234567890, "of": [1, {"a": 1, "b": -9223372036854775809}]}
EXTRA = {
    "servers": server(f"{A}/more", _meta={PUBLISHER: {"io.example": WIDE}}),
    "skills": skill(A, "more", metadata=WIDE),
    "plugins": plugin(A, "more", metadata=WIDE),
}
ALL = {"servers": SERVERS, "skills": SKILLS, "plugins": PLUGINS}


@pytest.mark.parametrize("kind", EXTRA)
def test_equal_duplicates_collapse(kinds, kind):
    one = kinds()
    item = EXTRA[kind]
    put_now(one, **{kind: [*ALL[kind], item, item, turned(item)]})
    key = f"{kind[:-1]} {item.get('namespace', '')}/{item['name']}@1.0.0"
    wait_until(lambda: key in alive(one), "it is there")
    assert dict(zip(ALL, counts(one)))[kind] == len(ALL[kind]) + 1
    assert one.syncd.source("src")["state"] == "complete"
    stored = json.loads(column(one, "document")[key])
    assert WIDE in (stored.get("metadata"), stored.get("_meta", {}).get(PUBLISHER, {}).get("io.example"))
    # As the stored one that it is now: still one.
    put_now(one, **{kind: [turned(item), *ALL[kind], item]})
    wait_until(lambda: one.sql("select data_hash = encode(sha256(pg_read_binary_file('{}')), 'hex') from source_sync".format(
        one.paths["src"])) == "t", "it is read again")  # fmt: skip
    assert one.syncd.source("src")["state"] == "complete"


UNEQUAL = {
    "servers": (server(f"{A}/one", description="Other"), f"server {A}/one@1.0.0"),
    "skills": (skill(B, "triage", "0.1.0", title="Other"), f"skill {B}/triage@0.1.0"),
    "plugins": (plugin(A, "tools", license="MIT"), f"plugin {A}/tools@1.0.0"),
}


@pytest.mark.parametrize("kind", UNEQUAL)
def test_unequal_duplicates_fail(kinds, kind):
    one = kinds()
    before, hash_before = alive(one), one.sql("select data_hash from source_sync")
    item, name = UNEQUAL[kind]
    put_now(one, **{kind: [*ALL[kind], item]})
    await_failure(one, f"Storage failed: failed to upsert {kind}: duplicate {name}")
    assert (alive(one), counts(one)) == (before, (3, 4, 3))
    assert one.sql("select data_hash from source_sync") == hash_before
    assert len(one.client.walk()) == 3
    put_now(one, **{kind: ALL[kind]})
    one.syncd.await_synced("src")


def test_one_status_apart_is_unequal(kinds):
    one = kinds()
    put_now(one, skills=[*SKILLS, skill(A, "triage", "1.1.0")])
    await_failure(one, f"Storage failed: failed to upsert skills: duplicate skill {A}/triage@1.1.0")


# --- refused as a whole


@pytest.mark.parametrize("kept", [{"skills": SKILLS, "plugins": []}, {"skills": [], "plugins": PLUGINS}])
def test_a_document_without_servers(kinds, kept):
    one = kinds()
    before = alive(one)
    put_now(one, servers=[], **kept)
    await_failure(one, "Fetch failed: validation failed: upstream registry must contain at least one server")
    assert (alive(one), counts(one)) == (before, (3, 4, 3))
    assert len(one.client.walk()) == 3


LARGE = {PUBLISHER: {"io.example": {"text": "x" * 2000}}}
FED = [server(f"{B}/one"), server(f"{B}/two", _meta=LARGE), server(f"{B}/three")]


def file_of(one, servers):
    put_now(one, servers=servers, skills=[], plugins=[])


@pytest.mark.parametrize("where", ["file", "api"])
def test_metadata_over_the_cap(stack, upstream, where):
    """One of three is too large: none of them comes in, and what was there stays."""
    far = upstream(registry := Registry([entry(s) for s in SERVERS]))
    source = {"api": {"endpoint": far.url(), "timeout": "3s"}} if where == "api" else SERVERS
    one = stack({"src": source}, database={"maxMetaSize": 1000}).start()
    before = keys(one.client.walk())
    assert len(before) == 3
    if where == "api":
        registry.entries = [entry(s) for s in FED]
    else:
        one.write("src", FED)
    one.syncd.sync_now()
    size = len(json.dumps(LARGE[PUBLISHER], separators=(",", ":")))
    failed = wait_until(lambda: (s := one.syncd.source("src"))["state"] == "failed" and s, "the sync fails")
    text = f"publisher-provided metadata size {size} bytes exceeds maximum allowed size of 1000 bytes"
    assert text in failed["message"]
    assert keys(one.client.walk()) == before
    assert failed["servers"] == 3
