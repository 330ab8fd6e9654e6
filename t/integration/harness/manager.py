"""A service manager that notes all it is told."""
import os
import re
import socket
import threading

from harness.waiting import wait_until


class Manager:
    """Reads at once what comes: a daemon whose messages nobody takes would wait."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.messages = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                text = self.socket.recv(65536).decode()
            except OSError:
                return
            if not text:
                return
            self.messages.append(text)

    def heard(self, pattern):
        """All messages that are that from end to end, a regular expression."""
        return [m for m in self.messages if re.fullmatch(pattern, m)]

    def hear(self, pattern, times=1):
        wait_until(lambda: len(self.heard(pattern)) >= times, f"the service manager hears {pattern!r}")

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
