/*
 * Scalars: which type a YAML scalar has, and how it becomes the type that a key wants (spec config.md 2).
 */
#ifndef MCPR_CONFIG_SCALAR_H
#define MCPR_CONFIG_SCALAR_H

#include <apr.h>

typedef enum mcpr_scalar_type {
    MCPR_SCALAR_NULL,
    MCPR_SCALAR_BOOL,
    MCPR_SCALAR_INT,
    MCPR_SCALAR_FLOAT,
    MCPR_SCALAR_DATE,
    MCPR_SCALAR_TEXT
} mcpr_scalar_type;

typedef struct mcpr_scalar {
    mcpr_scalar_type type;
    const char *text; /* as it was written; may hold NUL bytes */
    apr_size_t len;
} mcpr_scalar;

typedef enum mcpr_coercion { MCPR_COERCED, MCPR_NOT_OF_TYPE, MCPR_OUT_OF_RANGE } mcpr_coercion;

/** The type of an unquoted scalar without a tag: YAML 1.1 with the octal form of 1.2; yes, no, on, off are
 * text. */
mcpr_scalar_type mcpr_scalar_resolve(const char *text, apr_size_t len);

/** As an integer: text by its prefix (0x, 0o, 0b, 0), "" is 0, a float is cut off, a boolean is 1 or 0. */
mcpr_coercion mcpr_scalar_int(const mcpr_scalar *scalar, apr_int64_t *value);

/** As a boolean: a number is true unless 0; text is one of 1 t T TRUE true True and their opposites, "" is
 * false. */
mcpr_coercion mcpr_scalar_bool(const mcpr_scalar *scalar, int *value);

/** As a float: a number or text that is one, "" is 0, a boolean is 1 or 0. Never infinite, never NaN. */
mcpr_coercion mcpr_scalar_float(const mcpr_scalar *scalar, double *value);

#endif
