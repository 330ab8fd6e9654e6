/*
 * Content coding by Accept-Encoding (RFC 9110 12.5.3).
 */
#ifndef MCPR_HTTP_ACCEPT_H
#define MCPR_HTTP_ACCEPT_H

/** Non-zero when a client that sent `accept_encoding` (NULL: no header) takes gzip at least as gladly as
 * plain. */
int mcpr_accepts_gzip(const char *accept_encoding);

#endif
