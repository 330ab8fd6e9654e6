"""A small HTTP client that sends paths as they are given."""
import gzip
import http.client
import json as jsonlib
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        body = gzip.decompress(self.body) if self.header("Content-Encoding") == "gzip" else self.body
        return jsonlib.loads(body)

    def header(self, name):
        """All values of a header joined by commas, or None."""
        values = [v for k, v in self.headers if k.lower() == name.lower()]
        return ", ".join(values) if values else None

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:300]!r}>"


class Client:
    """One keep-alive connection to a loopback port; opened when needed, and again when the server closed it."""

    def __init__(self, port, prefix=""):
        self.port, self.prefix, self.connection = port, prefix, None

    def request(self, method, path, headers=None, body=None):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                return self.send(method, self.prefix + path, headers or {}, body)
            except (http.client.BadStatusLine, ConnectionError):
                self.close()
                if attempt == 2:
                    raise

    def send(self, method, path, headers, body):
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        if body is not None:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())

    def get(self, path, **headers):
        return self.request("GET", path, {k.replace("_", "-"): v for k, v in headers.items()})

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    # --- the consumer API

    def servers(self, registry="default", **parameters):
        query = urllib.parse.urlencode(parameters)
        return self.get(f"/registry/{registry}/v0.1/servers" + (f"?{query}" if query else ""))

    def versions(self, name, registry="default"):
        return self.get(f"/registry/{registry}/v0.1/servers/{quote(name)}/versions")

    def version(self, name, version="latest", registry="default"):
        return self.get(f"/registry/{registry}/v0.1/servers/{quote(name)}/versions/{quote(version)}")

    def walk(self, registry="default", **parameters):
        """Every entry of every page, in order. Follows cursors as clients do."""
        cursor, entries = {}, []
        while True:
            answer = self.servers(registry, **parameters, **cursor)
            assert answer.status == 200, answer
            page = answer.json
            assert page["metadata"]["count"] == len(page["servers"])
            entries += page["servers"]
            if not page["metadata"].get("nextCursor"):
                return entries
            assert page["servers"], "an empty page with a cursor"
            cursor = {"cursor": page["metadata"]["nextCursor"]}


def quote(text):
    return urllib.parse.quote(text, safe="")


def keys(entries):
    """(name, version) of each entry, in order."""
    return [(e["server"]["name"], e["server"]["version"]) for e in entries]
