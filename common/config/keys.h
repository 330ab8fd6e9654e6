/*
 * The keys of the configuration, a row each. A new key is a new row and a field of config.h; reading,
 * coercion, default, range, environment variable and messages follow from the row.
 */
#ifndef MCPR_CONFIG_KEYS_H
#define MCPR_CONFIG_KEYS_H

#include <apr.h>
#include <stddef.h>

/** How a key's text becomes a value, and the C type of its field. */
typedef enum mcpr_kind {
    MCPR_KIND_STRING,   /* const char *; "" is absent */
    MCPR_KIND_LIST,     /* apr_array_header_t * of const char *, never NULL */
    MCPR_KIND_INT,      /* int */
    MCPR_KIND_INT64,    /* apr_int64_t */
    MCPR_KIND_BOOL,     /* int */
    MCPR_KIND_FLOAT,    /* double */
    MCPR_KIND_DURATION, /* apr_interval_time_t; the row's range is in nanoseconds */
    MCPR_KIND_CHOICE,   /* an enum */
    MCPR_KIND_CLAIMS    /* json_t *, an object of strings and lists of strings, or NULL */
} mcpr_kind;

/** Numbers that mean "not set". */
typedef enum mcpr_absent { MCPR_ABSENT_NEVER, MCPR_ABSENT_ZERO, MCPR_ABSENT_NOT_POSITIVE } mcpr_absent;

/** A word and its value; lists of them end with a NULL word. Messages leave out "". */
typedef struct mcpr_word {
    const char *word;
    int value;
} mcpr_word;

typedef struct mcpr_key {
    const char *path; /* dotted, as documented; NULL ends a table */
    mcpr_kind kind;
    apr_size_t offset;     /* of the field */
    const char *fallback;  /* the default, as text; NULL: zero */
    apr_int64_t low, high; /* the range of a number, when low < high; else that of its type */
    mcpr_absent absent;
    const mcpr_word *words; /* of a choice, or of a string that must be one of them */
    const char *variable;   /* behind THV_REGISTRY_: another variable that sets the key, after its own */
    unsigned types;         /* sources: bits of the types that have the key, 0 for all */
    int required;           /* absence is an error */
    int only_environment;   /* never read from the file; `path` is the variable's name */
} mcpr_key;

/** Bits for `types`. */
#define MCPR_OF(type) (1u << (type))

extern const mcpr_key mcpr_keys_top[];
extern const mcpr_key mcpr_keys_name[]; /* into a const char *: sources and registries are named first */
extern const mcpr_key mcpr_keys_source[];
extern const mcpr_key mcpr_keys_source_url[]; /* of a file source with a URL */
extern const mcpr_key mcpr_keys_registry[];
extern const mcpr_key mcpr_keys_provider[];

/** Keys that hold mappings or lists of mappings: no variable can set them. Ends with NULL. */
extern const char *const mcpr_keys_lists[];

/** The word that stands for a value, NULL when there is none. */
const char *mcpr_word_of(const mcpr_word *words, int value);
extern const mcpr_word mcpr_source_types[];

#endif
