/*
 * Reconciliation. Its plan:
 *
 *   begin, wait for other daemons
 *   read      the sources and registries that are there; refuse what collides with the API's
 *   sources   insert or update, where something differs; their entries' claims follow (git, api, file)
 *   registries  insert or update; their links, where the list differs
 *   sync rows   for new sources
 *   drop      what the configuration has no longer: registries, then sources
 *   generation, if anything changed; commit
 */
#include "thv-syncd/sync/reconcile.h"
#include "common/policy/claims.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/filter.h"
#include <apr_hash.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Dropping a large source takes a while. */
#define STATEMENT_LIMIT "300000"

/* The columns of source_list and registry_list. */
enum { SOURCE_ID, SOURCE_NAME, SOURCE_IS_API, SOURCE_TYPE, SOURCE_API_LINKS };
enum { REGISTRY_ID, REGISTRY_NAME, REGISTRY_IS_API, REGISTRY_SOURCES };

typedef struct reconciler {
    mcpr_db *db;
    const mcpr_config *config;
    mcpr_problems *problems;
    apr_pool_t *pool;
    mcpr_rows *sources, *registries; /* what is there */
    apr_hash_t *source_ids;          /* name → id as an argument */
    int changed;
} reconciler;

static const mcpr_config_source *source_at(const reconciler *r, int i)
{
    return &APR_ARRAY_IDX(r->config->sources, i, mcpr_config_source);
}

static const mcpr_config_registry *registry_at(const reconciler *r, int i)
{
    return &APR_ARRAY_IDX(r->config->registries, i, mcpr_config_registry);
}

static const mcpr_config_source *configured_source(const reconciler *r, const char *name)
{
    for (int i = 0; i < r->config->sources->nelts; i++) {
        if (strcmp(source_at(r, i)->name, name) == 0) {
            return source_at(r, i);
        }
    }
    return NULL;
}

static int configured_registry(const reconciler *r, const char *name)
{
    for (int i = 0; i < r->config->registries->nelts; i++) {
        if (strcmp(registry_at(r, i)->name, name) == 0) {
            return 1;
        }
    }
    return 0;
}

static apr_status_t read_stored(reconciler *r)
{
    apr_status_t status = mcpr_db_run(r->db, MCPR_SQL_SOURCE_LIST, &r->sources, r->pool, MCPR_NO_ARGS);

    if (status == APR_SUCCESS) {
        status = mcpr_db_run(r->db, MCPR_SQL_REGISTRY_LIST, &r->registries, r->pool, MCPR_NO_ARGS);
    }
    for (int i = 0; status == APR_SUCCESS && i < mcpr_rows_count(r->sources); i++) {
        apr_hash_set(r->source_ids, mcpr_rows_text(r->sources, i, SOURCE_NAME), APR_HASH_KEY_STRING,
                     mcpr_rows_text(r->sources, i, SOURCE_ID));
    }
    return status;
}

static int has_managed(const reconciler *r)
{
    for (int i = 0; i < r->config->sources->nelts; i++) {
        if (source_at(r, i)->type == MCPR_SOURCE_MANAGED) {
            return 1;
        }
    }
    return 0;
}

/* Names that the API has taken. */
static apr_status_t refuse_collisions(reconciler *r)
{
    apr_array_header_t *sources = apr_array_make(r->pool, 2, sizeof(const char *));
    apr_array_header_t *registries = apr_array_make(r->pool, 2, sizeof(const char *));
    const char *managed = NULL;

    for (int i = 0; i < mcpr_rows_count(r->sources); i++) {
        const char *name = mcpr_rows_text(r->sources, i, SOURCE_NAME);

        if (!mcpr_rows_true(r->sources, i, SOURCE_IS_API)) {
            continue;
        }
        if (configured_source(r, name)) {
            APR_ARRAY_PUSH(sources, const char *) = name;
        }
        if (strcmp(mcpr_rows_text(r->sources, i, SOURCE_TYPE), "managed") == 0) {
            managed = name;
        }
    }
    for (int i = 0; i < mcpr_rows_count(r->registries); i++) {
        const char *name = mcpr_rows_text(r->registries, i, REGISTRY_NAME);

        if (mcpr_rows_true(r->registries, i, REGISTRY_IS_API) && configured_registry(r, name)) {
            APR_ARRAY_PUSH(registries, const char *) = name;
        }
    }
    if (sources->nelts) {
        mcpr_problems_add(r->problems, "", "cannot overwrite API-created sources: [%s]",
                          apr_array_pstrcat(r->pool, sources, ' '));
    }
    if (registries->nelts) {
        mcpr_problems_add(r->problems, "", "cannot overwrite API-created registries: [%s]",
                          apr_array_pstrcat(r->pool, registries, ' '));
    }
    if (managed && has_managed(r)) {
        mcpr_problems_add(r->problems, "",
                          "cannot load config with a managed source: an API-created managed source \"%s\" "
                          "already exists",
                          managed);
    }
    return mcpr_problems_none(r->problems) ? APR_SUCCESS : MCPR_EDB;
}

/* The text of a JSON value in the pool, NULL for none. Takes the reference. */
static const char *json_text(json_t *value, apr_pool_t *pool)
{
    char *dumped = value ? json_dumps(value, JSON_COMPACT) : NULL;
    const char *text = dumped ? apr_pstrdup(pool, dumped) : NULL;

    free(dumped);
    json_decref(value);
    return text;
}

/* Claims as written; nothing and {} are NULL. */
static const char *claims_text(json_t *claims, apr_pool_t *pool)
{
    return json_object_size(claims) ? json_text(json_incref(claims), pool) : NULL;
}

static apr_status_t claim_set_id(reconciler *r, json_t *claims, const char **id)
{
    const char *canonical = mcpr_claims_canonical(claims, r->pool);
    mcpr_rows *rows = NULL;

    /* The second round sees the row of a transaction that was faster in the first. */
    for (int round = 0; round < 2; round++) {
        apr_status_t status = mcpr_db_run(r->db, MCPR_SQL_CLAIM_SET_ID, &rows, r->pool, MCPR_ARGS(canonical));

        if (status != APR_SUCCESS) {
            return status;
        }
        if (mcpr_rows_count(rows)) {
            *id = mcpr_rows_text(rows, 0, 0);
            return APR_SUCCESS;
        }
    }
    return MCPR_ERETRY;
}

static apr_status_t follow_claims(reconciler *r, const char *source, const char *claim_set,
                                  const char *claims)
{
    mcpr_rows *rows = NULL;
    apr_status_t status =
        mcpr_db_run(r->db, MCPR_SQL_ENTRY_CLAIMS_SET, &rows, r->pool, MCPR_ARGS(source, claim_set, claims));

    if (status == APR_SUCCESS && mcpr_rows_touched(rows) > 0) {
        r->changed = 1;
        status = mcpr_db_run(r->db, MCPR_SQL_VERSION_CLAIMS_SET, NULL, r->pool, MCPR_ARGS(source, claim_set));
    }
    return status;
}

static const char *format_word(mcpr_format format)
{
    return format == MCPR_FORMAT_TOOLHIVE ? "toolhive" : format == MCPR_FORMAT_UPSTREAM ? "upstream" : NULL;
}

/* The API took the name after the list was read: the next try will see it there. */
static apr_status_t taken_meanwhile(reconciler *r, const char *what, const char *name)
{
    mcpr_problems_add(r->problems, "", "%s %s was created through the API meanwhile", what, name);
    return MCPR_ERETRY;
}

static apr_status_t put_source(reconciler *r, const mcpr_config_source *source)
{
    int syncable = mcpr_source_syncable(source);
    const char *claims = claims_text(source->claims, r->pool), *claim_set = NULL, *id;
    mcpr_rows *rows = NULL;
    apr_status_t status = claim_set_id(r, source->claims, &claim_set);

    if (status == APR_SUCCESS) {
        status = mcpr_db_run(
            r->db, MCPR_SQL_SOURCE_UPSERT, &rows, r->pool,
            MCPR_ARGS(source->name, mcpr_source_type_name(source->type), format_word(source->format),
                      json_text(mcpr_source_describe(source), r->pool),
                      syncable ? json_text(mcpr_filter_describe(&source->filter), r->pool) : NULL,
                      syncable ? mcpr_db_number(source->interval, r->pool) : NULL, syncable ? "t" : "f",
                      claim_set, claims));
    }
    if (status != APR_SUCCESS) {
        return status;
    }
    if (mcpr_rows_count(rows)) {
        id = mcpr_rows_text(rows, 0, 0);
        apr_hash_set(r->source_ids, source->name, APR_HASH_KEY_STRING, id);
        r->changed = 1;
        if (mcpr_rows_true(rows, 0, 1)) {
            status = mcpr_db_run(r->db, MCPR_SQL_SOURCE_SYNC_DUE, NULL, r->pool, MCPR_ARGS(id));
        }
    }
    id = apr_hash_get(r->source_ids, source->name, APR_HASH_KEY_STRING);
    if (!id) {
        return taken_meanwhile(r, "source", source->name);
    }
    return status == APR_SUCCESS && syncable ? follow_claims(r, id, claim_set, claims) : status;
}

/* The ids of a registry's sources as an array's text, as the database writes it. */
static apr_status_t link_list(reconciler *r, const mcpr_config_registry *registry, const char **list)
{
    apr_array_header_t *ids = apr_array_make(r->pool, registry->sources->nelts + 1, sizeof(const char *));

    for (int i = 0; i < registry->sources->nelts; i++) {
        const char *name = APR_ARRAY_IDX(registry->sources, i, const char *);
        const char *id = apr_hash_get(r->source_ids, name, APR_HASH_KEY_STRING);

        if (!id) {
            mcpr_problems_add(r->problems, "", "registry %s references unknown source %s", registry->name,
                              name);
            return MCPR_EDB;
        }
        APR_ARRAY_PUSH(ids, const char *) = id;
    }
    *list = apr_pstrcat(r->pool, "{", apr_array_pstrcat(r->pool, ids, ','), "}", NULL);
    return APR_SUCCESS;
}

static int stored_registry(const reconciler *r, const char *name)
{
    for (int i = 0; i < mcpr_rows_count(r->registries); i++) {
        if (strcmp(mcpr_rows_text(r->registries, i, REGISTRY_NAME), name) == 0) {
            return i;
        }
    }
    return -1;
}

static apr_status_t put_registry(reconciler *r, const mcpr_config_registry *registry)
{
    int row = stored_registry(r, registry->name);
    const char *id = row < 0 ? NULL : mcpr_rows_text(r->registries, row, REGISTRY_ID);
    const char *before = row < 0 ? "{}" : mcpr_rows_text(r->registries, row, REGISTRY_SOURCES);
    const char *claim_set = NULL, *links = NULL;
    mcpr_rows *rows = NULL;
    apr_status_t status = claim_set_id(r, registry->claims, &claim_set);

    status = status == APR_SUCCESS ? link_list(r, registry, &links) : status;
    if (status == APR_SUCCESS) {
        status = mcpr_db_run(r->db, MCPR_SQL_REGISTRY_UPSERT, &rows, r->pool,
                             MCPR_ARGS(registry->name, claim_set, claims_text(registry->claims, r->pool)));
    }
    if (status != APR_SUCCESS) {
        return status;
    }
    if (mcpr_rows_count(rows)) {
        id = mcpr_rows_text(rows, 0, 0);
        r->changed = 1;
    }
    if (!id) {
        return taken_meanwhile(r, "registry", registry->name);
    }
    if (strcmp(before, links) == 0) {
        return APR_SUCCESS;
    }
    r->changed = 1;
    status = mcpr_db_run(r->db, MCPR_SQL_REGISTRY_UNLINK, NULL, r->pool, MCPR_ARGS(id));
    return status == APR_SUCCESS
               ? mcpr_db_run(r->db, MCPR_SQL_REGISTRY_LINK, NULL, r->pool, MCPR_ARGS(id, links))
               : status;
}

static apr_status_t drop_registries(reconciler *r)
{
    apr_status_t status = APR_SUCCESS;

    for (int i = 0; status == APR_SUCCESS && i < mcpr_rows_count(r->registries); i++) {
        if (mcpr_rows_true(r->registries, i, REGISTRY_IS_API) ||
            configured_registry(r, mcpr_rows_text(r->registries, i, REGISTRY_NAME))) {
            continue;
        }
        r->changed = 1;
        status = mcpr_db_run(r->db, MCPR_SQL_REGISTRY_DELETE, NULL, r->pool,
                             MCPR_ARGS(mcpr_rows_text(r->registries, i, REGISTRY_ID)));
    }
    return status;
}

static apr_status_t drop_source(reconciler *r, const char *id)
{
    apr_status_t status = mcpr_db_run(r->db, MCPR_SQL_SOURCE_EMPTY, NULL, r->pool, MCPR_ARGS(id));

    r->changed = 1;
    return status == APR_SUCCESS ? mcpr_db_run(r->db, MCPR_SQL_SOURCE_DELETE, NULL, r->pool, MCPR_ARGS(id))
                                 : status;
}

static apr_status_t drop_sources(reconciler *r)
{
    apr_status_t status = APR_SUCCESS;

    for (int i = 0; status == APR_SUCCESS && i < mcpr_rows_count(r->sources); i++) {
        const char *name = mcpr_rows_text(r->sources, i, SOURCE_NAME);
        const char *links = mcpr_rows_text(r->sources, i, SOURCE_API_LINKS);

        if (mcpr_rows_true(r->sources, i, SOURCE_IS_API) || configured_source(r, name)) {
            continue;
        }
        if (links) {
            mcpr_problems_add(
                r->problems, "",
                "source %s is not configured any more, but stays: API-created registries link it: %s", name,
                links);
            continue;
        }
        status = drop_source(r, mcpr_rows_text(r->sources, i, SOURCE_ID));
    }
    return status;
}

static apr_status_t put_all(reconciler *r)
{
    apr_status_t status = APR_SUCCESS;

    for (int i = 0; status == APR_SUCCESS && i < r->config->sources->nelts; i++) {
        status = put_source(r, source_at(r, i));
    }
    for (int i = 0; status == APR_SUCCESS && i < r->config->registries->nelts; i++) {
        status = put_registry(r, registry_at(r, i));
    }
    return status;
}

static apr_status_t steps(reconciler *r)
{
    apr_status_t status = mcpr_db_run(r->db, MCPR_SQL_TX_TIMEOUT, NULL, r->pool, MCPR_ARGS(STATEMENT_LIMIT));

    status = status == APR_SUCCESS ? mcpr_db_run(r->db, MCPR_SQL_RECONCILE_LOCK, NULL, r->pool, MCPR_NO_ARGS)
                                   : status;
    status = status == APR_SUCCESS ? read_stored(r) : status;
    status = status == APR_SUCCESS ? refuse_collisions(r) : status;
    status = status == APR_SUCCESS ? put_all(r) : status;
    status = status == APR_SUCCESS
                 ? mcpr_db_run(r->db, MCPR_SQL_SOURCE_SYNC_MAKE, NULL, r->pool, MCPR_NO_ARGS)
                 : status;
    status = status == APR_SUCCESS ? drop_registries(r) : status;
    status = status == APR_SUCCESS ? drop_sources(r) : status;
    if (status == APR_SUCCESS && r->changed) {
        status = mcpr_db_run(r->db, MCPR_SQL_GENERATION_RAISE, NULL, r->pool, MCPR_NO_ARGS);
    }
    return status == APR_SUCCESS ? mcpr_db_commit(r->db) : status;
}

apr_status_t mcpr_reconcile(mcpr_db *db, const mcpr_config *config, mcpr_problems *problems, apr_pool_t *pool)
{
    reconciler r = {.db = db, .config = config, .problems = problems};
    apr_status_t status = mcpr_db_begin(db);

    apr_pool_create(&r.pool, pool);
    r.source_ids = apr_hash_make(r.pool);
    if (status == APR_SUCCESS) {
        status = steps(&r);
    }
    if (status != APR_SUCCESS) {
        if (mcpr_problems_none(problems)) {
            mcpr_problems_add(problems, "", "%s", mcpr_db_error(db));
        }
        mcpr_db_rollback(db);
    }
    mcpr_log(MCPR_LOG_DEBUG, "Reconciled", "s:b, s:b", "ok", status == APR_SUCCESS, "changed", r.changed);
    apr_pool_destroy(r.pool);
    return status;
}
