/* Directives: the table, and the four walks over it. */
#include "mod_mcp_registry/directives.h"

#include "mod_mcp_registry/module.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { KIND_PATH, KIND_BYTES, KIND_COUNT, KIND_SECONDS, KIND_FLAG } kind;

/* A row: which field a directive fills, how its text is read, what holds when it is not given. */
typedef struct row {
    kind kind;
    size_t field;
    const char *fallback;
    apr_int64_t min, max;
} row;

enum { CONFIG, CACHE_SIZE, POOL_MAX, POOL_TIMEOUT, STATEMENT_TIMEOUT, COMPRESS, ROWS };

/* A row is laid out by hand. */
/* clang-format off */
#define FIELD(name) offsetof(mcpr_settings, name)
static const row rows[ROWS] = {
    [CONFIG] = {.kind = KIND_PATH, .field = FIELD(config_path)},
    [CACHE_SIZE] = {.kind = KIND_BYTES, .field = FIELD(cache_bytes), .fallback = "32M",
                    .min = 0, .max = APR_INT64_C(1) << 40},
    [POOL_MAX] = {.kind = KIND_COUNT, .field = FIELD(pool_max), .fallback = "0", .min = 0, .max = 10000},
    [POOL_TIMEOUT] = {.kind = KIND_SECONDS, .field = FIELD(pool_wait), .fallback = "2",
                      .min = APR_USEC_PER_SEC / 1000, .max = APR_USEC_PER_SEC * 60},
    [STATEMENT_TIMEOUT] = {.kind = KIND_SECONDS, .field = FIELD(statement_timeout), .fallback = "10",
                           .min = APR_USEC_PER_SEC / 1000, .max = APR_USEC_PER_SEC * 3600},
    [COMPRESS] = {.kind = KIND_FLAG, .field = FIELD(compress), .fallback = "On", .min = 0, .max = 1},
};
/* clang-format on */

static apr_int64_t *number_field(mcpr_settings *settings, const row *r)
{
    return (apr_int64_t *)(void *)((char *)settings + r->field);
}

static const char **text_field(mcpr_settings *settings, const row *r)
{
    return (const char **)(void *)((char *)settings + r->field);
}

/* A number behind which only `unit` stands; 0 when the text is none. */
static int read_number(const char *text, apr_int64_t *number, const char **unit)
{
    char *end;
    errno = 0;
    *number = apr_isdigit(*text) ? strtoll(text, &end, 10) : -1;
    if (*number < 0 || errno) {
        return 0;
    }
    *unit = end;
    return 1;
}

static int read_bytes(const char *text, apr_int64_t *bytes)
{
    static const char units[] = "KMG";
    const char *unit;
    if (!read_number(text, bytes, &unit)) {
        return 0;
    }
    if (*unit) {
        const char *at = strchr(units, apr_toupper(*unit));
        int shift = at ? 10 * (int)(at - units + 1) : 0;
        if (!at || unit[1] || *bytes > APR_INT64_MAX >> shift) {
            return 0;
        }
        *bytes <<= shift;
    }
    return 1;
}

static int read_seconds(const char *text, apr_int64_t *micros)
{
    const char *unit;
    apr_int64_t number;
    if (!read_number(text, &number, &unit) || number > 1000000000) {
        return 0;
    }
    apr_int64_t factor = *unit == '\0' || strcasecmp(unit, "s") == 0 ? APR_USEC_PER_SEC
                         : strcasecmp(unit, "ms") == 0               ? APR_USEC_PER_SEC / 1000
                         : strcasecmp(unit, "min") == 0              ? APR_USEC_PER_SEC * 60
                                                                     : 0;
    *micros = number * factor;
    return factor != 0;
}

static int read_flag(const char *text, apr_int64_t *flag)
{
    *flag = strcasecmp(text, "on") == 0;
    return *flag || strcasecmp(text, "off") == 0;
}

static int read_count(const char *text, apr_int64_t *count)
{
    const char *unit;
    return read_number(text, count, &unit) && *unit == '\0';
}

/* How each kind is read, and what its texts look like. */
static const struct {
    int (*read)(const char *, apr_int64_t *);
    const char *example;
} readers[] = {
    [KIND_BYTES] = {read_bytes,   "a size such as 32M, 512K or 0"},
    [KIND_COUNT] = {read_count,   "a number such as 8"           },
    [KIND_SECONDS] = {read_seconds, "a time such as 2, 2s or 500ms"},
    [KIND_FLAG] = {read_flag,    "On or Off"                    },
};

static const char *set(cmd_parms *cmd, void *dir_config, const char *value)
{
    const row *r = &rows[(size_t)(uintptr_t)cmd->info];
    const char *wrong = ap_check_cmd_context(cmd, NOT_IN_DIR_LOC_FILE | NOT_IN_HTACCESS);
    mcpr_settings *settings = ap_get_module_config(cmd->server->module_config, &mcp_registry_module);

    (void)dir_config;
    if (wrong) {
        return wrong;
    }
    if (r->kind == KIND_PATH) {
        const char *path = ap_server_root_relative(cmd->pool, value);
        *text_field(settings, r) = path;
        return path ? NULL : apr_psprintf(cmd->pool, "%s: '%s' is not a path", cmd->cmd->name, value);
    }
    apr_int64_t number;
    if (!readers[r->kind].read(value, &number) || number < r->min || number > r->max) {
        return apr_psprintf(cmd->pool, "%s: '%s' is not %s%s", cmd->cmd->name, value,
                            readers[r->kind].example,
                            readers[r->kind].read(value, &number) ? " within its bounds" : "");
    }
    *number_field(settings, r) = number;
    return NULL;
}

#define ROW(number) ((void *)(uintptr_t)(number))

const command_rec mcpr_directives[] = {
    AP_INIT_TAKE1("MCPRegistryConfig", set, ROW(CONFIG), RSRC_CONF,
                  "The registry's configuration file (YAML), shared with thv-syncd"),
    AP_INIT_TAKE1("MCPRegistryCacheSize", set, ROW(CACHE_SIZE), RSRC_CONF,
                  "Memory for answered pages in each child process; 0 turns the cache off"),
    AP_INIT_TAKE1(
        "MCPRegistryPoolMax", set, ROW(POOL_MAX), RSRC_CONF,
        "Connections to PostgreSQL of each child process; 0: database.maxOpenConns of the configuration"),
    AP_INIT_TAKE1("MCPRegistryPoolTimeout", set, ROW(POOL_TIMEOUT), RSRC_CONF,
                  "How long a request waits for a free connection before it is answered 503"),
    AP_INIT_TAKE1("MCPRegistryStatementTimeout", set, ROW(STATEMENT_TIMEOUT), RSRC_CONF,
                  "How long PostgreSQL may work on one statement"),
    AP_INIT_TAKE1("MCPRegistryCompress", set, ROW(COMPRESS), RSRC_CONF,
                  "Answer with gzip where the client asks for it"),
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}
};

void *mcpr_settings_create(apr_pool_t *pool, server_rec *server)
{
    mcpr_settings *settings = apr_pcalloc(pool, sizeof(*settings));
    (void)server;
    for (int i = 0; i < ROWS; i++) {
        if (rows[i].kind != KIND_PATH) {
            *number_field(settings, &rows[i]) = MCPR_UNSET;
        }
    }
    return settings;
}

void *mcpr_settings_merge(apr_pool_t *pool, void *base, void *add)
{
    mcpr_settings *merged = apr_pmemdup(pool, base, sizeof(*merged));
    for (int i = 0; i < ROWS; i++) {
        const row *r = &rows[i];
        if (r->kind == KIND_PATH) {
            const char *text = *text_field(add, r);
            *text_field(merged, r) = text ? text : *text_field(merged, r);
        } else if (*number_field(add, r) != MCPR_UNSET) {
            *number_field(merged, r) = *number_field(add, r);
        }
    }
    return merged;
}

mcpr_settings *mcpr_settings_resolve(const mcpr_settings *settings, apr_pool_t *pool)
{
    mcpr_settings *resolved = apr_pmemdup(pool, settings, sizeof(*resolved));
    for (int i = 0; i < ROWS; i++) {
        const row *r = &rows[i];
        if (r->kind != KIND_PATH && *number_field(resolved, r) == MCPR_UNSET) {
            readers[r->kind].read(r->fallback, number_field(resolved, r));
        }
    }
    return resolved;
}

int mcpr_settings_equal(const mcpr_settings *a, const mcpr_settings *b)
{
    for (int i = 0; i < ROWS; i++) {
        const row *r = &rows[i];
        int same = r->kind == KIND_PATH ? strcmp(*text_field((mcpr_settings *)(uintptr_t)a, r),
                                                 *text_field((mcpr_settings *)(uintptr_t)b, r)) == 0
                                        : *number_field((mcpr_settings *)(uintptr_t)a, r) ==
                                              *number_field((mcpr_settings *)(uintptr_t)b, r);
        if (!same) {
            return 0;
        }
    }
    return 1;
}
