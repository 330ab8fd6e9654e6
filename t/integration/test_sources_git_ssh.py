"""Git over ssh: keys come from the agent, hosts are those of ~/.ssh/known_hosts."""
import os
import tempfile

import pytest

from harness import wait_until
from harness.config import change_config
from harness.git_stack import CLONE, ONE, THREE, await_names, children, is_gone, look, message, names, repository, silent, synced, turned  # noqa: F401 (fixtures)
from harness.httpd import free_port
from harness.keeping import fails
from harness.sshd import Agent, Sshd

NAMES = ["com.example.a/one", "com.example.a/two"]
FAILED = CLONE + "failed to clone repository: "
# A libgit2 without ssh says nothing else.
NO_SSH = FAILED + 'unsupported scheme "ssh"'


@pytest.mark.parametrize("form", ["ssh://127.0.0.1:{}/x", "ssh://git@127.0.0.1:{}/x.git"])
def test_nobody_listens(synced, repository, form):
    one = synced(repository=repository.path)
    said = turned(one, repository=form.format(free_port()))
    assert said in (NO_SSH, FAILED + "failed to connect to 127.0.0.1: Connection refused")


def test_the_short_form(synced, repository):
    """Its port is the system's: who listens there, if anybody, does not know us."""
    one = synced(repository=repository.path)
    said = turned(one, repository="git@127.0.0.1:none/x.git")
    assert said.startswith(FAILED)


def test_a_password_is_refused(synced, repository):
    one = synced(repository=repository.path)
    auth = {"username": "reader", "passwordFile": "/etc/hostname"}
    said = turned(one, repository=f"ssh://127.0.0.1:{free_port()}/x", auth=auth)
    assert said in (NO_SSH, FAILED + "invalid auth method: a password cannot be used with ssh")


def test_silence(synced, repository, silent):
    one = synced(repository=repository.path)
    change_config(one, lambda content: content["sync"].update(deadline="2s"))
    url = f"ssh://git@127.0.0.1:{silent.getsockname()[1]}/x"
    pids = []

    said = turned(one, repository=url, meanwhile=lambda: pids.extend(children(one)))
    assert said in (NO_SSH, "Fetch failed: not done within 2 s (sync.deadline), while fetching")
    assert pids or said == NO_SSH
    wait_until(lambda: all(is_gone(pid) for pid in pids), "the process is gone")


# --- with a server


@pytest.fixture
def home():
    """Short, because the agent's socket is in it."""
    with tempfile.TemporaryDirectory(prefix="ssh-", dir="/tmp") as path:
        yield path


@pytest.fixture
def sshd(home):
    if Sshd.missing():
        pytest.skip(Sshd.missing())
    made = Sshd(home)
    if made.refusal():
        pytest.skip(f"sshd: {made.refusal()}")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def agent(sshd, home):
    made = Agent(home)
    made.start()
    yield made
    made.kill()


def test_a_repository(synced, repository, sshd, agent, home):
    sshd.know()
    agent.keys("user")
    environment = {"HOME": home, "SSH_AUTH_SOCK": agent.socket}
    # libgit2's ssh loses a few bytes a connection, in functions without names: a suppression would hide ours as well.
    environment["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))
    one = synced(environment=environment, await_it=False, repository=sshd.url(repository.path))
    if wait_until(lambda: message(one) == NO_SSH or names(one) == NAMES, "it is synced or refused") and not names(one):
        pytest.skip("this libgit2 has no ssh")
    repository.commit([ONE, THREE])
    assert look(one) == "changed"
    await_names(one, "com.example.a/one", "com.example.a/xyz")
    # Another host than the one we knew, or one that we have never heard of.
    sshd.know("stranger")
    assert fails(one) == FAILED + "invalid or unknown remote ssh hostkey"
    os.unlink(os.path.join(home, ".ssh", "known_hosts"))
    assert fails(one) == FAILED + "invalid or unknown remote ssh hostkey"
    # A key that nobody lets in, none at all, no agent.
    sshd.know()
    agent.keys("stranger")
    assert fails(one) == FAILED + "authentication failed"
    agent.keys()
    assert fails(one) == FAILED + "authentication failed"
    agent.kill()
    assert fails(one).startswith(FAILED + "error authenticating: ")
