"""What conf/ ships: httpd takes it, the daemon takes it, and mistakes in directives stop the start."""
import os
import subprocess

import pytest

from harness import build, server
from harness.syncd import run

FILES = {"src": [server("com.example.a/one")]}


def configtest(one, text):
    one.httpd.write_conf()
    with open(one.httpd.conf, "a") as f:
        f.write(text)
    command, env = [build.httpd(), "-t", "-f", one.httpd.conf], one.httpd.environment()
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_the_example_configuration():
    done = run("validate", "--config", build.shipped("config.example.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_site(stack):
    one = stack(FILES)
    with open(build.shipped("site.example.conf")) as f:
        site = f.read()
    site = site.replace("${APACHE_LOG_DIR}", one.httpd.folder).replace("/etc/mcp-registry/config.yaml", one.config)
    include = next(line for line in site.splitlines() if "Include" in line)
    site = site.replace(include, f'    Include "{build.shipped("vhost-settings.conf")}"')
    site = "LoadModule authz_host_module " + os.path.join(build.httpd_modules(), "mod_authz_host.so") + "\n" + site
    done = configtest(one, site)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "directive",
    [
        "MCPRegistryConfig /nowhere/config.yaml",
        "MCPRegistryCacheSize lots",
        "MCPRegistryCacheSize -1",
        "MCPRegistryCacheSize 17179869184G",
        "MCPRegistryCacheSize 8589934592G",
        "MCPRegistryCacheSize 1025G",
        "MCPRegistryPoolMax 1.5",
        "MCPRegistryPoolTimeout soon",
        "MCPRegistryStatementTimeout -5s",
    ],
)
def test_a_mistake_stops_the_start(stack, directive):
    done = configtest(stack(FILES), directive + "\n")
    assert done.returncode != 0
    assert directive.split()[0] in done.stderr or "/nowhere" in done.stderr, done.stderr


def test_a_broken_configuration_stops_the_start(stack):
    one = stack(FILES)
    with open(one.config, "a") as f:
        f.write("auth: {mode: sometimes}\n")
    done = configtest(one, "")
    assert done.returncode != 0 and one.config in done.stderr, done.stderr


OAUTH = {"mode": "oauth", "oauth": {"providers": [{"name": "p", "issuerUrl": "https://idp.example.com", "audience": "a"}]}}


@pytest.mark.parametrize(
    "blocks, key",
    [
        ({"auth": OAUTH}, "auth.mode"),
        ({"audit": {"enabled": True}}, "audit.enabled"),
        ({"telemetry": {"enabled": True}}, "telemetry.enabled"),
        ({"database": {"dynamicAuth": {"awsRdsIam": {"region": "eu-west-1"}}}}, "database.dynamicAuth"),
    ],
)
def test_what_is_not_there_yet_stops_the_start(stack, blocks, key):
    done = configtest(stack(FILES, **blocks), "")
    assert done.returncode != 0 and key in done.stderr, done.stderr
