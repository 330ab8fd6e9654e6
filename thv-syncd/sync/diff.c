/*
 * Comparing a document with the store, in memory.
 */
#include "thv-syncd/sync/diff.h"
#include "common/model/json_text.h"
#include "common/model/response.h"
#include "common/model/version.h"
#include <apr_hash.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

mcpr_diff *mcpr_diff_create(int keep_documents, apr_pool_t *pool)
{
    mcpr_diff *diff = apr_pcalloc(pool, sizeof *diff);

    diff->pool = pool;
    diff->keep_documents = keep_documents;
    diff->by_entry = apr_hash_make(pool);
    diff->by_version = apr_hash_make(pool);
    diff->entries = apr_array_make(pool, 64, sizeof(mcpr_diff_entry *));
    diff->versions = apr_array_make(pool, 64, sizeof(mcpr_diff_version *));
    return diff;
}

/* The key of a version: kind, namespace, NUL, name, NUL, version. All but the version is the entry's key. */
static apr_size_t make_key(mcpr_diff *diff, mcpr_kind kind, const char *namespace_, const char *name,
                           const char *version, apr_size_t *entry_len)
{
    apr_size_t n = strlen(namespace_) + 1, m = strlen(name) + 1, v = strlen(version);
    apr_size_t len = 1 + n + m + v;

    if (diff->key_size < len) {
        diff->key_size = len * 2;
        diff->key = apr_palloc(diff->pool, diff->key_size);
    }
    diff->key[0] = (char)('0' + kind);
    memcpy(diff->key + 1, namespace_, n);
    memcpy(diff->key + 1 + n, name, m);
    memcpy(diff->key + 1 + n + m, version, v);
    *entry_len = 1 + n + m;
    return len;
}

static mcpr_diff_entry *find_entry(mcpr_diff *diff, mcpr_kind kind, apr_size_t entry_len)
{
    mcpr_diff_entry *entry = apr_hash_get(diff->by_entry, diff->key, (apr_ssize_t)entry_len);

    if (!entry) {
        const char *key = apr_pmemdup(diff->pool, diff->key, entry_len);

        entry = apr_pcalloc(diff->pool, sizeof *entry);
        entry->kind = kind;
        entry->namespace_ = key + 1;
        entry->name = key + 1 + strlen(key + 1) + 1;
        apr_hash_set(diff->by_entry, key, (apr_ssize_t)entry_len, entry);
        APR_ARRAY_PUSH(diff->entries, mcpr_diff_entry *) = entry;
    }
    return entry;
}

/* Finds a version or makes it; a made one is not linked to its entry yet. */
static mcpr_diff_version *find_version(mcpr_diff *diff, mcpr_kind kind, const char *namespace_,
                                       const char *name, const char *version)
{
    apr_size_t entry_len, len = make_key(diff, kind, namespace_, name, version, &entry_len);
    mcpr_diff_version *self = apr_hash_get(diff->by_version, diff->key, (apr_ssize_t)len);

    if (!self) {
        char *key = apr_palloc(diff->pool, len + 1);

        memcpy(key, diff->key, len);
        key[len] = '\0';
        self = apr_pcalloc(diff->pool, sizeof *self);
        self->version = key + entry_len;
        self->entry = find_entry(diff, kind, entry_len);
        apr_hash_set(diff->by_version, key, (apr_ssize_t)len, self);
        APR_ARRAY_PUSH(diff->versions, mcpr_diff_version *) = self;
    }
    return self;
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void stored_entry(mcpr_diff *diff, const mcpr_diff_row *row)
{
    apr_size_t entry_len;
    mcpr_diff_entry *entry;

    (void)make_key(diff, row->kind, row->namespace_, row->name, "", &entry_len);
    entry = find_entry(diff, row->kind, entry_len);
    entry->id = row->entry_id;
    entry->was_alive = row->alive != 0;
}

void mcpr_diff_stored(mcpr_diff *diff, const mcpr_diff_row *row)
{
    mcpr_diff_version *self;

    stored_entry(diff, row);
    if (!row->version) {
        return;
    }
    self = find_version(diff, row->kind, row->namespace_, row->name, row->version);
    self->id = row->id;
    self->published_at = row->published_at;
    self->status_changed_at = row->status_changed_at;
    self->updated_at = row->updated_at;
    self->tombstoned_at = row->tombstoned_at;
    self->status = self->stored_status = row->status;
    self->status_message = row->status_message ? apr_pstrdup(diff->pool, row->status_message) : NULL;
    self->was_latest = row->is_latest != 0;
    self->expired = row->expired != 0;
    self->rerender = row->renderer != MCPR_RENDERER;
    for (int i = 0; i < MCPR_SHA256_BYTES && row->hash[2 * i] && row->hash[2 * i + 1]; i++) {
        self->hash[i] = (unsigned char)(hex_digit(row->hash[2 * i]) << 4 | hex_digit(row->hash[2 * i + 1]));
    }
}

static int same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Other bytes may be the same members in another order. By our own parser: jansson's refuses wide numbers. */
static int same_members(mcpr_diff *diff, const mcpr_diff_version *first, const mcpr_entry *entry)
{
    mcpr_problems *problems;
    json_t *before, *again;
    apr_pool_t *scratch;
    int same;

    apr_pool_create(&scratch, diff->pool);
    problems = mcpr_problems_create(scratch, 1);
    before = mcpr_json_parse(first->document, first->document_len, problems);
    again = mcpr_json_parse(entry->document, entry->document_len, problems);
    same = before && again && json_equal(before, again);
    json_decref(before);
    json_decref(again);
    apr_pool_destroy(scratch);
    return same;
}

/* The same version for the second time. */
static apr_status_t take_again(mcpr_diff *diff, mcpr_diff_version *first, const mcpr_entry *entry,
                               const unsigned char *hash)
{
    static const char *const plural[MCPR_KINDS] = {"servers", "skills", "plugins"};
    int equal = first->status == entry->status && same_text(first->status_message, entry->status_message);

    if (equal && memcmp(first->hash, hash, MCPR_SHA256_BYTES) == 0) {
        return APR_SUCCESS;
    }
    if (equal && !first->document) {
        return APR_EAGAIN;
    }
    if (equal && same_members(diff, first, entry)) {
        return APR_SUCCESS;
    }
    diff->duplicate = apr_psprintf(diff->pool, "failed to upsert %s: duplicate %s %s%s%s@%s",
                                   plural[entry->kind], mcpr_kind_name(entry->kind), entry->namespace_,
                                   *entry->namespace_ ? "/" : "", entry->name, entry->version);
    return APR_EEXIST;
}

/* Behind the document's earlier versions of the entry. */
static void link_in_feed_order(mcpr_diff_version *self)
{
    mcpr_diff_entry *entry = self->entry;

    if (entry->feed_tail) {
        entry->feed_tail->next = self;
    } else {
        entry->versions = self;
    }
    entry->feed_tail = entry->tail = self;
}

apr_status_t mcpr_diff_take(void *baton, const mcpr_entry *entry)
{
    mcpr_diff *diff = baton;
    mcpr_diff_version *self = find_version(diff, entry->kind, entry->namespace_, entry->name, entry->version);
    unsigned char hash[MCPR_SHA256_BYTES];

    mcpr_sha256(entry->document, entry->document_len, hash);
    if (self->in_feed) {
        return take_again(diff, self, entry, hash);
    }
    self->differs = self->id == 0 || self->tombstoned_at || self->status != entry->status ||
                    !same_text(self->status_message, entry->status_message) ||
                    memcmp(self->hash, hash, sizeof hash) != 0;
    self->in_feed = 1;
    self->status = entry->status;
    memcpy(self->hash, hash, sizeof hash);
    if (self->differs || diff->keep_documents) {
        self->status_message = entry->status_message ? apr_pstrdup(diff->pool, entry->status_message) : NULL;
        self->document = apr_pstrmemdup(diff->pool, entry->document, entry->document_len);
        self->document_len = entry->document_len;
        self->search_text = apr_pstrdup(diff->pool, entry->search_text);
    }
    link_in_feed_order(self);
    diff->counts[entry->kind]++;
    return APR_SUCCESS;
}

void mcpr_diff_mention(mcpr_diff *diff, const mcpr_entry *entry)
{
    apr_size_t entry_len,
        len = make_key(diff, entry->kind, entry->namespace_, entry->name, entry->version, &entry_len);
    mcpr_diff_version *self = apr_hash_get(diff->by_version, diff->key, (apr_ssize_t)len);

    if (self) {
        self->mentioned = 1;
    }
}

/*
 * What a partial document does not mention counts as if it were in there, as it is stored. It stands first,
 * and the latest before all: between equal versions nothing moves.
 */
static void keep_unmentioned(mcpr_diff *diff, int latest)
{
    for (int i = 0; i < diff->versions->nelts; i++) {
        mcpr_diff_version *self = APR_ARRAY_IDX(diff->versions, i, mcpr_diff_version *);
        mcpr_diff_entry *entry = self->entry;

        if (self->in_feed || self->mentioned || self->tombstoned_at || self->was_latest != (unsigned)latest) {
            continue;
        }
        self->in_feed = 1;
        self->next = entry->versions;
        entry->versions = self;
        entry->feed_tail = entry->feed_tail ? entry->feed_tail : self;
        entry->tail = entry->tail ? entry->tail : self;
        diff->counts[entry->kind]++;
    }
}

/* Versions that the document does not have, behind those it has. */
static void link_the_others(mcpr_diff *diff)
{
    for (int i = 0; i < diff->versions->nelts; i++) {
        mcpr_diff_version *self = APR_ARRAY_IDX(diff->versions, i, mcpr_diff_version *);

        if (self->in_feed) {
            continue;
        }
        if (self->entry->tail) {
            self->entry->tail->next = self;
        } else {
            self->entry->versions = self;
        }
        self->entry->tail = self;
    }
}

/* How good a candidate for latest is: living ones of the document before deleted ones before tombstones. */
static int rank(const mcpr_diff_version *version)
{
    if (version->in_feed) {
        return version->status == MCPR_STATUS_DELETED ? 2 : 3;
    }
    return version->expired ? 0 : 1;
}

static void choose_latest(mcpr_diff_entry *entry)
{
    mcpr_diff_version *best = NULL;

    entry->empty = 1;
    for (mcpr_diff_version *v = entry->versions; v; v = v->next) {
        int r = rank(v), b = best ? rank(best) : 0;

        v->is_latest = 0;
        if (r == 0) {
            continue;
        }
        entry->empty = 0;
        if (r > b || (r == b && r == 1 && v->was_latest) ||
            (r == b && !(r == 1 && best->was_latest) && mcpr_version_newer(v->version, best->version))) {
            best = v;
        }
    }
    if (best) {
        best->is_latest = 1;
    }
    entry->alive = best && rank(best) == 3;
}

static mcpr_change choose_change(const mcpr_diff_version *version)
{
    if (version->in_feed) {
        if (version->id == 0) {
            return MCPR_CHANGE_ADD;
        }
        if (version->differs) {
            return MCPR_CHANGE_UPDATE;
        }
    } else if (version->expired) {
        return MCPR_CHANGE_EXPIRE;
    } else if (!version->tombstoned_at) {
        return MCPR_CHANGE_RETIRE;
    }
    return version->is_latest != version->was_latest || version->rerender ? MCPR_CHANGE_RELABEL
                                                                          : MCPR_CHANGE_NONE;
}

static void count(mcpr_diff *diff, mcpr_diff_version *version)
{
    switch (version->change) {
    case MCPR_CHANGE_ADD: diff->added++; break;
    case MCPR_CHANGE_UPDATE: diff->changed++; break;
    case MCPR_CHANGE_RELABEL: diff->relabelled++; break;
    case MCPR_CHANGE_RETIRE:
        version->status = MCPR_STATUS_DELETED;
        diff->removed++;
        break;
    case MCPR_CHANGE_EXPIRE: diff->expired++; break;
    case MCPR_CHANGE_NONE: break;
    }
}

/* The order of pages, so that neighbours in a list are neighbours on disk. */
static int by_page_order(const void *one, const void *two)
{
    const mcpr_diff_version *a = *(mcpr_diff_version *const *)one, *b = *(mcpr_diff_version *const *)two;
    int order = (int)a->entry->kind - (int)b->entry->kind;

    order = order ? order : strcmp(a->entry->name, b->entry->name);
    order = order ? order : strcmp(a->entry->namespace_, b->entry->namespace_);
    return order ? order : strcmp(a->version, b->version);
}

void mcpr_diff_decide(mcpr_diff *diff)
{
    int kept = 0;

    for (int latest = 0; diff->is_partial && latest < 2; latest++) {
        keep_unmentioned(diff, latest);
    }
    link_the_others(diff);
    for (int i = 0; i < diff->entries->nelts; i++) {
        mcpr_diff_entry *entry = APR_ARRAY_IDX(diff->entries, i, mcpr_diff_entry *);

        choose_latest(entry);
        entry->is_new = entry->id == 0;
        diff->new_entries += entry->is_new;
    }
    for (int i = 0; i < diff->versions->nelts; i++) {
        mcpr_diff_version *self = APR_ARRAY_IDX(diff->versions, i, mcpr_diff_version *);

        self->change = choose_change(self);
        count(diff, self);
        if (self->change != MCPR_CHANGE_NONE) {
            APR_ARRAY_IDX(diff->versions, kept++, mcpr_diff_version *) = self;
        }
    }
    diff->versions->nelts = kept;
    qsort(diff->versions->elts, (size_t)kept, sizeof(mcpr_diff_version *), by_page_order);
}

int mcpr_diff_any(const mcpr_diff *diff)
{
    return diff->versions->nelts > 0;
}
