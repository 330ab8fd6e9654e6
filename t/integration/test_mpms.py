"""The module under each way httpd runs: threads or processes, with cache and without."""
import concurrent.futures
import os
import signal
import subprocess

import pytest

from harness import Client, build, server, wait_until
from harness.client import keys

FILES = {"src": [server(f"com.example.a/s{i:02d}", description="words " * 12) for i in range(60)]}


@pytest.mark.parametrize("settings", ["", "MCPRegistryCacheSize 0", "MCPRegistryCacheSize 64K"])
@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_readers_at_once(stack, mpm, settings):
    """Many clients walk while the catalog changes: every page is of one catalog, and the last walk sees the new one."""
    one = stack(FILES, httpd={"mpm": mpm, "settings": settings}).start()
    changed = [server(f"com.example.b/s{i:02d}") for i in range(60)]

    def read(number):
        client = Client(one.httpd.port)
        for _ in range(25):
            answer = client.servers(limit=10 + number)
            assert answer.status == 200, answer
            assert len({name.split("/")[0] for name, _ in keys(answer.json["servers"])}) == 1
        client.close()
        return number

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read, n) for n in range(6)]
        one.write("src", changed)
        one.syncd.sync_now()
        assert sorted(r.result() for r in readers) == list(range(6))
    # Every child hears of the change; several fresh connections meet several of them.
    for _ in range(6):
        wait_until(lambda: len(one.client.walk(search="com.example.b/")) == 60, "the new catalog is served")


def test_a_child_that_dies_is_replaced(stack):
    one = stack(FILES, httpd={"mpm": "prefork"}).start()
    children = [int(p) for p in open(f"/proc/{one.httpd.child.pid}/task/{one.httpd.child.pid}/children").read().split()]
    os.kill(children[-1], signal.SIGTERM)
    for _ in range(20):
        assert one.httpd.client().servers().status == 200


def test_a_pool_that_is_exhausted_answers_503(stack):
    """One connection, held by a lock: the others wait for a bounded time and are told to come back."""
    settings = "MCPRegistryCacheSize 0\nMCPRegistryPoolMax 1\nMCPRegistryPoolTimeout 200ms"
    one = stack(FILES, httpd={"settings": settings, "limits": "ServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"}).start()
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        with lock(one):
            answers = [pool.submit(Client(one.httpd.port).servers) for _ in range(4)]
            refused = wait_until(lambda: [a.result() for a in answers if a.done()], "somebody is refused")
            for answer in refused:
                assert answer.status == 503, answer
                assert int(answer.header("Retry-After")) > 0 and answer.json["error"]
        for answer in answers:
            assert answer.result().status in (200, 503)
    wait_until(lambda: one.client.servers().status == 200, "it recovers")


class lock:
    """Every read of entries waits while this is held."""

    def __init__(self, one):
        self.one = one

    def __enter__(self):
        psql = os.path.join(build.postgres_bin(), "psql")
        self.session = subprocess.Popen(
            [psql, "-Xq", "-h", self.one.postgres.host, "-U", "admin", "-d", self.one.database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/",
        )
        self.session.stdin.write("begin; lock table entry_version in access exclusive mode;\n\\echo held\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline() == "held\n"

    def __exit__(self, *_):
        self.session.communicate("rollback;\n")
