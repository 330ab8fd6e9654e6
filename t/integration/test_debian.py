"""Beside another site in Debian's own apache2: enabled with a2enmod and a2ensite, the other site answers as before."""
import os
import re
import shutil
import subprocess

import pytest

from harness import Client, build, server, wait_until
from harness.httpd import free_port
from harness.process import Process

DEBIAN = "/etc/apache2"
A2ENMOD = "/usr/sbin/a2enmod"
pytestmark = pytest.mark.skipif(
    not (os.path.exists(A2ENMOD) and os.path.exists(DEBIAN + "/apache2.conf")),
    reason="Debian's apache2 package is not installed (a2enmod and /etc/apache2 come with it)",
)

# What a site is asked, and what must not change: things that our settings could touch if they leaked.
ASKED = [
    ("GET", "/", {}),
    ("HEAD", "/", {}),
    ("OPTIONS", "/", {}),
    ("TRACE", "/", {}),
    ("GET", "/page.json", {}),
    ("GET", "/page.json", {"Accept-Encoding": "gzip"}),
    ("GET", "/page.json", {"Range": "bytes=0-3"}),
    ("GET", "/page.json", {"If-None-Match": "*"}),
    ("GET", "/page.json", {"Origin": "https://elsewhere.example"}),
    ("GET", "/folder", {}),
    ("GET", "/folder//page.json", {}),
    ("GET", "/folder%2Fpage.json", {}),
    ("GET", "/a%00b", {}),
    ("GET", "/nothing", {}),
    ("GET", "/registry/default/v0.1/servers", {}),
    ("POST", "/page.json", {}),
    ("GET", "/" + "x" * 9000, {}),
]

VARYING = ("Date", "Keep-Alive", "Connection")


class Debian(Process):
    """A private copy of /etc/apache2, run as Debian runs it."""

    def __init__(self, folder):
        super().__init__("apache2", os.path.join(folder, "log/error.log"))
        self.folder, self.etc, self.port = folder, os.path.join(folder, "etc"), free_port()
        shutil.copytree(DEBIAN, self.etc, symlinks=True)
        for name in ("log", "run", "lock", "state", "www/folder"):
            os.makedirs(os.path.join(folder, name))
        for name in ("page.json", "folder/page.json"):
            with open(os.path.join(folder, "www", name), "w") as f:
                f.write('{"a": "page"}\n')
            # httpd calls the tag of a file weak while the file is younger than a second.
            os.utime(f.name, (1700000000, 1700000000))
        self.edit("ports.conf", r"(?m)^.*$", "", f"Listen 127.0.0.1:{self.port}\n")
        self.edit("sites-available/000-default.conf", r"\*:80", f"127.0.0.1:{self.port}")
        self.edit("sites-available/000-default.conf", "/var/www/html", os.path.join(folder, "www"))
        self.edit("apache2.conf", "/var/www/", os.path.join(folder, "www/"))

    def edit(self, name, pattern, text, more=""):
        path = os.path.join(self.etc, name)
        with open(path) as f:
            old = f.read()
        with open(path, "w") as f:
            f.write(re.sub(pattern, text, old) + more)

    @property
    def environment(self):
        f = self.folder
        names = {"CONFDIR": self.etc, "RUN_DIR": f + "/run", "LOCK_DIR": f + "/lock", "LOG_DIR": f + "/log"}
        names |= {"PID_FILE": f + "/run/pid", "RUN_USER": build.ACCOUNT, "RUN_GROUP": build.ACCOUNT, "STATE_DIRECTORY": f + "/state"}
        preload = os.environ.get("MCPR_HTTPD_PRELOAD")
        return {**os.environ, **{"APACHE_" + k: v for k, v in names.items()}, **({"LD_PRELOAD": preload} if preload else {})}

    def run(self, *command):
        # Only httpd is run with the preload: a2enmod and a2ensite are other people's programs.
        env = {k: v for k, v in self.environment.items() if k != "LD_PRELOAD" or command[0] == build.httpd()}
        done = subprocess.run(command, env=env, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    def start(self, port=None):
        self.spawn([build.httpd(), "-d", self.etc, "-f", "apache2.conf", "-DFOREGROUND"], env=self.environment, cwd="/")
        wait_until(lambda: not self.running or Client(port or self.port).get("/page.json"), "apache2 answers")
        assert self.running, self.log_text()

    def answers(self):
        client, seen = Client(self.port), []
        for method, path, headers in ASKED:
            answer = client.request(method, path, headers)
            # The order of methods in Allow changes with every start of httpd.
            kept = sorted((k, sorted(v.split(",")) if k == "Allow" else v) for k, v in answer.headers if k not in VARYING)
            seen.append((method, path[:40], answer.status, kept, answer.body))
        return seen


def enable(one, debian):
    """docs/install.md, with the paths of this test."""
    available = os.path.join(debian.etc, "mods-available")
    with open(os.path.join(available, "mcp_registry.load"), "w") as f:
        f.write(f'LoadModule mcp_registry_module "{build.module()}"\n')
    shutil.copy(build.shipped("mcp_registry.conf"), available)
    with open(build.shipped("site.example.conf")) as f:
        site = f.read()
    public, operations = free_port(), free_port()
    site = re.sub(r"Include .*vhost-settings.conf", f'Include "{build.shipped("vhost-settings.conf")}"', site)
    site = site.replace("/etc/mcp-registry/config.yaml", one.config)
    site = site.replace("Listen 8080", f"Listen 127.0.0.1:{public}").replace("*:8080", f"127.0.0.1:{public}")
    site = site.replace("127.0.0.1:8081", f"127.0.0.1:{operations}")
    with open(os.path.join(debian.etc, "sites-available/mcp-registry.conf"), "w") as f:
        f.write(site)
    debian.run(A2ENMOD, "-q", "mcp_registry")
    debian.run("/usr/sbin/a2ensite", "-q", "mcp-registry")
    debian.run(build.httpd(), "-d", debian.etc, "-f", "apache2.conf", "-t")
    return public, operations


def test_the_other_site_is_as_it_was(stack):
    one = stack({"src": [server("com.example.a/one")]}).start()
    debian = Debian(os.path.join(one.folder, "debian"))
    try:
        debian.start()
        before = debian.answers()
        debian.stop()
        public, operations = enable(one, debian)
        debian.start()
        assert debian.answers() == before
        client = Client(public)
        wait_until(lambda: client.servers().status == 200, "the catalog answers")
        assert client.version("com.example.a/one").status == 200
        assert Client(operations).get("/readiness").status == 200
        assert debian.answers() == before
    finally:
        debian.kill()
