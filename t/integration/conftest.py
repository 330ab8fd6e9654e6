"""Fixtures: the private PostgreSQL of the session, and stacks of the three programs."""
import os
import shutil
import tempfile
import threading

import pytest

from harness import Httpd, Postgres, Syncd, Upstream, build, configuration, registry_file
from harness.manager import Manager
from harness.daemon import Held
from harness.process import RUNNING, tail


@pytest.fixture(scope="session")
def folder():
    """Short, because a Unix socket's path is; open to the account that root lends its programs."""
    path = tempfile.mkdtemp(prefix="mcpr-", dir="/tmp")
    os.chmod(path, 0o755)
    yield path
    if os.environ.get("MCPR_KEEP"):
        print(f"kept: {path}")
    else:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(folder):
    server = Postgres(os.path.join(folder, "pg"))
    server.initdb()
    server.start()
    yield server
    server.stop()


class Stack:
    """A database, a configuration, the daemon and httpd. Files are registry files: name -> servers, or the path of a
    file that exists, or None for a managed source."""

    def __init__(self, postgres, folder, files, registries=None, httpd=None, **blocks):
        self.postgres = postgres
        self.folder = tempfile.mkdtemp(prefix="s-", dir=folder)
        os.chmod(self.folder, 0o755)
        self.database = postgres.new_database()
        self.paths = {name: self.path(name, content) for name, content in files.items()}
        self.config = configuration(self.folder, postgres, self.database, self.paths, registries, **blocks)
        self.registries = list(registries or ["default"])
        self.syncd = Syncd(self.folder, self.config)
        self.httpd = Httpd(self.folder, self.config, **(httpd or {}))

    def path(self, name, content):
        return self.write(name, content) if isinstance(content, list) else content

    def write(self, name, servers, **others):
        return registry_file(os.path.join(self.folder, name + ".json"), servers, **others)

    def start(self):
        self.syncd.start()
        self.syncd.await_synced(*[name for name, path in self.paths.items() if path])
        self.httpd.start()
        self.httpd.await_ready(*self.registries)
        return self

    @property
    def client(self):
        return self.httpd.client()

    def sql(self, text, **options):
        return self.postgres.sql(text, database=self.database, **options)

    def stop(self):
        try:
            for program in (self.httpd, self.syncd):
                if program.running:
                    program.stop()
        finally:
            for program in (self.httpd, self.syncd):
                program.kill()
            if self.postgres.running:
                self.postgres.drop_database(self.database)


@pytest.fixture
def stack(postgres, folder):
    """stack({"src": [servers]}, …) makes one; call .start() on it."""
    made = []

    def make(files, **options):
        made.append(Stack(postgres, folder, files, **options))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture(scope="module")
def reads(request, postgres, folder):
    """A running stack shared by the tests of a file, made from its FILES, REGISTRIES and OPTIONS."""
    module = request.module
    options = getattr(module, "OPTIONS", {})
    one = Stack(postgres, folder, module.FILES, registries=getattr(module, "REGISTRIES", None), **options)
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture
def manager():
    """manager(stack): the service manager of its daemon."""
    if not build.defines("HAVE_SYSTEMD"):
        pytest.skip("built without libsystemd")
    made = []

    def make(one):
        made.append(Manager(one.folder))
        one.syncd.environment = {**one.syncd.environment, "NOTIFY_SOCKET": made[-1].path}
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def upstream():
    """upstream(answer) is an HTTP server that answers like that."""
    made = []

    def make(reply, **options):
        made.append(Upstream(reply, **options))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def release():
    """Set at the end of the test at the latest: what an upstream waits for before it answers."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def another():
    """another(stack): a second daemon with the same configuration."""
    made = []

    def make(one):
        folder = os.path.join(one.folder, f"daemon-{len(made)}")
        os.mkdir(folder)
        made.append(Syncd(folder, one.config))
        return made[-1]

    yield make
    for daemon in made:
        if daemon.running:
            daemon.stop()


@pytest.fixture
def held():
    """held(stack, table): nobody writes that table before release()."""
    made = []

    def hold(one, table):
        made.append(Held(one, table))
        return made[-1]

    yield hold
    for lock in made:
        lock.release()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """The ends of the logs of all that runs, beside the failure."""
    report = (yield).get_result()
    if report.failed:
        for process in RUNNING:
            report.sections.append((f"the end of {process.name}'s log", tail(process.log)))
