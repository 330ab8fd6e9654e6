/*
 * The id under which a request is found again in what is written about it (spec observability.md 7).
 */
#ifndef MCPR_LOG_REQUEST_ID_H
#define MCPR_LOG_REQUEST_ID_H

#include <httpd.h>

/** An id is at most this long, whoever made it. */
#define MCPR_REQUEST_ID_CAP 128

/** Where the id is kept among a request's notes from the moment its head has been read, where a registry is
 * configured: an ErrorLogFormat can show it, "%{mcp-request-id}n". */
#define MCPR_REQUEST_ID_NOTE "mcp-request-id"

/** Gives this process the part of the ids that no other process has. For child_init. */
void mcpr_request_id_start_child(void);

/**
 * The id of `r`: what the client sent as X-Request-Id, up to its first comma, printable ASCII alone; else one
 * that is made for it, "host/random-counter". All requests that came of one by internal redirects have the
 * same. Lives in the pool of the first of them. Thread-safe.
 */
const char *mcpr_request_id(request_rec *r);

/** The request that the client sent, from which internal redirects led to `r`. */
request_rec *mcpr_request_first(request_rec *r);

#endif
