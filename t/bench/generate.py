#!/usr/bin/python3
"""generate.py N: an upstream registry file of N plausible servers, 1 to 2 KB each, on standard output.

The same N gives the same bytes: measurements of different days compare.
"""
import json
import random
import sys

TOPICS = "calendar mail files maps weather search code database metrics logs chat design tickets money travel".split()
VERBS = "list get find create update delete export import watch count".split()
WORDS = """reads writes finds keeps shows sends counts sorts the a of and with from into pages records rows places
notes messages events teams projects accounts reports safely quickly offline together daily""".split()


def text(rng, least, most):
    words = []
    while len(" ".join(words)) < rng.randint(least, most):
        words.append(rng.choice(WORDS))
    return " ".join(words)[:most].strip().capitalize()


def variable(rng, topic):
    return {
        "name": f"{topic.upper()}_{rng.choice(['TOKEN', 'URL', 'USER', 'REGION', 'TIMEOUT'])}",
        "description": text(rng, 20, 60),
        "isRequired": rng.random() < 0.5,
        "isSecret": rng.random() < 0.3,
    }


def server(rng, number):
    topic = rng.choice(TOPICS)
    name = f"com.example.{topic}{number % 97}/{topic}-{rng.choice(VERBS)}-{number}"
    version = f"{rng.randint(0, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}"
    image = f"images.example.com/{topic}/{number}:{version}"
    extension = {
        "status": "active",
        "tier": rng.choice(["Official", "Community"]),
        "tags": sorted(rng.sample(TOPICS, 3)),
        "tools": [f"{verb}_{topic}" for verb in rng.sample(VERBS, 5)],
        "overview": text(rng, 200, 700),
        "metadata": {"stars": rng.randint(0, 5000), "last_updated": "2026-01-15T10:30:00Z"},
        "permissions": {"network": {"outbound": {"allow_host": [f"{topic}.example.com"], "allow_port": [443]}}},
    }
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": name,
        "title": f"{topic.capitalize()} {number}",
        "description": text(rng, 30, 95),
        "version": version,
        "repository": {"url": f"https://git.example.com/{topic}/{number}", "source": "git"},
        "packages": [
            {
                "registryType": "oci",
                "identifier": image,
                "transport": {"type": "stdio"},
                "environmentVariables": [variable(rng, topic) for _ in range(rng.randint(1, 3))],
            }
        ],
        "_meta": {"io.modelcontextprotocol.registry/publisher-provided": {"io.github.stacklok": {image: extension}}},
    }


def registry(count):
    rng = random.Random(count)
    servers = [server(rng, number) for number in range(count)]
    return {"version": "1.0.0", "meta": {"last_updated": "2026-01-15T10:30:00Z"}, "data": {"servers": servers}}


if __name__ == "__main__":
    json.dump(registry(int(sys.argv[1])), sys.stdout)
