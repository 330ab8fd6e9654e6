"""Where the programs are: in the build directory for ours, in the system for the others."""
import functools
import glob
import os
import pwd
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.abspath(os.path.join(HERE, "../../.."))
BUILD = os.environ.get("MCPR_BUILDDIR", SOURCE)
# A tree with recorded scenarios and real catalogs may stand beside the repository. Tests that use it say so when
# it is absent.
SHARED = os.path.abspath(os.path.join(SOURCE, "../shared"))

IS_ROOT = os.geteuid() == 0
# PostgreSQL refuses to run as root, and httpd's children should not; root lends them this account.
ACCOUNT = "www-data" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name


def found(pattern, what):
    hits = sorted(glob.glob(os.path.join(BUILD, pattern), recursive=True))
    assert hits, f"no {what} under {BUILD}: run make first"
    return hits[0]


@functools.lru_cache
def syncd():
    return found("thv-syncd/thv-syncd", "thv-syncd")


@functools.lru_cache
def module():
    return found("**/.libs/mod_mcp_registry.so", "mod_mcp_registry.so")


@functools.lru_cache
def httpd_modules():
    return apxs("LIBEXECDIR")


@functools.lru_cache
def httpd():
    return os.path.join(apxs("SBINDIR"), apxs("PROGNAME"))


@functools.lru_cache
def apxs(what):
    for name in (made_with("APXS"), "apxs2", "apxs"):
        try:
            return subprocess.run([name, "-q", what], capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            pass
    raise AssertionError("no apxs found")


def defines(name):
    """Whether configure found what this stands for."""
    with open(os.path.join(BUILD, "config.h")) as header:
        return f"#define {name} 1" in header.read()


def made_with(variable):
    """The value configure gave a variable of the Makefile."""
    with open(os.path.join(BUILD, "Makefile")) as makefile:
        for line in makefile:
            if line.startswith(variable + " = "):
                return line.split(" = ", 1)[1].strip()
    return ""


@functools.lru_cache
def postgres_bin():
    return max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda d: int(d.split("/")[-2]))


def shipped(path):
    """A file of conf/, taken from the source, or from the build when it is made there."""
    for top in (BUILD, SOURCE):
        if os.path.exists(os.path.join(top, "conf", path)):
            return os.path.join(top, "conf", path)
    raise AssertionError(f"no conf/{path}")
