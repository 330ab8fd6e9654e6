/*
 * What mod_status shows of the registry (spec observability.md 10).
 */
#ifndef MCPR_API_STATUS_H
#define MCPR_API_STATUS_H

#include <httpd.h>

/**
 * A block for each instance: its database, the catalog's generation, the page cache of the process that
 * answers, its connections. `flags` are those of mod_status.h; "?auto" gets a line a figure. For mod_status's
 * hook.
 */
int mcpr_status_hook(request_rec *r, int flags);

#endif
