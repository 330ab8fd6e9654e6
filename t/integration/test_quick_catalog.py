"""Whole registry files, served: the shipped example, and the real ones beside the repository when they are there."""
import json
import os

import pytest

from harness import build
from harness.catalog import OFFICIAL, SCHEMA
from harness.client import keys
from harness.syncd import run

EXAMPLE = build.shipped("example-registry.json")


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def shared(name):
    path = os.path.join(build.SHARED, "data", name)
    if not os.path.exists(path):
        pytest.skip(f"no {path}")
    return path


def serve(stack, path):
    return stack({"catalog": path}).start()


def assert_order(entries):
    found = keys(entries)
    assert found == sorted(found, key=lambda k: (k[0].encode(), k[1].encode()))
    assert len(set(found)) == len(found)


def test_the_example_is_valid():
    done = run("validate", EXAMPLE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_is_served_whole(stack):
    one = serve(stack, EXAMPLE)
    given = {(s["name"], s["version"]): s for s in load(EXAMPLE)["data"]["servers"]}
    assert len({name for name, _ in given}) >= 20
    entries = one.client.walk(limit=100)
    assert_order(entries)
    assert set(keys(entries)) == set(given)
    for entry in entries:
        document = entry["server"]
        assert document == {"$schema": SCHEMA, **given[document["name"], document["version"]]}
        assert entry["_meta"][OFFICIAL]["status"] == "active"
    latest = {e["server"]["name"]: e["server"]["version"] for e in one.client.walk(version="latest")}
    assert latest["com.example.web/fetch"] == "2.0.0"
    assert latest["com.example.tickets/board"] == "1.0.0-rc.1"
    assert latest["com.example.maps/atlas"] == "2025-06"


@pytest.mark.parametrize("limit", [1, 100])
def test_a_toolhive_file(stack, limit):
    path = shared("toolhive-registry.json")
    legacy = load(path)
    given = {**legacy["servers"], **legacy.get("remote_servers", {})}
    entries = serve(stack, path).client.walk(limit=limit)
    assert_order(entries)
    assert len(entries) == len(given) == 102
    for entry in entries:
        name = entry["server"]["name"].split("/", 1)[1]
        assert_converted(given[name], entry["server"])


def assert_converted(legacy, document):
    """What matters most of the conversion; the unit tests know every member."""
    publisher = document["_meta"]["io.modelcontextprotocol.registry/publisher-provided"]["io.github.stacklok"]
    extension = publisher[legacy.get("image") or legacy["url"]]
    for member in ("tier", "tools", "tags", "overview", "provenance", "permissions"):
        if legacy.get(member) and member not in ("provenance", "permissions"):
            assert extension[member] == legacy[member]
        elif legacy.get(member):
            assert extension[member], member
    if legacy.get("image"):
        assert document["packages"][0]["identifier"] == legacy["image"]
    else:
        assert document["remotes"][0]["url"] == legacy["url"]


@pytest.mark.parametrize("limit", [1, 100])
def test_an_upstream_file(stack, limit):
    path = shared("upstream-registry.json")
    given = {(s["name"], s["version"]): s for s in load(path)["data"]["servers"]}
    entries = serve(stack, path).client.walk(limit=limit)
    assert_order(entries)
    assert set(keys(entries)) == set(given)
    for entry in entries:
        document = entry["server"]
        assert document == {"$schema": SCHEMA, **given[document["name"], document["version"]]}
