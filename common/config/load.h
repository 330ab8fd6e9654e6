/*
 * What the parts of the loader share: one load in progress, where its keys are looked up, how it complains.
 * Internal to common/config.
 */
#ifndef MCPR_CONFIG_LOAD_H
#define MCPR_CONFIG_LOAD_H

#include "common/config/config.h"
#include "common/config/environment.h"
#include "common/config/keys.h"
#include "common/config/node.h"
#include <apr_hash.h>

typedef struct mcpr_load {
    mcpr_config *config;
    const mcpr_node *root; /* a mapping, or a null scalar when the file is empty */
    mcpr_environment *env;
    mcpr_problems *problems; /* of the file and the environment: any refuses the configuration */
    apr_hash_t *faulty;      /* keys with their scope's path that were reported already */
    apr_pool_t *pool;
} mcpr_load;

/** Where rows are looked up: the file's top, or one element of a list of mappings. */
typedef struct mcpr_scope {
    mcpr_load *load;
    const mcpr_node *map; /* NULL or null: all keys are absent */
    const char *path;     /* leads the keys in places: "" or "sources[0]." */
    const char *label;    /* leads messages: "", "source[0] (catalog): ", "auth.oauth.providers[0]." */
    int line;             /* where to point when a key is absent */
    int environment;      /* the environment may set these keys */
} mcpr_scope;

/** The scope of the file's top. */
mcpr_scope mcpr_scope_top(mcpr_load *load);

/** Reports a problem or a warning at `key` of the scope: its line, the element's, or the environment
 * variable. */
void mcpr_complain(const mcpr_scope *scope, const char *key, const char *format, ...) MCPR_PRINTF(3, 4);
void mcpr_warn(const mcpr_scope *scope, const char *key, const char *format, ...) MCPR_PRINTF(3, 4);

/** The same with a line of the caller's own, for names that are not dotted keys. */
void mcpr_complain_at(const mcpr_scope *scope, int line, const char *key, const char *format, ...)
    MCPR_PRINTF(4, 5);

/** What stands at a dotted key of the scope, NULL when nothing does. */
const mcpr_node *mcpr_scope_node(const mcpr_scope *scope, const char *key);

/** The same into `*node`; zero when what stands on the way is no mapping. That is reported, once. */
int mcpr_scope_find(const mcpr_scope *scope, const char *key, const mcpr_node **node);

/** Marks a key as reported, and asks whether it is. */
void mcpr_scope_mark(const mcpr_scope *scope, const char *key);
int mcpr_scope_marked(const mcpr_scope *scope, const char *key);

/**
 * Reads `rows` into the struct at `base`; rows that belong to other source types than those in `types` are
 * left. Returns how many of them were reported as faulty; their fields hold the default.
 */
int mcpr_rows_read(const mcpr_scope *scope, const mcpr_key *rows, unsigned types, void *base);

/**
 * The elements of a list of mappings at `key`: a single mapping is a list of one; a null element stays, as a
 * mapping without keys. What is neither is reported; the result (of const mcpr_node *) is never NULL and
 * holds NULL for such an element.
 */
apr_array_header_t *mcpr_scope_list(const mcpr_scope *scope, const char *key);

/** A JSON value that lives as long as the configuration's pool. */
json_t *mcpr_load_own(const mcpr_load *load, json_t *json);

/** Makes top-level keys like `database.host` nested ones, and reports keys that are there in two spellings.
 */
const mcpr_node *mcpr_load_shape(mcpr_load *load, const mcpr_node *root);

/** The claims at `map`: an object of strings and lists of strings; anything else is reported. NULL when
 * empty. */
json_t *mcpr_load_claims(const mcpr_scope *scope, const char *key, const mcpr_node *map);

/** The parts of the configuration that have rules of their own (spec config.md 5), in the order of reporting.
 */
void mcpr_load_sources(mcpr_load *load);
void mcpr_load_registries(mcpr_load *load);
void mcpr_load_database(mcpr_load *load);
void mcpr_load_audit(mcpr_load *load);
void mcpr_load_telemetry(mcpr_load *load);
void mcpr_load_auth(mcpr_load *load);

/** Non-zero when `name` is 1 to 63 lower-case letters, digits and inner hyphens. */
int mcpr_is_label(const char *name);

#endif
