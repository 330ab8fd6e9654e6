"""A private sshd that lets in whoever has the key, and the agent that has it. It runs as the account of the tests, and
only that account can log in."""
import os
import pwd
import shutil
import subprocess

from harness.httpd import free_port
from harness.process import Process

CONF = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/user.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PermitRootLogin yes
StrictModes no
LogLevel INFO
"""


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


class Sshd(Process):
    """`folder` is the account's home for its clients: known_hosts is there."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        super().__init__("sshd", os.path.join(folder, "sshd.log"))
        for name in ("host", "user", "stranger"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(folder, name)], check=True)
        self.conf = os.path.join(folder, "sshd.conf")
        with open(self.conf, "w") as f:
            f.write(CONF.format(port=self.port, folder=folder))

    @staticmethod
    def missing():
        """The reason why there can be none here, or None."""
        absent = [name for name in ("sshd", "ssh-agent", "ssh-add", "ssh-keygen") if not program(name)]
        return f"not installed: {', '.join(absent)} (Debian: openssh-server, openssh-client)" if absent else None

    def refusal(self):
        """What sshd has against running here, or None: as root it wants an account and a folder of the system."""
        done = subprocess.run([program("sshd"), "-t", "-f", self.conf], capture_output=True, text=True)
        return done.stderr.strip() or "sshd refuses" if done.returncode else None

    def start(self):
        self.spawn([program("sshd"), "-D", "-e", "-f", self.conf])
        self.await_log("Server listening on")

    def url(self, path):
        return f"ssh://{pwd.getpwuid(os.geteuid()).pw_name}@127.0.0.1:{self.port}{path}"

    def know(self, name="host"):
        """The client takes the host for the one with this key; None: it has never heard of it."""
        known = os.path.join(self.folder, ".ssh", "known_hosts")
        os.makedirs(os.path.dirname(known), exist_ok=True)
        with open(os.path.join(self.folder, name + ".pub")) as key, open(known, "w") as f:
            f.write(f"[127.0.0.1]:{self.port} {' '.join(key.read().split()[:2])}\n")


class Agent(Process):
    def __init__(self, folder):
        super().__init__("ssh-agent", os.path.join(folder, "agent.log"))
        self.folder, self.socket = folder, os.path.join(folder, "agent")

    def start(self):
        self.spawn(["ssh-agent", "-D", "-a", self.socket])
        self.await_log("SSH_AUTH_SOCK=")

    def keys(self, *names):
        """It has these keys, and no others."""
        env = {**os.environ, "SSH_AUTH_SOCK": self.socket}
        subprocess.run(["ssh-add", "-q", "-D"], env=env, check=True, capture_output=True)
        for name in names:
            subprocess.run(["ssh-add", "-q", os.path.join(self.folder, name)], env=env, check=True, capture_output=True)
