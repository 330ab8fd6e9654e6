"""Documents and registry files for tests."""
import json
import os

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
OFFICIAL = "io.modelcontextprotocol.registry/official"
PUBLISHER = "io.modelcontextprotocol.registry/publisher-provided"


def server(name, version="1.0.0", description="A server for tests", **members):
    return {"name": name, "version": version, "description": description, **members}


def skill(namespace, name, version="1.0.0", description="A skill for tests", **members):
    return {"namespace": namespace, "name": name, "version": version, "description": description, **members}


def plugin(namespace, name, version="1.0.0", description="A plugin for tests", **members):
    return skill(namespace, name, version, description, **members)


def document(servers, **others):
    """others: skills, plugins."""
    return {"version": "1.0.0", "meta": {"last_updated": "2026-01-15T10:30:00Z"}, "data": {"servers": servers, **others}}


def registry_file(path, servers, **others):
    """Writes an upstream registry file; a reader sees the old one or the new one, never half of it."""
    return write(path, json.dumps(document(servers, **others), ensure_ascii=False))


def write(path, text):
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path + ".new", 0o644)
    os.replace(path + ".new", path)
    return path
