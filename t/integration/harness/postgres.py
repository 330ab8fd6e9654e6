"""A private PostgreSQL cluster: a Unix socket, no TCP. Roles are trusted: only the tests can enter its folder."""
import itertools
import os
import shutil
import signal
import subprocess

from harness import build
from harness.process import Process, tail
from harness.waiting import wait_until


def as_account(command):
    if not build.IS_ROOT:
        return command
    return ["setpriv", "--reuid", build.ACCOUNT, "--regid", build.ACCOUNT, "--init-groups", "--", *command]


class Postgres(Process):
    def __init__(self, folder):
        os.makedirs(folder)
        super().__init__("PostgreSQL", os.path.join(folder, "postgres.log"))
        self.folder, self.data, self.host = folder, os.path.join(folder, "data"), os.path.join(folder, "s")
        os.makedirs(self.host, mode=0o700)
        if build.IS_ROOT:
            for path in (self.folder, self.host):
                shutil.chown(path, build.ACCOUNT)
        self.numbers = itertools.count(1)
        assert len(self.host) < 90, f"too long for a Unix socket: {self.host}"

    def initdb(self):
        command = ["initdb", "-D", self.data, "-U", "admin", "--encoding=UTF8", "--no-locale", "--auth=trust", "--no-sync"]
        command[0] = os.path.join(build.postgres_bin(), command[0])
        done = subprocess.run(as_account(command), capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, **more):
        """`more` are settings."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.host,
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "log_checkpoints": "off",
            "log_line_prefix": "%m [%p] %q%u@%d %a ",
            **more,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        self.spawn(as_account([os.path.join(build.postgres_bin(), "postgres"), "-D", self.data, *options]), cwd="/")
        wait_until(lambda: not self.running or self.sql("select 1") == "1", "PostgreSQL answers")
        assert self.running, tail(self.log)

    def stop(self, number=signal.SIGINT):
        """SIGINT is the fast shutdown: sessions are cut off, data is safe."""
        return super().stop(number)

    def restart(self):
        self.stop()
        self.start()

    def sql(self, text, database="postgres", user="admin"):
        """The answer as text: rows by line, columns by |."""
        psql = os.path.join(build.postgres_bin(), "psql")
        command = [psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-U", user, "-d", database, "-c", text]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.rstrip("\n")

    def new_database(self):
        name = f"t{next(self.numbers)}"
        self.sql(f"create database {name} template template0")
        return name

    def drop_database(self, name):
        self.sql(f"drop database if exists {name} with (force)")
