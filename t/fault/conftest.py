"""The fixtures of the integration tests, and a PostgreSQL that a test may break."""
import importlib.util
import os
import sys
import tempfile

import pytest

INTEGRATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../integration")
sys.path.insert(0, INTEGRATION)

spec = importlib.util.spec_from_file_location("integration_conftest", os.path.join(INTEGRATION, "conftest.py"))
shared = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shared)

from harness import Postgres  # noqa: E402  (the path is set above)

folder = shared.folder
stack = shared.stack
upstream = shared.upstream
release = shared.release
another = shared.another
held = shared.held
pytest_runtest_makereport = shared.pytest_runtest_makereport


def private(folder):
    """A PostgreSQL of one's own, for as long as a fixture lasts."""
    server = Postgres(os.path.join(tempfile.mkdtemp(prefix="f-", dir=folder), "pg"))
    os.chmod(os.path.dirname(server.folder), 0o755)
    server.initdb()
    server.start()
    yield server
    if server.running:
        server.stop()
    server.kill()


@pytest.fixture
def postgres(folder):
    """One a test: these tests stop it, kill it and fill it."""
    yield from private(folder)
