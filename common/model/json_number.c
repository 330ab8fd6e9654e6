/*
 * Wide numbers in the tree.
 */
#include "common/model/json_number.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fewer characters than this always fit 64 bits: 18 digits and a sign. */
#define SAFE_CHARS 19

const char *mcpr_json_number_end(const char *p, const char *end)
{
    while (p != end &&
           ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' || *p == '.' || *p == 'e' || *p == 'E')) {
        p++;
    }
    return p;
}

int mcpr_json_number_is_wide(const char *p, const char *end)
{
    if (end - p >= SAFE_CHARS || (end - p == 2 && p[0] == '-' && p[1] == '0')) {
        return 1;
    }
    for (; p < end; p++) {
        if (*p == '.' || *p == 'e' || *p == 'E') {
            return 1;
        }
    }
    return 0;
}

const char *mcpr_json_wide_number(const json_t *value)
{
    if (!json_is_string(value) || json_string_length(value) == 0) {
        return NULL;
    }
    const char *text = json_string_value(value);
    return *text == '\0' ? text + 1 : NULL;
}

int mcpr_json_number_value(const json_t *value, double *number)
{
    const char *digits = mcpr_json_wide_number(value);
    if (digits == NULL && !json_is_number(value)) {
        return 0;
    }
    *number = digits != NULL ? strtod(digits, NULL) : json_number_value(value);
    return 1;
}

int mcpr_json_is_text(const json_t *value)
{
    return json_is_string(value) && mcpr_json_wide_number(value) == NULL;
}

const char *mcpr_json_type_name(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
        [JSON_FALSE] = "boolean",   [JSON_NULL] = "null",
    };
    double number;
    if (value == NULL) {
        return "nothing";
    }
    if (mcpr_json_number_value(value, &number)) {
        return number == floor(number) ? "integer" : "number";
    }
    return names[json_typeof(value)];
}
