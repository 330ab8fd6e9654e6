"""What is kept in memory is never served once it is old: two httpds, many children, lost watchers."""
import os
import re
import select

import psycopg2
import pytest
from load import Load

from harness import Httpd, server, wait_until

NAME = "com.example.a/counter"
PATH = "/registry/default/v0.1/servers/com.example.a%2Fcounter/versions/latest"


def counter(n):
    return [server(NAME, description=f"count {n}"), server("com.example.a/other")]


def shown(client):
    return int(client.get(PATH).json["server"]["description"].split()[1])


def connect(one):
    connection = psycopg2.connect(host=one.postgres.host, user="admin", dbname=one.database)
    connection.autocommit = True
    return connection


def set_count(cursor, n):
    """A change as the daemon makes it: content, generation and notification in one transaction."""
    cursor.execute(
        "begin; update entry_version set document = jsonb_set(document::jsonb, '{description}', to_jsonb('count %s'::text))::text"
        " where name = %s; update generation set number = number + 1;"
        " select pg_notify('mcpr_generation', number::text) from generation; commit",
        (n, NAME),
    )


def await_notification(connection):
    select.select([connection], [], [], 20)
    connection.poll()
    assert connection.notifies, "no notification within 20 s"
    connection.notifies.clear()


def children(httpd):
    with open(f"/proc/{httpd.child.pid}/task/{httpd.child.pid}/children") as f:
        return set(f.read().split())


WATCHERS = (
    "from pg_stat_activity where application_name = 'mod_mcp_registry' and query like '%FROM generation%'"
    " and query not like '%LATERAL%'"
)


def watchers(cursor):
    cursor.execute("select count(*) " + WATCHERS)
    return cursor.fetchone()[0]


def noticed(httpd):
    """The pids of those that have lost their watcher's connection."""
    return set(re.findall(r"\[pid (\d+):.*pages are not served from memory", httpd.log_text()))


@pytest.fixture
def two(stack):
    """A catalog behind two httpds, each with several children."""
    one = stack({"src": counter(0)}, httpd={"limits": "ServerLimit 3\nStartServers 3\nThreadsPerChild 4\nMaxRequestWorkers 12\n"})
    one.start()
    folder = os.path.join(one.folder, "second")
    os.makedirs(folder)
    second = Httpd(folder, one.config, limits=one.httpd.limits)
    second.start()
    second.await_ready()
    yield one, second
    second.stop()


def test_a_change_reaches_every_process(two):
    one, second = two
    writer, listener = connect(one), connect(one)
    listener.cursor().execute("listen mcpr_generation")
    with Load(one.httpd.port, [PATH], readers=6) as first_load, Load(second.port, [PATH], readers=6) as second_load:
        for n in range(1, 40):
            set_count(writer.cursor(), n)
            await_notification(listener)
            # Both have it as soon as their own notification is in, and nobody goes back after that.
            for client in (one.client, second.client()):
                wait_until(lambda: shown(client) == n, f"count {n} is served", interval=0.001)
                assert [shown(client) for _ in range(10)] == [n] * 10
    for load in (first_load, second_load):
        assert load.errors == [] and load.statuses() == {200}
    for connection in (writer, listener):
        connection.close()


def test_each_reader_sees_time_go_forward(two):
    """A reader on one connection never sees an older count after a newer one."""
    one, _ = two
    writer = connect(one)
    with Load(one.httpd.port, [PATH], readers=1) as load:
        for n in range(1, 60):
            set_count(writer.cursor(), n)
            wait_until(lambda: any(f"count {n}" in a.json["server"]["description"] for a in load.since(0)[-50:]), f"{n}", interval=0.001)
    seen = [int(a.json["server"]["description"].split()[1]) for a in load.since(0)]
    assert seen == sorted(seen)
    writer.close()


def test_without_its_watcher_a_process_reads_from_postgresql(two):
    """The watchers' connections are cut and can't be made again: what changes is seen at once all the same."""
    one, second = two
    writer = connect(one)
    one.syncd.stop()
    cursor = writer.cursor()
    for client in (one.client, second.client()):
        assert shown(client) == 0  # it is in the caches
    # One that is not connected yet has nothing to lose.
    all_children = len(children(one.httpd) | children(second))
    wait_until(lambda: watchers(cursor) == all_children, "each child has its watcher")
    cursor.execute(f"update pg_database set datallowconn = false where datname = '{one.database}'")
    cursor.execute("select count(pg_terminate_backend(pid)) " + WATCHERS)
    assert cursor.fetchone()[0] == all_children
    for httpd in (one.httpd, second):
        wait_until(lambda: noticed(httpd) >= children(httpd), "each child has noticed")
    # No notification: nobody could hear it.
    cursor.execute(
        "update entry_version set document = jsonb_set(document::jsonb, '{description}', '\"count 77\"')::text where name = %s",
        (NAME,),
    )
    for client in (one.client, second.client()):
        answers = [client.get(PATH) for _ in range(10)]
        counts = {a.json["server"]["description"] for a in answers if a.status == 200}
        assert counts <= {"count 77"}
        assert {a.status for a in answers} <= {200, 503}
    cursor.execute(f"update pg_database set datallowconn = true where datname = '{one.database}'")
    set_count(cursor, 78)
    for client in (one.client, second.client()):
        wait_until(lambda: client.get(PATH).status == 200 and shown(client) == 78, "recovered")
    writer.close()


def test_a_database_from_a_backup(two):
    """The catalog goes back to an older state with a lower generation: nothing of the newer one is served."""
    one, second = two
    writer = connect(one)
    cursor = writer.cursor()
    cursor.execute("select number from generation")
    old = cursor.fetchone()[0]
    set_count(cursor, 1)
    for client in (one.client, second.client()):
        wait_until(lambda: shown(client) == 1, "the newer state is served")
    cursor.execute(
        "begin; update entry_version set document = jsonb_set(document::jsonb, '{description}', '\"count 0\"')::text"
        " where name = %s; update generation set number = %s; commit",
        (NAME, old),
    )
    cursor.execute(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'mod_mcp_registry'"
    )
    for client in (one.client, second.client()):
        wait_until(lambda: client.get(PATH).status == 200 and shown(client) == 0, "the older state is served")
        assert [shown(client) for _ in range(20)] == [0] * 20
    writer.close()
