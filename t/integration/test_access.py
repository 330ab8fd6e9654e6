"""Rules of access that httpd applies to paths: whatever a client writes, what they refuse is never served."""
import os
import socket

import pytest

from harness import build, server
from harness.httpd import LOCATION

SECRET = b"com.example.secret"
FILES = {"open": [server("com.example.open/one")], "closed": [server("com.example.secret/one")]}
# The older surface reads all registries together, so it would show what only one of them hides.
BLOCKS = {"registries": {"default": ["open"], "internal": ["closed"]}, "api": {"olderSurface": False}}
DENY = '    <Location "{path}">\n        Require all denied\n    </Location>\n'

P = "{prefix}/registry/internal/v0.1/servers"
N = P + "/com.example.secret%2Fone/versions"
TARGETS = [
    P,
    N,
    N + "/latest",
    N + "/1.0.0?x=/registry/default",
    "http://host" + P,
    "HTTP://host" + N,
    "other://host" + P,
    "http://user:word@host:80" + P + "#x",
    "http://" + P,
    "http://host?" + P,
    "http://host#" + P,
    "http://host?x=y" + P,
    "x:y?u=http://h" + P,
    "x?://h" + P,
    "x#://h" + P,
    "*" + P,
    "/?u=http://h" + P,
    "/" + P,
    "///" + P,
    "/x//" + P,
    "/." + P,
    "/.." + P,
    "/x/.." + P,
    "/%2e" + P,
    "/x/%2e%2e" + P,
    "/x/.%2E" + P,
    "/.%2F" + P,
    "/x%2F.." + P,
    "%2F" + P,
    "%2f%2f" + P,
    "/x%2F" + P,
    "/%5c" + P,
    "/\\" + P,
    "/;x" + P,
    "{prefix}//registry/internal/v0.1/servers",
    "{prefix}/registry//internal/v0.1/servers",
    "{prefix}/registry/./internal/v0.1/servers",
    "{prefix}/registry/%2E/internal/v0.1/servers",
    "{prefix}/registry/x/../internal/v0.1/servers",
    "{prefix}/registry/default/../internal/v0.1/servers",
    "{prefix}/registry/default%2F..%2Finternal/v0.1/servers",
    "{prefix}/registry/.%2Finternal/v0.1/servers",
    "{prefix}/registry%2Finternal/v0.1/servers",
    "{prefix}/registry%2finternal%2fv0.1%2fservers",
    "{prefix}/registry/internal%2Fv0.1/servers",
    "{prefix}/registry/%69nternal/v0.1/servers",
    "{prefix}/registry/%2569nternal/v0.1/servers",
    "{prefix}/registry/internal;x=1/v0.1/servers",
    "{prefix}/registry/internal%3Bx/v0.1/servers",
    "{prefix}/registry/internal%00/v0.1/servers",
    "{prefix}/registry/internal%20/v0.1/servers",
    "{prefix}/registry/internal./v0.1/servers",
    "{prefix}/registry/INTERNAL/v0.1/servers",
    "{prefix}/registry/internal/v0.1/x/../servers",
    "{prefix}/registry/internal/v0.1/servers/..%2F..%2F..%2Fdefault/versions",
    "{prefix}/registry/internal/v0.1/servers/com.example.secret%2Fone/versions/..%2F..%2F..%2F..%2F..%2Fdefault",
    "{prefix}/registry/internal/v0.1/servers/com.example.secret%2Fone/versions/latest/../../../../../default",
    "{prefix}%2F/registry/internal/v0.1/servers",
    "{prefix}%2Fx/registry/internal/v0.1/servers",
    "{prefix}/../registry/internal/v0.1/servers",
    "//registry/internal/v0.1/servers",
    "/./registry/internal/v0.1/servers",
    "/x%2Fy/registry/internal/v0.1/servers",
    "/registry%2Fx/registry/internal/v0.1/servers",
    "/registry/internal/v0.1/servers",
]


def closed_stack(stack, **httpd):
    one = stack(FILES, httpd=httpd, **BLOCKS)
    one.registries = ["default"]  # the other one never answers
    return one


def ask(port, target, method="GET"):
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.sendall(f"{method} {target} HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while chunk := s.recv(65536):
            got += chunk
    return int(got.split(b" ", 2)[1]), got


# Where the catalog is, and what else is said: what we ship, and what an operator may have said instead.
SITES = {
    "as shipped": ("", ""),
    "under a prefix": ("/mcp", ""),
    "under a prefix that looks like a route": ("/registry", ""),
    "two deep": ("/a/b", ""),
    "decoded slashes": ("/registry", "    AllowEncodedSlashes On\n"),
    "merged slashes": ("/registry", "    MergeSlashes On\n"),
    "both": ("", "    AllowEncodedSlashes On\n    MergeSlashes On\n"),
    "neither": ("/mcp", "    AllowEncodedSlashes Off\n"),
}


@pytest.mark.parametrize("site", SITES)
def test_what_is_denied_is_never_served(stack, site):
    prefix, settings = SITES[site]
    one = closed_stack(stack, prefix=prefix or "/")
    one.httpd.site = settings + DENY.format(path=prefix + "/registry/internal")
    one.start()
    served = {}
    for target in TARGETS:
        status, got = ask(one.httpd.port, target.format(prefix=prefix))
        # The page for people and the redirection to it are no secret.
        is_page = b"com.example" not in got and (status, b"text/html" in got) in ((200, True), (301, True))
        if SECRET in got or not (status in (400, 403, 404) or is_page):
            served[target] = got
    assert not served
    assert ask(one.httpd.port, prefix + "/registry/internal/v0.1/servers")[0] == 403
    assert ask(one.httpd.port, prefix + "/registry/default/v0.1/servers")[0] == 200
    assert one.client.version("com.example.open/one").status == (404 if site == "neither" else 200)




def test_a_rewritten_path_is_the_one_that_is_served(stack):
    """mod_rewrite sets the path, access is decided on it, and it is what is routed."""
    one = closed_stack(stack)
    module = os.path.join(build.httpd_modules(), "mod_rewrite.so")
    one.httpd.settings = f'LoadModule rewrite_module "{module}"'
    one.httpd.site = (
        "    RewriteEngine On\n"
        "    RewriteRule ^/old/(.*)$ /registry/default/v0.1/$1 [PT]\n"
        "    RewriteRule ^/registry/internal/(.*)$ /registry/default/$1 [PT]\n"
        "    RewriteRule ^/in/(.*)$ /registry/internal/v0.1/$1 [PT]\n"
    ) + DENY.format(path="/registry/internal")
    one.start()
    one_server = "/old/servers/com.example.open%2Fone/versions/latest"
    for target in ("/old/servers", one_server, "/registry/internal/v0.1/servers"):
        status, got = ask(one.httpd.port, target)
        assert status == 200 and b"com.example.open" in got and SECRET not in got, got
    for target in ("/in/servers", "/in/servers/com.example.secret%2Fone/versions"):
        assert ask(one.httpd.port, target)[0] == 403


def test_two_mounts_with_different_rules(stack):
    """The inner one is closed; there is no way to it through the outer one."""
    one = closed_stack(stack)
    one.httpd.site = LOCATION.format(path="/registry", handler="mcp-registry").replace("granted", "denied")
    one.syncd.start()
    one.httpd.start()
    servers = "/registry/default/v0.1/servers"
    for target in (servers, "/" + servers, "/." + servers, "/registry" + servers):
        assert ask(one.httpd.port, target)[0] in (403, 404)
    assert ask(one.httpd.port, "/openapi.json")[0] == 200


@pytest.mark.parametrize(
    "target, status", [("http://host", 200), ("http://host?x=/y", 200), ("*", 400), ("host:80", 400)]
)
def test_targets_without_a_path(reads, target, status):
    got, answer = ask(reads.httpd.port, target)
    assert got == status, answer
    assert ask(reads.httpd.port, "*", "OPTIONS")[0] == 200
    assert ask(reads.httpd.port, "host:80", "CONNECT")[0] in (400, 405)
