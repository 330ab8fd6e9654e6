"""A git server that says something else than it should after a good sync: what was served stays, the message tells the
cause in clean text, and the next good answer heals the source."""
import os

import pytest
from conftest import Stack

from harness import Upstream, server
from harness.git import Repository
from harness.git_stack import CLONE
from harness.keeping import fails, heals
from harness.upstream import answer

OFFER = "application/x-git-upload-pack-advertisement"
RESULT = "application/x-git-upload-pack-result"
FAILED = CLONE + "failed to clone repository: "


def line(content):
    return b"%04x" % (len(content) + 4) + content


class Far:
    """Speaks git with the simplest of words. `offer` and `result` are called with what is right, and say what is sent."""

    def __init__(self, postgres, folder):
        top = os.path.join(folder, "lies")
        os.mkdir(top)
        self.repository = Repository(os.path.join(top, "catalog.git"))
        self.number = 0
        self.commit()
        self.tell_the_truth()
        self.upstream = Upstream(self.reply)
        self.stack = Stack(postgres, folder, {"src": {"git": {"repository": self.upstream.url("/x.git")}}})
        self.stack.syncd.options = ["--state-dir", os.path.join(self.stack.folder, "state")]

    def commit(self):
        self.number += 1
        self.repository.commit([server(f"com.example.a/x{self.number}")], parent=False)

    def tell_the_truth(self):
        self.offer = lambda good: answer(good, Content_Type=OFFER)
        self.result = lambda good: answer(good, Content_Type=RESULT)

    def reply(self, request):
        if request.method == "GET":
            tip = self.repository.git("rev-parse", "main").encode()
            lines = line(tip + b" HEAD\0symref=HEAD:refs/heads/main\n") + line(tip + b" refs/heads/main\n")
            return self.offer(line(b"# service=git-upload-pack\n") + b"0000" + lines + b"0000")
        return self.result(line(b"NAK\n") + self.repository.pack())


@pytest.fixture(scope="module")
def shared(postgres, folder):
    made = Far(postgres, folder)
    try:
        made.stack.start()
        yield made
    finally:
        made.stack.stop()
        made.upstream.stop()


@pytest.fixture
def far(shared):
    """With a commit that the source does not know."""
    shared.commit()
    yield shared
    shared.tell_the_truth()
    heals(shared.stack)
    assert [e["server"]["name"] for e in shared.stack.client.walk()] == [f"com.example.a/x{shared.number}"]


def flipped(good):
    return good[:60] + bytes([good[60] ^ 0x55]) + good[61:]


def result(change):
    return "result", lambda good: answer(change(good), Content_Type=RESULT)


def offer(change):
    return "offer", lambda good: answer(change(good), Content_Type=OFFER)


ERROR = line(b"ERR no \xff\x01entry\x00 at http://me:secret@far/")
NO_OBJECTS = bytes.fromhex("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
LIBGIT2 = ""  # its words
NO_REPOSITORY = "not a git repository that this client can read: URL {0}"
OFFERED, PACKED = "/x.git/info/refs?service=git-upload-pack", "/x.git/git-upload-pack"
LIES = {
    # what is said, how many requests that takes, and what is told about it. What comes of a bad pack may be the fault
    # of the cache as well: it is made anew, once.
    "an error that is no text": (offer(lambda good: ERROR), 1, "remote error: no \ufffd entry"),
    "an error instead of a pack": (result(lambda good: ERROR), 2, LIBGIT2),
    "an offer that is cut off": (offer(lambda good: good[:-30]), 1, LIBGIT2),
    "an offer of nonsense": (offer(lambda good: b"zzzz" + good), 1, LIBGIT2),
    "a page": (("offer", lambda good: answer(b"<html>", Content_Type="text/html")), 1, NO_REPOSITORY + OFFERED + " answers text/html"),
    "a page instead of a pack": (
        ("result", lambda good: answer(b"<html>", Content_Type="text/html")),
        2,
        NO_REPOSITORY + PACKED + " answers text/html",
    ),
    "no pack": (result(lambda good: good[:8]), 4, LIBGIT2),
    "half a pack": (result(lambda good: good[:-40]), 4, LIBGIT2),
    "a download that breaks off": (
        ("result", lambda good: answer(good[:-40], length=len(good), Content_Type=RESULT)),
        2,
        "failed to execute request: {0}" + PACKED + ": transfer closed with 40 bytes remaining to read",
    ),
    "another byte": (result(flipped), 4, LIBGIT2),
    "a pack of nothing": (result(lambda good: good[:8] + NO_OBJECTS), 4, LIBGIT2),
    "503": (("result", lambda good: answer(line="503 Later")), 2, "HTTP 503 for URL {0}" + PACKED),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie(far, lie):
    (what, says), requests, words = LIES[lie]
    setattr(far, what, says)
    asked = len(far.upstream.requests)
    said = fails(far.stack)
    assert said == FAILED + words.format(far.upstream.url()) if words else said.startswith(FAILED) and said != FAILED
    assert len(far.upstream.requests) == asked + requests
    assert "secret" not in far.stack.syncd.log_text()
