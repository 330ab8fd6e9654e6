"""The way to a source is lost after a good sync: nobody listens, or the certificate is not what it was. Every kind of
remote source fails with the cause, asks no more often than it has to, and what was served stays."""
import json
import os

import pytest
from conftest import Stack

from harness import server
from harness.catalog import document, write
from harness.certificates import Authority
from harness.config import reconfigure
from harness.git import Repository
from harness.git_site import GitSite
from harness.keeping import fails, fails_elsewhere, heals
from harness.upstream import OPENAPI, entry, page

FETCH = "Fetch failed: "
# What a source asks in one attempt, and how its message begins. An API is asked for its description, and whatever comes
# of that, for its first page.
SOURCES = {
    "git": (1, FETCH + "failed to fetch registry data: failed to clone repository: failed to clone repository: "
               "failed to execute request: {0}/git/catalog.git/info/refs?service=git-upload-pack: "),
    "url": (1, FETCH + "failed to fetch data: failed to fetch URL {0}/files/feed.json: failed to execute request: "),
    "api": (2, FETCH + "upstream format validation failed: unable to validate Upstream format"),
}
LOSSES = {
    # what happened -> the cause, as libcurl has it
    "nobody listens": "Failed to connect",
    "expired": "certificate has expired",
    "another name": "no alternative certificate subject name matches",
    "another authority": "unable to get local issuer certificate",
}


class Far:
    """A site that has a catalog of each kind, and a stack that has them all."""

    def __init__(self, postgres, folder):
        self.folder = os.path.join(folder, "lost")
        os.makedirs(os.path.join(self.folder, "v0.1"))
        self.repository = Repository(os.path.join(self.folder, "catalog.git"))
        self.repository.commit([server("com.example.git/x")])
        write(os.path.join(self.folder, "feed.json"), json.dumps(document([server("com.example.url/x")])))
        write(os.path.join(self.folder, "openapi.yaml"), OPENAPI.decode())
        write(os.path.join(self.folder, "v0.1", "servers"), page([entry(server("com.example.api/x"))]).decode())
        self.authority = Authority(self.folder)
        self.good = self.authority.issue()
        self.site = GitSite(self.folder, self.folder, tls=self.good)
        self.site.start()
        at = self.site.secure_url
        self.files = {
            "git": {"git": {"repository": at("git/catalog.git")}},
            "url": {"file": {"url": at("files/feed.json")}},
            "api": {"api": {"endpoint": at("files")}},
        }
        # All the system's authorities are read first: with sanitizers that takes seconds.
        self.files["url"]["file"]["timeout"] = self.files["api"]["api"]["timeout"] = "1m"
        self.stack = Stack(postgres, folder, self.files)
        self.stack.syncd.options = ["--state-dir", os.path.join(self.stack.folder, "state")]
        self.stack.syncd.environment["SSL_CERT_FILE"] = self.authority.certificate

    def lose(self, kind):
        if kind == "nobody listens":
            self.site.stop()
            return
        names, days = ("DNS:elsewhere.test" if kind == "another name" else "IP:127.0.0.1"), (-1 if kind == "expired" else 2)
        authority = Authority(self.folder) if kind == "another authority" else self.authority
        self.site.certify(authority.issue(names, days))

    def find(self):
        if self.site.running:
            self.site.certify(self.good)
        else:
            self.site.start()
        for source in SOURCES:
            heals(self.stack, source)


@pytest.fixture(scope="module")
def far(postgres, folder):
    made = Far(postgres, folder)
    try:
        made.stack.start()
        yield made
    finally:
        made.stack.stop()
        if made.site.running:
            made.site.stop()


UNKNOWN = "https://no-such-host.invalid"
ELSEWHERE = {
    "git": {"git": {"repository": UNKNOWN + "/git/catalog.git"}},
    "url": {"file": {"url": UNKNOWN + "/files/feed.json", "timeout": "1m"}},
    "api": {"api": {"endpoint": UNKNOWN, "timeout": "1m"}},
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_name_that_nobody_knows(far, source):
    logged = len(far.stack.syncd.log_text())
    message = fails_elsewhere(far.stack, ELSEWHERE[source], source)
    assert message.startswith(SOURCES[source][1].format(UNKNOWN))
    assert "Could not resolve host" in (message if source != "api" else far.stack.syncd.log_text()[logged:])
    reconfigure(far.stack, lambda content: next(s for s in content["sources"] if s["name"] == source).update(far.files[source]))
    far.stack.syncd.await_synced(source)


@pytest.fixture(scope="module", params=LOSSES)
def lost(request, far):
    far.lose(request.param)
    yield request.param
    far.find()


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_that_is_lost(far, lost, source):
    connections, beginning = SOURCES[source]
    asked, logged = far.site.secure_connections(), len(far.stack.syncd.log_text())
    answered = far.site.requests()
    message = fails(far.stack, source)
    assert message.startswith(beginning.format(far.site.secure_url("").rstrip("/")))
    # What hides behind the words of the specification is in the log.
    assert LOSSES[lost] in (message if source != "api" else far.stack.syncd.log_text()[logged:])
    if lost != "nobody listens":
        assert far.site.secure_connections() == asked + connections
        assert far.site.requests() == answered, "it was tried without TLS"
