"""SIGUSR1: all sources are looked at, due or not, and those that are being synced once more afterwards."""
import collections
import json
import threading

import pytest

from harness import server, wait_until
from harness.catalog import document
from harness.upstream import answer


class Gate:
    """Answers each request only when it is let through."""

    def __init__(self, stop):
        self.waiting, self.count, self.stop = collections.defaultdict(list), collections.Counter(), stop

    def __call__(self, request):
        through = threading.Event()
        self.waiting[request.path].append(through)
        self.count[request.path] += 1
        while not through.wait(0.1) and not self.stop.is_set():
            pass
        return answer(json.dumps(document([server(f"com.example{request.path.replace('/', '.')}/one")])).encode())

    def let(self, path):
        self.waiting[path].pop(0).set()


def by_url(address):
    return {"file": {"url": address, "timeout": "1m"}}


def ended(one, name):
    return one.sql(f"select ended_at from source_sync y join source s on s.id = y.source_id where s.name = '{name}'")


def round_of_all(one, after):
    """Whatever `after` asks for is over when the source that answers at once, the last one of a round, has ended."""
    before = ended(one, "src")
    after()
    wait_until(lambda: ended(one, "src") != before, "it was looked at")


@pytest.mark.parametrize("signals", [1, 3])
def test_syncs_that_overlap_follow_once_each(stack, upstream, release, signals):
    gate = Gate(release)
    far = upstream(gate)
    one = stack({"a": by_url(far.url("/a")), "b": by_url(far.url("/b")), "src": [server("com.example.c/one")]})
    one.syncd.start()
    one.syncd.await_synced("src")
    wait_until(lambda: gate.count == {"/a": 1, "/b": 1}, "both are fetched")
    for _ in range(signals):
        round_of_all(one, one.syncd.sync_now)
    # Each comes again when it is through, whatever the other one does meanwhile.
    for path, counts in (("/a", {"/a": 2, "/b": 1}), ("/b", {"/a": 2, "/b": 2})):
        gate.let(path)
        wait_until(lambda: gate.count == counts, f"{path} is fetched once more")
    for name in ("a", "b"):
        before = ended(one, name)
        gate.let(f"/{name}")
        wait_until(lambda: ended(one, name) != before, f"{name} is through")
    request = "update source_sync y set requested_at = now() from source s where s.id = y.source_id and s.name = 'src'"
    for _ in range(2):
        round_of_all(one, lambda: one.sql(f"{request}; notify mcpr_sync"))
    assert gate.count == {"/a": 2, "/b": 2}
