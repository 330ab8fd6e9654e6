"""Git repositories as sources: bounds, credentials, damaged caches, far sides that are silent or lie, and what becomes
of the child process that fetches."""
import glob
import http.server
import json
import os
import signal
import subprocess
import threading

import pytest

from harness import build, server, wait_until
from harness.catalog import write
from harness.git import Repository
from harness.git_stack import CLONE, FAILED, ONE, THREE, await_names, cache, children, fails, is_gone, look, message, names
from harness.git_stack import repository, silent, site, synced  # noqa: F401 (fixtures)



def ask(request):
    """The child by itself: its answer to a request."""
    done = subprocess.run(
        [build.syncd(), "git-child"], input=json.dumps(request).encode(), capture_output=True, timeout=60, check=True
    )
    line, _, document = done.stdout.partition(b"\n")
    return json.loads(line), document


def test_a_transfer_that_is_too_large(repository, site, folder):
    """The bound is fixed in the daemon, and an argument of its child."""
    repository.commit(os.urandom(300_000).hex(), path="noise")
    repository.commit([ONE])
    request = {
        "repository": site().url("git/catalog.git"),
        "path": "registry.json",
        "cache": os.path.join(os.path.dirname(repository.path), "cache"),
        "document_bytes": 100_000,
        "received_bytes": 200_000,
    }
    answer, _ = ask(request)
    assert "more than 200000 bytes received" in answer["error"]
    answer, document = ask({**request, "received_bytes": 2_000_000})
    assert json.loads(document)["data"]["servers"] == [ONE]
    assert len(document) == answer["len"]


class Endless(http.server.BaseHTTPRequestHandler):
    """Says that it has one reference after the other."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        self.end_headers()
        self.wfile.write(b"001e# service=git-upload-pack\n0000")
        number = 0
        try:
            while True:
                lines = (b"%04x%s refs/heads/%010d\n" % (67, b"a" * 40, number + i) for i in range(10_000))
                self.wfile.write(b"".join(lines))
                number += 10_000
        except OSError:
            pass  # it was given up

    def log_message(self, *_):
        pass


def test_references_without_end(folder):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endless) as endless:
        threading.Thread(target=endless.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{endless.server_port}/x.git"
        cache = os.path.join(folder, "endless-cache")
        answer, _ = ask(
            {"repository": url, "path": "x", "cache": cache, "document_bytes": 1000, "received_bytes": 1 << 30}
        )
        endless.shutdown()
    assert f"more than {64 << 20} bytes received" in answer["error"]


# --- credentials


def password_file(one_folder, text):
    path = os.path.join(one_folder, "password")
    write(path, text)
    return path


def test_a_password(synced, repository, site):
    served = site()
    top = os.path.dirname(repository.path)
    auth = {"username": "reader", "passwordFile": password_file(top, "\n first secret\u00a0\n")}
    one = synced(repository=served.url("private/catalog.git"), auth=auth)
    await_names(one, "com.example.a/one", "com.example.a/two")
    # It is changed at the server, and refused …
    served.set_password("reader", "second")
    fails(one, CLONE + "failed to clone repository: authentication failed: HTTP 401")
    # … and read anew from its file.
    password_file(top, "second\n")
    assert look(one) == "unchanged"
    os.unlink(auth["passwordFile"])
    fails(one, FAILED + "failed to get git password: failed to read git password: open ")
    everything = one.syncd.log_text() + one.sql("select coalesce(string_agg(message, ' '), '') from sync_run")
    assert "secret" not in everything and "second" not in everything


def test_no_password(synced, repository, site):
    one = synced(await_it=False, repository=site().url("private/catalog.git"))
    wait_until(lambda: "authentication required: HTTP 401" in message(one), "it fails")


def test_a_password_in_the_url(synced, repository, site):
    served = site()
    url = served.url("private/catalog.git").replace("http://", "http://reader:first%20secret@")
    one = synced(repository=url)
    await_names(one, "com.example.a/one", "com.example.a/two")
    served.set_password("reader", "second")
    fails(one, CLONE)
    everything = one.syncd.log_text() + message(one) + one.sql("select source_config::text from source")
    assert "secret" not in everything and "reader" not in everything


class Recorder(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_GET(self):
        self.seen.append(self.headers.get("Authorization"))
        self.send_error(401)

    def log_message(self, *_):
        pass


@pytest.fixture
def recorder():
    """A server of somebody else, that writes down who comes with what."""
    Recorder.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def test_credentials_stay_at_home(synced, repository, site, recorder):
    """A redirect to another port: the other server does not get them, not even when it asks."""
    served = site(settings=f"Redirect 302 /away/ http://127.0.0.1:{recorder.server_port}/")
    auth = {"username": "reader", "passwordFile": password_file(os.path.dirname(repository.path), "first secret")}
    one = synced(await_it=False, repository=served.url("away/catalog.git"), auth=auth)
    wait_until(lambda: "HTTP 401" in message(one), "it fails")
    assert Recorder.seen and set(Recorder.seen) == {None}


# --- redirects


def test_a_redirect(synced, repository, site):
    served = site()
    one = synced(repository=served.url("moved/catalog.git"))
    await_names(one, "com.example.a/one", "com.example.a/two")
    assert ("POST", "/git/catalog.git/git-upload-pack") in [(m, p) for _, m, p, _ in served.requests()]


def test_redirects_without_end(synced, repository, site):
    served = site()
    one = synced(await_it=False, repository=served.url("loop/catalog.git"))
    wait_until(lambda: "stopped after 10 redirects" in message(one), "it fails")
    assert len(served.requests()) == 11


# --- damage


def damage_pack(folder):
    for pack in glob.glob(folder + "/objects/pack/*.pack"):
        os.chmod(pack, 0o600)
        with open(pack, "r+b") as f:
            f.seek(12)
            f.write(b"\0" * (os.path.getsize(pack) - 12))


def truncate_index(folder):
    for index in glob.glob(folder + "/objects/pack/*.idx"):
        os.chmod(index, 0o600)
        os.truncate(index, 100)


def remove_packs(folder):
    for pack in glob.glob(folder + "/objects/pack/*"):
        os.unlink(pack)


def overwrite(name, text):
    def change(folder):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.chmod(path, 0o600)
        with open(path, "w") as f:
            f.write(text)

    return change


DAMAGE = {
    "pack": damage_pack,
    "index": truncate_index,
    "no packs": remove_packs,
    "no HEAD": lambda folder: os.unlink(os.path.join(folder, "HEAD")),
    "config": overwrite("config", "[[["),
    "reference": overwrite("refs/registry/source", "nonsense"),
    "a lock left": overwrite("refs/registry/source.lock", ""),
    "no seal": lambda folder: os.unlink(os.path.join(folder, "mcpr")),
    "half a pack": overwrite("objects/pack/pack_git2_abcdef", "PACK"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_cache(synced, repository, site, kind):
    one = synced(repository=site().url("git/catalog.git"))
    DAMAGE[kind](cache(one))
    assert look(one) == "unchanged", message(one)
    DAMAGE[kind](cache(one))
    repository.commit([ONE, THREE])
    assert look(one) == "changed", message(one)
    await_names(one, "com.example.a/one", "com.example.a/xyz")
    assert not glob.glob(cache(one) + "/objects/pack/pack_*")


def test_another_repository_gets_another_cache(synced, repository, site):
    served = site()
    one = synced(repository=served.url("git/catalog.git"))
    other = Repository(os.path.join(os.path.dirname(repository.path), "other.git"))
    other.commit([THREE])
    text = open(one.config).read().replace("catalog.git", "other.git")
    write(one.config, text)
    await_names(one, "com.example.a/xyz")
    wait_until(lambda: len(glob.glob(cache(one) + "/objects/pack/*.pack")) == 1, "the old pack is gone")


def test_caches_are_swept(synced, repository, site):
    one = synced(repository=site().url("git/catalog.git"))
    one.syncd.stop()
    gone = os.path.join(one.state, "git", "gone")
    os.makedirs(os.path.join(gone, "objects"))
    write(os.path.join(gone, "objects", "x"), "x")
    half = os.path.join(cache(one), "objects/pack/pack_git2_abcdef")
    write(half, "PACK")
    one.syncd.start()
    wait_until(lambda: not os.path.exists(gone) and not os.path.exists(half), "what is left over goes")
    assert look(one) == "unchanged"


# --- silence


def hanging(silent):
    return f"http://127.0.0.1:{silent.getsockname()[1]}/x.git"


def test_a_repository_that_never_answers(synced, repository, silent):
    """It is given up at the deadline, and the other source is synced."""
    more = [{"name": "well", "git": {"repository": repository.path}, "syncPolicy": {"interval": "1h"}}]
    one = synced(more, {"deadline": "2s"}, await_it=False, repository=hanging(silent))
    one.syncd.await_synced("well")
    await_names(one, "com.example.a/one", "com.example.a/two")
    wait_until(lambda: "sync.deadline" in message(one), "it fails")
    wait_until(lambda: one.syncd.source("src")["state"] == "failed", "it fails")


def test_it_is_killed_when_the_daemon_stops(synced, silent):
    one = synced(await_it=False, repository=hanging(silent))
    pids = wait_until(lambda: children(one), "it is asked")
    assert one.syncd.stop() == 0
    assert all(is_gone(pid) for pid in pids)


def test_it_dies_with_the_daemon(synced, repository, silent):
    one = synced(await_it=False, repository=hanging(silent))
    pids = wait_until(lambda: children(one), "it is asked")
    one.syncd.kill()
    wait_until(lambda: all(is_gone(pid) for pid in pids), "the child is gone")
    text = open(one.config).read().replace(hanging(silent), repository.path)
    write(one.config, text)
    one.syncd.start()
    one.syncd.await_synced("src")
    await_names(one, "com.example.a/one", "com.example.a/two")


def test_a_child_that_crashes(synced, repository, silent):
    one = synced(await_it=False, repository=hanging(silent))
    pid = wait_until(lambda: children(one), "it is asked")[0]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: "ended by signal 9" in message(one), "it fails")
    assert one.syncd.running


@pytest.mark.parametrize("round", range(3))
def test_killed_in_the_middle(synced, repository, site, round):
    """kill -9 of the daemon while the child downloads: the next one ends with the new catalog and a tidy cache."""
    one = synced(repository=site().url("git/catalog.git"))
    repository.commit(os.urandom(3_000_000).hex(), path="noise")
    repository.commit([THREE])
    one.syncd.sync_now()
    pids = wait_until(lambda: children(one), "it downloads", interval=0)
    one.syncd.kill()
    wait_until(lambda: all(is_gone(pid) for pid in pids), "the child is gone")
    assert names(one) == ["com.example.a/one", "com.example.a/two"]
    one.syncd.start()
    one.syncd.sync_now()
    await_names(one, "com.example.a/xyz")
    assert not glob.glob(cache(one) + "/objects/pack/pack_*")
