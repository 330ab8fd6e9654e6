"""What describes the API: the OpenAPI documents, and that they agree with the server; the page for humans."""
import os
import re

import pytest
import yaml

from harness import Client, server
from harness.build import SOURCE

FILES = {"src": [server("com.example.a/one")], "own": None}
CONSUMER, EVERYTHING = "/registry/default/openapi", "/openapi"
METHODS = {"get", "put", "post", "delete", "patch"}
NOT_YET = "Not answered by this version."
VALUES = {
    "registryName": "default",
    "serverName": "com.example.a%2Fone",
    "version": "1.0.0",
    "namespace": "com.example.a",
    "name": "one",
    "type": "server",
}


def document(reads, path):
    return reads.client.get(path + ".json").json


def operations(content):
    """(path, method, operation) of all operations."""
    return [(p, m, o) for p, item in content["paths"].items() for m, o in item.items() if m in METHODS]


def routes():
    """(method, pattern, flags) of the rows of the module's table."""
    with open(os.path.join(SOURCE, "mod_mcp_registry/router.c"), encoding="utf-8") as f:
        table = f.read().split("api_routes[] = {")[1].split("};")[0]
    rows = re.findall(r'\{"(\w+)",\s*"([^"]*)",\s*mcpr_\w+,\s*([^}]*?)\s*\}', table)
    assert len(rows) == table.count('{"'), "a row is not understood"
    return rows


@pytest.mark.parametrize("path", [CONSUMER, EVERYTHING])
def test_both_forms_say_the_same(reads, path):
    text, json = reads.client.get(path + ".yaml"), reads.client.get(path + ".json")
    assert (text.status, json.status) == (200, 200)
    assert text.header("Content-Type") == "application/yaml"
    assert json.header("Content-Type") == "application/json"
    assert yaml.safe_load(text.body) == json.json
    assert b"# include" not in text.body


def test_what_clients_look_for(reads):
    info = yaml.safe_load(reads.client.get(CONSUMER + ".yaml").body)["info"]
    assert info["version"] == "1.0.0"
    assert "https://github.com/modelcontextprotocol/registry" in info["description"]
    everything = document(reads, EVERYTHING)
    assert everything["openapi"] == "3.1.0"
    assert (everything["info"]["title"], everything["info"]["version"]) == ("ToolHive Registry API", "0.1")


def test_parameters_that_others_forget(reads):
    lists = document(reads, CONSUMER)["paths"]["/v0.1/servers"]["get"]["parameters"]
    names = {p.get("name") or p["$ref"].rsplit("/", 1)[1] for p in lists}
    assert names == {"Cursor", "limit", "search", "updated_since", "version", "IncludeDeleted"}


@pytest.mark.parametrize("path", [CONSUMER, EVERYTHING])
def test_a_document_is_whole(reads, path):
    content = document(reads, path)

    def walk(node, at):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                found = content
                for step in node["$ref"].removeprefix("#/").split("/"):
                    assert step in found, f"{at}: {node['$ref']} leads nowhere"
                    found = found[step]
            for key, value in node.items():
                walk(value, f"{at}/{key}")
        elif isinstance(node, list):
            for i, value in enumerate(node):
                walk(value, f"{at}/{i}")

    walk(content, "")
    tags = {t["name"] for t in content["tags"]}
    ids = [o["operationId"] for _, _, o in operations(content)]
    assert len(ids) == len(set(ids)) > 8
    for route, method, operation in operations(content):
        assert operation["responses"] and set(operation["tags"]) <= tags, (route, method)
        named = [resolved(content, p) for p in content["paths"][route].get("parameters", [])]
        named += [resolved(content, p) for p in operation.get("parameters", [])]
        in_path = {p["name"] for p in named if p["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", route)), (route, method)


def resolved(content, parameter):
    return content["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]] if "$ref" in parameter else parameter


def test_every_route_is_described(reads):
    everything, consumer = document(reads, EVERYTHING)["paths"], document(reads, CONSUMER)["paths"]
    root = "/registry/{registryName}"
    for method, pattern, flags in routes():
        if pattern:  # the mount without its slash is a redirect
            assert method.lower() in everything.get(pattern, {}), (method, pattern)
        if pattern.startswith(root + "/") and "OLDER" not in flags:
            assert method.lower() in consumer.get(pattern.removeprefix(root), {}), (method, pattern)


@pytest.mark.parametrize("path, root", [(CONSUMER, "/registry/default"), (EVERYTHING, "")])
def test_every_operation_is_answered_as_described(reads, path, root):
    for route, method, operation in operations(document(reads, path)):
        target = root + re.sub(r"\{(\w+)\}", lambda m: VALUES[m.group(1)], route)
        body = b"{}" if "requestBody" in operation else None
        answer = reads.client.request(method.upper(), target, body=body)
        if NOT_YET in operation.get("description", ""):
            assert answer.status in (404, 405, 501), f"{method} {route} is answered: {answer}"
        else:
            assert answer.status not in (404, 405), f"{method} {route}: {answer}"
            assert str(answer.status) in operation["responses"], f"{method} {route}: {answer}"


@pytest.mark.parametrize("path", [CONSUMER + ".yaml", CONSUMER + ".json", EVERYTHING + ".yaml", EVERYTHING + ".json", "/"])
def test_documents_are_sent_as_pages_are(reads, path):
    get, head = reads.client.get(path), reads.client.request("HEAD", path)
    assert (head.status, head.body, head.header("ETag")) == (200, b"", get.header("ETag"))
    assert head.header("Content-Length") == str(len(get.body))
    again = reads.client.get(path, If_None_Match=get.header("ETag"))
    assert (again.status, again.body) == (304, b"")
    packed = reads.client.get(path, Accept_Encoding="gzip")
    assert packed.header("Content-Encoding") == "gzip" and packed.header("ETag") != get.header("ETag")
    assert len(packed.body) < len(get.body)
    assert get.header("X-Content-Type-Options") == "nosniff" and get.header("Access-Control-Allow-Origin") == "*"
    wrong = reads.client.request("POST", path)
    assert (wrong.status, wrong.header("Allow")) == (405, "GET, HEAD, OPTIONS") and wrong.json["error"]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_unknown_registry_has_no_description(reads, form):
    answer = reads.client.get(f"/registry/nope/openapi.{form}")
    assert answer.status == 404 and answer.json == {"error": "registry not found"}
    assert reads.client.get(f"/registry//openapi.{form}").status == 400


@pytest.mark.parametrize("path", ["/openapi", "/openapi.yml", "/openapi.json/", "/registry/default/openapi", "/index.html"])
def test_neighbours_are_not_there(reads, path):
    answer = reads.client.get(path)
    assert answer.status == 404 and answer.json["error"]


def test_the_root_page(reads):
    page = reads.client.get("/")
    assert page.header("Content-Type") == "text/html; charset=utf-8"
    assert "script-src" not in page.header("Content-Security-Policy")
    assert "default-src 'none'" in page.header("Content-Security-Policy")
    text = page.body.decode()
    assert "<script" not in text
    links = re.findall(r'href="([^"]*)"', text)
    assert "openapi.json" in links
    for link in links:
        assert reads.client.get("/" + link).status == 200, link


def test_under_a_prefix(stack):
    one = stack(FILES, httpd={"prefix": "/a/b"}).start()
    outside = Client(one.httpd.port)
    assert b"MCP registry" in outside.get("/a/b/").body
    bare = outside.get("/a/b")
    assert (bare.status, bare.header("Location")) == (301, "./b/")
    assert outside.get("/a/b/openapi.json").status == 200
    assert outside.get("/openapi.json").status == 404
    assert outside.get("/a/b/registry/default/openapi.yaml").status == 200


def test_without_a_database(stack):
    """What is the same for everybody needs none; a registry's document says whether the registry is there."""
    one = stack(FILES, database={"port": 1})
    one.httpd.start()
    for path in ("/", EVERYTHING + ".json", EVERYTHING + ".yaml"):
        assert one.client.get(path).status == 200, path
    assert one.client.get(CONSUMER + ".yaml").status == 503
