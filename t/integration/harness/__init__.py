"""The programs under test as objects; see ../README.md."""
from harness.catalog import document, registry_file, server
from harness.client import Client
from harness.config import configuration
from harness.httpd import Httpd
from harness.postgres import Postgres
from harness.syncd import Syncd
from harness.upstream import Upstream
from harness.waiting import wait_until

__all__ = ["Client", "Httpd", "Postgres", "Syncd", "Upstream", "configuration", "document", "registry_file", "server", "wait_until"]
