"""Fixtures of the tests on git sources: a repository, a site that serves it, a stack that syncs from it."""
import glob
import os
import socket

import pytest

from harness import server, wait_until
from harness.client import keys
from harness.git import Repository
from harness.git_site import GitSite
from harness.keeping import fails_elsewhere

ONE, TWO, THREE = (server(f"com.example.a/{name}") for name in ("one", "two", "xyz"))
FAILED = "Fetch failed: failed to fetch registry data: "
CLONE = FAILED + "failed to clone repository: "


@pytest.fixture
def repository(tmp_path_factory, folder):
    """In a folder that the account of httpd can read."""
    top = os.path.join(folder, tmp_path_factory.mktemp("git").name)
    os.makedirs(top, exist_ok=True)
    made = Repository(os.path.join(top, "catalog.git"))
    made.commit([ONE, TWO])
    return made


@pytest.fixture
def site(repository, folder):
    """Serves the repository."""
    made = []

    def make(**options):
        one = GitSite(os.path.dirname(repository.path), os.path.dirname(repository.path), **options)
        made.append(one)
        one.set_password("reader", "first secret")
        one.start()
        return one

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def synced(stack):
    """synced(repository=…, branch=…) starts a stack with one source of git; `more` are further sources, `environment`
    is for the daemon."""

    def start(more=(), sync=None, await_it=True, environment=None, **git):
        sources = [{"name": "src", "git": git, "syncPolicy": {"interval": "1h"}}, *more]
        one = stack({}, sources=sources, registries={"default": [s["name"] for s in sources]}, sync=sync or {})
        one.state = os.path.join(one.folder, "state")
        one.syncd.options = ["--state-dir", one.state]
        one.syncd.environment.update(environment or {})
        one.start()
        if await_it:
            one.syncd.await_synced("src")
        return one

    return start


@pytest.fixture
def silent():
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def children(one):
    """The processes that the daemon has started and that are still there."""
    found = []
    for task in glob.glob(f"/proc/{one.syncd.child.pid}/task/*/children"):
        with open(task) as f:
            found += f.read().split()
    return [int(pid) for pid in found]


def is_gone(pid):
    return not os.path.exists(f"/proc/{pid}")


def names(one):
    return [n for n, _ in keys(one.client.walk())]


def await_names(one, *wanted):
    wait_until(lambda: names(one) == list(wanted), f"the catalog holds {wanted}")


def turned(one, meanwhile=lambda: None, **git):
    """The source is to be found elsewhere from now on, which fails and changes nothing; its message."""
    return fails_elsewhere(one, {"git": git}, meanwhile=meanwhile)


def look(one):
    """Looks at the source; waits until that is over. A run that finds nothing new leaves no line in the history."""
    ended = "select ended_at from source_sync y join source s on s.id = y.source_id where s.name = 'src'"
    last, before = one.sql("select coalesce(max(id), 0) from sync_run"), one.sql(ended)
    one.syncd.sync_now()
    wait_until(lambda: one.sql(ended) != before, "a look is over")
    return one.sql(f"select outcome from sync_run where id > {last} order by id limit 1") or "unchanged"


def message(one, name="src"):
    return one.sql(f"select y.message from source_sync y join source s on s.id = y.source_id where s.name = '{name}'")


def fails(one, text):
    """The source fails with this message, and what was there is still there."""
    before = names(one)
    assert look(one) == "failed"
    assert message(one).startswith(text), message(one)
    assert names(one) == before and before


def cache(one):
    return os.path.join(one.state, "git", "src")
