#!/usr/bin/python3
"""config.py FILE OUT SOCKETS: copies a configuration, with a database block when it has none.

Prints "yes" when the private PostgreSQL is wanted, "no" when the file names its own. The text is completed, not
written anew: parsing and printing YAML would change what unquoted scalars mean.
"""
import json
import os
import sys

import yaml


def database(sockets):
    return {
        "host": sockets,
        "port": 5432,
        "database": "registry",
        "user": "registry",
        "migrationUser": "registry_admin",
        "sslMode": "disable",
    }


def complete(path, text, sockets):
    block = database(sockets)
    if path.endswith(".json"):
        return json.dumps({**json.loads(text), "database": block}, indent=2, ensure_ascii=False)
    return text.rstrip("\n") + "\ndatabase: " + json.dumps(block) + "\n"


def main(path, out, sockets):
    with open(path, encoding="utf-8-sig") as f:
        text = f.read()
    before = yaml.load(text, yaml.BaseLoader)
    if not isinstance(before, dict):
        sys.exit(f"{path}: a mapping with sources, registries and auth is expected")
    own = [k for k in before if k.lower() == "database" or k.lower().startswith("database.")]
    if not own:
        text = complete(path, text, sockets)
        after = yaml.load(text, yaml.BaseLoader)
        if {**before, "database": None} != {**after, "database": None}:
            sys.exit(f"{path}: add a database: block to it; this script cannot do so here")
    with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as f:
        f.write(text)
    print("no" if own else "yes")


if __name__ == "__main__":
    main(*sys.argv[1:])
