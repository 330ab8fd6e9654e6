"""A path that has become something else than a registry file after a good sync: nothing is waited for and nothing huge
is read, what was served stays, and other sources are synced meanwhile."""
import itertools
import os

import pytest
from conftest import Stack

from harness import server, wait_until
from harness.build import IS_ROOT
from harness.keeping import kept

MOST = 104857600
READ = "Fetch failed: failed to fetch data: failed to read file {0}: "


def sparse(path):
    with open(path, "wb") as f:
        f.truncate(MOST + 1)


def unreadable(path):
    with open(path, "w"):
        os.chmod(path, 0)


def socket_file(path):
    os.mknod(path, 0o140644)


KINDS = {
    # what is made in its place -> the message
    "FIFO": (os.mkfifo, READ + "not a regular file"),
    "device": (lambda path: os.symlink("/dev/zero", path), READ + "not a regular file"),
    "socket": (socket_file, READ + "open {0}: no such device or address"),
    "folder": (os.mkdir, READ + "read {0}: is a directory"),
    "link to itself": (lambda path: os.symlink(path, path), READ + "open {0}: too many levels of symbolic links"),
    "link to nothing": (lambda path: os.symlink(path + ".none", path), "Fetch failed: failed to fetch data: file not found: {0}"),
    "too large": (
        sparse,
        f"Fetch failed: failed to fetch data: response size {MOST + 1} bytes exceeds maximum allowed size of {MOST} bytes"
        " (100.00 MB)",
    ),
    "unreadable": (unreadable, READ + "open {0}: permission denied"),
}
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def shared(postgres, folder):
    one = Stack(postgres, folder, {"src": [server("com.example.a/one")], "well": [server("com.example.b/first")]})
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture
def path(shared):
    """The file, out of the way for the test."""
    path = shared.paths["src"]
    os.rename(path, path + ".good")
    yield path
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    os.replace(path + ".good", path)
    assert shared.syncd.command("sync", "src", "--wait").returncode == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file(shared, path, kind):
    if kind == "unreadable" and IS_ROOT:
        pytest.skip("root may read everything")
    make, words = KINDS[kind]
    before, other = kept(shared)[1], f"com.example.b/x{next(NUMBERS)}"
    make(path)
    shared.write("well", [server(other)])
    shared.syncd.sync_now()
    state = wait_until(lambda: (s := shared.syncd.source("src"))["state"] == "failed" and s, "the sync fails")
    wait_until(lambda: [e["server"]["name"] for e in shared.client.walk()] == ["com.example.a/one", other], "the other is synced")
    assert state["message"] == words.format(path)
    assert kept(shared)[1] == before
