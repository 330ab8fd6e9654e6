/* Reads of the catalog: which statement answers what, and how its rows are understood. */
#include "mod_mcp_registry/store/catalog.h"

#include "common/model/version.h"
#include "common/util/fold.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(parameters) ((int)(sizeof(parameters) / sizeof(*(parameters))))

/* Columns that the statements on servers share; versions have one more. */
enum { GENERATION, REGISTRY, NAME, VERSION, DOCUMENT, OFFICIAL, PUBLISHED_AT };

static const char *boolean(int yes)
{
    return yes ? "true" : "false";
}

/* A folded term as a LIKE pattern, in which % and _ mean themselves. */
static const char *like_pattern(const char *folded, apr_pool_t *pool)
{
    char *pattern = apr_palloc(pool, strlen(folded) * 2 + 3), *to = pattern;

    *to++ = '%';
    for (; *folded; folded++) {
        if (strchr("%_\\", *folded)) {
            *to++ = '\\';
        }
        *to++ = *folded;
    }
    *to++ = '%';
    *to = '\0';
    return pattern;
}

/* Rows of a statement on servers; `limit` of them at most (0: all). A row without a name says that there is
 * none. */
static void understand(const mcpr_rows *rows, int limit, mcpr_servers *found, apr_pool_t *pool)
{
    memset(found, 0, sizeof(*found));
    if (rows->count == 0) {
        return;
    }
    found->generation = strtoull(mcpr_rows_get(rows, 0, GENERATION), NULL, 10);
    found->registry_known = mcpr_rows_get(rows, 0, REGISTRY) != NULL;
    found->count = mcpr_rows_get(rows, 0, NAME) ? rows->count : 0;
    if (limit && found->count > limit) {
        found->count = limit;
        found->more = 1;
    }
    found->rows = apr_palloc(pool, sizeof(*found->rows) * (apr_size_t)(found->count + 1));
    for (int i = 0; i < found->count; i++) {
        found->rows[i].name = mcpr_rows_get(rows, i, NAME);
        found->rows[i].version = mcpr_rows_get(rows, i, VERSION);
        found->rows[i].document = mcpr_rows_get(rows, i, DOCUMENT);
        found->rows[i].official = mcpr_rows_get(rows, i, OFFICIAL);
    }
}

static mcpr_store_status list_plain(mcpr_pool *store, const mcpr_scope *scope,
                                    const mcpr_server_filter *filter, const char *limit, mcpr_rows *rows,
                                    apr_pool_t *pool)
{
    const char *parameters[] = {scope->registry, filter->after_name, filter->after_version, scope->visible,
                                limit};
    return mcpr_pool_select(store, filter->latest ? MCPR_SQL_SERVER_LIST_LATEST : MCPR_SQL_SERVER_LIST,
                            parameters, COUNT(parameters), rows, pool);
}

static mcpr_store_status list_filtered(mcpr_pool *store, const mcpr_scope *scope,
                                       const mcpr_server_filter *filter, const char *limit, mcpr_rows *rows,
                                       apr_pool_t *pool)
{
    const char *parameters[] = {scope->registry,
                                filter->after_name,
                                filter->after_version,
                                filter->version,
                                boolean(filter->latest),
                                filter->updated_since,
                                boolean(scope->include_deleted),
                                scope->visible,
                                limit};
    return mcpr_pool_select(store, MCPR_SQL_SERVER_FILTERED, parameters, COUNT(parameters), rows, pool);
}

static mcpr_store_status list_search(mcpr_pool *store, const mcpr_scope *scope,
                                     const mcpr_server_filter *filter, const char *limit, mcpr_rows *rows,
                                     apr_pool_t *pool)
{
    const char *term = mcpr_fold(filter->search, pool);
    const char *parameters[] = {scope->registry,
                                filter->after_name,
                                filter->after_version,
                                filter->version,
                                boolean(filter->latest),
                                filter->updated_since,
                                boolean(scope->include_deleted),
                                scope->visible,
                                like_pattern(term, pool),
                                term,
                                limit};
    return mcpr_pool_select(store, MCPR_SQL_SERVER_SEARCH, parameters, COUNT(parameters), rows, pool);
}

mcpr_store_status mcpr_catalog_list(mcpr_pool *store, const mcpr_scope *scope,
                                    const mcpr_server_filter *filter, mcpr_servers *found, apr_pool_t *pool)
{
    mcpr_rows rows;
    mcpr_store_status status;
    const char *limit = apr_itoa(pool, filter->limit + 1); /* one more tells whether there is more */

    if (filter->search) {
        status = list_search(store, scope, filter, limit, &rows, pool);
    } else if (filter->version || filter->updated_since || scope->include_deleted || !scope->registry) {
        status = list_filtered(store, scope, filter, limit, &rows, pool);
    } else {
        status = list_plain(store, scope, filter, limit, &rows, pool);
    }
    if (status == MCPR_STORE_OK) {
        understand(&rows, filter->limit, found, pool);
    }
    return status;
}

/* Puts the newer version first among rows published at the same time. The statement ordered by time; an
 * insertion keeps that and needs no total order, which versions do not have. */
static void newer_first(mcpr_servers *found, const mcpr_rows *rows)
{
    for (int i = 1, group = 0; i < found->count; i++) {
        if (strcmp(mcpr_rows_get(rows, i, PUBLISHED_AT), mcpr_rows_get(rows, group, PUBLISHED_AT)) != 0) {
            group = i;
        }
        mcpr_server_row row = found->rows[i];
        int at = i;
        for (; at > group && mcpr_version_newer(row.version, found->rows[at - 1].version); at--) {
            found->rows[at] = found->rows[at - 1];
        }
        found->rows[at] = row;
    }
}

mcpr_store_status mcpr_catalog_versions(mcpr_pool *store, const mcpr_scope *scope, const char *name,
                                        mcpr_servers *found, apr_pool_t *pool)
{
    mcpr_rows rows;
    const char *parameters[] = {scope->registry, name, boolean(scope->include_deleted), scope->visible};
    mcpr_store_status status =
        mcpr_pool_select(store, MCPR_SQL_SERVER_VERSIONS, parameters, COUNT(parameters), &rows, pool);

    if (status == MCPR_STORE_OK) {
        understand(&rows, 0, found, pool);
        newer_first(found, &rows);
    }
    return status;
}

mcpr_store_status mcpr_catalog_version(mcpr_pool *store, const mcpr_scope *scope, const char *name,
                                       const char *version, mcpr_servers *found, apr_pool_t *pool)
{
    mcpr_rows rows;
    const char *parameters[] = {scope->registry,
                                name,
                                version,
                                boolean(strcmp(version, "latest") == 0),
                                boolean(scope->include_deleted),
                                scope->visible};
    mcpr_store_status status =
        scope->registry
            ? mcpr_pool_select(store, MCPR_SQL_SERVER_VERSION, parameters, COUNT(parameters), &rows, pool)
            : mcpr_pool_select(store, MCPR_SQL_SERVER_VERSION_ANY, parameters + 1, COUNT(parameters) - 1,
                               &rows, pool);

    if (status == MCPR_STORE_OK) {
        understand(&rows, 0, found, pool);
    }
    return status;
}

mcpr_store_status mcpr_catalog_registry(mcpr_pool *store, const char *registry, mcpr_registry_facts *facts,
                                        apr_pool_t *pool)
{
    mcpr_rows rows;
    const char *parameters[] = {registry};
    mcpr_store_status status =
        mcpr_pool_select(store, MCPR_SQL_REGISTRY_KIND, parameters, COUNT(parameters), &rows, pool);

    memset(facts, 0, sizeof(*facts));
    if (status == MCPR_STORE_OK && rows.count == 1) {
        facts->known = 1;
        facts->managed = *mcpr_rows_get(&rows, 0, 0) == 't';
        facts->first_source_type = mcpr_rows_get(&rows, 0, 1);
    }
    return status;
}
