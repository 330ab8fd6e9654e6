#!/usr/bin/python3
"""Small questions of ../../quickstart: catalog.py synced|registries|count|example.

synced SINCE     standard input is `thv-syncd status --json`: exit 0 once every source was tried after SINCE (UTC)
registries       standard input is the configuration: the names of its registries, a line each, ready for a URL
count BASE       how many servers and versions the registry at BASE has, by walking through it
example BASE     a curl command for one server of it
"""
import json
import sys
import urllib.parse
import urllib.request

import yaml


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def walk(base):
    cursor = ""
    while True:
        page = get(f"{base}/v0.1/servers?limit=1000" + (f"&cursor={urllib.parse.quote(cursor, safe='')}" if cursor else ""))
        yield from page["servers"]
        cursor = page["metadata"].get("nextCursor")
        if not cursor:
            return


def synced(since):
    sources = json.load(sys.stdin)["sources"]
    return bool(sources) and all(tried(s, since) for s in sources)


def tried(source, since):
    return not source["syncable"] or ((source["lastEnd"] or "") >= since and source["state"] != "syncing")


def registries():
    block = yaml.load(sys.stdin, yaml.BaseLoader)["registries"]
    for registry in block if isinstance(block, list) else [block]:
        if registry["name"].split() != [registry["name"]]:
            print(f"   no client can name the registry '{registry['name']}': it has white space", file=sys.stderr)
        else:
            print(urllib.parse.quote(registry["name"], safe=""))


def count(base):
    names = [entry["server"]["name"] for entry in walk(base)]
    print(f"{base}: {len(set(names))} servers, {len(names)} versions")


def example(base):
    first = next(walk(base), None)
    if first:
        name = urllib.parse.quote(first["server"]["name"], safe="")
        print(f"curl '{base}/v0.1/servers/{name}/versions/latest'")


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "synced":
        sys.exit(0 if synced(*rest) else 1)
    {"registries": registries, "count": count, "example": example}[what](*rest)
