"""httpd restarts gracefully under load: no request is lost, and old and new children agree on what is true."""
import pytest
from load import Load

from harness import server, wait_until

SERVERS = [server(f"com.example.a/s{i:03}") for i in range(20)]
BASE = "/registry/default/v0.1/servers"


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
def test_graceful_under_load(stack, mpm):
    one = stack({"src": SERVERS}, httpd={"mpm": mpm}).start()
    # Connections are closed after each answer: a kept one may be closed by a child that is leaving, as HTTP allows.
    with Load(one.httpd.port, [BASE, BASE + "?limit=3", BASE + "?search=s00"], readers=3, Connection="close") as load:
        for _ in range(3):
            seen = one.httpd.log_text().count("resuming normal operations")
            one.httpd.graceful()
            wait_until(lambda: one.httpd.log_text().count("resuming normal operations") > seen, "httpd came back")
            answered = len(load.answers)
            wait_until(lambda: len(load.answers) > answered + 50, "the load goes on")
    assert load.errors == []
    assert load.statuses() == {200}


def test_a_change_during_a_graceful_restart(stack):
    """Children of before and after share the generation."""
    one = stack({"src": SERVERS}).start()
    with Load(one.httpd.port, [BASE + "?limit=1000"], readers=3) as load:
        wait_until(lambda: load.answers, "somebody has read the old catalog")
        one.httpd.graceful()
        one.write("src", SERVERS[:5])
        one.syncd.sync_now()
        wait_until(lambda: one.client.servers(limit=1000).json["metadata"]["count"] == 5, "the change is served")
        seen = len(load.answers)
        wait_until(lambda: len(load.answers) > seen + 30, "the load goes on")
    counts = [a.json["metadata"]["count"] for a in load.since(0) if a.status == 200]
    assert set(counts) == {20, 5}
