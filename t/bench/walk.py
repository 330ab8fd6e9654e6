#!/usr/bin/python3
"""walk.py PORT PATH: follows nextCursor from page to page on one connection; prints entries and seconds.

Plain sockets and byte searches, so that the server is measured and not the client. PATH is the list with its
parameters, such as /registry/default/v0.1/servers?limit=1.
"""
import re
import socket
import sys
import time
import urllib.parse

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
CURSOR = re.compile(rb'"nextCursor" *: *"([^"]+)"')
COUNT = re.compile(rb'"count" *: *(\d+)')


def answer(connection, held):
    """The next body, and what came after it."""
    while (end := held.find(b"\r\n\r\n")) < 0:
        held += receive(connection)
    head, body = held[:end], held[end + 4:]
    if not head.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"not 200: {head[:200]!r}")
    length = int(LENGTH.search(head)[1])
    while len(body) < length:
        body += receive(connection)
    return body[:length], body[length:]


def receive(connection):
    chunk = connection.recv(262144)
    if not chunk:
        raise SystemExit("the server closed the connection")
    return chunk


def walk(port, path):
    """(entries, seconds)"""
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    entries, cursor, held, start = 0, "", b"", time.monotonic()
    while True:
        connection.sendall(f"GET {path}{cursor} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        body, held = answer(connection, held)
        metadata = body[body.rfind(b'"metadata"'):]
        entries += int(COUNT.search(metadata)[1])
        found = CURSOR.search(metadata)
        if not found:
            return entries, time.monotonic() - start
        cursor = "&cursor=" + urllib.parse.quote(found[1].decode(), safe="")


if __name__ == "__main__":
    print("%d entries, %.2f s" % walk(int(sys.argv[1]), sys.argv[2]))
