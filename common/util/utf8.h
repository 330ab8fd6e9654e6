/*
 * UTF-8, as RFC 3629 has it: no surrogates, nothing above U+10FFFF, no overlong forms.
 */
#ifndef MCPR_UTIL_UTF8_H
#define MCPR_UTIL_UTF8_H

#include <apr.h>
#include <apr_pools.h>

/** Non-zero when the `len` bytes are valid UTF-8 (NUL counts as a character). */
int mcpr_utf8_valid(const char *text, apr_size_t len);

/** How many code points the valid UTF-8 `text` holds. */
apr_size_t mcpr_utf8_length(const char *text);

/**
 * A text from a far side made fit to be stored, logged and answered (spec README decision 29): invalid UTF-8
 * becomes U+FFFD, a control character a space, `user:password@` in a URL is removed, and what is over `cap`
 * bytes is cut at a character. The result is in `pool`.
 */
const char *mcpr_utf8_clean(const char *text, apr_size_t len, apr_size_t cap, apr_pool_t *pool);

#endif
