"""An HTTP server that misbehaves on request: every byte of an answer is the test's to choose.

Upstream.answer is called with each request and returns the bytes to send, or an iterator of pieces; after the last
one the connection is closed. Registry is a good answer: an API with pages, to be replaced in part or for a while.
"""
import gzip
import json
import socket
import ssl
import subprocess
import threading
import urllib.parse

from harness.catalog import OFFICIAL

PROSE = "Implements https://github.com/modelcontextprotocol/registry"
OPENAPI = f"openapi: 3.1.0\ninfo:\n  title: Upstream\n  version: 1.0.0\n  description: {PROSE}\n".encode()


def answer(body=b"", line="200 OK", length=None, **headers):
    """A whole answer. Keywords are headers, '_' for '-'."""
    fields = {"Content-Length": len(body) if length is None else length, "Connection": "close"}
    fields.update((k.replace("_", "-"), v) for k, v in headers.items())
    head = "".join(f"{k}: {v}\r\n" for k, v in fields.items() if v is not False)
    line = line if isinstance(line, bytes) else line.encode()
    return b"HTTP/1.1 " + line + b"\r\n" + head.encode() + b"\r\n" + body


def packed(body, **headers):
    return answer(gzip.compress(body, 1), Content_Encoding="gzip", **headers)


def entry(server, status=None, message=None):
    """An element of a page."""
    official = {"publishedAt": "2026-01-15T10:30:00Z", "isLatest": True}
    official.update((k, v) for k, v in (("status", status), ("statusMessage", message)) if v)
    return {"server": server, "_meta": {OFFICIAL: official}}


def page(entries, cursor=None):
    metadata = {"count": len(entries), **({"nextCursor": cursor} if cursor else {})}
    return json.dumps({"servers": entries, "metadata": metadata}).encode()


class Request:
    def __init__(self, head):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ", 2)
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
        self.path, _, query = self.target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    def __repr__(self):
        return f"{self.method} {self.target}"


def received(connection):
    """A whole request, or None. Its body is of no interest, but whoever leaves it unread resets the connection."""
    lines = []
    with connection.makefile("rb") as stream:
        while (line := stream.readline()) not in (b"\r\n", b""):
            lines.append(line.rstrip(b"\r\n"))
        if not line or not lines:
            return None
        request = Request(b"\r\n".join(lines))
        stream.read(int(request.headers.get("content-length", 0)))
    return request


class Registry:
    """Pages of entries, as a registry answers. `size` entries a page, whatever the limit asks for."""

    def __init__(self, entries, size=2, openapi=answer(OPENAPI)):
        self.entries, self.size, self.openapi = entries, size, openapi

    def __call__(self, request):
        if request.path.endswith("/openapi.yaml"):
            return self.openapi
        if not request.path.endswith("/v0.1/servers"):
            return answer(line="404 Not Found")
        start = int(request.query.get("cursor", "at 0&=").split()[1].rstrip("&="))
        end = start + self.size
        more = f"at {end}&=" if end < len(self.entries) else None
        return answer(page(self.entries[start:end], more))


class Upstream:
    def __init__(self, reply, tls=None):
        self.answer, self.requests, self.open = reply, [], set()
        self.tls = tls and server_context(*tls)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path="", userinfo="", host="127.0.0.1"):
        return f"http{'s' if self.tls else ''}://{userinfo}{host}:{self.port}{path}"

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        self.open.add(connection)
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                self.open.add(connection)
            request = received(connection)
            if request is None:
                return
            self.requests.append(request)
            pieces = self.answer(request)
            for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                connection.sendall(piece)
        except OSError:
            pass  # the client has heard enough
        finally:
            connection.close()

    def stop(self):
        # close() alone does not wake a thread in accept().
        for end in (self.listener, *self.open):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def self_signed(folder, names="DNS:localhost,IP:127.0.0.1"):
    """A certificate that signs itself, and its key: two paths."""
    certificate, key = f"{folder}/upstream.pem", f"{folder}/upstream.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return certificate, key
