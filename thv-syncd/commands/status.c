/*
 * thv-syncd status: what each source holds and what became of its last sync. One JSON object is built; the
 * text is printed from it.
 */
#include "thv-syncd/commands/command.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* How a column of a statement becomes a member. */
typedef enum form_of_value { FORM_TEXT, FORM_NUMBER, FORM_BOOLEAN, FORM_JSON } form_of_value;

typedef struct column {
    const char *member;
    form_of_value form;
} column;

/* The columns of status_sources, in its order. */
static const column source_columns[] = {
    {"name",                FORM_TEXT   },
    {"type",                FORM_TEXT   },
    {"creationType",        FORM_TEXT   },
    {"syncable",            FORM_BOOLEAN},
    {"state",               FORM_TEXT   },
    {"message",             FORM_TEXT   },
    {"consecutiveFailures", FORM_NUMBER },
    {"servers",             FORM_NUMBER },
    {"skills",              FORM_NUMBER },
    {"plugins",             FORM_NUMBER },
    {"lastStart",           FORM_TEXT   },
    {"lastEnd",             FORM_TEXT   },
    {"lastSuccess",         FORM_TEXT   },
    {"nextDue",             FORM_TEXT   },
    {"requested",           FORM_BOOLEAN},
    {"running",             FORM_BOOLEAN},
    {"activity",            FORM_TEXT   },
};

/* The columns of runs_list. */
static const column run_columns[] = {
    {"id",         FORM_NUMBER},
    {"trigger",    FORM_TEXT  },
    {"outcome",    FORM_TEXT  },
    {"start",      FORM_TEXT  },
    {"end",        FORM_TEXT  },
    {"durationMs", FORM_NUMBER},
    {"added",      FORM_NUMBER},
    {"changed",    FORM_NUMBER},
    {"removed",    FORM_NUMBER},
    {"bytes",      FORM_NUMBER},
    {"message",    FORM_TEXT  },
};

/* The columns of status_registries. */
static const column registry_columns[] = {
    {"name",         FORM_TEXT},
    {"creationType", FORM_TEXT},
    {"sources",      FORM_JSON},
};

static json_t *value_of(const mcpr_rows *rows, int row, int i, form_of_value form)
{
    const char *text = mcpr_rows_text(rows, row, i);

    if (!text) {
        return json_null();
    }
    switch (form) {
    case FORM_NUMBER: return json_integer((json_int_t)mcpr_rows_int(rows, row, i));
    case FORM_BOOLEAN: return json_boolean(mcpr_rows_true(rows, row, i));
    case FORM_JSON: return json_loads(text, 0, NULL);
    default: return json_string(text);
    }
}

/* A statement, and what its columns become. */
typedef struct listing {
    enum mcpr_sql_daemon_id statement;
    const column *columns;
    size_t n;
} listing;

static const listing sources_listing = {MCPR_SQL_STATUS_SOURCES, source_columns,
                                        sizeof source_columns / sizeof *source_columns};
static const listing registries_listing = {MCPR_SQL_STATUS_REGISTRIES, registry_columns,
                                           sizeof registry_columns / sizeof *registry_columns};
static const listing runs_listing = {MCPR_SQL_RUNS_LIST, run_columns,
                                     sizeof run_columns / sizeof *run_columns};

static json_t *list_of(const mcpr_rows *rows, const column *columns, size_t n)
{
    json_t *list = json_array();

    for (int row = 0; row < mcpr_rows_count(rows); row++) {
        json_t *one = json_object();

        for (size_t i = 0; i < n; i++) {
            json_object_set_new(one, columns[i].member, value_of(rows, row, (int)i, columns[i].form));
        }
        json_array_append_new(list, one);
    }
    return list;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    return text ? text : "-";
}

static long long number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

static void print_source(const json_t *source)
{
    long long failures = number_of(source, "consecutiveFailures");

    printf("%-24s %-10s %-9s %8lld %7lld %8lld  %-20s  %s\n", text_of(source, "name"),
           text_of(source, "type"), text_of(source, "state"), number_of(source, "servers"),
           number_of(source, "skills"), number_of(source, "plugins"), text_of(source, "lastSuccess"),
           text_of(source, "nextDue"));
    if (json_is_true(json_object_get(source, "running"))) {
        printf("    syncing now: %s\n", text_of(source, "activity"));
    } else if (json_is_true(json_object_get(source, "requested"))) {
        puts("    a sync is asked for");
    }
    if (strcmp(text_of(source, "state"), "failed") == 0) {
        printf("    %s\n    %lld consecutive failure%s\n", text_of(source, "message"), failures,
               failures == 1 ? "" : "s");
    }
}

static void print_all(const json_t *all)
{
    json_t *one, *name;
    size_t i, j;

    printf("%-24s %-10s %-9s %8s %7s %8s  %-20s  %s\n", "SOURCE", "TYPE", "STATE", "SERVERS", "SKILLS",
           "PLUGINS", "LAST SUCCESS", "NEXT DUE");
    json_array_foreach(json_object_get(all, "sources"), i, one)
    {
        print_source(one);
    }
    printf("\n%-24s %s\n", "REGISTRY", "SOURCES");
    json_array_foreach(json_object_get(all, "registries"), i, one)
    {
        printf("%-24s", text_of(one, "name"));
        json_array_foreach(json_object_get(one, "sources"), j, name)
        {
            printf("%s%s", j ? ", " : " ", json_string_value(name));
        }
        putchar('\n');
    }
}

static void print_runs(const json_t *all)
{
    json_t *one;
    size_t i;

    printf("%-8s %-11s %-9s %-20s %9s %7s %7s %7s %10s\n", "RUN", "OUTCOME", "TRIGGER", "START", "MS",
           "ADDED", "CHANGED", "REMOVED", "BYTES");
    json_array_foreach(json_object_get(all, "runs"), i, one)
    {
        const char *message = text_of(one, "message");

        printf("%-8lld %-11s %-9s %-20s %9lld %7lld %7lld %7lld %10lld\n", number_of(one, "id"),
               text_of(one, "outcome"), text_of(one, "trigger"), text_of(one, "start"),
               number_of(one, "durationMs"), number_of(one, "added"), number_of(one, "changed"),
               number_of(one, "removed"), number_of(one, "bytes"));
        if (*message) {
            printf("    %s\n", message);
        }
    }
}

/* Runs a statement and takes its rows; NULL after saying why not. New reference. */
static json_t *rows_of(mcpr_db *db, const listing *what, const char *parameter, apr_pool_t *pool)
{
    mcpr_rows *rows = NULL;

    if (mcpr_db_run(db, what->statement, &rows, pool, parameter ? 1 : 0, &parameter) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(db));
        return NULL;
    }
    return list_of(rows, what->columns, what->n);
}

static json_t *all_of(mcpr_db *db, apr_pool_t *pool)
{
    json_t *sources = rows_of(db, &sources_listing, NULL, pool);
    json_t *registries = sources ? rows_of(db, &registries_listing, NULL, pool) : NULL;
    mcpr_rows *generation = NULL;

    if (registries &&
        mcpr_db_run(db, MCPR_SQL_STATUS_GENERATION, &generation, pool, MCPR_NO_ARGS) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(db));
        json_decref(registries);
        registries = NULL;
    }
    if (!registries) {
        json_decref(sources);
        return NULL;
    }
    return json_pack("{s:o, s:o, s:I}", "sources", sources, "registries", registries, "generation",
                     (json_int_t)mcpr_rows_int(generation, 0, 0));
}

static json_t *runs_of(mcpr_db *db, const char *source, apr_pool_t *pool)
{
    json_t *sources = rows_of(db, &sources_listing, NULL, pool), *one;
    json_t *runs = NULL;
    int found = 0;
    size_t i;

    json_array_foreach(sources, i, one)
    {
        found |= strcmp(text_of(one, "name"), source) == 0;
    }
    if (sources && !found) {
        fprintf(stderr, "thv-syncd: no source '%s'; thv-syncd status lists them\n", source);
    } else if (sources) {
        runs = rows_of(db, &runs_listing, source, pool);
    }
    json_decref(sources);
    return runs ? json_pack("{s:s, s:o}", "source", source, "runs", runs) : NULL;
}

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const mcpr_config *config = mcpr_command_config(options, pool);
    mcpr_db *db = config ? mcpr_command_connect(config, MCPR_USE_LOOK, pool) : NULL;
    json_t *all;

    if (!db || !mcpr_command_schema(db, pool)) {
        return MCPR_EXIT_FAILED;
    }
    all = options->runs ? runs_of(db, options->runs, pool) : all_of(db, pool);
    if (!all) {
        return MCPR_EXIT_FAILED;
    }
    if (options->json) {
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        (options->runs ? print_runs : print_all)(all);
    }
    json_decref(all);
    return MCPR_EXIT_OK;
}

const mcpr_command mcpr_command_status = {
    .name = "status",
    .help = "Say what each source holds and how its last sync went",
    .usage = "status --config FILE [--json] [--runs NAME]",
    .more = "  --config FILE     the configuration\n"
            "  --json            as JSON\n"
            "  --runs NAME       instead, what became of the last syncs of a source, newest first\n",
    .allowed = " --config --json --runs ",
    .needs_config = 1,
    .run = run,
};
