"""An upstream that can be asked for what changed: it is, but for the first time, once a day, and in case of doubt. What
comes of it is what a complete list would have made."""
import json
import os
from email.utils import formatdate

import pytest

from harness import server, wait_until
from harness.catalog import OFFICIAL
from harness.client import keys
from harness.upstream import OPENAPI, Registry, answer, entry

PARAMETERS = b"paths: {/v0.1/servers: {get: {parameters: [{name: updated_since}, {name: include_deleted}]}}}\n"
CHANGES = answer(OPENAPI + PARAMETERS)
NOON = 1_767_355_200  # 2026-01-02T12:00:00Z, the upstream's clock
ASKED = "2026-01-02T11:45:00.000000Z"  # a transaction's length before that
ONE, TWO, THREE = "com.example.a/one", "com.example.a/two", "com.example.a/three"


class Journal(Registry):
    """A registry that knows when its entries changed. `clock` is its Date, None for a server without one."""

    def __init__(self, *names, openapi=CHANGES):
        super().__init__([], openapi=openapi)
        self.clock = NOON
        self.all = {}
        for name in names:
            self.put(name)

    def put(self, name, version="1.0.0", status="active", **members):
        self.all[name, version] = (self.clock, entry(server(name, version, **members), status))

    def __call__(self, request):
        since = request.query.get("updated_since")
        # Only texts of one shape are compared here; the module's own parser is not the subject.
        late = lambda changed: since is None or formatdate(changed) != formatdate(NOON)
        listed = [e for changed, e in self.all.values() if late(changed)]
        if since is None:
            listed = [e for e in listed if e["_meta"][OFFICIAL]["status"] != "deleted"]
        self.entries = listed
        reply = super().__call__(request)
        date = b"Date: %s\r\n" % formatdate(self.clock, usegmt=True).encode() if self.clock else b""
        return reply.replace(b"\r\n", b"\r\n" + date, 1)


def source(far, **more):
    return {"api": {"endpoint": far, "timeout": "3s"}, "syncPolicy": {"interval": "1s"}, **more}


def followed(stack, far, **more):
    """A stack that polls its upstream all the time."""
    return stack({"src": source(far.url(), **more)}, sync={"pollInterval": "1s"}).start()


def asked(far):
    """What every fetch asked for: the instant, or None for everything."""
    return [r.query.get("updated_since") for r in far.requests if r.path.endswith("/servers") and "cursor" not in r.query]


def await_fetches(far, count):
    """So many more, the last of them over and done with: there is one behind it."""
    begun = len(asked(far))
    wait_until(lambda: len(asked(far)) > begun + count, f"{count} more fetches")
    return asked(far)[begun : begun + count]


def catalog(one, **parameters):
    return {k: e for e in one.client.walk(**parameters) for k in keys([e])}


def official(one, name, version="1.0.0"):
    return catalog(one, include_deleted="true")[name, version]["_meta"][OFFICIAL]


def test_changes_are_followed(stack, upstream):
    far = upstream(registry := Journal(ONE, TWO, THREE))
    one = followed(stack, far)
    before = catalog(one)
    assert len(before) == 3
    assert await_fetches(far, 2) == [ASKED, ASKED]
    assert asked(far)[0] is None
    generation = one.sql("select number from generation")

    registry.clock += 3600
    registry.put(ONE, "2.0.0")
    registry.put(TWO, description="Another text")
    registry.put(THREE, status="deleted")
    registry.put("com.example.a/never", status="deleted")
    wait_until(lambda: (ONE, "2.0.0") in catalog(one), "the new version is there")
    after = catalog(one)
    assert set(after) == {(ONE, "1.0.0"), (ONE, "2.0.0"), (TWO, "1.0.0")}
    assert after[TWO, "1.0.0"]["server"]["description"] == "Another text"
    assert after[ONE, "2.0.0"]["_meta"][OFFICIAL]["isLatest"]
    untouched = dict(before[ONE, "1.0.0"]["_meta"][OFFICIAL], isLatest=False)
    assert after[ONE, "1.0.0"]["_meta"][OFFICIAL] == untouched
    assert official(one, THREE)["status"] == "deleted"
    assert int(one.sql("select number from generation")) > int(generation)
    assert one.sql("select server_count from source_sync") == "3"
    lines = [json.loads(line) for line in one.syncd.log_text().splitlines()]
    assert [line["incremental"] for line in lines if line.get("reason")] == [False, True]

    # The same answer again changes nothing: not the catalog, not its generation.
    generation = one.sql("select number from generation")
    assert set(await_fetches(far, 3)) == {"2026-01-02T12:45:00.000000Z"}
    assert one.sql("select number from generation") == generation
    assert None not in asked(far)[1:]


def test_what_leaves_the_filter_is_gone(stack, upstream):
    tagged = {"_meta": {"io.modelcontextprotocol.registry/publisher-provided": {"x": {"y": {"tags": ["good"]}}}}}
    far = upstream(registry := Journal())
    registry.put(ONE, **tagged)
    registry.put(TWO, **tagged)
    registry.put(THREE)
    one = followed(stack, far, filter={"tags": {"include": ["good"]}})
    assert {name for name, _ in catalog(one)} == {ONE, TWO}
    registry.clock += 3600
    registry.put(TWO)
    registry.put(THREE, **tagged)
    wait_until(lambda: {name for name, _ in catalog(one)} == {ONE, THREE}, "the catalog follows the tags")
    assert official(one, TWO)["status"] == "deleted"
    assert None not in asked(far)[1:]


def test_changes_do_not_get_past_the_limit(stack, upstream):
    far = upstream(registry := Journal(ONE, TWO))
    one = stack({"src": source(far.url())}, sync={"pollInterval": "1s"}, limits={"entries": 2}).start()
    assert await_fetches(far, 1) == [ASKED]
    registry.clock += 3600
    registry.put(THREE)
    words = "Fetch failed: failed to fetch servers: total servers (3) would exceed maximum (2), could cause out of service"
    wait_until(lambda: one.syncd.source("src")["message"] == words, "the sum is refused")
    assert {name for name, _ in catalog(one)} == {ONE, TWO}


def test_a_failure_keeps_everything(stack, upstream):
    far = upstream(registry := Journal(ONE, TWO))
    one = followed(stack, far)
    far.answer = lambda request: answer(line="502 Bad Gateway")
    wait_until(lambda: one.syncd.source("src")["consecutiveFailures"], "the sync fails")
    assert len(catalog(one)) == 2
    registry.clock += 3600
    registry.put(TWO, status="deleted")
    far.answer = registry
    one.syncd.sync_now()
    wait_until(lambda: len(catalog(one)) == 1, "the catalog follows again")


def no_parameters(one, registry):
    registry.openapi = answer(OPENAPI)


def no_date(one, registry):
    registry.clock = 0


def foreign_write(one, registry):
    one.sql("update source_sync set data_hash = repeat('0', 64)")


def restart(one, registry):
    one.syncd.stop()
    one.syncd.start()


def on_demand(one, registry):
    one.syncd.sync_now()


@pytest.mark.parametrize("doubt", [no_parameters, no_date, foreign_write, restart, on_demand])
def test_in_doubt_everything_is_fetched(stack, upstream, doubt):
    far = upstream(registry := Journal(ONE, TWO))
    one = followed(stack, far)
    assert await_fetches(far, 1) == [ASKED]
    # Nobody tells of this one: the upstream's administrator took it away with its source.
    del registry.all[TWO, "1.0.0"]
    await_fetches(far, 1)
    assert len(catalog(one)) == 2
    begun = len(asked(far))
    doubt(one, registry)
    wait_until(lambda: len(catalog(one)) == 1, "a complete list has come")
    assert None in asked(far)[begun:]


def test_this_server_as_upstream(stack):
    first = stack({"src": [server(ONE), server(TWO), server(THREE)]}).start()
    far = f"http://127.0.0.1:{first.httpd.port}/registry/default"
    second = stack({"src": source(far)}, sync={"pollInterval": "1s"}).start()
    log = os.path.join(first.httpd.folder, "httpd-access.log")
    incremental = lambda: [line for line in open(log) if "updated_since=" in line and '" 200 ' in line]
    wait_until(incremental, "the upstream is asked for changes")
    first.write("src", [server(ONE), server(TWO, description="Another text")])
    first.syncd.sync_now()
    wait_until(lambda: (THREE, "1.0.0") not in catalog(second), "the removal has come down")
    assert official(second, THREE)["status"] == "deleted"
    assert catalog(second)[TWO, "1.0.0"]["server"]["description"] == "Another text"
    everything = [line for line in open(log) if "/v0.1/servers?limit=100 " in line]
    assert len(everything) == 1
