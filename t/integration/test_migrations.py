"""The schema: up, down, status, the checksums, the lock, and the two users."""
import concurrent.futures
import json
import os

import pytest

from harness import server, wait_until
from harness.syncd import run

FILES = {"src": [server("com.example.a/one")]}


@pytest.fixture
def schema(stack):
    """A stack that is not started: an empty database, and the commands."""
    return stack(FILES)


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tables(one):
    return one.sql("select count(*) from information_schema.tables where table_schema = 'public'")


def test_up_twice_then_down(schema):
    up = lambda: ok(schema.syncd.command("migrate", "up", "--yes"))
    up()
    made = tables(schema)
    assert int(made) > 5
    up()
    assert tables(schema) == made
    assert schema.syncd.command("migrate", "status").returncode == 0
    ok(schema.syncd.command("migrate", "down", "--num-steps", "1", "--yes"))
    assert tables(schema) != made
    up()
    assert tables(schema) == made


def test_down_needs_a_number_of_steps(schema):
    ok(schema.syncd.command("migrate", "up", "--yes"))
    made = tables(schema)
    for words in (["--yes"], ["--num-steps", "0", "--yes"], ["--num-steps", "x", "--yes"], ["--num-steps", "1001", "--yes"]):
        assert schema.syncd.command("migrate", "down", *words).returncode != 0, words
    # Only the whole word "yes" goes on; nothing is done otherwise.
    for answer in ("y\n", "no\n", ""):
        schema.syncd.command("migrate", "down", "--num-steps", "1", stdin=answer)
    assert tables(schema) == made
    ok(schema.syncd.command("migrate", "down", "--num-steps", "1", stdin="yes\n"))
    assert tables(schema) != made


def test_several_at_once(schema):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for done in pool.map(lambda _: schema.syncd.command("migrate", "up", "--yes"), range(4)):
            ok(done)
    assert int(tables(schema)) > 5


def migration_table(one):
    return one.sql(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'checksum'"
    )


def test_a_changed_migration_is_refused(schema):
    ok(schema.syncd.command("migrate", "up", "--yes"))
    schema.sql(f"update {migration_table(schema)} set checksum = 'another'")
    done = schema.syncd.command("migrate", "up", "--yes")
    assert done.returncode != 0
    assert "checksum" in done.stderr


def test_a_newer_schema_is_refused(schema, stack):
    """By the daemon, and by the module: it says what it found and is not ready."""
    ok(schema.syncd.command("migrate", "up", "--yes"))
    table = migration_table(schema)
    columns = schema.sql(f"select string_agg(quote_ident(column_name), ',') from information_schema.columns where table_name = '{table}'")
    values = columns.replace("version", "9999", 1)
    schema.sql(f"insert into {table} ({columns}) select {values} from {table} order by version desc limit 1")
    done = schema.syncd.command("migrate", "up", "--yes")
    assert done.returncode != 0 and "newer" in done.stderr
    schema.httpd.start()
    assert schema.httpd.operations().get("/readiness").status == 503
    assert schema.httpd.operations().get("/health").status == 200


def test_without_a_schema_the_module_is_not_ready(schema):
    schema.httpd.start()
    assert schema.httpd.operations().get("/readiness").status == 503
    answer = schema.client.servers()
    assert answer.status == 503 and answer.json["error"]
    # And it needs no restart once the daemon has made one.
    schema.syncd.start()
    schema.httpd.await_ready()


def test_automigrate_off(stack):
    one = stack(FILES, database={"autoMigrate": False})
    one.syncd.start()
    wait_until(lambda: not one.syncd.running or "migrat" in one.syncd.log_text(), "it says so")
    assert tables(one) == "0"
    ok(one.syncd.command("migrate", "up", "--yes"))
    if not one.syncd.running:
        one.syncd.forget()
        one.syncd.start()
    one.syncd.await_synced("src")


def test_two_users(stack, postgres):
    """The one who serves and syncs has the granted rights alone; the other one owns the tables."""
    owner, reader = "owner_of_tables", 'o"dd user'
    postgres.sql(f"drop role if exists {owner}")
    postgres.sql(f"create role {owner} login createrole")
    one = stack(FILES, database={"user": reader, "migrationUser": owner})
    postgres.sql(f"alter database {one.database} owner to {owner}")
    try:
        two_users(one, owner, reader)
    finally:
        one.stop()
        postgres.sql(f'drop role if exists "{reader.replace(chr(34), chr(34) * 2)}"')


def two_users(one, owner, reader):
    ok(one.syncd.command("migrate", "up", "--yes"))
    dry = ok(one.syncd.command("prime-db", reader, "--dry-run", stdin="it's a secret\n"))
    assert "it''s a secret" in dry and 'o"dd user'.replace('"', '""') in dry
    ok(one.syncd.command("prime-db", reader, stdin="it's a secret\n"))
    ok(one.syncd.command("prime-db", reader, stdin="another\n"))
    one.start()
    assert one.client.servers().json["metadata"]["count"] == 1
    assert one.sql("select distinct tableowner from pg_tables where schemaname = 'public'") == owner
    with pytest.raises(RuntimeError, match="must be owner|permission denied"):
        one.sql("drop table entry_version", user=reader)
    with pytest.raises(RuntimeError, match="permission denied"):
        one.sql("create table public.mine (a int)", user=reader)
    users = one.sql("select distinct usename from pg_stat_activity where datname = current_database() and application_name <> 'psql'")
    assert users == reader


def test_validate_lists_every_problem_with_its_place(schema):
    path = os.path.join(schema.folder, "bad.json")
    with open(path, "w") as f:
        json.dump({"version": "1", "meta": {}, "data": {"servers": [{"name": "x"}, {"name": "a/b", "version": 1}]}}, f)
    done = run("validate", path)
    assert done.returncode != 0
    for place in ("version", "data.servers.0.name", "data.servers.0: description", "data.servers.1.version"):
        assert place in done.stdout + done.stderr, place


def test_validate_a_configuration(schema):
    ok(run("validate", "--config", schema.config))
    bad = os.path.join(schema.folder, "bad.yaml")
    with open(bad, "w") as f:
        f.write("sources:\n  - name: UPPER\n    file: {path: x}\nauth: {mode: sometimes}\n")
    done = run("validate", "--config", bad)
    assert done.returncode != 0
    for word in ("UPPER", "interval", "registr", "sometimes", "database"):
        assert word in done.stdout + done.stderr, word


@pytest.mark.parametrize("words", [["run"], ["migrate"], ["prime-db"], ["validate"], ["status"], ["version"], []])
def test_help(words):
    done = run(*words, "--help")
    assert done.returncode == 0 and "thv-syncd" in done.stdout


@pytest.mark.parametrize("words", [["nonsense"], ["run"], ["run", "--config"], ["run", "--config", "/nowhere.yaml"], ["status", "--nonsense"]])
def test_misuse(words):
    done = run(*words)
    assert done.returncode != 0 and done.stderr


def test_oauth_is_refused(stack):
    """Until tokens can be checked, a configuration that asks for them serves nobody."""
    one = stack(FILES, auth={"mode": "oauth", "oauth": {"providers": [{"name": "p", "issuerUrl": "https://idp.example.com", "audience": "a"}]}})
    with pytest.raises(AssertionError, match="oauth"):
        one.httpd.start()
