/*
 * ToolHive's own format, entry by entry (spec formats.md 4): into server.json, and back as its clients do it.
 */
#ifndef MCPR_MODEL_LEGACY_H
#define MCPR_MODEL_LEGACY_H

#include "common/util/problems.h"
#include <jansson.h>

/** The kinds of entries; bits. */
#define MCPR_LEGACY_CONTAINER 1
#define MCPR_LEGACY_REMOTE    2

/** Checks one entry of `servers` or `remote_servers` (4.1). Takes null members out of the tree. */
void mcpr_legacy_check(json_t *entry, int kind, const char *place, mcpr_problems *problems);

/** A checked entry as server.json (4.2), a new tree that shares values with `entry`. Its name is not checked.
 */
json_t *mcpr_legacy_to_server(const char *key, const json_t *entry, int kind);

/**
 * A server as an entry (4.3), a new tree that shares values with `server`; *kind tells which. NULL when the
 * server can't be one; *complaint says why.
 */
json_t *mcpr_legacy_from_server(const json_t *server, int *kind, const char **complaint);

#endif
