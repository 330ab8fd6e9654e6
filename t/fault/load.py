"""Readers that never stop asking, and what they were answered."""
import threading
import time

from harness import Client


class Load:
    """with Load(port, paths) as load: … Each reader keeps one connection; answers are (time, path, Answer)."""

    def __init__(self, port, paths, readers=4, **headers):
        self.port, self.paths, self.headers = port, paths, headers
        self.answers, self.errors, self.stopping = [], [], threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(i,), daemon=True) for i in range(readers)]

    def read(self, number):
        client, turn = Client(self.port), number
        while not self.stopping.is_set():
            path = self.paths[turn % len(self.paths)]
            turn += 1
            try:
                self.answers.append((time.monotonic(), path, client.get(path, **self.headers)))
            except Exception as e:  # told by the test
                self.errors.append((time.monotonic(), path, repr(e)))
                client.close()

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a reader got no answer within a minute"

    def since(self, moment):
        return [answer for when, _, answer in list(self.answers) if when > moment]

    def statuses(self, moment=0.0):
        return {answer.status for answer in self.since(moment)}
