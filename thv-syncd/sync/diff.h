/*
 * What has to change: the versions that a source has in the store against those of its document.
 *
 * Order of calls: the stored versions (mcpr_diff_stored), then the document (mcpr_diff_take, a feed sink),
 * then mcpr_diff_decide(). Of a partial document, which has only what changed at its source, each entry is
 * shown first (mcpr_diff_mention): what is mentioned and not taken is gone, what is not mentioned stays.
 * Nothing here knows a database or a clock. Documents are kept only of versions that
 * are new or changed, so memory is that of the index plus what will be written.
 *
 * Which version is latest is decided here too (spec sync.md 8.4, README decision 3): among those of the
 * document that are not deleted, in the document's order, the first unless a later one is newer; where none
 * lives, among the document's deleted ones; where there are only tombstones, the one that was latest stays.
 */
#ifndef THV_SYNCD_SYNC_DIFF_H
#define THV_SYNCD_SYNC_DIFF_H

#include "common/model/feed.h"
#include "common/util/digest.h"
#include <apr_tables.h>
#include <apr_time.h>

typedef enum mcpr_change {
    MCPR_CHANGE_NONE,
    MCPR_CHANGE_ADD,     /* new */
    MCPR_CHANGE_UPDATE,  /* other content or status, or back from a tombstone: updated_at moves */
    MCPR_CHANGE_RELABEL, /* only whether it is latest, or the renderer's number: updated_at stays */
    MCPR_CHANGE_RETIRE,  /* gone from the document: becomes a tombstone */
    MCPR_CHANGE_EXPIRE   /* a tombstone that is old enough: goes */
} mcpr_change;

typedef struct mcpr_diff_entry mcpr_diff_entry;

typedef struct mcpr_diff_version {
    mcpr_diff_entry *entry;
    struct mcpr_diff_version *next; /* of the entry: the document's in its order, then the others */
    const char *version;
    apr_int64_t id;                                                        /* 0: new */
    apr_time_t published_at, status_changed_at, updated_at, tombstoned_at; /* as stored; 0 for new ones */
    mcpr_status status;                                                    /* what it will be */
    mcpr_status stored_status;                                             /* what it was */
    const char *status_message;
    const char *document; /* NULL: stays as stored */
    apr_size_t document_len;
    const char *search_text;
    unsigned char hash[MCPR_SHA256_BYTES];
    unsigned in_feed : 1, mentioned : 1, expired : 1, rerender : 1, differs : 1;
    unsigned was_latest : 1, is_latest : 1;
    mcpr_change change;
} mcpr_diff_version;

struct mcpr_diff_entry {
    apr_int64_t id; /* 0: new; the writer fills it */
    mcpr_kind kind;
    const char *namespace_, *name;
    mcpr_diff_version *versions, *feed_tail, *tail;
    unsigned is_new : 1, was_alive : 1, alive : 1, empty : 1; /* empty: no version is left */
};

typedef struct mcpr_diff {
    apr_pool_t *pool;
    struct apr_hash_t *by_entry, *by_version;
    apr_array_header_t *entries; /* of mcpr_diff_entry *, in order of appearance */
    apr_array_header_t
        *versions; /* of mcpr_diff_version *: after deciding, those that change, in page order */
    char *key;     /* scratch */
    apr_size_t key_size;
    int keep_documents;    /* see mcpr_diff_take() */
    int is_partial;        /* see mcpr_diff_mention(); the caller sets it before the document comes */
    const char *duplicate; /* the message of a differing duplicate, NULL when there is none */
    apr_int64_t counts[MCPR_KINDS];
    apr_int64_t added, changed, removed, expired, relabelled;
    apr_int64_t new_entries;
} mcpr_diff;

/** A version as the store has it; `version` is NULL for an entry that has none. Texts are copied. */
typedef struct mcpr_diff_row {
    apr_int64_t entry_id, id;
    int alive, is_latest, renderer, expired;
    mcpr_kind kind;
    mcpr_status status;
    const char *namespace_, *name, *version, *status_message;
    const char *hash;                                                      /* 64 hexadecimal digits */
    apr_time_t published_at, status_changed_at, updated_at, tombstoned_at; /* 0: no tombstone */
} mcpr_diff_row;

/** An empty comparison in `pool`. `keep_documents` is for the second try after APR_EAGAIN. */
mcpr_diff *mcpr_diff_create(int keep_documents, apr_pool_t *pool);

void mcpr_diff_stored(mcpr_diff *diff, const mcpr_diff_row *row);

/**
 * A feed sink; `diff` is an mcpr_diff. The same version twice is taken once when both are equal as JSON; else
 * APR_EEXIST and diff->duplicate. Whether they are equal can be told only while the first one's text is
 * there: if it was dropped as unchanged, APR_EAGAIN asks for a new comparison that keeps all documents.
 */
apr_status_t mcpr_diff_take(void *diff, const mcpr_entry *entry);

/** An entry of a partial document, taken afterwards or not. */
void mcpr_diff_mention(mcpr_diff *diff, const mcpr_entry *entry);

void mcpr_diff_decide(mcpr_diff *diff);

/** Non-zero when something has to be written that a reader can see. */
int mcpr_diff_any(const mcpr_diff *diff);

#endif
