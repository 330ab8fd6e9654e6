"""What a failed sync must leave as it was."""
from harness.config import reconfigure
from harness.waiting import wait_until


def kept(one, source="src"):
    """The catalog, and the hash and the counts of the source's last good sync."""
    row = f"""select data_hash, server_count, skill_count, plugin_count from source_sync y join source s on s.id = y.source_id
              where s.name = '{source}'"""
    return one.client.walk(limit=1000), one.sql(row)


def runs(one, source="src"):
    return int(one.sql(f"select count(*) from sync_run r join source s on s.id = r.source_id where s.name = '{source}'"))


def fails(one, source="src"):
    """Asks for a sync, which fails in one run of the history and changes nothing; its message."""
    before, many = kept(one, source), runs(one, source)
    assert before[0], "an empty catalog shows nothing"
    done = one.syncd.command("sync", source, "--wait")
    state = one.syncd.source(source)
    assert done.returncode == 1 and state["state"] == "failed", (done.stdout, done.stderr)
    assert kept(one, source) == before
    assert runs(one, source) == many + 1
    return state["message"]


def fails_elsewhere(one, block, source="src", meanwhile=lambda: None):
    """The source is to be found elsewhere from now on: `block` is its type and settings. It is looked at, which fails in
    one run and changes nothing; its message. meanwhile() is called again and again."""
    before, many = kept(one, source), runs(one, source)
    assert before[0], "an empty catalog shows nothing"

    def change(content):
        next(s for s in content["sources"] if s["name"] == source).update(block)

    reconfigure(one, change)
    wait_until(lambda: meanwhile() or runs(one, source) > many and one.syncd.source(source)["state"] == "failed", "it fails")
    assert kept(one, source) == before
    assert runs(one, source) == many + 1
    return one.syncd.source(source)["message"]


def heals(one, source="src"):
    """A sync that is asked for goes well."""
    done = one.syncd.command("sync", source, "--wait")
    assert done.returncode == 0, done.stderr
