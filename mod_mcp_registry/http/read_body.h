/*
 * The body of a request, whole and bounded.
 */
#ifndef MCPR_HTTP_READ_BODY_H
#define MCPR_HTTP_READ_BODY_H

#include "mod_mcp_registry/http/request.h"

/** Makes the filter known that reading needs. For register_hooks. */
void mcpr_body_register(void);

/**
 * Reads the body, with a Content-Length or chunked, into r->pool; *text is terminated behind its *len bytes,
 * and may hold NULs. Returns non-zero when all of it is there. Otherwise the request has been answered, and
 * *rc is what the handler shall return: 413 when the body is longer than `most` bytes or than
 * LimitRequestBody allows (the rest is not read, httpd closes the connection), 408 when the client stalls,
 * 400 when it breaks off or its chunks are malformed.
 */
int mcpr_body_read(mcpr_request *q, apr_off_t most, const char **text, apr_size_t *len, int *rc);

/**
 * Reads a body that nobody wants, if there is one, so that the next request on the connection is understood.
 * Returns and answers as mcpr_body_read() does, LimitRequestBody being the only limit.
 */
int mcpr_body_discard(mcpr_request *q, int *rc);

#endif
