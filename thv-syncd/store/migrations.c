/*
 * The runner of migrations.
 */
#include "thv-syncd/store/migrations.h"
#include "common/util/clock.h"
#include "common/util/digest.h"
#include "sql/statement.h"
#include <string.h>

#define LOCK_WAIT  apr_time_from_sec(15)
#define LOCK_SLEEP apr_time_from_msec(250)

/* The columns of migration_list. */
enum { COL_VERSION, COL_NAME, COL_CHECKSUM };

static int newest_known(void)
{
    int version = 0;

    for (const mcpr_sql_migration *m = mcpr_sql_migrations; m->version; m++) {
        version = m->version;
    }
    return version;
}

static const mcpr_sql_migration *find(int version)
{
    for (const mcpr_sql_migration *m = mcpr_sql_migrations; m->version; m++) {
        if (m->version == version) {
            return m;
        }
    }
    return NULL;
}

static apr_status_t report(mcpr_problems *problems, mcpr_db *db, const char *what, apr_status_t status)
{
    mcpr_problems_add(problems, "", "%s: %s", what, mcpr_db_error(db));
    return status;
}

/* Is what has run in the database what the binary would have run? */
static apr_status_t compare(const mcpr_rows *rows, mcpr_migration_state *state, mcpr_problems *problems,
                            apr_pool_t *pool)
{
    for (int i = 0; i < mcpr_rows_count(rows); i++) {
        int version = (int)mcpr_rows_int(rows, i, COL_VERSION);
        const mcpr_sql_migration *m = find(version);
        const char *name = mcpr_rows_text(rows, i, COL_NAME);

        if (!m) {
            mcpr_problems_add(
                problems, "",
                "the database is newer than this program: it has migration %d (%s), known are those up to %d",
                version, name, state->known);
            return MCPR_EDB;
        }
        if (strcmp(mcpr_rows_text(rows, i, COL_CHECKSUM), mcpr_sha256_hex(m->up, strlen(m->up), pool)) != 0) {
            mcpr_problems_add(
                problems, "",
                "migration %d (%s) of the database has another checksum than this program's: they "
                "are of different origin",
                version, name);
            return MCPR_EDB;
        }
        state->applied = version;
    }
    return APR_SUCCESS;
}

apr_status_t mcpr_migrations_check(mcpr_db *db, mcpr_migration_state *state, mcpr_problems *problems,
                                   apr_pool_t *pool)
{
    mcpr_rows *rows;
    apr_status_t status;

    state->known = newest_known();
    state->applied = 0;
    status = mcpr_db_run(db, MCPR_SQL_MIGRATION_TABLE_EXISTS, &rows, pool, MCPR_NO_ARGS);
    if (status != APR_SUCCESS) {
        return report(problems, db, "reading the schema's version failed", status);
    }
    if (!mcpr_rows_true(rows, 0, 0)) {
        return APR_SUCCESS;
    }
    status = mcpr_db_run(db, MCPR_SQL_MIGRATION_LIST, &rows, pool, MCPR_NO_ARGS);
    if (status != APR_SUCCESS) {
        return report(problems, db, "reading the schema's version failed", status);
    }
    return compare(rows, state, problems, pool);
}

/* Tries for the lock until the time is up: a waiting pg_advisory_lock could not be told from a hang. */
static apr_status_t lock(mcpr_db *db, mcpr_problems *problems, apr_pool_t *pool)
{
    apr_time_t until = mcpr_clock() + LOCK_WAIT;

    for (;;) {
        mcpr_rows *rows;
        apr_status_t status = mcpr_db_run(db, MCPR_SQL_MIGRATION_LOCK, &rows, pool, MCPR_NO_ARGS);

        if (status != APR_SUCCESS) {
            return report(problems, db, "locking the schema failed", status);
        }
        if (mcpr_rows_true(rows, 0, 0)) {
            return APR_SUCCESS;
        }
        if (mcpr_clock() >= until) {
            mcpr_problems_add(problems, "", "another program is migrating this database: gave up after 15 s");
            return MCPR_ERETRY;
        }
        apr_sleep(LOCK_SLEEP);
    }
}

static void unlock(mcpr_db *db, apr_pool_t *pool)
{
    if (mcpr_db_alive(db) &&
        mcpr_db_run(db, MCPR_SQL_MIGRATION_UNLOCK, NULL, pool, MCPR_NO_ARGS) != APR_SUCCESS) {
        mcpr_db_close(db);
    }
}

/* One migration, up or down, with its row, as one transaction. */
static apr_status_t step(mcpr_db *db, const mcpr_sql_migration *m, int up, mcpr_problems *problems,
                         apr_pool_t *pool)
{
    const char *version = mcpr_db_number(m->version, pool);
    apr_status_t status = mcpr_db_begin(db);

    if (status == APR_SUCCESS) {
        status = mcpr_db_run(db, MCPR_SQL_MIGRATION_SESSION, NULL, pool, MCPR_NO_ARGS);
    }
    if (status == APR_SUCCESS) {
        status = mcpr_db_script(db, up ? m->up : m->down);
    }
    if (status == APR_SUCCESS && up) {
        status = mcpr_db_run(db, MCPR_SQL_MIGRATION_ADD, NULL, pool,
                             MCPR_ARGS(version, m->name, mcpr_sha256_hex(m->up, strlen(m->up), pool)));
    } else if (status == APR_SUCCESS) {
        status = mcpr_db_run(db, MCPR_SQL_MIGRATION_REMOVE, NULL, pool, MCPR_ARGS(version));
    }
    if (status == APR_SUCCESS) {
        status = mcpr_db_commit(db);
    }
    if (status != APR_SUCCESS) {
        mcpr_problems_add(problems, "", "migration %d (%s) %s failed: %s", m->version, m->name,
                          up ? "up" : "down", mcpr_db_error(db));
        mcpr_db_rollback(db);
    }
    return status;
}

static apr_status_t up_locked(mcpr_db *db, int steps, mcpr_migration_note *note, void *baton,
                              mcpr_problems *problems, apr_pool_t *pool)
{
    mcpr_migration_state state;
    apr_status_t status = mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_MIGRATION_TABLE].text);
    int done = 0;

    if (status != APR_SUCCESS) {
        return report(problems, db, "making the table of migrations failed", status);
    }
    status = mcpr_migrations_check(db, &state, problems, pool);
    for (const mcpr_sql_migration *m = mcpr_sql_migrations; status == APR_SUCCESS && m->version; m++) {
        if (m->version <= state.applied || (steps && done == steps)) {
            continue;
        }
        status = step(db, m, 1, problems, pool);
        if (status == APR_SUCCESS) {
            note(baton, "up", m->version, m->name);
            done++;
        }
    }
    return status;
}

static apr_status_t down_locked(mcpr_db *db, int steps, mcpr_migration_note *note, void *baton,
                                mcpr_problems *problems, apr_pool_t *pool)
{
    mcpr_migration_state state;
    apr_status_t status = mcpr_migrations_check(db, &state, problems, pool);

    if (status == APR_SUCCESS && steps > state.applied) {
        mcpr_problems_add(problems, "", "cannot undo %d migrations: the database has %d", steps,
                          state.applied);
        return MCPR_EDB;
    }
    for (int version = state.applied; status == APR_SUCCESS && version > state.applied - steps; version--) {
        const mcpr_sql_migration *m = find(version);

        status = step(db, m, 0, problems, pool);
        if (status == APR_SUCCESS) {
            note(baton, "down", m->version, m->name);
        }
    }
    return status;
}

apr_status_t mcpr_migrations_up(mcpr_db *db, int steps, mcpr_migration_note *note, void *baton,
                                mcpr_problems *problems, apr_pool_t *pool)
{
    apr_status_t status = lock(db, problems, pool);

    if (status == APR_SUCCESS) {
        status = up_locked(db, steps, note, baton, problems, pool);
        unlock(db, pool);
    }
    return status;
}

apr_status_t mcpr_migrations_down(mcpr_db *db, int steps, mcpr_migration_note *note, void *baton,
                                  mcpr_problems *problems, apr_pool_t *pool)
{
    apr_status_t status = lock(db, problems, pool);

    if (status == APR_SUCCESS) {
        status = down_locked(db, steps, note, baton, problems, pool);
        unlock(db, pool);
    }
    return status;
}
