"""Git over TLS: whom it trusts, and where redirects may lead. What becomes of a source whose certificate is lost is in
test_sources_lost.py."""
import os
import subprocess

import pytest

from harness.catalog import write
from harness.certificates import Authority
from harness.git_stack import CLONE, ONE, THREE, await_names, look, names, repository, site, synced, turned  # noqa: F401 (fixtures)
from harness.upstream import answer

NAMES = ["com.example.a/one", "com.example.a/two"]


@pytest.fixture
def authority(repository):
    return Authority(os.path.dirname(repository.path))


@pytest.fixture
def authority(repository):
    return Authority(os.path.dirname(repository.path))


@pytest.fixture
def trusting(synced, monkeypatch):
    """The same as `synced`, with an environment for the daemon."""

    def start(environment, **options):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return synced(**options)

    return start


@pytest.fixture
def auth(repository):
    path = os.path.join(os.path.dirname(repository.path), "password")
    write(path, "first secret")
    return {"username": "reader", "passwordFile": path}


def trust(authority):
    return {"SSL_CERT_FILE": authority.certificate}


def hashed(certificate):
    """A folder as SSL_CERT_DIR wants it."""
    folder = certificate + ".d"
    os.mkdir(folder)
    name = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", certificate], capture_output=True, text=True)
    os.symlink(certificate, os.path.join(folder, name.stdout.strip() + ".0"))
    return folder


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_an_authority_that_is_named(synced, repository, site, authority, auth, variable):
    served = site(tls=authority.issue())
    environment = trust(authority)
    if variable == "SSL_CERT_DIR":
        # Without a file of its own all the system's authorities are read: with sanitizers that takes seconds.
        stranger = Authority(os.path.dirname(repository.path))
        environment = {**trust(stranger), "SSL_CERT_DIR": hashed(authority.certificate)}
    one = synced(environment=environment, repository=served.secure_url("private/catalog.git"), auth=auth)
    await_names(one, *NAMES)
    repository.commit([ONE, THREE])
    assert look(one) == "changed"
    await_names(one, "com.example.a/one", "com.example.a/xyz")


# --- redirects


def test_from_https_to_http(synced, site, authority, auth):
    served = site(tls=authority.issue(), settings="Redirect 302 /down/ http://127.0.0.1:{port}/git/")
    one = synced(environment=trust(authority), repository=served.secure_url("git/catalog.git"))
    asked = len(served.requests())
    said = turned(one, repository=served.secure_url("down/catalog.git"), auth=auth)
    assert said == CLONE + "failed to clone repository: redirect from https to http refused"
    assert [path for _, m, path, _ in served.requests()[asked:] if m == "GET"] == ["/down/catalog.git/info/refs"]


def test_from_http_to_https(synced, repository, site, authority, upstream, auth):
    """It is followed, also by the second request. The password is for the old place: the new one does not get it, not
    even when it asks."""
    up = "Redirect 302 /up/ https://127.0.0.1:{tls_port}/"
    certificate = authority.issue()
    other = upstream(lambda request: answer(line="401 Unauthorized", WWW_Authenticate='Basic realm="x"'), tls=certificate)
    served = site(tls=certificate, settings=f"{up}\nRedirect 302 /there/ {other.url('/')}")
    one = synced(environment=trust(authority), repository=served.url("up/git/catalog.git"), auth=auth)
    await_names(one, *NAMES)
    assert served.secure_connections() > 0
    assert ("POST", "/git/catalog.git/git-upload-pack") in [(m, path) for _, m, path, _ in served.requests()]
    said = turned(one, repository=served.url("up/private/catalog.git"), auth=auth)
    shown = served.secure_url("private/catalog.git/info/refs?service=git-upload-pack")
    assert said == CLONE + f"failed to clone repository: authentication required: HTTP 401 for URL {shown}"
    assert "authentication required: HTTP 401" in turned(one, repository=served.url("there/x.git"), auth=auth)
    assert other.requests and not any("authorization" in r.headers for r in other.requests)
    assert names(one) == NAMES
