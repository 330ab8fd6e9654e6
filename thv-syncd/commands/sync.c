/*
 * thv-syncd sync NAME: asks the daemons for a sync, and follows it with --wait. The request is a row, so it
 * is served even if no daemon runs now.
 */
#include "common/util/clock.h"
#include "thv-syncd/commands/command.h"
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_EVERY apr_time_from_msec(200)
/* Without a daemon for so long, nobody will come. One that has lost the database is back sooner. */
#define NO_DAEMON apr_time_from_sec(5)
/* Beyond the deadlines of the sync before ours and of ours. */
#define SLACK apr_time_from_sec(60)

/* The columns of sync_progress. */
enum {
    AT_DAEMON,
    AT_RUNS,
    AT_ACTIVITY,
    AT_OUTCOME,
    AT_MESSAGE,
    AT_ADDED,
    AT_CHANGED,
    AT_REMOVED,
    AT_BYTES,
    AT_MS,
    AT_SERVERS,
    AT_SKILLS,
    AT_PLUGINS
};

typedef struct request {
    mcpr_db *db;
    const char *name;
    const char *id, *asked_at; /* as arguments */
    char shown[128];           /* the phase that was said last */
    int terminal;
} request;

/* A line of progress: rewritten on a terminal, one after the other elsewhere. */
static void show(request *r, const char *phase)
{
    if (strcmp(phase, r->shown) == 0) {
        return;
    }
    apr_cpystrn(r->shown, phase, sizeof r->shown);
    if (r->terminal) {
        fprintf(stderr, "\r%s: %s\033[K", r->name, phase);
    } else {
        fprintf(stderr, "%s: %s\n", r->name, phase);
    }
    fflush(stderr);
}

static void end_progress(const request *r)
{
    if (r->terminal && *r->shown) {
        fputs("\r\033[K", stderr);
    }
}

/* Why nobody can be asked to sync it. */
static int refuse(request *r, apr_pool_t *pool)
{
    mcpr_rows *rows = NULL;

    if (mcpr_db_run(r->db, MCPR_SQL_SYNC_KNOWN, &rows, pool, MCPR_NO_ARGS) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(r->db));
        return MCPR_EXIT_FAILED;
    }
    for (int i = 0; i < mcpr_rows_count(rows); i++) {
        if (strcmp(mcpr_rows_text(rows, i, 0), r->name) == 0) {
            fprintf(stderr, "thv-syncd: source '%s' is of type %s: there is nothing to sync\n", r->name,
                    mcpr_rows_text(rows, i, 1));
            return MCPR_EXIT_FAILED;
        }
    }
    fprintf(stderr, "thv-syncd: no source '%s'; there %s", r->name,
            mcpr_rows_count(rows) ? "are:" : "are none yet: a daemon makes those of the configuration");
    for (int i = 0; i < mcpr_rows_count(rows); i++) {
        fprintf(stderr, "%s %s", i ? "," : "", mcpr_rows_text(rows, i, 0));
    }
    fputc('\n', stderr);
    return MCPR_EXIT_FAILED;
}

static int conclude(const request *r, const mcpr_rows *rows)
{
    if (strcmp(mcpr_rows_text(rows, 0, AT_OUTCOME), "failed") == 0) {
        fprintf(stderr, "thv-syncd: the sync of '%s' failed: %s\n", r->name,
                mcpr_rows_text(rows, 0, AT_MESSAGE));
        return MCPR_EXIT_FAILED;
    }
    printf("%s: %s: %s servers, %s skills, %s plugins; %s added, %s changed, %s removed; %s bytes in %s ms\n",
           r->name, mcpr_rows_text(rows, 0, AT_OUTCOME), mcpr_rows_text(rows, 0, AT_SERVERS),
           mcpr_rows_text(rows, 0, AT_SKILLS), mcpr_rows_text(rows, 0, AT_PLUGINS),
           mcpr_rows_text(rows, 0, AT_ADDED), mcpr_rows_text(rows, 0, AT_CHANGED),
           mcpr_rows_text(rows, 0, AT_REMOVED), mcpr_rows_text(rows, 0, AT_BYTES),
           mcpr_rows_text(rows, 0, AT_MS));
    return MCPR_EXIT_OK;
}

static const char *phase_of(const mcpr_rows *rows)
{
    const char *activity = mcpr_rows_text(rows, 0, AT_ACTIVITY);

    if (!mcpr_rows_true(rows, 0, AT_RUNS)) {
        return mcpr_rows_true(rows, 0, AT_DAEMON) ? "waiting for a worker" : "waiting for a daemon";
    }
    return activity ? activity : "starting";
}

static int give_up(const request *r, const char *why)
{
    end_progress(r);
    fprintf(stderr, "thv-syncd: %s; the request for '%s' stays\n", why, r->name);
    return MCPR_EXIT_FAILED;
}

static int follow(request *r, const mcpr_config *config, apr_pool_t *pool)
{
    apr_time_t now = mcpr_clock(), until = now + 2 * config->sync.deadline + SLACK, daemon_seen = now;
    apr_pool_t *look;

    apr_pool_create(&look, pool);
    for (;; apr_sleep(LOOK_EVERY)) {
        mcpr_rows *rows = NULL;

        apr_pool_clear(look);
        if (mcpr_db_run(r->db, MCPR_SQL_SYNC_PROGRESS, &rows, look, MCPR_ARGS(r->id, r->asked_at)) !=
            APR_SUCCESS) {
            return give_up(r, apr_pstrcat(look, "asking the database failed: ", mcpr_db_error(r->db), NULL));
        }
        if (mcpr_rows_count(rows) == 0) {
            end_progress(r);
            fprintf(stderr, "thv-syncd: source '%s' was deleted\n", r->name);
            return MCPR_EXIT_FAILED;
        }
        if (mcpr_rows_text(rows, 0, AT_OUTCOME)) {
            end_progress(r);
            return conclude(r, rows);
        }
        now = mcpr_clock();
        if (mcpr_rows_true(rows, 0, AT_DAEMON) || mcpr_rows_true(rows, 0, AT_RUNS)) {
            daemon_seen = now;
        }
        if (now > daemon_seen + NO_DAEMON) {
            return give_up(r, "no daemon is running (thv-syncd run)");
        }
        if (now > until) {
            return give_up(r, "the sync has not ended within twice sync.deadline");
        }
        show(r, phase_of(rows));
    }
}

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const mcpr_config *config = mcpr_command_config(options, pool);
    request r = {.name = APR_ARRAY_IDX(options->words, 0, const char *), .terminal = isatty(STDERR_FILENO)};
    mcpr_rows *rows = NULL;

    r.db = config ? mcpr_command_connect(config, MCPR_USE_WRITE, pool) : NULL;
    if (!r.db || !mcpr_command_schema(r.db, pool)) {
        return MCPR_EXIT_FAILED;
    }
    if (mcpr_db_run(r.db, MCPR_SQL_SYNC_REQUEST, &rows, pool, MCPR_ARGS(r.name)) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(r.db));
        return MCPR_EXIT_FAILED;
    }
    if (mcpr_rows_count(rows) == 0) {
        return refuse(&r, pool);
    }
    r.id = mcpr_rows_text(rows, 0, 0);
    r.asked_at = mcpr_rows_text(rows, 0, 1);
    if (options->wait) {
        return follow(&r, config, pool);
    }
    printf("A sync of '%s' is asked for.\n", r.name);
    return MCPR_EXIT_OK;
}

const mcpr_command mcpr_command_sync = {
    .name = "sync",
    .help = "Ask the daemon to sync a source now",
    .usage = "sync NAME --config FILE [--wait]",
    .more = "  NAME              the source\n"
            "  --config FILE     the configuration\n"
            "  --wait            until it is done; ends with 1 and the reason when it failed\n"
            "\n"
            "The request is kept in the database: without a daemon it is served when one starts.\n",
    .allowed = " --config --wait ",
    .needs_config = 1,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
