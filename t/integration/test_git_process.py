"""The process that fetches from git, as the system shows it: what of the daemon's it has, and what it has not."""
import json
import os
import re
import signal

from harness import server, wait_until
from harness.catalog import document
from harness.upstream import answer


def descriptors(pid):
    """Number -> what it leads to."""
    folder = f"/proc/{pid}/fd"
    return {int(fd): os.readlink(os.path.join(folder, fd)) for fd in os.listdir(folder)}


def children(pid):
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/children") as f:
            found += f.read().split()
    return found


def test_nothing_but_its_pipes_is_inherited(stack, upstream, release):
    """Another source's transfer is open all the while: its socket is not the child's."""

    def hold(request):
        release.wait(30)
        return answer(json.dumps(document([server("com.example.a/one")])).encode())

    page, repository = upstream(hold), upstream(hold)
    one = stack({"page": {"file": {"url": page.url("/registry.json"), "timeout": "1m"}}})
    one.syncd.start()
    wait_until(lambda: page.requests, "the transfer is open")
    block = json.dumps({"repository": repository.url("/repository.git")})
    one.sql(
        "insert into source (name, creation_type, source_type, source_config, sync_schedule, syncable)"
        f" values ('repository', 'API', 'git', '{block}', '1 h', true);"
        " insert into source_sync (source_id, phase, message) select id, 'failed', 'new' from source"
        " where name = 'repository'; notify mcpr_sync"
    )
    wait_until(lambda: repository.requests, "the child asks")
    (child,) = children(one.syncd.child.pid)
    daemons, childs = descriptors(one.syncd.child.pid), descriptors(child)
    assert [what for what in daemons.values() if what.startswith("socket:")]
    both = {what for what in childs.values() if re.match("(socket|pipe):", what)} & set(daemons.values())
    assert both <= {childs[1]}


def test_signals_for_the_daemon_do_not_end_it(stack, upstream, release):
    """A service manager sends them to all processes: a look at everything must not end what is under way."""

    def hold(request):
        release.wait(30)
        return answer(line="404 Not Found")

    far = upstream(hold)
    one = stack({"repository": {"git": {"repository": far.url("/repository.git")}}})
    one.syncd.start()
    wait_until(lambda: far.requests, "the child asks")
    (child,) = children(one.syncd.child.pid)
    for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        os.kill(int(child), number)
    release.set()
    failed = wait_until(lambda: (s := one.syncd.source("repository"))["consecutiveFailures"] and s, "it has its answer")
    assert "404" in failed["message"]
