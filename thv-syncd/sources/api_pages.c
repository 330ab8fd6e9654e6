/*
 * Gathering pages. A server is a tree only while it passes by; what stays is its compact text.
 */
#include "thv-syncd/sources/api_pages.h"
#include "common/model/server_list.h"
#include "common/util/digest.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/buffer.h"
#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define PROBLEMS_SHOWN 20
#define HEAD           "{\"servers\":["
#define TAIL           "]}"

struct mcpr_api_pages {
    apr_pool_t *pool;
    const char *source;
    mcpr_source_limits limits;
    apr_int64_t total_limit, total_bytes, servers;
    int number;         /* of pages asked for */
    const char *cursor; /* of the next page */
    int is_last;        /* there is no next page */
    apr_hash_t *seen;   /* the cursors so far */
    mcpr_buffer *list;
    mcpr_json_text text;  /* of one server */
    mcpr_buffer *members; /* of one server, sorted: for the hash */
    struct {
        unsigned char chain[MCPR_SHA256_BYTES], next[MCPR_SHA256_BYTES];
    } hash; /* of what came so far, and of the next server */
    apr_status_t status;
};

mcpr_api_pages *mcpr_api_pages_create(const char *source, const mcpr_source_limits *limits, apr_pool_t *pool)
{
    mcpr_api_pages *pages = apr_pcalloc(pool, sizeof *pages);

    pages->pool = pool;
    pages->source = source;
    pages->limits = *limits;
    pages->total_limit =
        limits->document_bytes > MCPR_API_TOTAL_BYTES ? limits->document_bytes : MCPR_API_TOTAL_BYTES;
    pages->seen = apr_hash_make(pool);
    pages->list = mcpr_buffer_create(pool);
    pages->members = mcpr_buffer_create(pool);
    pages->text = mcpr_json_text_create(pool);
    if (limits->since) {
        mcpr_sha256(limits->known_hash, strlen(limits->known_hash), pages->hash.chain);
    }
    pages->status = mcpr_buffer_append(pages->list, HEAD, sizeof HEAD - 1);
    return pages;
}

apr_status_t mcpr_api_pages_next(mcpr_api_pages *pages, const char **cursor, int *number, const char **error)
{
    if (pages->is_last) {
        return APR_EOF;
    }
    if (pages->number >= pages->limits.pages) {
        *error = apr_psprintf(pages->pool,
                              "pagination exceeded maximum pages (%" APR_INT64_T_FMT
                              "), possible infinite loop or malicious upstream",
                              pages->limits.pages);
        return APR_EGENERAL;
    }
    *number = ++pages->number;
    *cursor = pages->cursor;
    return APR_SUCCESS;
}

/* --- one server */

static int append_members(const char *bytes, size_t len, void *buffer)
{
    return mcpr_buffer_append(buffer, bytes, len) == APR_SUCCESS ? 0 : -1;
}

/* The chain of hashes moves on by one server. */
static apr_status_t add_to_hash(mcpr_api_pages *pages, const mcpr_listed_server *listed)
{
    json_t *all =
        json_pack("[O, s, s*]", listed->server, mcpr_status_name(listed->status), listed->status_message);
    int failed;

    pages->members->len = 0;
    failed = json_dump_callback(all, append_members, pages->members, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(all);
    mcpr_sha256(pages->members->data, pages->members->len, pages->hash.next);
    mcpr_sha256(&pages->hash, sizeof pages->hash, pages->hash.chain);
    return failed ? APR_ENOMEM : APR_SUCCESS;
}

static int gather(void *baton, const mcpr_listed_server *listed)
{
    mcpr_api_pages *pages = baton;

    pages->text.len = 0;
    if (pages->list->len >= sizeof HEAD) { /* there is a server before this one */
        mcpr_json_append(&pages->text, ",", 1);
    }
    mcpr_server_list_render(&pages->text, listed);
    pages->status = add_to_hash(pages, listed);
    if (pages->status == APR_SUCCESS) {
        pages->status = mcpr_buffer_append(pages->list, pages->text.data, pages->text.len);
    }
    return pages->status == APR_SUCCESS;
}

/* --- one page */

static apr_status_t check_counts(mcpr_api_pages *pages, apr_size_t bytes, apr_size_t servers,
                                 const char **error)
{
    pages->total_bytes += (apr_int64_t)bytes;
    pages->servers += (apr_int64_t)servers;
    if (pages->total_bytes > pages->total_limit) {
        *error = apr_pstrcat(pages->pool, "total ",
                             mcpr_source_too_large(-1, pages->total_limit, pages->pool), NULL);
        return APR_ENOSPC;
    }
    if (pages->servers > pages->limits.entries) {
        *error = apr_psprintf(pages->pool,
                              "total servers (%" APR_INT64_T_FMT ") would exceed maximum (%" APR_INT64_T_FMT
                              "), could cause out of service",
                              pages->servers, pages->limits.entries);
        return APR_ENOSPC;
    }
    return APR_SUCCESS;
}

static apr_status_t move_on(mcpr_api_pages *pages, const char *cursor, const char **error)
{
    pages->is_last = cursor == NULL;
    if (!cursor) {
        return APR_SUCCESS;
    }
    if (apr_hash_get(pages->seen, cursor, APR_HASH_KEY_STRING)) {
        *error = apr_psprintf(pages->pool,
                              "page %d repeats a cursor, possible infinite loop or malicious upstream",
                              pages->number);
        return APR_EGENERAL;
    }
    pages->cursor = apr_pstrdup(pages->pool, cursor);
    apr_hash_set(pages->seen, pages->cursor, APR_HASH_KEY_STRING, pages->cursor);
    return APR_SUCCESS;
}

static void warn(const mcpr_api_pages *pages, const mcpr_problems *warnings, apr_pool_t *scratch)
{
    if (!mcpr_problems_none(warnings)) {
        mcpr_log(MCPR_LOG_WARN, "A page is odd", "s:s, s:i, s:s", "source", pages->source, "page",
                 pages->number, "warning", mcpr_problems_text(warnings, "accepted", scratch));
    }
}

static apr_status_t bad_page(const mcpr_api_pages *pages, const mcpr_problems *problems, const char **error,
                             apr_pool_t *scratch)
{
    const char *prefix = apr_psprintf(scratch, "failed to parse response page %d", pages->number);

    *error = mcpr_problems_text(problems, prefix, pages->pool);
    return APR_EINVAL;
}

apr_status_t mcpr_api_pages_take(mcpr_api_pages *pages, const char *data, apr_size_t len, const char **error,
                                 apr_pool_t *scratch)
{
    mcpr_problems *problems = mcpr_problems_create(scratch, PROBLEMS_SHOWN);
    mcpr_problems *warnings = mcpr_problems_create(scratch, PROBLEMS_SHOWN);
    mcpr_server_list list;
    apr_status_t status;

    if (!mcpr_server_list_open(&list, data, len, problems, scratch)) {
        return bad_page(pages, problems, error, scratch);
    }
    status = check_counts(pages, len, list.count, error);
    status = status == APR_SUCCESS ? move_on(pages, list.next_cursor, error) : status;
    if (status != APR_SUCCESS) {
        return status;
    }
    mcpr_server_list_read(&list, gather, pages, problems, warnings, scratch);
    warn(pages, warnings, scratch);
    if (pages->status != APR_SUCCESS) {
        *error = "no memory for the list";
        return pages->status;
    }
    return mcpr_problems_none(problems) ? APR_SUCCESS : bad_page(pages, problems, error, scratch);
}

apr_status_t mcpr_api_pages_finish(mcpr_api_pages *pages, mcpr_document *document)
{
    apr_status_t status = mcpr_buffer_append(pages->list, TAIL, sizeof TAIL - 1);

    document->data = pages->list->data;
    document->len = pages->list->len;
    document->is_list = 1;
    document->is_partial = pages->limits.since != NULL;
    document->hash = document->is_partial && pages->servers == 0
                         ? pages->limits.known_hash
                         : mcpr_sha256_hex(pages->hash.chain, sizeof pages->hash.chain, pages->pool);
    return status;
}
