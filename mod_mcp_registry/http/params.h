/*
 * Query parameters of the consumer API (spec api-registry.md 5), read and checked without httpd.
 */
#ifndef MCPR_HTTP_PARAMS_H
#define MCPR_HTTP_PARAMS_H

#include <apr_pools.h>

/** What a list is asked for. Texts live in the pool given to the reader; NULL means "not given". */
typedef struct mcpr_list_params {
    const char *cursor_name, *cursor_version; /* "" and "" at the beginning */
    const char *search;                       /* valid UTF-8, as sent */
    const char *version;                      /* exact version; NULL also for `latest` */
    const char *updated_since;                /* as PostgreSQL reads it */
    int latest;                               /* version=latest */
    int include_deleted;                      /* asked for, or implied by updated_since */
    int limit;                                /* 1 to 1000 */
} mcpr_list_params;

/** A client's mistake: the text of a 400, and whether an unknown registry's 404 goes before it. */
typedef struct mcpr_complaint {
    const char *text; /* NULL: none */
    int after_registry;
} mcpr_complaint;

/**
 * Reads the query string `args` (NULL: none) of a list. Returns the complaint that the reference's order of
 * checks puts first; its text is NULL when all is well.
 */
mcpr_complaint mcpr_list_params_read(mcpr_list_params *params, const char *args, apr_pool_t *pool);

/** Reads include_deleted alone, which is all that the routes of one server know. */
mcpr_complaint mcpr_include_deleted_read(int *include_deleted, const char *args, apr_pool_t *pool);

/** How the text for NUL bytes and invalid UTF-8 begins; " in " and the parameter follow. */
#define MCPR_BAD_ENCODING "Invalid request: null bytes or invalid encoding"

#endif
