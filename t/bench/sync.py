"""The first sync of a source beside a plain COPY of the same rows and the building of their indexes."""
import json
import os
import re
import subprocess

from harness import build, wait_until

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


def measure(bench, postgres):
    """(seconds of the first sync, of COPY and indexes, of a check that finds nothing, peak memory in MiB)"""
    first = last_line(bench.syncd, "Sync completed")["duration_ms"] / 1e3
    memory = peak_memory(bench.syncd)
    return first, plain_copy(postgres, bench.database, bench.folder), recheck(bench.syncd), memory


def report(size, first, copy, check, memory, targets):
    good = True
    rows = [
        ("first sync", f"{size / first:>10.0f} entries/s   {first:.2f} s", None, None),
        ("first sync / COPY", f"{first / copy:>10.2f}", "copies", first / copy),
        ("first sync, seconds", f"{first:>10.2f}", "seconds", first),
        ("daemon, peak memory", f"{memory:>10.0f} MiB", "memory", memory),
        ("unchanged re-check", f"{check:>10.3f} s", "check", check),
    ]
    for label, text, key, value in rows:
        target = targets.get(key)
        if target is not None:
            good = good and value <= target
            text += f"   target {target}: {'met' if value <= target else 'MISSED'}"
        print(f"  {label:<24}{text}")
    return good
