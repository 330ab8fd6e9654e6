/*
 * Shapes of documents as rows, and the walk that checks a tree against them.
 *
 * A rule says what one value must be; a shape is the list of an object's members, a row each. Unknown members
 * are fine everywhere. A null member of an object that has a shape counts as absent and is taken out of the
 * tree (spec README decision 27); inside free objects null is a value.
 */
#ifndef MCPR_MODEL_SHAPE_H
#define MCPR_MODEL_SHAPE_H

#include "common/model/patterns.h"
#include "common/model/place.h"
#include "common/util/problems.h"
#include <jansson.h>

typedef enum mcpr_rule_type {
    MCPR_ANY, /* nothing is asked */
    MCPR_STRING,
    MCPR_BOOLEAN,
    MCPR_INTEGER, /* mathematically: 443.0 is one */
    MCPR_NUMBER,
    MCPR_OBJECT,
    MCPR_ARRAY,
    MCPR_MAP,    /* an object with free keys */
    MCPR_VARIANT /* an object whose "type" chooses the shape */
} mcpr_rule_type;

typedef struct mcpr_rule {
    mcpr_rule_type type;
    int min, max;                /* code points of a string, value of a number; max 0: no limit */
    int has_min;                 /* of a number: min counts */
    const mcpr_pattern *pattern; /* of a string */
    const char *const *words;    /* of a string: the words allowed, NULL ends them */
    int any_case;                /* … in any letter case */
    int unique;                  /* of an array: no two equal items */
    int types_only;              /* below here only types count: no lengths, patterns, required members */
    const struct mcpr_shape *shape;
    const struct mcpr_rule *items; /* of an array or map: the rule of each */
    const struct mcpr_variant *variants;
} mcpr_rule;

typedef struct mcpr_member {
    const char *name;
    int required;
    mcpr_rule rule;
} mcpr_member;

typedef struct mcpr_shape {
    const mcpr_member *members;    /* a row without a name ends them */
    const struct mcpr_shape *base; /* its rows hold here too */
    const char *either[2];         /* one of these members is required, if given */
} mcpr_shape;

typedef struct mcpr_variant {
    const char *type; /* NULL ends the list */
    const mcpr_shape *shape;
} mcpr_variant;

/** Where complaints go, and in which words. */
typedef struct mcpr_check {
    mcpr_problems *problems;
    int types_only;
    const char
        *server; /* set: complaints are about this server's publisher-provided block (formats.md 2.9) */
} mcpr_check;

/** Checks `value` at `place` by `rule`; everything wrong goes to the check's problems. Takes null members
 * out. */
void mcpr_check_value(const mcpr_check *check, json_t *value, const mcpr_rule *rule, const mcpr_place *place);

/** Reports one complaint at `place`. */
void mcpr_check_report(const mcpr_check *check, const mcpr_place *place, const char *format, ...)
    MCPR_PRINTF(3, 4);

#endif
