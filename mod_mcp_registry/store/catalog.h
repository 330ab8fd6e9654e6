/*
 * Reads of the catalog, in its own words: what api/ asks for, without a word of SQL.
 */
#ifndef MCPR_STORE_CATALOG_H
#define MCPR_STORE_CATALOG_H

#include "mod_mcp_registry/store/pool.h"

/** One version of a server as it is stored: two texts that need only be joined (common/model/response.h). */
typedef struct mcpr_server_row {
    const char *name, *version;
    const char *document, *official;
} mcpr_server_row;

/** What a read found. Texts and rows live in the reader's pool. */
typedef struct mcpr_servers {
    apr_uint64_t generation; /* of the snapshot that was read */
    int registry_known;
    int count;
    int more; /* the list goes on behind the last row */
    mcpr_server_row *rows;
} mcpr_servers;

/** The readers' common part. */
typedef struct mcpr_scope {
    const char *registry; /* NULL: all registries together (spec api-registry.md, older surface) */
    const char *visible;  /* the claim sets that the caller may see, as a PostgreSQL array; NULL: all */
    int include_deleted;
} mcpr_scope;

/** Which page of a list. NULL is "not given". */
typedef struct mcpr_server_filter {
    const char *after_name, *after_version; /* rows behind this one; "" and "" for the first page */
    const char *search;                     /* a term, as typed */
    const char *version;                    /* exactly this one */
    const char *updated_since;              /* a PostgreSQL timestamp */
    int latest;
    int limit;
} mcpr_server_filter;

/** A page of servers by name and version, first source first (spec api-registry.md 6). */
MCPR_MUSTCHECK mcpr_store_status mcpr_catalog_list(mcpr_pool *store, const mcpr_scope *scope,
                                                   const mcpr_server_filter *filter, mcpr_servers *found,
                                                   apr_pool_t *pool);

/** All versions of a server (1000 at most), newest publication first, the newer version first at equal times.
 */
MCPR_MUSTCHECK mcpr_store_status mcpr_catalog_versions(mcpr_pool *store, const mcpr_scope *scope,
                                                       const char *name, mcpr_servers *found,
                                                       apr_pool_t *pool);

/** One version of a server; `version` "latest" is the keyword. None or one row. */
MCPR_MUSTCHECK mcpr_store_status mcpr_catalog_version(mcpr_pool *store, const mcpr_scope *scope,
                                                      const char *name, const char *version,
                                                      mcpr_servers *found, apr_pool_t *pool);

/** What a registry is made of. */
typedef struct mcpr_registry_facts {
    int known;
    int managed;                   /* the managed source is linked to it */
    const char *first_source_type; /* NULL when it has no source */
} mcpr_registry_facts;

/** Looks a registry up by name. */
MCPR_MUSTCHECK mcpr_store_status mcpr_catalog_registry(mcpr_pool *store, const char *registry,
                                                       mcpr_registry_facts *facts, apr_pool_t *pool);

#endif
