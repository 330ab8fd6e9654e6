/*
 * The configuration file on disk: which paths are taken, and its bytes.
 */
#ifndef MCPR_CONFIG_FILE_H
#define MCPR_CONFIG_FILE_H

#include "common/config/node.h"
#include "common/util/problems.h"

/** No configuration is larger; what is, is something else. */
#define MCPR_CONFIG_BYTES (16 * 1024 * 1024)

/**
 * Reads and parses the file at `path` (spec config.md 1): links followed, a regular file with the extension
 * yaml, yml or json. NULL after a fault, which is then in `problems`.
 */
const mcpr_node *mcpr_config_read(const char *path, mcpr_problems *problems, apr_pool_t *pool);

#endif
