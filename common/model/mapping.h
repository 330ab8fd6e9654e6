/*
 * Copying members from one object to another by rows: the conversion between the two file formats is a table.
 */
#ifndef MCPR_MODEL_MAPPING_H
#define MCPR_MODEL_MAPPING_H

#include <jansson.h>

/** When a member is written. Zero is "", 0, false, [] and {}. */
typedef enum mcpr_presence {
    MCPR_IF_NOT_ZERO,
    MCPR_IF_GIVEN,      /* zero too */
    MCPR_ALWAYS_STRING, /* "" when absent */
    MCPR_ALWAYS_FALSE,
    MCPR_ALWAYS_OBJECT
} mcpr_presence;

typedef struct mcpr_mapping {
    const char *from; /* NULL ends the rows */
    const char *to;   /* NULL: the same name */
    mcpr_presence presence;
    int only;                           /* the kinds that have it, as bits; 0: all */
    const struct mcpr_mapping *members; /* the object's members are mapped by these rows */
    const struct mcpr_mapping *items;   /* … those of each object in the list */
    json_t *(*convert)(
        json_t *value); /* a new value, or NULL for none; gets NULL when the member is absent */
} mcpr_mapping;

/** Non-zero for NULL, null, "", 0, false, [] and {}. */
int mcpr_json_is_zero(const json_t *value);

/** Copies what the rows name for `kind` (a bit) from `source` into `target`. Values are shared, not copied.
 */
void mcpr_map_members(json_t *target, const json_t *source, const mcpr_mapping *rows, int kind);

#endif
