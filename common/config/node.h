/*
 * A configuration file as a tree: what the YAML layer makes and the rows of keys.c are looked up in.
 *
 * The tree is a graph: an alias shares the node of its anchor, so a node is never changed once it is built.
 * Its expanded size is bounded when it is built, so that a walk over it ends soon. Nodes live in a pool.
 */
#ifndef MCPR_CONFIG_NODE_H
#define MCPR_CONFIG_NODE_H

#include "common/config/scalar.h"
#include <apr_pools.h>
#include <apr_tables.h>
#include <jansson.h>

typedef enum mcpr_node_kind { MCPR_NODE_SCALAR, MCPR_NODE_LIST, MCPR_NODE_MAP } mcpr_node_kind;

typedef struct mcpr_node {
    mcpr_node_kind kind;
    int line;                    /* in the file, from 1 */
    int open;                    /* still being read: an alias to it would hold itself */
    int is_merge;                /* the key << of a mapping */
    mcpr_scalar scalar;          /* of a scalar */
    apr_array_header_t *items;   /* of const mcpr_node *, of a list */
    apr_array_header_t *entries; /* of mcpr_entry, of a mapping: its own first, then merged ones */
    int height;                  /* how many levels it has, aliases followed */
    apr_uint64_t weight;         /* how many nodes it is when every alias is written out */
} mcpr_node;

typedef struct mcpr_entry {
    const char *key;
    int line;
    int merged; /* came by a merge key */
    const mcpr_node *value;
} mcpr_entry;

/** Nodes of one item or entry, and how many there are; 0 for NULL and for other kinds. */
int mcpr_node_count(const mcpr_node *node);
const mcpr_node *mcpr_node_item(const mcpr_node *list, int i);
const mcpr_entry *mcpr_node_entry(const mcpr_node *map, int i);

/** The entry of `map` with this name without letter case, NULL when there is none. A merged one comes last.
 */
const mcpr_entry *mcpr_node_member(const mcpr_node *map, const char *name, apr_size_t len);

/**
 * What stands at the dotted `path` below `map`, NULL when nothing does. When something on the way is neither
 * a mapping nor null, `*blocker` is that node and `*blocked` the length of its path; else `*blocker` is NULL.
 */
const mcpr_node *mcpr_node_find(const mcpr_node *map, const char *path, const mcpr_node **blocker,
                                apr_size_t *blocked);

/** Non-zero for nothing, null, and a mapping that holds nothing else: outside lists they count as absent. */
int mcpr_node_absent(const mcpr_node *node);

/** Non-zero for nothing and null. */
int mcpr_node_null(const mcpr_node *node);

/** The node as JSON (a new reference), names and values as they were written. */
json_t *mcpr_node_json(const mcpr_node *node);

/** "text", "a list" …: what a message calls the node. */
const char *mcpr_node_word(const mcpr_node *node);

#endif
