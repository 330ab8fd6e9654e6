/*
 * Numbers that jansson can't hold as they are written: reals, and integers beyond 64 bits.
 *
 * A document comes back as it was sent, so such a number keeps its digits: in the tree it is a string that
 * begins with U+0000, which no string of a checked document can hold, and is written as a number again.
 * Whoever looks at the types of a tree's values asks here, not jansson.
 */
#ifndef MCPR_MODEL_JSON_NUMBER_H
#define MCPR_MODEL_JSON_NUMBER_H

#include <jansson.h>

/** The end of the number that starts at `p`, in checked text that ends at `end` (NULL: after something else).
 */
const char *mcpr_json_number_end(const char *p, const char *end);

/** Non-zero when the number at `p` may not be an integer of 64 bits (long, with a fraction or exponent, or
 * -0). */
int mcpr_json_number_is_wide(const char *p, const char *end);

/** The digits of a wide number in the tree, NULL for every other value. They live with `value`. */
const char *mcpr_json_wide_number(const json_t *value);

/** Reads any number of the tree into *number, rounded. Returns 0 when `value` is none. */
int mcpr_json_number_value(const json_t *value, double *number);

/** Non-zero for a string that is one, not a wide number. */
int mcpr_json_is_text(const json_t *value);

/** The value's type in the words of JSON Schema: "string", "integer", "number", "array", … */
const char *mcpr_json_type_name(const json_t *value);

#endif
