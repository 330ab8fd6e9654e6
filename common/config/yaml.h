/*
 * YAML and JSON text → tree (spec config.md 1): the first document, anchors and merge keys followed.
 */
#ifndef MCPR_CONFIG_YAML_H
#define MCPR_CONFIG_YAML_H

#include "common/config/node.h"
#include "common/util/problems.h"

/** How deep a document may be nested (aliases followed), how many nodes it and its aliases may stand for. */
#define MCPR_YAML_DEPTH     200
#define MCPR_YAML_NODES     500000
#define MCPR_YAML_EXPANSION 100000

/**
 * The tree of the first document of `bytes`; an empty one is a null scalar. NULL after a fault, which is then
 * in `problems` with its line. `name` is the file's name in messages. Everything lives in `pool`.
 */
const mcpr_node *mcpr_yaml_parse(const char *bytes, apr_size_t len, const char *name, mcpr_problems *problems,
                                 apr_pool_t *pool);

/**
 * Checks that `bytes` are JSON and nothing else, and gives them in a form that the YAML parser reads alike,
 * line by line: surrogate pairs as one escape, no line break before a colon. NULL after a fault.
 */
const char *mcpr_json_as_yaml(const char *bytes, apr_size_t len, const char *name, mcpr_problems *problems,
                              apr_pool_t *pool);

/** Gives the scalar the type that its tag insists on; zero when the text is none of it. Unknown tags are
 * ignored. */
int mcpr_yaml_tag(mcpr_scalar *scalar, const char *tag, apr_pool_t *pool);

#endif
