/*
 * The access line: one JSON object a request, for mod_log_config (spec observability.md 7).
 */
#ifndef MCPR_LOG_ACCESS_LINE_H
#define MCPR_LOG_ACCESS_LINE_H

#include <apr_pools.h>

/**
 * Makes "%^MR" known to mod_log_config: the whole line. To be called anew at each reading of the
 * configuration, in pre_config. Where mod_log_config is absent there is no line, and nothing else is
 * different.
 */
void mcpr_access_line_register(apr_pool_t *pconf);

#endif
