"""Filters and formats of a source: what a reload of them does at once, what they leave, and what patterns that are none
lead to."""
import json
import os

import pytest

from harness import server, wait_until
from harness.catalog import OFFICIAL, PUBLISHER, plugin, skill
from harness.client import keys
from harness.config import change_config

ONE, TWO, THREE = (f"com.example.{where}" for where in ("a/one", "a/two", "b/three"))
ALL = [server(name) for name in (ONE, TWO, THREE)]
# The grammar's own words for each; `[^v]` is a good one.
BAD = {
    "com.example.[a-z0-9]/*": "expected close range character",
    "[": "syntax error in pattern",
    "*\\": "syntax error in pattern",
}


def filtered(one, **lists):
    """The filter from now on: names_include=[…] and so on; none at all without any."""
    block = {}
    for name, texts in lists.items():
        what, way = name.split("_")
        block.setdefault(what, {})[way] = texts

    def change(config):
        config["sources"][0].pop("filter", None)
        if block:
            config["sources"][0]["filter"] = block

    change_config(one, change)


def names(one):
    return [name for name, _ in keys(one.client.walk())]


def await_names(one, *wanted):
    wait_until(lambda: names(one) == list(wanted), f"the catalog holds {wanted}")


def data_hash(one):
    return one.sql("select data_hash from source_sync")


def last_run(one):
    return one.sql("select trigger, outcome from sync_run order by id desc limit 1")


def lines(one, msg):
    """The log's lines of one kind."""
    found = [line for line in one.syncd.log_text(one.syncd.begin).splitlines() if f'"{msg}"' in line]
    return [json.loads(line) for line in found]


# --- reloads over a file that stays as it is; nobody asks for a sync, and the interval is an hour


def test_a_filter_that_is_reloaded(stack):
    one = stack({"src": ALL}).start()
    before = data_hash(one)
    filtered(one, names_exclude=["*/two"])
    await_names(one, ONE, THREE)
    assert last_run(one) == "settings|changed"
    assert one.sql("select removed from sync_run order by id desc limit 1") == "1"
    filtered(one, names_include=["com.example.a/*"])
    await_names(one, ONE, TWO)
    filtered(one)
    await_names(one, ONE, TWO, THREE)
    assert last_run(one) == "settings|changed"
    assert data_hash(one) == before
    assert one.syncd.source("src")["servers"] == 3


def test_a_filter_that_is_reloaded_and_changes_nothing(stack):
    one = stack({"src": ALL}).start()
    stamps = "select string_agg(updated_at::text, ',' order by id) from entry_version"
    before, settings, versions = data_hash(one), one.sql("select settings_hash from source_sync"), one.sql(stamps)
    filtered(one, names_exclude=["org.nobody/*"])
    wait_until(lambda: last_run(one) == "settings|unchanged", "it was applied")
    assert data_hash(one) == before
    assert one.sql("select settings_hash from source_sync") != settings
    assert one.sql(stamps) == versions


def test_a_format_that_is_reloaded(stack):
    one = stack({"src": ALL}).start()
    before = data_hash(one)

    def insist(format):
        change_config(one, lambda c: c["sources"][0].update(format=format))

    insist("upstream")
    wait_until(lambda: last_run(one) == "settings|unchanged", "it was read again")
    assert data_hash(one) == before
    insist("toolhive")
    wait_until(lambda: last_run(one) == "settings|failed", "it is refused")
    assert names(one) == [ONE, TWO, THREE]
    message = "Fetch failed: validation failed: document is in the upstream format but format is 'toolhive'"
    assert one.syncd.source("src")["message"] == message
    insist("upstream")
    one.syncd.await_synced("src")
    assert names(one) == [ONE, TWO, THREE]
    assert data_hash(one) == before


# --- what is left


def test_a_filter_that_takes_everything(stack):
    one = stack({"src": ALL}).start()
    filtered(one, tags_include=["nobody-has-it"])
    await_names(one)
    shown = one.syncd.source("src")
    assert (shown["state"], shown["servers"], shown["consecutiveFailures"]) == ("complete", 0, 0)
    gone = one.client.walk(include_deleted="true")
    assert [(e["server"]["name"], e["_meta"][OFFICIAL]["status"]) for e in gone] == [
        (name, "deleted") for name in (ONE, TWO, THREE)
    ]
    (warning,) = lines(one, "The filter leaves nothing of the source")
    assert (warning["level"], warning["source"], warning["filtered"]) == ("WARN", "src", 3)
    filtered(one)
    await_names(one, ONE, TWO, THREE)
    assert len(lines(one, "The filter leaves nothing of the source")) == 1


def tagged(name, *tags):
    return server(name, _meta={PUBLISHER: {"io.example": {"any": {"tags": list(tags)}}}})


def test_all_kinds(stack):
    """Skills and plugins go by namespace/name, and tags are none of theirs."""
    one = stack({"src": []})
    one.write(
        "src",
        [tagged(ONE, "web"), tagged(TWO, "web", "old"), tagged(THREE, "db")],
        skills=[skill("com.example.a", "aa"), skill("com.example.b", "aa"), skill("com.example.a", "hidden")],
        plugins=[plugin("com.example.a", "aa"), plugin("com.example.b", "hidden")],
    )
    filtered(
        one, names_include=["com.example.a/*", THREE], names_exclude=["*/hidden"], tags_include=["web"], tags_exclude=["old"]
    )
    one.syncd.environment = {"LOG_LEVEL": "debug"}
    one.start()
    rows = one.sql("select kind, namespace, name from entry where alive order by kind, namespace, name").split("\n")
    assert rows == [f"server||{ONE}", "skill|com.example.a|aa", "plugin|com.example.a|aa"]
    shown = one.syncd.source("src")
    assert (shown["servers"], shown["skills"], shown["plugins"]) == (1, 1, 1)
    include = f"[com.example.a/* {THREE}]"
    reasons = {(e["kind"], e["namespace"], e["name"]): e["reason"] for e in lines(one, "Left out by the filter")}
    assert reasons == {
        ("server", "", TWO): "tag filter: excluded by tag 'old'",
        ("server", "", THREE): "tag filter: no match found in include tags [web]",
        ("skill", "com.example.b", "aa"): f"no match found in include patterns {include}",
        ("skill", "com.example.a", "hidden"): "excluded by pattern '*/hidden'",
        ("plugin", "com.example.b", "hidden"): "excluded by pattern '*/hidden'",
    }


# --- patterns that are none


@pytest.mark.parametrize("kept, lists", [
    ([ONE], {"names_include": [ONE, *BAD, THREE]}),
    ([], {"names_exclude": list(BAD)}),
    ([], {"names_include": [ONE, THREE], "names_exclude": ["*/two", *BAD]}),
])  # fmt: skip
def test_bad_patterns_drop_what_reaches_them(stack, kept, lists):
    one = stack({"src": ALL})
    filtered(one, **lists)
    one.syncd.environment = {"LOG_LEVEL": "debug"}
    one.start()
    assert names(one) == kept
    assert one.syncd.source("src")["state"] == "complete"
    key = "filter.names.exclude" if "names_exclude" in lists else "filter.names.include"
    (warning,) = lines(one, "The filter drops what reaches an invalid pattern")
    for pattern, why in BAD.items():
        assert f"{key}: invalid pattern '{pattern}': {why}" in warning["warning"]
    first = next(iter(BAD))
    way = key.split(".")[-1]
    reasons = {e["name"]: e["reason"] for e in lines(one, "Left out by the filter")}
    assert reasons[THREE] == f"name filter: invalid {way} pattern '{first}': {BAD[first]}"


def test_bad_patterns_are_named_when_they_are_loaded(stack):
    one = stack({"src": ALL}).start()
    odd = "Configuration is odd"
    assert not lines(one, odd)
    filtered(one, names_include=["com.example.a/*", *BAD], names_exclude=["["])
    await_names(one)
    found = [(line["place"], line["problem"]) for line in lines(one, odd)]
    include, exclude = (f"{one.config}: sources[0].filter.names.{way}" for way in ("include", "exclude"))
    assert found == [(include, f"source 'src': invalid pattern '{p}': {why}") for p, why in BAD.items()] + [
        (exclude, "source 'src': invalid pattern '[': syntax error in pattern")
    ]
    # At the start, too.
    one.syncd.stop()
    one.syncd.start()
    wait_until(lambda: len(lines(one, odd)) == 4, "they are named again")


def test_validate_warns_of_bad_patterns(stack):
    one = stack({"src": ALL})
    assert one.syncd.command("validate").stderr == ""
    filtered(one, names_include=["*", *BAD], tags_include=["["])
    done = one.syncd.command("validate")
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["Accepted, but odd:"] + [
        f"{one.config}: sources[0].filter.names.include: source 'src': invalid pattern '{p}': {why}" for p, why in BAD.items()
    ]
    assert os.path.basename(one.config) in done.stdout
