"""First syncs, from every kind of source, beside a plain COPY of the same rows and the building of their indexes."""
import json
import os
import re
import shutil
import statistics
import subprocess

from harness import Syncd, build, configuration, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))


def last_line(syncd, message):
    """The newest log line with this message."""
    lines = [json.loads(line) for line in syncd.log_text(syncd.begin).splitlines() if line.startswith("{")]
    return [line for line in lines if line["msg"] == message][-1]


def peak_memory(syncd):
    """The most memory that the daemon has had, in MiB."""
    with open(f"/proc/{syncd.child.pid}/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+) kB", f.read())[1]) / 1024


def plain_copy(postgres, database, folder):
    """Seconds that COPY of the stored rows into empty tables and building their indexes take."""
    path = os.path.join(folder, "rows")
    os.makedirs(path, exist_ok=True)
    os.chmod(path, 0o777)
    psql = os.path.join(build.postgres_bin(), "psql")
    command = [psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", postgres.host, "-U", "admin", "-d", database]
    command += ["-v", f"path={path}", "-f", os.path.join(HERE, "copy.sql")]
    out = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
    return float(out.split()[-1])


def recheck(syncd):
    """Seconds that a look at a source takes whose document has not changed."""
    seen = syncd.log_text(syncd.begin).count("Source is unchanged")
    syncd.sync_now()
    wait_until(lambda: syncd.log_text(syncd.begin).count("Source is unchanged") > seen, "the source is looked at")
    return last_line(syncd, "Source is unchanged")["duration_ms"] / 1e3


def first_sync(postgres, folder, source, blocks):
    """One first sync of a source into an empty database, and the COPY of what it wrote: the log's line in seconds, with
    `copy` and `memory` (MiB) beside it."""
    os.makedirs(folder, mode=0o755, exist_ok=True)
    database = postgres.new_database()
    syncd = Syncd(folder, configuration(folder, postgres, database, {"src": source}, **blocks))
    syncd.start()
    try:
        syncd.await_synced("src")
        line = last_line(syncd, "Sync completed")
        found = {key[:-3]: value / 1e3 for key, value in line.items() if key.endswith("_ms")}
        found.update(entries=line["servers"], memory=peak_memory(syncd), copy=plain_copy(postgres, database, folder))
        found["check"] = recheck(syncd)
    finally:
        syncd.stop()
        postgres.drop_database(database)
    return found


def git_repository(folder, document):
    """A bare repository that has the document as registry.json."""
    path = os.path.join(folder, "catalog.git")
    work = os.path.join(folder, "work")
    os.makedirs(work)
    shutil.copy(document, os.path.join(work, "registry.json"))
    author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Catalog"], ["clone", "-q", "--bare", ".", path]):
        subprocess.run(["git", "-C", work, *command], check=True, capture_output=True)
    return path


def sources(bench):
    """The catalog of a bench from each kind of source, all of this machine."""
    site = f"http://127.0.0.1:{bench.cached.port}"
    return {
        "file": bench.document,
        "url": {"file": {"url": f"{site}/catalog.json"}},
        "api": {"api": {"endpoint": f"{site}/r/registry/default"}},
        "git": {"git": {"repository": "file://" + git_repository(bench.folder, bench.document)}},
    }


def medians(rows):
    return {key: statistics.median(row[key] for row in rows) for key in rows[0]}


def measure(bench, kinds, rounds, blocks):
    """kind -> what first_sync() found, medians. Every sync has its own COPY beside it, and rounds are interleaved."""
    all_kinds = sources(bench)
    rows = {kind: [] for kind in kinds}
    for number in range(rounds):
        for kind in kinds:
            folder = os.path.join(bench.folder, f"{kind}-{number}")
            rows[kind].append(first_sync(bench.postgres, folder, all_kinds[kind], blocks))
            assert rows[kind][-1]["entries"] == bench.size
    for found in (row for of_kind in rows.values() for row in of_kind):
        found["copies"] = found["duration"] / found["copy"]
        found["write copies"] = found["write"] / found["copy"]
    return {kind: medians(found) for kind, found in rows.items()}


def judged(value, target):
    """(a note, whether it is met)"""
    if target is None:
        return "", True
    return f"   target {target}: {'met' if value <= target else 'MISSED'}", value <= target


def report(size, found, targets):
    """Prints the rows; false when a target is missed."""
    good = True
    one = found["file"]
    rows = [
        ("first sync", f"{size / one['duration']:>10.0f} entries/s", None, None),
        ("first sync, seconds", f"{one['duration']:>10.2f}", "seconds", one["duration"]),
        ("first sync / COPY", f"{one['copies']:>10.2f}", "copies", one["copies"]),
        ("daemon, peak memory", f"{one['memory']:>10.0f} MiB", "memory", one["memory"]),
        ("unchanged re-check", f"{one['check']:>10.3f} s", "check", one["check"]),
    ]
    for kind, row in found.items():
        text = f"{row['duration']:>10.2f} s: fetch {row['fetch']:.2f}, compare {row['compare']:.2f}, write {row['write']:.2f}"
        text += f" = {row['write copies']:.2f} x COPY"
        rows.append((f"first sync from {kind}", text, "write copies", row["write copies"]))
    for label, text, key, value in rows:
        note, met = judged(value, targets.get(key))
        good = good and met
        print(f"  {label:<24}{text}{note}")
    return good
