/*
 * Mapping of members, by rows.
 */
#include "common/model/mapping.h"
#include "common/model/json_number.h"

int mcpr_json_is_zero(const json_t *value)
{
    double number;
    if (mcpr_json_number_value(value, &number)) {
        return number == 0;
    }
    switch (value != NULL ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE: return 1;
    case JSON_STRING: return json_string_length(value) == 0;
    case JSON_ARRAY: return json_array_size(value) == 0;
    case JSON_OBJECT: return json_object_size(value) == 0;
    default: return 0;
    }
}

static json_t *map_object(const json_t *source, const mcpr_mapping *rows, int kind)
{
    json_t *target = json_object();
    mcpr_map_members(target, source, rows, kind);
    return target;
}

static json_t *map_items(const json_t *source, const mcpr_mapping *rows, int kind)
{
    json_t *target = json_array();
    for (size_t i = 0; i < json_array_size(source); i++) {
        json_array_append_new(target, map_object(json_array_get(source, i), rows, kind));
    }
    return target;
}

/* The value by its row; a new reference, or NULL when there is none. */
static json_t *map_value(json_t *value, const mcpr_mapping *row, int kind)
{
    if (row->convert != NULL) {
        return row->convert(value);
    }
    if (json_is_object(value) && row->members != NULL) {
        return map_object(value, row->members, kind);
    }
    if (json_is_array(value) && row->items != NULL) {
        return map_items(value, row->items, kind);
    }
    return json_is_null(value) ? NULL : json_incref(value);
}

static json_t *stand_in(mcpr_presence presence)
{
    switch (presence) {
    case MCPR_ALWAYS_STRING: return json_string("");
    case MCPR_ALWAYS_FALSE: return json_false();
    case MCPR_ALWAYS_OBJECT: return json_object();
    default: return NULL;
    }
}

void mcpr_map_members(json_t *target, const json_t *source, const mcpr_mapping *rows, int kind)
{
    for (const mcpr_mapping *row = rows; row->from != NULL; row++) {
        if (row->only != 0 && (row->only & kind) == 0) {
            continue;
        }
        json_t *value = map_value(json_object_get(source, row->from), row, kind);
        if (value == NULL) {
            value = stand_in(row->presence);
        }
        if (value != NULL && (row->presence != MCPR_IF_NOT_ZERO || !mcpr_json_is_zero(value))) {
            json_object_set(target, row->to != NULL ? row->to : row->from, value);
        }
        json_decref(value);
    }
}
