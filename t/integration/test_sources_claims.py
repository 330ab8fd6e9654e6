"""Claims of a source in the configuration: they come to its entries with the write and with a reload, and never to those
of managed and Kubernetes sources, whose claims are their own."""
import json

import pytest

from harness import server, wait_until
from harness.catalog import plugin, registry_file, skill
from harness.config import change_config

RED, BLUE = {"team": "red", "level": ["2", "1"]}, {"team": ["red", "blue"]}
SERVERS = [server("com.example.a/one"), server("com.example.a/one", "2.0.0"), server("com.example.a/two")]
SKILLS, PLUGINS = [skill("com.example.a", "aa")], [plugin("com.example.a", "aa")]


def claimed(one, claims, index=0):
    """The claims of a source from now on, None for none."""

    def change(config):
        config["sources"][index].pop("claims", None)
        if claims is not None:
            config["sources"][index]["claims"] = claims

    change_config(one, change)


def generation(one):
    return int(one.sql("select number from generation"))


def sets(one, table, source="src"):
    """The claims by which rows are shown or hidden, each as often as it occurs."""
    join = f"join source s on s.id = {table}.source_id" if table != "source s" else ""
    own = "s" if table == "source s" else table
    rows = one.sql(f"select c.claims from {table} {join} join claim_set c on c.id = {own}.claim_set_id where s.name = '{source}'")
    return [json.loads(row) for row in rows.split("\n") if row]


def sent(one, source="src"):
    """The claims as entries answer them."""
    text = "select coalesce(e.claims, 'null') from entry e join source s on s.id = source_id"
    return [json.loads(row) for row in one.sql(f"{text} where s.name = '{source}'").split("\n")]


def canonical(claims):
    return {key: sorted(value) if isinstance(value, list) else value for key, value in (claims or {}).items()}


def all_carry(one, claims, entries=4, versions=5):
    found = [canonical(c) for c in sets(one, "entry")], [canonical(c) for c in sets(one, "entry_version")]
    return found == ([canonical(claims)] * entries, [canonical(claims)] * versions) and sent(one) == [claims or None] * entries


@pytest.fixture
def holder(stack):
    """A stack whose source holds all kinds, with these claims."""

    def make(claims, files=None):
        one = stack({"src": [], **(files or {})})
        registry_file(one.paths["src"], SERVERS, skills=SKILLS, plugins=PLUGINS)
        claimed(one, claims)
        return one

    return make


@pytest.mark.parametrize("claims", [RED, {}, None])
def test_claims_come_with_the_write(holder, claims):
    one = holder(claims)
    one.start()
    assert all_carry(one, claims)
    assert [canonical(c) for c in sets(one, "source s")] == [canonical(claims)]
    # What comes later has them, too.
    registry_file(one.paths["src"], SERVERS + [server("com.example.b/new")], skills=SKILLS, plugins=PLUGINS)
    one.syncd.sync_now()
    wait_until(lambda: all_carry(one, claims, 5, 6), "the new one has the claims")


def test_claims_follow_a_reload(holder):
    one = holder(RED)
    one.start()
    stamps = "select string_agg(updated_at::text, ',' order by id) from entry_version"
    runs, before = one.sql("select count(*) from sync_run"), one.sql(stamps)
    for claims in (BLUE, None, RED, {}):
        number = generation(one)
        claimed(one, claims)
        wait_until(lambda: all_carry(one, claims), f"all carry {claims}")
        assert generation(one) > number
    # Nothing was fetched for that, and no version changed: only who may see it.
    assert one.sql("select count(*) from sync_run") == runs
    assert one.sql(stamps) == before


def test_the_same_claims_in_other_words(holder):
    """Another order is the same set; it is answered as it was sent last."""
    one = holder({"team": ["red", "blue", "red"]})
    one.start()
    ids = "select distinct claim_set_id from entry"
    before = one.sql(ids)
    claimed(one, {"team": ["blue", "red"]})
    wait_until(lambda: sent(one) == [{"team": ["blue", "red"]}] * 4, "they are answered as they are sent")
    assert one.sql(ids) == before


def test_tombstones_follow_too(holder):
    one = holder(RED)
    one.start()
    registry_file(one.paths["src"], SERVERS[:1])
    one.syncd.sync_now()
    wait_until(lambda: one.sql("select count(*) from entry_version where tombstoned_at is not null") == "4", "tombstones")
    claimed(one, BLUE)
    wait_until(lambda: all_carry(one, BLUE), "whoever may not see an entry does not see that it is gone")


def published(one, source, name, claims):
    """An entry as publishing or the cluster's watcher makes it, with claims of its own."""
    one.sql(
        f"insert into claim_set (digest, claims) values (sha256('{claims}'), '{claims}') on conflict do nothing;"
        " insert into entry (source_id, kind, name, claim_set_id, claims, alive)"
        f" select s.id, 'server', '{name}', c.id, '{claims}', true from source s, claim_set c"
        f" where s.name = '{source}' and c.claims = '{claims}';"
        " insert into entry_version (entry_id, source_id, claim_set_id, kind, status, is_latest, renderer, published_at,"
        " updated_at, status_changed_at, content_hash, name, version, search_text, official, document)"
        " select id, source_id, claim_set_id, 'server', 'active', true, 1, now(), now(), now(), '', name, '1.0.0', '', '{}',"
        f" '{{}}' from entry where name = '{name}'"
    )


def test_managed_and_kubernetes_entries_keep_theirs(holder):
    one = holder(RED, {"mine": None})
    claimed(one, {"team": "publishers"}, index=1)
    one.start()
    assert sets(one, "source s", "mine") == [{"team": "publishers"}]
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, syncable, claim_set_id, claims)"
        " select 'cluster', 'API', 'kubernetes', '{}', false, claim_set_id, claims from source where name = 'mine'"
    )
    own = '{"team":"green"}'
    published(one, "mine", "com.example.m/one", own)
    published(one, "cluster", "com.example.k/one", own)
    rows = "select e.*, v.claim_set_id, v.updated_at from entry e join entry_version v on v.entry_id = e.id"
    rows += " where v.name in ('com.example.m/one', 'com.example.k/one') order by e.id"
    before = one.sql(rows)
    assert len(before.split("\n")) == 2
    # The source's own claims move, and those of what is synced.
    claimed(one, {"team": "editors"}, index=1)
    claimed(one, BLUE)
    wait_until(lambda: all_carry(one, BLUE), "the file's entries follow")
    assert sets(one, "source s", "mine") == [{"team": "editors"}]
    assert one.sql(rows) == before
    # The daemon's start reconciles, too.
    one.syncd.stop()
    claimed(one, None, index=1)
    one.syncd.start()
    wait_until(lambda: sets(one, "source s", "mine") == [{}], "the source has none any more")
    assert one.sql(rows) == before
