/*
 * thv-syncd status: what each source holds and what became of its last sync. One JSON object is built; the
 * text is printed from it.
 */
#include "thv-syncd/commands/command.h"
#include "thv-syncd/store/migrations.h"
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

static json_t *list_of(const mcpr_rows *rows, const column *columns, int n)
{
    json_t *list = json_array();

    for (int row = 0; row < mcpr_rows_count(rows); row++) {
        json_t *one = json_object();

        for (int i = 0; i < n; i++) {
            json_object_set_new(one, columns[i].member, value_of(rows, row, i, columns[i].form));
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

static void print_source(const json_t *source)
{
    long long failures = json_integer_value(json_object_get(source, "consecutiveFailures"));

    printf("%-24s %-10s %-9s %8lld %7lld %8lld  %-20s  %s\n", text_of(source, "name"),
           text_of(source, "type"), text_of(source, "state"),
           json_integer_value(json_object_get(source, "servers")),
           json_integer_value(json_object_get(source, "skills")),
           json_integer_value(json_object_get(source, "plugins")), text_of(source, "lastSuccess"),
           text_of(source, "nextDue"));
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

static int has_schema(mcpr_db *db, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    mcpr_migration_state state;

    if (mcpr_migrations_check(db, &state, problems, pool) != APR_SUCCESS) {
        mcpr_command_problems(problems);
        return 0;
    }
    if (state.applied == 0) {
        fputs("thv-syncd: the database has no schema yet: run `thv-syncd migrate up`, or the daemon\n",
              stderr);
        return 0;
    }
    return 1;
}

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const mcpr_config *config = mcpr_command_config(options, pool);
    mcpr_db *db = config ? mcpr_command_connect(config, 0, pool) : NULL;
    mcpr_rows *sources = NULL, *registries = NULL, *generation = NULL;
    apr_status_t status;
    json_t *all;

    if (!db || !has_schema(db, pool)) {
        return MCPR_EXIT_FAILED;
    }
    status = mcpr_db_run(db, MCPR_SQL_STATUS_SOURCES, &sources, pool, MCPR_NO_ARGS);
    status = status == APR_SUCCESS
                 ? mcpr_db_run(db, MCPR_SQL_STATUS_REGISTRIES, &registries, pool, MCPR_NO_ARGS)
                 : status;
    status = status == APR_SUCCESS
                 ? mcpr_db_run(db, MCPR_SQL_STATUS_GENERATION, &generation, pool, MCPR_NO_ARGS)
                 : status;
    if (status != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(db));
        return MCPR_EXIT_FAILED;
    }
    all = json_pack("{s:o, s:o, s:I}", "sources",
                    list_of(sources, source_columns, sizeof source_columns / sizeof *source_columns),
                    "registries",
                    list_of(registries, registry_columns, sizeof registry_columns / sizeof *registry_columns),
                    "generation", (json_int_t)mcpr_rows_int(generation, 0, 0));
    if (options->json) {
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        print_all(all);
    }
    json_decref(all);
    return MCPR_EXIT_OK;
}

const mcpr_command mcpr_command_status = {
    .name = "status",
    .help = "Say what each source holds and how its last sync went",
    .usage = "status --config FILE [--json]",
    .more = "  --config FILE     the configuration\n"
            "  --json            as JSON\n",
    .allowed = " --config --json ",
    .needs_config = 1,
    .run = run,
};
