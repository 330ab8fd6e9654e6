"""The commands beside run: sync, status and validate, and what they say to people, programs and terminals."""
import json
import os
import pty
import shutil
import signal
import subprocess
import termios

import pytest
import yaml

from harness import build, server, wait_until
from harness.catalog import write

SERVER = [server("com.example.a/one")]


@pytest.fixture
def one(stack):
    """A daemon with a source that is synced, and a managed one."""
    made = stack({"src": SERVER, "mine": None})
    made.syncd.start()
    made.syncd.await_synced("src")
    return made


# --- sync


def test_sync_waits_for_success(one):
    one.write("src", SERVER + [server("com.example.a/two")])
    done = one.syncd.command("sync", "src", "--wait")
    assert (done.returncode, done.stderr.count("failed")) == (0, 0), done.stderr
    assert done.stdout.startswith("src: changed: 2 servers, 0 skills, 0 plugins; 1 added, 0 changed, 0 removed;")
    assert "\x1b" not in done.stderr and "\r" not in done.stderr
    assert one.sql("select count(*) from entry where alive") == "2"
    again = one.syncd.command("sync", "src", "--wait")
    assert again.returncode == 0 and again.stdout.startswith("src: unchanged: 2 servers")


def test_sync_waits_for_failure(one):
    write(one.paths["src"], "{")
    done = one.syncd.command("sync", "src", "--wait")
    assert done.returncode == 1 and done.stdout == ""
    assert "the sync of 'src' failed: Fetch failed: " in done.stderr
    # The reason is of this sync, not of the last one.
    one.write("src", SERVER)
    assert one.syncd.command("sync", "src", "--wait").returncode == 0


def test_sync_without_waiting(one):
    one.write("src", [server("com.example.a/two")])
    done = one.syncd.command("sync", "src")
    assert done.returncode == 0, done.stderr
    wait_until(lambda: one.sql("select name from entry where alive") == "com.example.a/two", "it is synced")


def test_sync_on_a_terminal(one):
    """One line, rewritten, and gone before the last word."""
    one.syncd.stop()
    mine, theirs = pty.openpty()
    done = subprocess.run([build.syncd(), "sync", "src", "--wait", "--config", one.config], stderr=theirs, timeout=60)
    shown = os.read(mine, 65536).decode()
    for end in (mine, theirs):
        os.close(end)
    assert done.returncode == 1
    progress, words = shown.split("\r\x1b[K")
    assert progress.startswith("\rsrc: waiting for a ") and progress.endswith("\x1b[K") and "\n" not in progress
    assert words.startswith("thv-syncd: no daemon is running")


@pytest.mark.parametrize(
    "words, code, text",
    [
        (["nobody"], 1, "no source 'nobody'; there are: mine, src"),
        (["nobody", "--wait"], 1, "no source 'nobody'; there are: mine, src"),
        (["mine", "--wait"], 1, "source 'mine' is of type managed"),
        ([], 2, "usage: thv-syncd sync NAME"),
        (["src", "more"], 2, "usage: thv-syncd sync NAME"),
        (["src", "--yes"], 2, "unknown option"),
        (["src' or true --", "--wait"], 1, "no source"),
        (["é\x01", "--wait"], 1, "no source"),
    ],
)
def test_sync_of_what_cannot_be_synced(one, words, code, text):
    done = one.syncd.command("sync", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert text in done.stderr


def test_sync_without_a_daemon(one):
    one.syncd.stop()
    one.write("src", [server("com.example.a/two")])
    done = one.syncd.command("sync", "src", "--wait")
    assert done.returncode == 1 and "no daemon is running" in done.stderr
    assert "src: waiting for a daemon\n" in done.stderr
    one.syncd.start()
    wait_until(lambda: one.sql("select name from entry where alive") == "com.example.a/two", "it is served later")
    assert one.sql("select trigger from sync_run order by id desc limit 1") == "request"


def test_sync_without_a_schema(stack):
    done = stack({"src": SERVER}).syncd.command("sync", "src", "--wait")
    assert done.returncode == 1 and "no schema yet" in done.stderr


# --- status


def test_the_history(one):
    one.write("src", SERVER + [server("com.example.a/two")])
    one.syncd.command("sync", "src", "--wait")
    write(one.paths["src"], "{")
    one.syncd.command("sync", "src", "--wait")
    runs = json.loads(one.syncd.command("status", "--json", "--runs", "src").stdout)
    assert runs["source"] == "src"
    assert [(r["outcome"], r["trigger"], r["added"]) for r in runs["runs"]] == [
        ("failed", "request", 0),
        ("changed", "request", 1),
        ("changed", "interval", 1),
    ]
    assert runs["runs"][0]["message"].startswith("Fetch failed: ") and runs["runs"][1]["bytes"] > 100
    text = one.syncd.command("status", "--runs", "src").stdout
    assert text.startswith("RUN") and "Fetch failed: " in text
    missing = one.syncd.command("status", "--runs", "nobody")
    assert missing.returncode == 1 and "no source 'nobody'" in missing.stderr


def test_status_tells_when_it_is_tried_again(one):
    write(one.paths["src"], "{")
    one.syncd.command("sync", "src", "--wait")
    shown = one.syncd.source("src")
    assert (shown["state"], shown["consecutiveFailures"], shown["servers"]) == ("failed", 1, 1)
    assert shown["lastSuccess"] < shown["nextDue"] and (shown["running"], shown["requested"]) == (False, False)
    text = one.syncd.command("status").stdout
    assert "1 consecutive failure\n" in text and "Fetch failed: " in text


# --- validate


def kubernetes(config):
    config["sources"].append({"name": "cluster", "kubernetes": {}})


def telemetry(config):
    config["telemetry"] = {"enabled": True}


def dynamic_auth(config):
    config["database"]["dynamicAuth"] = {"awsRdsIam": {"region": "eu-west-1"}}


@pytest.mark.parametrize(
    "ask_for, key",
    [(kubernetes, "sources[].kubernetes"), (telemetry, "telemetry.enabled"), (dynamic_auth, "database.dynamicAuth")],
)
def test_validate_warns_of_what_run_refuses(stack, ask_for, key):
    one = stack({"src": SERVER})
    with open(one.config) as f:
        config = yaml.safe_load(f)
    ask_for(config)
    write(one.config, yaml.safe_dump(config))
    done = one.syncd.command("validate")
    assert done.returncode == 0 and key in done.stderr
    one.syncd.start()
    assert one.syncd.wait() == 1
    assert key in one.syncd.log_text()


def test_the_corpus_of_configurations():
    corpus = os.path.join(build.SHARED, "golden", "configs")
    if not os.path.isdir(corpus):
        pytest.skip(f"no recorded configurations in {corpus}")
    command = ["python3", os.path.join(corpus, "check.py"), "--cmd", f"{build.syncd()} validate --config {{}}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# --- the unit


def test_the_unit_is_one(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is missing (Debian: systemd)")
    with open(build.shipped("thv-syncd.service")) as f:
        unit = f.read()
    # The program and the account need not be installed here.
    lines = [line for line in unit.split("\n") if not line.startswith(("User=", "Group="))]
    text = "\n".join(lines).replace(unit[unit.index("ExecStart=") :].split()[0], f"ExecStart={build.syncd()}")
    path = tmp_path / "thv-syncd.service"
    path.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True)
    complaints = [line for line in done.stderr.split("\n") if "thv-syncd" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr
    assert "Type=notify" in lines


# --- prime-db


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_terminal_shows_again_what_is_typed(end):
    """Whoever changes his mind at the prompt for the password."""
    ours, theirs = pty.openpty()

    def is_shown():
        return bool(termios.tcgetattr(theirs)[3] & termios.ECHO)

    words = [build.syncd(), "prime-db", "login", "--config", "/nowhere.yaml"]
    child = subprocess.Popen(words, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: not is_shown(), "it asks")
        child.send_signal(end)
        assert child.wait(20) == -end
        assert is_shown()
    finally:
        child.kill()
        os.close(ours)
        os.close(theirs)
