"""The three reads of servers: lists, paging, search, filters, versions, precedence of sources."""
import base64
import datetime

import pytest

from harness import server
from harness.catalog import OFFICIAL
from harness.client import keys

CLOCK = [server("com.example.clock/wall", v, title="Wall clock") for v in ("1.0.0", "1.10.0", "1.2.0", "2.0.0-rc.1")]
FILES = {
    "clocks": CLOCK
    + [
        server("com.example.Clock/wall", "0.1.0", "The same name with other letters"),
        server("com.example.clock/nightly", "nightly", "No semantic version"),
        server("com.example.clock/nightly", "v11", "No semantic version"),
        server("com.example.shared/one", "1.0.0", "From the clocks"),
    ],
    "many": [server(f"com.example.many/s{i:03d}", description=f"Number {i}") for i in range(150)]
    + [
        server("com.example.shared/one", "2.0.0", "From the many, a stranger"),
        server("com.example.text/percent", "1.0.0", "100% sure, under_score, back\\slash"),
        server("com.example.text/umlaut", "1.0.0", "Größen und Maße", title="Überprüft"),
        server("com.example.text/quote", "1.0.0", "It's o'clock; drop table entry; --"),
    ],
    "managed": None,
}
REGISTRIES = {"clocks": ["clocks"], "many": ["many"], "both": ["clocks", "many"], "reversed": ["many", "clocks"], "empty": ["managed"]}


def names(answer):
    assert answer.status == 200, answer
    return [e["server"]["name"] for e in answer.json["servers"]]


def test_order_is_bytewise_by_name_then_version(reads):
    assert keys(reads.client.walk("clocks")) == [
        ("com.example.Clock/wall", "0.1.0"),
        ("com.example.clock/nightly", "nightly"),
        ("com.example.clock/nightly", "v11"),
        ("com.example.clock/wall", "1.0.0"),
        ("com.example.clock/wall", "1.10.0"),
        ("com.example.clock/wall", "1.2.0"),
        ("com.example.clock/wall", "2.0.0-rc.1"),
        ("com.example.shared/one", "1.0.0"),
    ]


@pytest.mark.parametrize("limit", [1, 7, 100, 153, 154, 155, 1000])
def test_a_walk_gives_everything_once(reads, limit):
    entries = keys(reads.client.walk("many", limit=limit))
    assert len(entries) == 154
    assert entries == sorted(set(entries))


def test_the_default_page_is_30_and_the_largest_1000(reads):
    page = reads.client.servers("many").json
    assert page["metadata"]["count"] == 30
    last = page["servers"][-1]["server"]
    cursor = base64.b64encode(f"{last['name']},{last['version']}".encode()).decode()
    assert page["metadata"]["nextCursor"] == cursor
    whole = reads.client.servers("many", limit=5000).json
    assert whole["metadata"] == {"count": 154}


def test_a_last_full_page_has_no_cursor(reads):
    page = reads.client.servers("many", limit=154).json
    assert page["metadata"] == {"count": 154}


def test_a_cursor_need_not_name_a_row(reads):
    cursor = base64.b64encode(b"com.example.clock/o,").decode()
    assert names(reads.client.servers("clocks", cursor=cursor))[0] == "com.example.clock/wall"


def test_an_empty_registry(reads):
    assert reads.client.servers("empty").json == {"servers": [], "metadata": {"count": 0}}


@pytest.mark.parametrize(
    "search, expected",
    [
        ("WALL CLOCK", 4),
        ("clock/nightly", 2),
        ("other letters", 1),
        ("nothing at all", 0),
        ("%", 0),
        ("w_ll", 0),
    ],
)
def test_search_in_clocks(reads, search, expected):
    assert len(reads.client.walk("clocks", search=search)) == expected


@pytest.mark.parametrize(
    "search, name",
    [
        ("100%", "percent"),
        ("under_score", "percent"),
        ("back\\slash", "percent"),
        ("\\", "percent"),
        ("GRÖSSEN", None),
        ("größen", "umlaut"),
        ("ÜBERPRÜFT", "umlaut"),
        ("o'clock", "quote"),
    ],
)
def test_search_text_means_itself(reads, search, name):
    found = names(reads.client.servers("many", search=search))
    assert found == ([f"com.example.text/{name}"] if name else [])


def test_search_goes_through_pages(reads):
    entries = reads.client.walk("many", search="NUMBER 1", limit=10)
    wanted = sorted(f"com.example.many/s{i:03d}" for i in range(150) if str(i).startswith("1"))
    assert [name for name, _ in keys(entries)] == wanted


def test_version_latest(reads):
    assert keys(reads.client.walk("clocks", version="latest")) == [
        ("com.example.Clock/wall", "0.1.0"),
        ("com.example.clock/nightly", "v11"),
        ("com.example.clock/wall", "2.0.0-rc.1"),
        ("com.example.shared/one", "1.0.0"),
    ]
    assert keys(reads.client.walk("clocks", version="1.10.0")) == [("com.example.clock/wall", "1.10.0")]
    assert reads.client.walk("clocks", version="LATEST") == []


def test_updated_since(reads):
    stamps = [e["_meta"][OFFICIAL]["updatedAt"] for e in reads.client.walk("clocks")]
    assert len(reads.client.walk("clocks", updated_since="2020-01-01T00:00:00Z")) == len(stamps)
    assert reads.client.walk("clocks", updated_since="2100-01-01T00:00:00.5+02:00") == []
    # Strictly newer: the newest stamp itself finds nothing.
    assert reads.client.walk("clocks", updated_since=max(stamps)) == []


def test_filters_are_anded(reads):
    found = reads.client.walk("clocks", search="wall", version="latest", updated_since="2020-01-01T00:00:00Z")
    assert keys(found) == [("com.example.Clock/wall", "0.1.0"), ("com.example.clock/wall", "2.0.0-rc.1")]


def test_the_official_block(reads):
    for entry in reads.client.walk("clocks"):
        official = entry["_meta"][OFFICIAL]
        assert official["status"] == "active"
        latest = (entry["server"]["name"], entry["server"]["version"]) in keys(reads.client.walk("clocks", version="latest"))
        assert official["isLatest"] is latest
        for member in ("publishedAt", "updatedAt", "statusChangedAt"):
            datetime.datetime.fromisoformat(official[member].replace("Z", "+00:00"))


def test_versions_of_a_name(reads):
    answer = reads.client.versions("com.example.clock/wall", "clocks")
    assert sorted(v for _, v in keys(answer.json["servers"])) == ["1.0.0", "1.10.0", "1.2.0", "2.0.0-rc.1"]
    # Published at one moment: the newer version first.
    assert [v for _, v in keys(answer.json["servers"])] == ["2.0.0-rc.1", "1.10.0", "1.2.0", "1.0.0"]
    assert answer.json["metadata"] == {"count": 4}


@pytest.mark.parametrize("version, expected", [("latest", "2.0.0-rc.1"), ("1.10.0", "1.10.0"), ("2.0.0%2Drc.1", "2.0.0-rc.1")])
def test_one_version(reads, version, expected):
    path = f"/registry/clocks/v0.1/servers/com.example.clock%2Fwall/versions/{version}"
    answer = reads.client.get(path)
    assert answer.status == 200, answer
    assert answer.json["server"]["version"] == expected
    assert set(answer.json) == {"server", "_meta"}


def test_the_first_source_wins(reads):
    def shared(registry):
        return [e for e in reads.client.walk(registry, limit=10) if e["server"]["name"] == "com.example.shared/one"]

    assert [v for _, v in keys(shared("both"))] == ["1.0.0"]
    assert [v for _, v in keys(shared("reversed"))] == ["2.0.0"]
    # Whatever is asked for: a hidden copy is not found by a search either.
    assert reads.client.walk("both", search="stranger") == []
    assert keys(reads.client.versions("com.example.shared/one", "both").json["servers"]) == [("com.example.shared/one", "1.0.0")]
    assert len(reads.client.walk("both", limit=1)) == 8 + 154 - 1


def test_a_version_that_only_a_later_source_has_is_served(reads):
    answer = reads.client.version("com.example.shared/one", "2.0.0", "both")
    assert answer.status == 200
    assert answer.json["server"]["description"] == "From the many, a stranger"
    latest = reads.client.version("com.example.shared/one", "latest", "both")
    assert latest.json["server"]["version"] == "1.0.0"
