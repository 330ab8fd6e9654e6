"""What tests of the daemon share: locks that make it wait, a cable that can be cut, looks at its rows."""
import os
import socket
import threading

import psycopg2

from harness.config import change_config
from harness.waiting import wait_until

RUNS = "select trigger, outcome from sync_run order by id"


def every_second(one):
    change_config(one, lambda c: [s["syncPolicy"].update(interval="1s") for s in c["sources"]])
    return one


def connect(one):
    return psycopg2.connect(host=one.postgres.host, user="admin", dbname=one.database)


def names(one):
    """What a reader sees."""
    return one.sql("select name from entry where alive order by 1").split("\n")


def row(one, columns, name="src"):
    """Of a source's row, by |."""
    return one.sql(f"select {columns} from source_sync join source s on s.id = source_id where s.name = '{name}'")


def outcomes(one):
    return [line.split("|")[1] for line in one.sql(RUNS).split("\n")]


class Held:
    """A table that others wait for."""

    def __init__(self, one, table):
        self.connection = connect(one)
        self.connection.cursor().execute(f"lock table {table} in share mode")

    def release(self):
        self.connection.close()


WAITS = (
    "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    " and application_name = 'thv-syncd: {}'"
)


def await_waiting(one, step="writing"):
    """Waits until the daemon, at that step, waits for a lock; the pid of its session."""
    return wait_until(lambda: one.sql(WAITS.format(step)), f"the daemon waits while {step}")


class Cable:
    """Between the daemon and PostgreSQL. cut(n) takes it away when the answer to the n-th COMMIT from now arrives."""

    def __init__(self, one):
        self.target = os.path.join(one.postgres.host, ".s.PGSQL.5432")
        self.folder = os.path.join(one.folder, "c")
        os.mkdir(self.folder)
        self.left, self.cuts = 0, 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(self.folder, ".s.PGSQL.5432"))
        self.listener.listen()
        change_config(one, lambda c: c["database"].update(host=self.folder))
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self, n):
        self.left = n

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(self.target)
            except OSError:
                near.close()
                continue
            doomed = threading.Event()
            for source, sink, look in ((near, far, self.asked), (far, near, self.answered)):
                threading.Thread(target=self.pump, args=(source, sink, look, doomed), daemon=True).start()

    def asked(self, data, doomed):
        if self.left and b"COMMIT\n\0" in data:
            self.left -= 1
            if self.left == 0:
                doomed.set()
        return True

    def answered(self, data, doomed):
        self.cuts += doomed.is_set()
        return not doomed.is_set()

    def pump(self, source, sink, look, doomed):
        try:
            while (data := source.recv(65536)) and look(data, doomed):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # close() alone does not wake a thread in accept()
        self.listener.close()
