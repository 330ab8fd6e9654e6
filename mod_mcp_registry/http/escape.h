/*
 * One percent escape (RFC 3986 2.1).
 */
#ifndef MCPR_HTTP_ESCAPE_H
#define MCPR_HTTP_ESCAPE_H

/** The byte that the escape at `s` ("%41") stands for; -1 when it is malformed or cut off by `end`. */
int mcpr_escape_value(const char *s, const char *end);

#endif
