"""A document goes bad after a good sync, in every way it can come: the message says where, to the byte or by its path,
and what was served stays."""
import json
import os

import pytest
from conftest import Stack

from harness import Upstream, server
from harness.catalog import document
from harness.git import Repository
from harness.keeping import fails
from harness.upstream import Registry, answer, entry, page

WAYS = {
    # how a message begins
    "file": "Fetch failed: validation failed: registry schema validation failed",
    "url": "Fetch failed: validation failed: registry schema validation failed",
    "git": "Fetch failed: registry data validation failed: registry schema validation failed",
    "api": "Fetch failed: failed to fetch servers: failed to parse response page 1",
}


def feed(*servers):
    return json.dumps(document(list(servers))).encode()


def listed(*servers):
    return page([entry(s) for s in servers])


class Far:
    """One stack with a source of each kind; put() changes the document of one."""

    def __init__(self, postgres, folder):
        self.folder = os.path.join(folder, "documents")
        os.mkdir(self.folder)
        self.path = os.path.join(self.folder, "feed.json")
        self.repository = Repository(os.path.join(self.folder, "catalog.git"))
        self.url = Upstream(None)
        self.api = Upstream(None)
        for way in WAYS:
            self.put(way, self.shape(way, server(f"com.example.{way}/x")))
        files = {
            "file": self.path,
            "url": {"file": {"url": self.url.url("/feed.json")}},
            "git": {"git": {"repository": self.repository.path}},
            "api": {"api": {"endpoint": self.api.url()}},
        }
        self.stack = Stack(postgres, folder, files)

    @staticmethod
    def shape(way, *servers):
        return (listed if way == "api" else feed)(*servers)

    def put(self, way, content):
        if way == "git":
            self.repository.commit(content)
        elif way == "file":
            with open(self.path + ".new", "wb") as f:
                f.write(content)
            os.replace(self.path + ".new", self.path)
        elif way == "url":
            self.url.answer = lambda request: answer(content)
        else:
            good = Registry([])
            self.api.answer = lambda request: good(request) if "yaml" in request.path else answer(content)

    def stop(self):
        self.stack.stop()
        self.url.stop()
        self.api.stop()


@pytest.fixture(scope="module")
def far(postgres, folder):
    made = Far(postgres, folder)
    try:
        made.stack.start()
        yield made
    finally:
        made.stop()


GOOD = server("com.example.a/good")


def spoilt(way, old=b"", new=b""):
    """A document with two servers, and something replaced in the second."""
    return Far.shape(way, GOOD, server("com.example.a/bad", description="MARK")).replace(old, new)


def place(way, index, member):
    return f"servers.{index}.server.{member}" if way == "api" else f"data.servers.{index}.{member}"


BYTES = {
    # a document, the byte where it goes wrong, and what is said about that
    "bad JSON": lambda way: (text := spoilt(way, b'"MARK"', b"MARK"), text.index(b"MARK"), "a value expected"),
    "truncated": lambda way: (text := spoilt(way)[:-7], len(text), "'\"' expected, found the end"),
    "a byte order mark": lambda way: (b"\xef\xbb\xbf" + spoilt(way), 0, "a value, not a byte order mark, expected"),
    "two documents": lambda way: ((text := spoilt(way)) + b" {}", len(text) + 1, "the end of the document expected"),
}
PATHS = {
    # what is in a text, and what is said about it
    "NUL": (rb"ab\u0000c", r"a NUL character (\u0000)"),
    "not UTF-8": (b"ab\xffc", "invalid UTF-8"),
    "half a pair": (rb"ab\ud800c", "an unpaired surrogate escape"),
    "the other half": (rb"ab\udc00c", "an unpaired surrogate escape"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", BYTES)
def test_the_byte(far, way, kind):
    content, at, words = BYTES[kind](way)
    far.put(way, content)
    assert fails(far.stack, way).endswith(f": line 1, byte {at}: {words}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", PATHS)
def test_the_path(far, way, kind):
    text, words = PATHS[kind]
    far.put(way, spoilt(way, b"MARK", text))
    at = spoilt(way).index(b"MARK") + 2
    assert fails(far.stack, way) == f"{WAYS[way]}: {place(way, 1, 'description')}: {words} at byte {at}"


@pytest.mark.parametrize("way", WAYS)
def test_all_that_is_bad(far, way):
    version, description = server("com.example.a/x", version=7), server("com.example.a/y", description=["x"])
    far.put(way, Far.shape(way, GOOD, version, GOOD, description))
    lines = [
        f"{WAYS[way]} with 2 errors:",
        f"  1. {place(way, 1, 'version')}: Invalid type. Expected: string, given: integer",
        f"  2. {place(way, 3, 'description')}: Invalid type. Expected: string, given: array",
    ]
    assert fails(far.stack, way).splitlines() == lines
