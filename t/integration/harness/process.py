"""A program in the background, with a log that is printed when a test fails."""
import os
import signal
import subprocess

from harness.waiting import wait_until

# What runs now, for the report of a failing test.
RUNNING = []


def tail(path, lines=60):
    try:
        with open(path, errors="replace") as log:
            return "".join(log.readlines()[-lines:])
    except OSError as e:
        return str(e)


class Process:
    """Started with start(), stopped with stop(); kill() is the crash."""

    def __init__(self, name, log):
        self.name, self.log, self.child, self.begin = name, log, None, 0

    def spawn(self, command, env=None, cwd=None):
        with open(self.log, "ab") as log:
            self.begin = log.tell()
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=cwd, start_new_session=True
            )
        RUNNING.append(self)

    @property
    def running(self):
        return self.child is not None and self.child.poll() is None

    def send(self, number):
        self.child.send_signal(number)

    def wait(self, seconds=30):
        return self.child.wait(seconds)

    def stop(self, number=signal.SIGTERM):
        """Asks it to stop; returns the exit status. One that does not listen is killed, and that is a failure."""
        if self.child is None:
            return None
        if self.running:
            self.send(number)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not stop within 30 s\n{tail(self.log)}")
        finally:
            self.forget()

    def kill(self):
        """kill -9 for it and what it started."""
        if self.running:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.wait()
        self.forget()

    def forget(self):
        if self in RUNNING:
            RUNNING.remove(self)
        self.child = None

    def await_log(self, text, seconds=20):
        """Waits for a text in what it has logged since its last start."""
        wait_until(lambda: text in self.log_text(self.begin), f"{self.name} logs {text!r}", seconds)

    def log_text(self, begin=0):
        with open(self.log, errors="replace") as log:
            log.seek(begin)
            return log.read()
