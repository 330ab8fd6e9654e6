/*
 * The writer's transaction. Its plan:
 *
 *   begin; is the source still what was checked?
 *   expire    tombstones that are old enough go
 *   stage     changed versions, latest flips and new tombstones into a temporary table
 *   merge     those of them that are not latest: an entry has one latest version at any time
 *   add       new entries and new versions, by COPY, in page order
 *   merge     those that are latest
 *   tidy      entries that came alive or died, entries without versions
 *   finish    sync row and history; the generation last; commit
 *
 * One clock reading, that of the transaction, dates all of it.
 */
#include "thv-syncd/sync/writer.h"
#include "common/model/response.h"
#include "thv-syncd/store/copy.h"
#include <apr_strings.h>
#include <string.h>

#define ENTRY_FIELDS   10
#define VERSION_FIELDS 18
#define STAGE_FIELDS   12
#define IDS_PER_CALL   10000

/* The columns of source_hold. */
enum { HOLD_UPDATED_AT, HOLD_CLAIM_SET, HOLD_CLAIMS, HOLD_NOW };

typedef struct writer {
    const mcpr_write *write;
    mcpr_db *db;
    mcpr_diff *diff;
    apr_pool_t *pool;    /* of this try */
    apr_pool_t *scratch; /* of one row */
    apr_int32_t claim_set;
    const char *claims;
    const char *source; /* its id as an argument */
    apr_time_t now;
} writer;

static mcpr_diff_version *version_at(const writer *w, int i)
{
    return APR_ARRAY_IDX(w->diff->versions, i, mcpr_diff_version *);
}

static mcpr_diff_entry *entry_at(const writer *w, int i)
{
    return APR_ARRAY_IDX(w->diff->entries, i, mcpr_diff_entry *);
}

static apr_status_t hold_source(writer *w)
{
    const char *limit = mcpr_db_number(apr_time_as_msec(w->write->statement_limit), w->pool);
    mcpr_rows *rows = NULL;
    apr_status_t status = mcpr_db_run(w->db, MCPR_SQL_TX_TIMEOUT, NULL, w->pool, MCPR_ARGS(limit));

    if (status == APR_SUCCESS) {
        status = mcpr_db_run(w->db, MCPR_SQL_SOURCE_HOLD, &rows, w->pool, MCPR_ARGS(w->source));
    }
    if (status != APR_SUCCESS) {
        return status;
    }
    if (mcpr_rows_count(rows) == 0 ||
        strcmp(mcpr_rows_text(rows, 0, HOLD_UPDATED_AT), w->write->state->updated_at) != 0) {
        return MCPR_ESTALE;
    }
    w->claim_set = (apr_int32_t)mcpr_rows_int(rows, 0, HOLD_CLAIM_SET);
    w->claims = mcpr_rows_text(rows, 0, HOLD_CLAIMS);
    w->now = mcpr_rows_int(rows, 0, HOLD_NOW);
    return APR_SUCCESS;
}

/* Ids as the text of an array, run through a statement that takes it first, in bites. */
typedef struct id_list {
    apr_array_header_t *texts;
    enum mcpr_sql_daemon_id statement;
    const char *second; /* the statement's second parameter, NULL when it has none */
} id_list;

static apr_status_t flush_ids(writer *w, id_list *ids)
{
    const char *array = apr_pstrcat(w->pool, "{", apr_array_pstrcat(w->pool, ids->texts, ','), "}", NULL);
    const char *args[] = {array, ids->second};

    if (ids->texts->nelts == 0) {
        return APR_SUCCESS;
    }
    apr_array_clear(ids->texts);
    return mcpr_db_run(w->db, ids->statement, NULL, w->pool, ids->second ? 2 : 1, args);
}

static apr_status_t add_id(writer *w, id_list *ids, apr_int64_t id)
{
    APR_ARRAY_PUSH(ids->texts, const char *) = mcpr_db_number(id, w->pool);
    return ids->texts->nelts < IDS_PER_CALL ? APR_SUCCESS : flush_ids(w, ids);
}

static id_list new_ids(writer *w, enum mcpr_sql_daemon_id statement, const char *second)
{
    return (id_list){apr_array_make(w->pool, 16, sizeof(const char *)), statement, second};
}

static apr_status_t expire(writer *w)
{
    id_list ids = new_ids(w, MCPR_SQL_VERSIONS_DELETE, NULL);
    apr_status_t status = APR_SUCCESS;

    for (int i = 0; status == APR_SUCCESS && i < w->diff->versions->nelts; i++) {
        if (version_at(w, i)->change == MCPR_CHANGE_EXPIRE) {
            status = add_id(w, &ids, version_at(w, i)->id);
        }
    }
    return status == APR_SUCCESS ? flush_ids(w, &ids) : status;
}

/* The times that a change gives a version. */
static mcpr_official official_of(const writer *w, const mcpr_diff_version *v)
{
    int moves = v->change != MCPR_CHANGE_RELABEL;

    return (mcpr_official){
        .status = v->status,
        .status_message = v->status_message,
        .published_at = v->id ? v->published_at : w->now,
        .updated_at = moves ? w->now : v->updated_at,
        .status_changed_at = v->id && v->status == v->stored_status ? v->status_changed_at : w->now,
        .is_latest = v->is_latest,
    };
}

static int is_staged(const mcpr_diff_version *v)
{
    return v->change == MCPR_CHANGE_UPDATE || v->change == MCPR_CHANGE_RELABEL ||
           v->change == MCPR_CHANGE_RETIRE;
}

static apr_status_t stage_one(writer *w, mcpr_copy *copy, const mcpr_diff_version *v)
{
    mcpr_official official = official_of(w, v);
    apr_time_t tombstone = v->change == MCPR_CHANGE_RETIRE ? w->now : v->in_feed ? 0 : v->tombstoned_at;
    apr_status_t status = mcpr_copy_row(copy);

    mcpr_copy_int8(copy, v->id);
    mcpr_copy_text(copy, mcpr_status_name(v->status));
    mcpr_copy_text(copy, v->status_message);
    mcpr_copy_bool(copy, v->is_latest);
    mcpr_copy_int2(copy, MCPR_RENDERER);
    mcpr_copy_time(copy, official.updated_at);
    mcpr_copy_time(copy, official.status_changed_at);
    mcpr_copy_time(copy, tombstone);
    if (v->change == MCPR_CHANGE_UPDATE) {
        mcpr_copy_bytes(copy, v->hash, sizeof v->hash);
        mcpr_copy_text(copy, v->search_text);
    } else {
        mcpr_copy_null(copy);
        mcpr_copy_null(copy);
    }
    mcpr_copy_text(copy, mcpr_official_render(&official, w->scratch));
    mcpr_copy_text(copy, v->change == MCPR_CHANGE_UPDATE ? v->document : NULL);
    apr_pool_clear(w->scratch);
    return status;
}

static apr_status_t stage(writer *w, int *any)
{
    apr_status_t status = APR_SUCCESS;
    mcpr_copy *copy = NULL;

    *any = 0;
    for (int i = 0; status == APR_SUCCESS && i < w->diff->versions->nelts; i++) {
        if (!is_staged(version_at(w, i))) {
            continue;
        }
        if (!*any) {
            status = mcpr_db_script(w->db, mcpr_sql_daemon[MCPR_SQL_STAGE_TABLE].text);
            if (status == APR_SUCCESS) {
                status = mcpr_copy_begin(&copy, w->db, MCPR_SQL_STAGE_COPY, STAGE_FIELDS, w->pool);
            }
            if (status != APR_SUCCESS) {
                return status;
            }
            *any = 1;
        }
        status = stage_one(w, copy, version_at(w, i));
    }
    if (status != APR_SUCCESS) {
        mcpr_copy_abort(copy);
        return status;
    }
    return *any ? mcpr_copy_end(copy) : APR_SUCCESS;
}

/* Takes an id of entry_ids for the next new entry. */
typedef struct id_giver {
    mcpr_diff *diff;
    int next;
} id_giver;

static apr_status_t give_id(void *baton, const mcpr_rows *row)
{
    id_giver *giver = baton;

    for (; giver->next < giver->diff->entries->nelts; giver->next++) {
        mcpr_diff_entry *entry = APR_ARRAY_IDX(giver->diff->entries, giver->next, mcpr_diff_entry *);

        if (entry->id == 0) {
            entry->id = mcpr_rows_int(row, 0, 0);
            giver->next++;
            break;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t copy_entries(writer *w)
{
    mcpr_copy *copy;
    apr_status_t status = mcpr_copy_begin(&copy, w->db, MCPR_SQL_ENTRY_COPY, ENTRY_FIELDS, w->pool);
    const mcpr_diff_entry *last = NULL;

    if (status != APR_SUCCESS) {
        return status;
    }
    /* In page order: by way of the versions, which are sorted. A new entry has new versions only. */
    for (int i = 0; status == APR_SUCCESS && i < w->diff->versions->nelts; i++) {
        const mcpr_diff_version *v = version_at(w, i);
        const mcpr_diff_entry *entry = v->entry;

        if (entry == last || !entry->is_new) {
            continue;
        }
        last = entry;
        status = mcpr_copy_row(copy);
        mcpr_copy_int8(copy, entry->id);
        mcpr_copy_int4(copy, (apr_int32_t)w->write->source_id);
        mcpr_copy_text(copy, mcpr_kind_name(entry->kind));
        mcpr_copy_text(copy, entry->namespace_);
        mcpr_copy_text(copy, entry->name);
        mcpr_copy_int4(copy, w->claim_set);
        mcpr_copy_text(copy, w->claims);
        mcpr_copy_bool(copy, entry->alive);
        mcpr_copy_time(copy, w->now);
        mcpr_copy_time(copy, w->now);
    }
    if (status != APR_SUCCESS) {
        mcpr_copy_abort(copy);
        return status;
    }
    return mcpr_copy_end(copy);
}

static apr_status_t add_entries(writer *w)
{
    id_giver giver = {w->diff, 0};
    const char *wanted = mcpr_db_number(w->diff->new_entries, w->pool);
    apr_status_t status;

    if (w->diff->new_entries == 0) {
        return APR_SUCCESS;
    }
    for (int i = 0; i < w->diff->entries->nelts; i++) { /* a second try asks for ids afresh */
        if (entry_at(w, i)->is_new) {
            entry_at(w, i)->id = 0;
        }
    }
    status = mcpr_db_each(w->db, MCPR_SQL_ENTRY_IDS, give_id, &giver, MCPR_ARGS(wanted));
    return status == APR_SUCCESS ? copy_entries(w) : status;
}

static apr_status_t add_one(writer *w, mcpr_copy *copy, const mcpr_diff_version *v)
{
    mcpr_official official = official_of(w, v);
    apr_status_t status = mcpr_copy_row(copy);

    mcpr_copy_int8(copy, v->entry->id);
    mcpr_copy_int4(copy, (apr_int32_t)w->write->source_id);
    mcpr_copy_int4(copy, w->claim_set);
    mcpr_copy_text(copy, mcpr_kind_name(v->entry->kind));
    mcpr_copy_text(copy, mcpr_status_name(v->status));
    mcpr_copy_bool(copy, v->is_latest);
    mcpr_copy_int2(copy, MCPR_RENDERER);
    mcpr_copy_time(copy, official.published_at);
    mcpr_copy_time(copy, official.updated_at);
    mcpr_copy_time(copy, official.status_changed_at);
    mcpr_copy_bytes(copy, v->hash, sizeof v->hash);
    mcpr_copy_text(copy, v->entry->namespace_);
    mcpr_copy_text(copy, v->entry->name);
    mcpr_copy_text(copy, v->version);
    mcpr_copy_text(copy, v->status_message);
    mcpr_copy_text(copy, v->search_text);
    mcpr_copy_text(copy, mcpr_official_render(&official, w->scratch));
    mcpr_copy_bytes(copy, v->document, v->document_len);
    apr_pool_clear(w->scratch);
    return status;
}

static apr_status_t add_versions(writer *w)
{
    mcpr_copy *copy;
    apr_status_t status;

    if (w->diff->added == 0) {
        return APR_SUCCESS;
    }
    status = mcpr_copy_begin(&copy, w->db, MCPR_SQL_VERSION_COPY, VERSION_FIELDS, w->pool);
    if (status != APR_SUCCESS) {
        return status;
    }
    for (int i = 0; status == APR_SUCCESS && i < w->diff->versions->nelts; i++) {
        if (version_at(w, i)->change == MCPR_CHANGE_ADD) {
            status = add_one(w, copy, version_at(w, i));
        }
    }
    if (status != APR_SUCCESS) {
        mcpr_copy_abort(copy);
        return status;
    }
    return mcpr_copy_end(copy);
}

static apr_status_t merge(writer *w, int latest, int any)
{
    if (!any) {
        return APR_SUCCESS;
    }
    return mcpr_db_run(w->db, MCPR_SQL_STAGE_APPLY, NULL, w->pool, MCPR_ARGS(latest ? "t" : "f"));
}

static apr_status_t tidy(writer *w)
{
    id_list gone = new_ids(w, MCPR_SQL_ENTRIES_DELETE, NULL);
    id_list born = new_ids(w, MCPR_SQL_ENTRIES_ALIVE, "t");
    id_list died = new_ids(w, MCPR_SQL_ENTRIES_ALIVE, "f");
    apr_status_t status = APR_SUCCESS;

    for (int i = 0; status == APR_SUCCESS && i < w->diff->entries->nelts; i++) {
        const mcpr_diff_entry *entry = entry_at(w, i);

        if (entry->is_new) {
            continue;
        }
        if (entry->empty) {
            status = add_id(w, &gone, entry->id);
        } else if (entry->alive != entry->was_alive) {
            status = add_id(w, entry->alive ? &born : &died, entry->id);
        }
    }
    status = status == APR_SUCCESS ? flush_ids(w, &gone) : status;
    status = status == APR_SUCCESS ? flush_ids(w, &born) : status;
    return status == APR_SUCCESS ? flush_ids(w, &died) : status;
}

static apr_status_t finish_run(writer *w)
{
    const mcpr_sync_result *result = w->write->result;
    const char *run = mcpr_db_number(w->write->run_id, w->pool);
    apr_status_t status;

    if (w->write->run_id == 0) {
        return APR_SUCCESS;
    }
    status = mcpr_db_run(
        w->db, MCPR_SQL_RUN_END, NULL, w->pool,
        MCPR_ARGS(run, mcpr_diff_any(w->diff) ? "changed" : "unchanged",
                  mcpr_db_number(w->diff->added, w->pool), mcpr_db_number(w->diff->changed, w->pool),
                  mcpr_db_number(w->diff->removed, w->pool), mcpr_db_number(result->bytes, w->pool), ""));
    return status == APR_SUCCESS ? mcpr_db_run(w->db, MCPR_SQL_RUN_PRUNE, NULL, w->pool, MCPR_ARGS(w->source))
                                 : status;
}

static apr_status_t finish(writer *w)
{
    mcpr_sync_result *result = w->write->result;
    const apr_int64_t *counts = w->diff->counts;
    mcpr_rows *rows = NULL;
    apr_status_t status = mcpr_db_run(
        w->db, MCPR_SQL_SYNC_COMPLETE, NULL, w->pool,
        MCPR_ARGS(w->source, w->write->state->now, result->data_hash, result->settings_hash,
                  mcpr_db_number(counts[MCPR_KIND_SERVER], w->pool),
                  mcpr_db_number(counts[MCPR_KIND_SKILL], w->pool),
                  mcpr_db_number(counts[MCPR_KIND_PLUGIN], w->pool), w->write->state->requested_at));

    if (status == APR_SUCCESS) {
        status = finish_run(w);
    }
    if (status == APR_SUCCESS && mcpr_diff_any(w->diff)) {
        status = mcpr_db_run(w->db, MCPR_SQL_GENERATION_RAISE, &rows, w->pool, MCPR_NO_ARGS);
        result->generation = status == APR_SUCCESS ? mcpr_rows_int(rows, 0, 0) : 0;
    }
    return status == APR_SUCCESS ? mcpr_db_commit(w->db) : status;
}

static apr_status_t steps(writer *w)
{
    apr_status_t status = hold_source(w);
    int staged = 0;

    status = status == APR_SUCCESS ? expire(w) : status;
    status = status == APR_SUCCESS ? stage(w, &staged) : status;
    status = status == APR_SUCCESS ? merge(w, 0, staged) : status;
    status = status == APR_SUCCESS ? add_entries(w) : status;
    status = status == APR_SUCCESS ? add_versions(w) : status;
    status = status == APR_SUCCESS ? merge(w, 1, staged) : status;
    status = status == APR_SUCCESS ? tidy(w) : status;
    return status == APR_SUCCESS ? finish(w) : status;
}

apr_status_t mcpr_write_apply(mcpr_write *write)
{
    writer w = {.write = write, .db = write->db, .diff = write->diff};
    apr_status_t status = mcpr_db_begin(write->db);

    if (status != APR_SUCCESS) {
        return status;
    }
    apr_pool_create(&w.pool, write->pool);
    apr_pool_create(&w.scratch, w.pool);
    w.source = mcpr_db_number(write->source_id, w.pool);
    *write->writing = 1;
    status = steps(&w);
    *write->writing = 0;
    if (status != APR_SUCCESS) {
        mcpr_db_rollback(write->db);
    }
    apr_pool_destroy(w.pool);
    return status;
}
