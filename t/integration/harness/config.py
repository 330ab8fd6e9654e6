"""The configuration that both programs read."""
import os
import signal

import yaml

from harness.catalog import write
from harness.waiting import wait_until


def configuration(folder, postgres, dbname, files, registries=None, **blocks):
    """Writes config.yaml into folder and returns its path.

    files: source name -> path of a registry file, None for a managed source, or the keys of any other. registries: name -> source names;
    one called default with all sources when absent. Other blocks, as they are in the YAML, replace or join these.
    """
    content = {
        "sources": [source(name, path) for name, path in files.items()],
        "registries": [
            {"name": name, "sources": list(names)}
            for name, names in (registries or {"default": list(files)}).items()
        ],
        "auth": {"mode": "anonymous"},
        "sync": {"pollInterval": "200ms"},
        "database": {
            "host": postgres.host,
            "port": 5432,
            "database": dbname,
            "user": "admin",
            "sslMode": "disable",
        },
    }
    for name, block in blocks.items():
        content[name] = {**content[name], **block} if isinstance(content.get(name), dict) else block
    path = os.path.join(folder, "config.yaml")
    with open(path, "w", encoding="utf-8") as f:
        yaml.safe_dump(content, f, sort_keys=False)
    os.chmod(path, 0o644)
    return path


def source(name, path, interval="1h"):
    if path is None:
        return {"name": name, "managed": {}}
    if isinstance(path, dict):
        return {"name": name, "syncPolicy": {"interval": interval}, **path}
    return {"name": name, "file": {"path": path}, "syncPolicy": {"interval": interval}}


def change_config(one, change):
    """Writes the configuration of a stack anew, with what change(config) does to it."""
    with open(one.config, encoding="utf-8") as f:
        config = yaml.safe_load(f)
    change(config)
    write(one.config, yaml.safe_dump(config, sort_keys=False))


def reconfigure(one, change):
    """The same for a daemon that runs; it has read it afterwards."""
    words = "Configuration was read again"
    times = one.syncd.log_text().count(words)
    change_config(one, change)
    one.syncd.send(signal.SIGHUP)
    wait_until(lambda: one.syncd.log_text().count(words) > times, "the configuration is read again")
