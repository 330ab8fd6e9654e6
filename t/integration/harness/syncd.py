"""thv-syncd: the daemon in the background, and its commands."""
import json
import os
import signal
import subprocess

from harness import build
from harness.process import Process, tail
from harness.waiting import wait_until


class Syncd(Process):
    def __init__(self, folder, config):
        super().__init__("thv-syncd", os.path.join(folder, "thv-syncd.log"))
        self.folder, self.config = folder, config
        self.options, self.environment = [], {}

    def start(self):
        env = {**os.environ, **self.environment}
        self.spawn([build.syncd(), "run", "--config", self.config, *self.options], env=env, cwd=self.folder)

    def command(self, *words, stdin=""):
        """Runs a command with --config; the finished process, whatever became of it."""
        return run(*words, "--config", self.config, stdin=stdin, cwd=self.folder)

    def status(self):
        done = self.command("status", "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def source(self, name):
        return next(s for s in self.status()["sources"] if s["name"] == name)

    def await_synced(self, *names):
        """Waits until each of the sources has a complete sync behind it."""

        def all_complete():
            if not self.running:
                raise AssertionError("thv-syncd has stopped")
            states = {s["name"]: s["state"] for s in self.status()["sources"]}
            return all(states.get(name) == "complete" for name in names)

        try:
            wait_until(all_complete, f"sources {names} are synced")
        except AssertionError as e:
            raise AssertionError(f"{e}\n{tail(self.log)}") from None

    def sync_now(self):
        """Looks at all sources at once; waits until it is up to do so."""
        self.await_log("Sources and registries are those of the configuration")
        self.send(signal.SIGUSR1)


def run(*words, stdin="", cwd="/", env=None):
    return subprocess.run(
        [build.syncd(), *words], input=stdin, capture_output=True, text=True, cwd=cwd, timeout=60, env=env
    )
