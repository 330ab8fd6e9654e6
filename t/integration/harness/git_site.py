"""A private httpd that serves git repositories with git's own http-backend, over HTTP and, with a certificate, over TLS.

/git/NAME is open to all, /private/NAME asks for a password, /moved/NAME redirects to /git/NAME, /loop/ to itself;
/files/NAME is a file beside the repositories.
"""
import os
import shutil
import signal
import subprocess

from harness import build
from harness.httpd import CRASHES, free_port
from harness.process import Process
from harness.waiting import wait_until

STARTED = "resuming normal operations"
MODULES = "authn_core authn_file authz_core authz_user auth_basic alias env cgi mpm_prefork".split()

CONF = """
ServerRoot "{folder}"
ServerName 127.0.0.1
PidFile "{folder}/httpd.pid"
DefaultRuntimeDir "{folder}"
Mutex file:{folder}
{load}
{account}
ServerLimit 4
StartServers 2
MaxRequestWorkers 4
ErrorLog "{folder}/error.log"
LogLevel info
CustomLog "{folder}/access.log" "%u %m %U %>s"
Listen 127.0.0.1:{port}
SetEnv GIT_PROJECT_ROOT "{repositories}"
SetEnv GIT_HTTP_EXPORT_ALL 1
SetEnv GIT_CONFIG_COUNT 1
SetEnv GIT_CONFIG_KEY_0 safe.directory
SetEnv GIT_CONFIG_VALUE_0 *
Alias /files/ "{repositories}/"
ScriptAlias /git/ "{backend}/"
ScriptAlias /private/ "{backend}/"
Redirect 302 /moved/ http://127.0.0.1:{port}/git/
Redirect 302 /loop/ http://127.0.0.1:{port}/loop/
{settings}
<Location "/private/">
    AuthType Basic
    AuthName git
    AuthUserFile "{folder}/users"
    Require valid-user
</Location>
{tls}
"""

TLS = """
LoadModule ssl_module "{modules}/mod_ssl.so"
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    SSLEngine on
    SSLCertificateFile "{folder}/site.pem"
    SSLCertificateKeyFile "{folder}/site.key"
</VirtualHost>
"""


def backend():
    path = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(path, "git-http-backend")


class GitSite(Process):
    """repositories: the folder they are in. settings: more directives. tls: a certificate and its key."""

    def __init__(self, folder, repositories, settings="", tls=None):
        self.folder = os.path.join(folder, "git-site")
        os.makedirs(self.folder, exist_ok=True)
        super().__init__("git-site", os.path.join(self.folder, "error.log"))
        self.repositories, self.settings, self.port = repositories, settings, free_port()
        self.tls_port = tls and free_port()
        if tls:
            self.certify(tls)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    def secure_url(self, path):
        return f"https://127.0.0.1:{self.tls_port}/{path}"

    def certify(self, tls):
        """Another certificate, at once."""
        for path, name in zip(tls, ("site.pem", "site.key")):
            shutil.copyfile(path, os.path.join(self.folder, name))
        if self.running:
            # Not the graceful way: a child that is on its way out could still answer.
            started = self.log_text().count(STARTED)
            self.send(signal.SIGHUP)
            wait_until(lambda: self.log_text().count(STARTED) > started, "the site has its new certificate")

    def secure_connections(self):
        """How many there were so far, whatever became of them."""
        return self.log_text().count("AH01964: Connection to child")

    def set_password(self, user, password):
        digest = subprocess.run(["openssl", "passwd", "-apr1", "-stdin"], input=password, capture_output=True, text=True)
        with open(os.path.join(self.folder, "users"), "w") as users:
            users.write(f"{user}:{digest.stdout.strip()}\n")
        os.chmod(users.name, 0o644)

    def start(self):
        modules = build.httpd_modules()
        conf = os.path.join(self.folder, "httpd.conf")
        load = [f'LoadModule {m}_module "{modules}/mod_{m}.so"' for m in MODULES]
        with open(conf, "w") as f:
            f.write(
                CONF.format(
                    folder=self.folder,
                    load="\n".join(load),
                    account=f"User {build.ACCOUNT}\nGroup {build.ACCOUNT}" if build.IS_ROOT else "",
                    port=self.port,
                    repositories=self.repositories,
                    backend=backend(),
                    settings=self.settings.format(port=self.port, tls_port=self.tls_port),
                    tls=TLS.format(modules=modules, port=self.tls_port, folder=self.folder) if self.tls_port else "",
                )
            )
        self.spawn([build.httpd(), "-DFOREGROUND", "-f", conf])
        self.await_log(STARTED)

    def requests(self):
        """What was asked so far, as (user, method, path, status)."""
        with open(os.path.join(self.folder, "access.log")) as log:
            return [tuple(line.split()) for line in log]

    def await_requests(self, more_than):
        return wait_until(lambda: len(all := self.requests()) > more_than and all, "the site is asked")

    def stop(self):
        super().stop(signal.SIGTERM)
        assert not CRASHES.search(self.log_text())
