"""How much memory a large document takes, and that a hostile one takes no more. Looked at is the most that the daemon
ever had in memory (VmHWM), and its child that fetches from git."""
import gzip
import itertools
import json
import os
import threading

import pytest
from conftest import private, shared
from harness import Upstream, build, server, wait_until
from harness.catalog import document, write
from harness.client import keys
from harness.git import Repository
from harness.git_site import GitSite
from harness.upstream import OPENAPI, answer, entry, page

# A document and what is made of it may take this many times its size, in each of the processes.
TIMES = 6
MIB = 2**20

pytestmark = pytest.mark.skipif(
    "-fsanitize" in build.made_with("MCPR_CFLAGS"), reason="sanitizers keep memory that was given back"
)
Stack = shared.Stack


@pytest.fixture(scope="module")
def postgres(folder):
    """One for all: nobody here breaks it."""
    yield from private(folder)


def peak(pid):
    """The most memory the process has had so far, in bytes."""
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmHWM"].split()[0]) * 1024


class Children(threading.Thread):
    """Watches the children of a process for as long as they live; `peak` is the most that one of them had."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def alive(self):
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/children") as children:
                yield from children.read().split()

    def look(self):
        for child in self.alive():
            with open(f"/proc/{child}/cmdline") as line:
                # One that has not become another program yet still shows the memory of the daemon.
                if "--config" not in line.read():
                    self.peak = max(self.peak, peak(child))

    def run(self):
        while not self.over.wait(0.005):
            try:
                self.look()
            except (OSError, KeyError):
                pass  # it has ended meanwhile


# --- a large catalog, from everywhere

COUNT = 50000
PROSE = "It does what its name says, and does it for everybody who asks. " * 28


def large_servers():
    """50,000 servers of 2 KB each."""
    return [json.dumps(server(f"com.example.n{i:05}/s", x=f"{i}: {PROSE}", y=[i, 1.5])) for i in range(COUNT)]


@pytest.fixture(scope="module")
def servers():
    made = large_servers()
    assert 90e6 < sum(map(len, made)) < 100e6
    return made


@pytest.fixture(scope="module")
def text(servers):
    head = '{"version":"1.0.0","meta":{"last_updated":"2026-01-15T10:30:00Z"},"data":{"servers":['
    return head + ",".join(servers) + "]}}"


class Source:
    """Where the catalog comes from: the keys of the source. What was started for it ends at the end."""

    def __init__(self, folder, upstream, git_site):
        self.folder, self.upstream, self.git_site = folder, upstream, git_site

    def file(self, servers, text):
        return {"file": {"path": write(os.path.join(self.folder, "large.json"), text)}}

    def url(self, servers, text):
        return {"file": {"url": self.upstream(lambda request: answer(text.encode())).url("/large.json")}}

    def git(self, servers, text):
        repository = Repository(os.path.join(self.folder, "large.git"))
        repository.commit(text)
        return {"git": {"repository": self.git_site(self.folder).url("git/large.git"), "branch": "main"}}

    def api(self, servers, text):
        def reply(request):
            if "yaml" in request.path:
                return answer(OPENAPI)
            begin = int(request.query.get("cursor", "0"))
            more = str(begin + 100) if begin + 100 < len(servers) else ""
            elements = ",".join(f'{{"server":{one}}}' for one in servers[begin : begin + 100])
            return answer(f'{{"servers":[{elements}],"metadata":{{"nextCursor":"{more}"}}}}'.encode())

        return {"api": {"endpoint": self.upstream(reply).url()}}


@pytest.fixture
def origin(folder, upstream):
    made = []

    def git_site(repositories):
        made.append(GitSite(repositories, repositories))
        made[-1].start()
        return made[-1]

    yield Source(folder, upstream, git_site)
    for one in made:
        one.stop()


@pytest.mark.parametrize("kind", ["file", "url", "git", "api"])
def test_a_large_catalog(stack, origin, servers, text, kind):
    one = stack({"src": getattr(origin, kind)(servers, text)})
    one.syncd.options = ["--state-dir", os.path.join(one.folder, "state")]
    one.syncd.start()
    watch = Children(one.syncd.child.pid)
    watch.start()
    wait_until(lambda: one.syncd.source("src")["state"] == "complete", "it is synced", seconds=120, interval=0.5)
    watch.over.set()
    assert one.sql("select count(*) from entry_version") == str(COUNT)
    assert peak(one.syncd.child.pid) < TIMES * len(text)
    assert (watch.peak > 0) == (kind == "git")
    assert watch.peak < TIMES * len(text)


# --- hostile ones: refused, and what was served is served on

OLD = [server("com.example.a/one"), server("com.example.a/two")]
NAMES = ["com.example.a/one", "com.example.a/two"]


def suffer(one, source, most):
    """Looks at its sources, of which this one fails now: its message. Nothing is lost, and no memory."""
    one.syncd.sync_now()
    failed = wait_until(lambda: (s := one.syncd.source(source))["consecutiveFailures"] and s, "the sync fails", seconds=60)
    assert failed["state"] == "failed"
    assert [n for n, _ in keys(one.client.walk())] == NAMES
    assert peak(one.syncd.child.pid) < most
    return failed["message"]


def heal(one, *sources):
    one.syncd.sync_now()
    one.syncd.await_synced(*sources)


# --- one entry that is the whole document

# Below and above what one entry may have.
SIZE, LARGER = 16 * 10**6, 17 * 10**6
BEFORE = '{"version":"1.0.0","meta":{"last_updated":"2026-01-15T10:30:00Z"},"data":{"servers":['
GOOD = json.dumps(OLD[0])
VALUES = "Fetch failed: validation failed: {}: {}: holds more than 100000 values"
BYTES = "Fetch failed: validation failed: {}: {}: is larger than 16777216 bytes"
UPSTREAM, TOOLHIVE = "registry schema validation failed", "failed to parse ToolHive registry format"


def filled(before, piece, after, size=LARGER):
    """A document of this size: the piece again and again, the last one without its comma."""
    times = (size - len(before) - len(after)) // len(piece)
    return before + (piece * times).rstrip(",") + after


def second_server(opening, piece, closing, size=LARGER):
    return filled(f'{BEFORE}{GOOD},{{"x":{opening}', piece, f"{closing}}}]}}}}", size)


def a_list(piece):
    return lambda: second_server("[", piece, "]", SIZE)


def members():
    piece = "".join(f'"{i}":0,' for i in range(10**6, 10**6 + SIZE // 12 - 50))
    return second_server("{", piece, "}", SIZE)


FILES = {
    # the document -> the message
    "objects": (a_list("{},"), VALUES.format(UPSTREAM, "data.servers.1")),
    "lists": (a_list("[],"), VALUES.format(UPSTREAM, "data.servers.1")),
    "numbers": (a_list("7,"), VALUES.format(UPSTREAM, "data.servers.1")),
    "wide numbers": (a_list("-0,"), VALUES.format(UPSTREAM, "data.servers.1")),
    "texts": (a_list('"",'), VALUES.format(UPSTREAM, "data.servers.1")),
    "members": (members, VALUES.format(UPSTREAM, "data.servers.1")),
    "a skill": (
        lambda: filled(f'{BEFORE}{GOOD}],"skills":[{{"x":[', "{},", "]}]}}", SIZE),
        VALUES.format(UPSTREAM, "data.skills.0"),
    ),
    "ToolHive's": (
        lambda: filled('{"servers":{"a":{"image":"i","x":[', "{},", "]}}}", SIZE),
        VALUES.format(TOOLHIVE, "servers.a"),
    ),
    "a text": (lambda: second_server('"', "text", '"'), BYTES.format(UPSTREAM, "data.servers.1")),
    "escapes": (lambda: second_server('"', "\\n\\u0001", '"'), BYTES.format(UPSTREAM, "data.servers.1")),
    "digits": (lambda: second_server("", "7", ""), BYTES.format(UPSTREAM, "data.servers.1")),
    "a key": (
        lambda: filled('{"servers":{"', "\\n", '":{"image":"i"}}}'),
        BYTES.format(TOOLHIVE, "servers." + "\\n" * 100),
    ),
    "a text outside": (
        lambda: filled('{"version":"', "\\n", '",' + BEFORE[19:] + GOOD + "]}}"),
        BYTES.format(UPSTREAM, "version"),
    ),
    "a text alone": (
        lambda: filled('"', "\\n", '"'),
        BYTES.format(UPSTREAM, "(root)"),
    ),
    "digits alone": (
        lambda: filled("", "7", ""),
        BYTES.format(UPSTREAM, "(root)"),
    ),
    "numbers that are no servers": (
        lambda: filled(BEFORE, "7,", "]}}"),
        "Fetch failed: validation failed: registry schema validation failed with 100001 errors:\n",
    ),
}


@pytest.fixture(scope="module")
def of_files(postgres, folder):
    one = Stack(postgres, folder, {"src": OLD})
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture
def hostile_file(of_files):
    yield lambda text: write(of_files.paths["src"], text)
    of_files.write("src", OLD)
    heal(of_files, "src")


@pytest.mark.parametrize("kind", FILES)
def test_one_large_entry(of_files, hostile_file, kind):
    make, message = FILES[kind]
    text = make()
    assert 0.95 * SIZE < len(text) <= LARGER
    hostile_file(text)
    said = suffer(of_files, "src", TIMES * SIZE)
    assert said.startswith(message) if message.endswith("\n") else said == message


# --- answers without end

MOST = 20 * MIB
BOMB = gzip.compress(b" " * (10 * MOST), 1)
FRESH = itertools.count()
TOO_LARGE = f"response size exceeds maximum allowed size of {MOST} bytes (20.00 MB)"


def bomb(request):
    return answer(BOMB, Content_Encoding="gzip")


def endless(request):
    return itertools.chain([answer(length=False)], itertools.repeat(b" " * MIB))


def endless_headers(request):
    lines = (b"X-%d: %b\r\n" % (i, b"x" * 1000) for i in itertools.count())
    return itertools.chain([b"HTTP/1.1 200 OK\r\n"], lines)


def large_page(request):
    return answer(page([], f"c{next(FRESH)}").ljust(MOST))


def long_cursor(request):
    return answer(page([], f"{next(FRESH):08000}"))


PAGE = "Fetch failed: failed to fetch servers: "
URL = "Fetch failed: failed to fetch data: failed to fetch URL {url}: "
ANSWERS = {
    # whose answer -> the message, or what it begins with where a library goes on
    "url: gzip bomb": ("url", bomb, URL + TOO_LARGE),
    "url: endless body": ("url", endless, URL + TOO_LARGE),
    "url: endless headers": ("url", endless_headers, URL + "failed to execute request: "),
    "api: gzip bomb": ("api", bomb, PAGE + "failed to fetch page 1: " + TOO_LARGE),
    "api: endless body": ("api", endless, PAGE + "failed to fetch page 1: " + TOO_LARGE),
    "api: endless headers": ("api", endless_headers, PAGE + "failed to fetch page 1: failed to execute request: "),
    "api: large pages without end": (
        "api",
        large_page,
        PAGE + "total response size exceeds maximum allowed size of 536870912 bytes (512.00 MB)",
    ),
    "api: fresh cursors without end": (
        "api",
        long_cursor,
        PAGE + "pagination exceeded maximum pages (1000), possible infinite loop or malicious upstream",
    ),
}


class Far:
    """A document and an API, one server each, one of which may be replaced by a fault."""

    def __init__(self):
        self.fault = {}

    def __call__(self, request):
        if "yaml" in request.path:
            return answer(OPENAPI)
        kind = "url" if request.path == "/document.json" else "api"
        if kind in self.fault:
            return self.fault[kind](request)
        text = json.dumps(document(OLD[1:])).encode() if kind == "url" else page([entry(OLD[0])])
        return answer(text)


@pytest.fixture(scope="module")
def of_answers(postgres, folder):
    far = Upstream(Far())
    sources = {"api": {"api": {"endpoint": far.url()}}, "url": {"file": {"url": far.url("/document.json")}}}
    one = Stack(postgres, folder, sources, limits={"documentBytes": MOST})
    one.far = far
    try:
        yield one.start()
    finally:
        one.stop()
        far.stop()


@pytest.fixture
def fault(of_answers):
    yield of_answers.far.answer.fault
    of_answers.far.answer.fault.clear()
    heal(of_answers, "url", "api")


@pytest.mark.parametrize("kind", ANSWERS)
def test_answers_without_end(of_answers, fault, kind):
    source, fault[source], words = ANSWERS[kind]
    words = words.format(url=of_answers.far.url("/document.json"))
    said = suffer(of_answers, source, TIMES * MOST)
    assert said.startswith(words) if words.endswith(": ") else said == words
