/*
 * Reading both sides of a comparison.
 */
#include "thv-syncd/sync/compare.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/filter.h"
#include <string.h>

#define PROBLEMS_SHOWN 20
/* How many entries go by between two looks at the clock and the signals. */
#define ENTRIES_A_BEAT 32

/* The columns of versions_stored. */
enum {
    COL_ENTRY,
    COL_ALIVE,
    COL_KIND,
    COL_NAMESPACE,
    COL_NAME,
    COL_ID,
    COL_VERSION,
    COL_HASH,
    COL_STATUS,
    COL_STATUS_MESSAGE,
    COL_LATEST,
    COL_RENDERER,
    COL_PUBLISHED,
    COL_STATUS_CHANGED,
    COL_UPDATED,
    COL_TOMBSTONED,
    COL_EXPIRED
};

static mcpr_kind kind_of(const char *word)
{
    int kind = 0;

    while (kind < MCPR_KINDS - 1 && strcmp(mcpr_kind_name((mcpr_kind)kind), word) != 0) {
        kind++;
    }
    return (mcpr_kind)kind;
}

static apr_status_t take_row(void *baton, const mcpr_rows *row)
{
    mcpr_diff_row stored = {
        .entry_id = mcpr_rows_int(row, 0, COL_ENTRY),
        .alive = mcpr_rows_true(row, 0, COL_ALIVE),
        .kind = kind_of(mcpr_rows_text(row, 0, COL_KIND)),
        .namespace_ = mcpr_rows_text(row, 0, COL_NAMESPACE),
        .name = mcpr_rows_text(row, 0, COL_NAME),
        .id = mcpr_rows_int(row, 0, COL_ID),
        .version = mcpr_rows_text(row, 0, COL_VERSION),
        .hash = mcpr_rows_text(row, 0, COL_HASH),
        .status_message = mcpr_rows_text(row, 0, COL_STATUS_MESSAGE),
        .is_latest = mcpr_rows_true(row, 0, COL_LATEST),
        .renderer = (int)mcpr_rows_int(row, 0, COL_RENDERER),
        .published_at = mcpr_rows_int(row, 0, COL_PUBLISHED),
        .status_changed_at = mcpr_rows_int(row, 0, COL_STATUS_CHANGED),
        .updated_at = mcpr_rows_int(row, 0, COL_UPDATED),
        .tombstoned_at = mcpr_rows_int(row, 0, COL_TOMBSTONED),
        .expired = mcpr_rows_true(row, 0, COL_EXPIRED),
    };

    if (stored.version && !mcpr_status_parse(&stored.status, mcpr_rows_text(row, 0, COL_STATUS))) {
        stored.status = MCPR_STATUS_ACTIVE;
    }
    mcpr_diff_stored(baton, &stored);
    return APR_SUCCESS;
}

/* Stands first behind the reader, so that a stop or a deadline ends a long document. */
typedef struct gate {
    const mcpr_pulse *pulse;
    mcpr_diff *partial; /* of a partial document, else NULL */
    mcpr_feed_sink *next;
    void *baton;
    unsigned seen;
} gate;

static apr_status_t pass_gate(void *baton, const mcpr_entry *entry)
{
    gate *self = baton;
    apr_status_t status = ++self->seen % ENTRIES_A_BEAT ? APR_SUCCESS : mcpr_pulse_beat(self->pulse);

    if (status == APR_SUCCESS && self->partial) {
        mcpr_diff_mention(self->partial, entry);
        if (entry->status == MCPR_STATUS_DELETED) {
            return APR_SUCCESS; /* a complete list would not have it */
        }
    }
    return status == APR_SUCCESS ? self->next(self->baton, entry) : status;
}

static void log_warnings(const mcpr_comparison *c, const mcpr_problems *warnings, apr_pool_t *pool)
{
    mcpr_problems *invalid = mcpr_problems_create(pool, PROBLEMS_SHOWN);

    mcpr_filter_check(&c->source->filter, "", "", invalid);
    if (!mcpr_problems_none(warnings)) {
        mcpr_log(MCPR_LOG_WARN, "The document is odd", "s:s, s:s", "source", c->source->name, "warning",
                 mcpr_problems_text(warnings, "accepted", pool));
    }
    if (!mcpr_problems_none(invalid)) {
        mcpr_log(MCPR_LOG_WARN, "The filter drops what reaches an invalid pattern", "s:s, s:s", "source",
                 c->source->name, "warning", mcpr_problems_text(invalid, "filter", pool));
    }
}

static apr_status_t read_document(const mcpr_comparison *c, mcpr_diff *diff, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    mcpr_problems *warnings = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    mcpr_feed_options options = {
        .format = c->source->format,
        .is_list = c->document->is_list,
        .max_meta_size = c->config->database.max_meta_size,
        .max_entries = c->config->limits.entries,
    };
    mcpr_filter *filter = NULL;
    gate first = {.pulse = c->pulse,
                  .partial = c->document->is_partial ? diff : NULL,
                  .next = mcpr_diff_take,
                  .baton = diff};
    apr_status_t status;

    if (c->source->filter.present) {
        filter = mcpr_filter_create(&c->source->filter, mcpr_diff_take, diff, pool);
        first.next = mcpr_filter_take;
        first.baton = filter;
    }
    status = mcpr_feed_read(c->document->data, c->document->len, &options, pass_gate, &first, problems,
                            warnings, pool);
    if (status == APR_EEXIST) {
        mcpr_result_fail(c->result, "StorageFailed", "Storage failed: %s", diff->duplicate);
        return APR_EINVAL;
    }
    if (status == APR_EINVAL) {
        mcpr_result_fail(c->result, "FetchFailed", "Fetch failed: %svalidation failed: %s",
                         c->source->type == MCPR_SOURCE_GIT ? "registry data " : "",
                         mcpr_feed_refusal(problems, pool));
    }
    if (status == APR_SUCCESS) {
        c->result->filtered = filter ? filter->dropped : 0;
        log_warnings(c, warnings, pool);
    }
    return status;
}

/* A complete list is counted while it comes in; the sum of changes only shows here. */
static apr_status_t check_count(const mcpr_comparison *c, const mcpr_diff *diff)
{
    apr_int64_t servers = diff->counts[MCPR_KIND_SERVER], most = c->config->limits.entries;

    if (!diff->is_partial || servers <= most) {
        return APR_SUCCESS;
    }
    mcpr_result_fail(c->result, "FetchFailed",
                     "Fetch failed: failed to fetch servers: total servers (%" APR_INT64_T_FMT
                     ") would exceed maximum (%" APR_INT64_T_FMT "), could cause out of service",
                     servers, most);
    return APR_EINVAL;
}

/* It may be meant so (spec sync.md 10), and more often is not. */
static void warn_of_nothing_left(const mcpr_comparison *c, const mcpr_diff *diff)
{
    apr_int64_t left = 0;

    for (int kind = 0; kind < MCPR_KINDS; kind++) {
        left += diff->counts[kind];
    }
    if (c->result->filtered > 0 && left == 0) {
        mcpr_log(MCPR_LOG_WARN, "The filter leaves nothing of the source", "s:s, s:I", "source",
                 c->source->name, "filtered", (json_int_t)c->result->filtered);
    }
}

static apr_status_t compare_once(const mcpr_comparison *c, int keep_documents, mcpr_diff **diff,
                                 apr_pool_t *pool)
{
    apr_int64_t age = c->config->sync.tombstone_age;
    apr_status_t status;

    *diff = mcpr_diff_create(keep_documents, pool);
    (*diff)->is_partial = c->document->is_partial;
    mcpr_result_doing(c->result, "reading what is stored");
    status = mcpr_db_each(c->db, MCPR_SQL_VERSIONS_STORED, take_row, *diff,
                          MCPR_ARGS(c->source_id, mcpr_db_number(age, pool)));
    if (status == APR_SUCCESS) {
        mcpr_result_doing(c->result, "reading and checking the document");
        status = read_document(c, *diff, pool);
    }
    if (status == APR_SUCCESS) {
        mcpr_diff_decide(*diff);
        status = check_count(c, *diff);
    }
    if (status == APR_SUCCESS) {
        warn_of_nothing_left(c, *diff);
    }
    return status;
}

apr_status_t mcpr_compare(const mcpr_comparison *comparison, mcpr_diff **diff, apr_pool_t *pool)
{
    apr_status_t status = APR_EAGAIN;

    for (int keep_documents = 0; status == APR_EAGAIN && keep_documents < 2; keep_documents++) {
        apr_pool_t *own;

        apr_pool_create(&own, pool);
        status = compare_once(comparison, keep_documents, diff, own);
        if (status != APR_SUCCESS) {
            *diff = NULL;
            apr_pool_destroy(own);
        }
    }
    return status;
}
