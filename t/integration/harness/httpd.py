"""httpd with the module, private: its own configuration, ports and logs. Includes the files of conf/ as shipped."""
import os
import random
import re
import signal
import socket

from harness import build
from harness.client import Client
from harness.process import Process, tail
from harness.waiting import wait_until

CONF = """
ServerRoot "{folder}"
ServerName 127.0.0.1
PidFile "{folder}/httpd.pid"
DefaultRuntimeDir "{folder}"
LoadModule mpm_{mpm}_module "{modules}/mod_mpm_{mpm}.so"
LoadModule authz_core_module "{modules}/mod_authz_core.so"
LoadModule reqtimeout_module "{modules}/mod_reqtimeout.so"
LoadModule mime_module "{modules}/mod_mime.so"
LoadModule dir_module "{modules}/mod_dir.so"
LoadModule headers_module "{modules}/mod_headers.so"
{load}
{account}
{limits}
TypesConfig /etc/mime.types
ErrorLog "{folder}/httpd-error.log"
{logging}
{settings}
Include "{server_conf}"
{main}
{vhosts}
"""

VHOST = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    Include "{vhost_conf}"
{inside}
</VirtualHost>
"""

LOCATION = '    <Location "{path}">\n        SetHandler {handler}\n        Require all granted\n    </Location>\n'

# For tests. A measurement logs less.
LOGGING = 'LogLevel info mcp_registry:debug\nCustomLog "{folder}/httpd-access.log" "%a \\"%r\\" %>s %b"'

# Small numbers: the machines that test are small, and every thread may open a connection.
LIMITS = {
    "event": "ServerLimit 2\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 16\n",
    "worker": "ServerLimit 2\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 16\n",
    "prefork": "ServerLimit 6\nStartServers 3\nMaxRequestWorkers 6\n",
}

# What must never be in an error log, whatever the test was about.
CRASHES = re.compile(r"exit signal|AddressSanitizer|LeakSanitizer|runtime error:|Segmentation|Assertion")

# Given out in this process.
PORTS = set()


def free_port():
    """Below the ports that the kernel gives to clients, which could have it before it is listened on; from a part of
    its own for every worker of pytest."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 8
    while True:
        port = 11000 + worker * 2600 + random.randrange(2600)
        if port in PORTS:
            continue
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        PORTS.add(port)
        return port


class Httpd(Process):
    """prefix: the mount path of the catalog. settings: directives of the main server. site: directives inside the
    public virtual host, behind the catalog's <Location>. config: MCPRegistryConfig, or None to leave it out."""

    def __init__(self, folder, config, mpm="event", prefix="/", settings="", site="", limits=None, logging=LOGGING):
        self.folder = os.path.join(folder, "httpd")
        os.makedirs(self.folder, exist_ok=True)
        super().__init__("httpd", os.path.join(self.folder, "httpd-error.log"))
        self.config, self.mpm, self.prefix, self.settings, self.site = config, mpm, prefix, settings, site
        self.limits = LIMITS[mpm] if limits is None else limits
        self.logging = logging.format(folder=self.folder)
        self.conf = os.path.join(self.folder, "httpd.conf")
        self.port = self.operations_port = None

    def write_conf(self):
        self.port, self.operations_port = free_port(), free_port()
        vhost_conf = build.shipped("vhost-settings.conf")
        public = LOCATION.format(path=self.prefix, handler="mcp-registry") + self.site
        operations = LOCATION.format(path="/", handler="mcp-registry-operations")
        vhosts = ((self.port, public), (self.operations_port, operations))
        text = CONF.format(
            folder=self.folder,
            mpm=self.mpm,
            modules=build.httpd_modules(),
            load=f'LoadModule mcp_registry_module "{build.module()}"',
            account=f"User {build.ACCOUNT}\nGroup {build.ACCOUNT}" if build.IS_ROOT else "",
            limits=self.limits,
            logging=self.logging,
            server_conf=build.shipped("mcp_registry.conf"),
            settings=self.settings,
            main=f'MCPRegistryConfig "{self.config}"' if self.config else "",
            vhosts="".join(VHOST.format(port=p, vhost_conf=vhost_conf, inside=inside) for p, inside in vhosts),
        )
        with open(self.conf, "w") as f:
            f.write(text)

    def environment(self):
        env = dict(os.environ)
        preload = os.environ.get("MCPR_HTTPD_PRELOAD")
        return {**env, "LD_PRELOAD": preload} if preload else env

    def start(self):
        """Tries again with other ports when somebody else was quicker."""
        for _ in range(3):
            self.write_conf()
            self.spawn([build.httpd(), "-f", self.conf, "-DFOREGROUND"], env=self.environment(), cwd="/")
            wait_until(lambda: not self.running or self.listens(), "httpd listens")
            if self.running:
                return
            text = self.log_text()
            self.forget()
            if "could not bind" not in text:
                raise AssertionError(f"httpd did not start\n{text}")
        raise AssertionError("no free port")

    def listens(self):
        for port in (self.port, self.operations_port):
            with socket.create_connection(("127.0.0.1", port), 1):
                pass
        return True

    def client(self, prefix=None):
        return Client(self.port, self.prefix.rstrip("/") if prefix is None else prefix)

    def operations(self):
        return Client(self.operations_port)

    def graceful(self):
        self.send(signal.SIGUSR1)

    def stop(self, number=signal.SIGTERM):
        """After SIGTERM mod_mpm_event's main thread closes the sockets of its workers (close_worker_sockets), and may
        read one whose connection pool the worker has just destroyed; Debian's APR unmaps it at once, so the child dies of
        SIGSEGV. An httpd without the module that serves one static file does so too, and eight times as often when
        workers rest for 5 ms after apr_pool_destroy. So with event a child that dies of this signal after the order to
        stop at once is passed over, nothing else is; what a sanitizer says counts always."""
        running = self.log_text()
        status = super().stop(number)
        stopping = self.log_text()[len(running) :]
        if self.mpm == "event" and number == signal.SIGTERM:
            stopping = re.sub(r"(?m)^.*child pid \d+ exit signal Segmentation fault \(11\).*$", "", stopping)
        lines = (running + stopping).splitlines()
        crashes = [line for line in lines if CRASHES.search(line)]
        assert not crashes, "httpd's error log:\n" + "\n".join(crashes)
        return status

    def reads(self, registry="default"):
        return self.client().servers(registry, limit=1).status == 200

    def await_ready(self, *registries):
        for registry in registries or ("default",):
            try:
                wait_until(lambda: self.reads(registry), f"httpd serves registry {registry}")
            except AssertionError as e:
                raise AssertionError(f"{e}\n{tail(self.log)}") from None
