/*
 * The walk over a tree along its shape.
 */
#include "common/model/shape.h"
#include "common/model/json_number.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MESSAGE_BYTES 1000

void mcpr_check_report(const mcpr_check *check, const mcpr_place *place, const char *format, ...)
{
    mcpr_problems *problems = check->problems;
    if (problems->list->nelts >= problems->cap) {
        mcpr_problems_add(problems, NULL, "more"); /* is only counted: spare the texts */
        return;
    }
    char message[MESSAGE_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    const char *where = mcpr_place_text(place, problems->pool);
    if (check->server == NULL) {
        mcpr_problems_add(problems, where, "%s", message);
        return;
    }
    mcpr_problems_add(problems, apr_pstrcat(problems->pool, "server ", check->server, NULL),
                      "publisher-provided extensions schema validation failed: %s: %s", where, message);
}

static const char *const type_words[] = {
    [MCPR_ANY] = "anything",    [MCPR_STRING] = "string", [MCPR_BOOLEAN] = "boolean",
    [MCPR_INTEGER] = "integer", [MCPR_NUMBER] = "number", [MCPR_OBJECT] = "object",
    [MCPR_ARRAY] = "array",     [MCPR_MAP] = "object",    [MCPR_VARIANT] = "object",
};

static int has_type(const json_t *value, mcpr_rule_type type)
{
    double number;
    switch (type) {
    case MCPR_ANY: return 1;
    case MCPR_STRING: return mcpr_json_is_text(value);
    case MCPR_BOOLEAN: return json_is_boolean(value);
    case MCPR_INTEGER: return mcpr_json_number_value(value, &number) && number == floor(number);
    case MCPR_NUMBER: return mcpr_json_number_value(value, &number);
    case MCPR_ARRAY: return json_is_array(value);
    default: return json_is_object(value);
    }
}

static void check_words(const mcpr_check *check, const char *text, const mcpr_rule *rule,
                        const mcpr_place *place)
{
    char list[MESSAGE_BYTES / 2] = "";
    size_t len = 0;
    for (const char *const *word = rule->words; *word != NULL; word++) {
        if ((rule->any_case ? strcasecmp : strcmp)(text, *word) == 0) {
            return;
        }
        int written = snprintf(list + len, sizeof list - len, "%s\"%s\"", len > 0 ? ", " : "", *word);
        len = len + (size_t)written < sizeof list ? len + (size_t)written : sizeof list - 1;
    }
    mcpr_check_report(check, place, "Must be one of the following: %s", list);
}

static void check_string(const mcpr_check *check, const json_t *value, const mcpr_rule *rule,
                         const mcpr_place *place)
{
    const char *text = json_string_value(value);
    if (rule->min > 0 || rule->max > 0) {
        apr_size_t length = mcpr_utf8_length(text);
        if (length < (apr_size_t)rule->min) {
            mcpr_check_report(check, place, "String length must be greater than or equal to %d", rule->min);
        }
        if (rule->max > 0 && length > (apr_size_t)rule->max) {
            mcpr_check_report(check, place, "String length must be less than or equal to %d", rule->max);
        }
    }
    if (rule->pattern != NULL && !rule->pattern->matches(text)) {
        mcpr_check_report(check, place, "%s", rule->pattern->complaint);
    }
    if (rule->words != NULL) {
        check_words(check, text, rule, place);
    }
}

static void check_number(const mcpr_check *check, const json_t *value, const mcpr_rule *rule,
                         const mcpr_place *place)
{
    double number = 0;
    mcpr_json_number_value(value, &number);
    if (rule->has_min && number < rule->min) {
        mcpr_check_report(check, place, "Must be greater than or equal to %d", rule->min);
    }
    if (rule->max > 0 && number > rule->max) {
        mcpr_check_report(check, place, "Must be less than or equal to %d", rule->max);
    }
}

/* Strings and integers only, which is all that lists with this rule hold; by hashing, since a list may be
 * long. */
static void check_unique(const mcpr_check *check, const json_t *array, const mcpr_place *place)
{
    json_t *seen = json_object(), *item;
    size_t index;
    json_array_foreach((json_t *)array, index, item)
    {
        char digits[40];
        double number;
        const char *key = json_string_value(item);
        if (mcpr_json_number_value(item, &number)) {
            snprintf(digits, sizeof digits, "%.17g", number);
            key = digits;
        }
        json_t *first = key != NULL ? json_object_get(seen, key) : NULL;
        if (first != NULL) {
            mcpr_check_report(check, place, "array items[%d,%d] must be unique",
                              (int)json_integer_value(first), (int)index);
        } else if (key != NULL) {
            json_object_set_new(seen, key, json_integer((json_int_t)index));
        }
    }
    json_decref(seen);
}

static void check_array(const mcpr_check *check, json_t *array, const mcpr_rule *rule,
                        const mcpr_place *place)
{
    size_t index;
    json_t *item;
    if (rule->items != NULL) {
        json_array_foreach(array, index, item)
        {
            mcpr_place step = mcpr_place_index(place, index);
            mcpr_check_value(check, item, rule->items, &step);
        }
    }
    if (rule->unique && !check->types_only) {
        check_unique(check, array, place);
    }
}

static void drop_nulls(json_t *object)
{
    const char *key;
    void *next;
    json_t *member;
    json_object_foreach_safe(object, next, key, member)
    {
        if (json_is_null(member)) {
            json_object_del(object, key);
        }
    }
}

static void check_map(const mcpr_check *check, json_t *map, const mcpr_rule *rule, const mcpr_place *place)
{
    const char *key;
    json_t *member;
    drop_nulls(map);
    json_object_foreach(map, key, member)
    {
        mcpr_place step = mcpr_place_key(place, key);
        mcpr_check_value(check, member, rule->items, &step);
    }
}

static void check_members(const mcpr_check *check, json_t *object, const mcpr_member *rows,
                          const mcpr_place *place)
{
    for (const mcpr_member *row = rows; row->name != NULL; row++) {
        json_t *member = json_object_get(object, row->name);
        if (member != NULL) {
            mcpr_place step = mcpr_place_key(place, row->name);
            mcpr_check_value(check, member, &row->rule, &step);
        } else if (row->required && !check->types_only) {
            mcpr_check_report(check, place, "%s is required", row->name);
        }
    }
}

static void check_shape(const mcpr_check *check, json_t *object, const mcpr_shape *shape,
                        const mcpr_place *place)
{
    drop_nulls(object);
    const mcpr_shape *part = shape;
    do {
        check_members(check, object, part->members, place);
        part = part->base;
    } while (part != NULL);
    if (shape->either[0] != NULL && !check->types_only && json_object_get(object, shape->either[0]) == NULL &&
        json_object_get(object, shape->either[1]) == NULL) {
        mcpr_check_report(check, place, "%s or %s is required", shape->either[0], shape->either[1]);
    }
}

/*
 * The shape that the object's type chooses. Without a known type, that is the complaint; where types alone
 * count, any of the shapes will do, since their members agree in them.
 */
static void check_variant(const mcpr_check *check, json_t *object, const mcpr_variant *variants,
                          const mcpr_place *place)
{
    const char *words[8] = {NULL};
    json_t *type = json_object_get(object, "type");
    const char *name = mcpr_json_is_text(type) ? json_string_value(type) : NULL;
    for (int i = 0; variants[i].type != NULL; i++) {
        if (name != NULL && strcmp(name, variants[i].type) == 0) {
            check_shape(check, object, variants[i].shape, place);
            return;
        }
        words[i] = variants[i].type;
    }
    if (check->types_only) {
        check_shape(check, object, variants[0].shape, place);
        return;
    }
    const mcpr_member only_type[] = {
        {"type",                                 1, {.type = MCPR_STRING, .words = words}},
        {0}
    };
    const mcpr_shape unknown = {.members = only_type};
    check_shape(check, object, &unknown, place);
}

void mcpr_check_value(const mcpr_check *check, json_t *value, const mcpr_rule *rule, const mcpr_place *place)
{
    mcpr_check loose = *check;
    if (rule->types_only) {
        loose.types_only = 1;
        check = &loose;
    }
    if (!has_type(value, rule->type)) {
        mcpr_check_report(check, place, "Invalid type. Expected: %s, given: %s", type_words[rule->type],
                          mcpr_json_type_name(value));
        return;
    }
    switch (rule->type) {
    case MCPR_STRING:
        if (!check->types_only) {
            check_string(check, value, rule, place);
        }
        break;
    case MCPR_INTEGER:
    case MCPR_NUMBER:
        if (!check->types_only) {
            check_number(check, value, rule, place);
        }
        break;
    case MCPR_ARRAY: check_array(check, value, rule, place); break;
    case MCPR_MAP: check_map(check, value, rule, place); break;
    case MCPR_VARIANT: check_variant(check, value, rule->variants, place); break;
    case MCPR_OBJECT:
        if (rule->shape != NULL) {
            check_shape(check, value, rule->shape, place);
        }
        break;
    default: break;
    }
}
