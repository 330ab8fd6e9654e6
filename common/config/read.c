/*
 * Rows → fields: finds each key's value in the environment or the file, coerces it, checks its range.
 */
#include "common/config/duration.h"
#include "common/config/load.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <limits.h>
#include <string.h>

/* What became of a value. */
typedef enum outcome { SET, ABSENT, REFUSED } outcome;

static void *field_of(void *base, const mcpr_key *row)
{
    return (char *)base + row->offset;
}

/* 'a', 'b' or 'c' */
static const char *choices(const mcpr_word *words, apr_pool_t *pool)
{
    const char *text = "";

    for (; words->word && *words->word; words++) {
        int last = !words[1].word || !*words[1].word;

        text = apr_pstrcat(pool, text, *text ? (last ? " or " : ", ") : "", "'", words->word, "'", NULL);
    }
    return text;
}

static const mcpr_word *choose(const mcpr_scope *scope, const mcpr_key *row, const char *text)
{
    for (const mcpr_word *word = row->words; word->word; word++) {
        if (strcmp(word->word, text) == 0) {
            return word;
        }
    }
    mcpr_complain(scope, row->path, "%s must be %s, got '%s'", row->path,
                  choices(row->words, scope->load->pool), text);
    return NULL;
}

static outcome refuse(const mcpr_scope *scope, const mcpr_key *row, const char *what)
{
    mcpr_complain(scope, row->path, "%s must be %s", row->path, what);
    return REFUSED;
}

/* The range of the row, else of the field's type. */
static void range_of(const mcpr_key *row, apr_int64_t *low, apr_int64_t *high)
{
    int given = row->low < row->high;

    *low = given ? row->low : row->kind == MCPR_KIND_INT ? INT_MIN : APR_INT64_MIN;
    *high = given ? row->high : row->kind == MCPR_KIND_INT ? INT_MAX : APR_INT64_MAX;
}

static int means_absent(const mcpr_key *row, apr_int64_t number)
{
    return (row->absent == MCPR_ABSENT_ZERO && number == 0) ||
           (row->absent == MCPR_ABSENT_NOT_POSITIVE && number <= 0);
}

static outcome read_integer(const mcpr_scope *scope, const mcpr_key *row, const mcpr_scalar *scalar,
                            void *field)
{
    apr_int64_t number, low, high;
    mcpr_coercion coercion = mcpr_scalar_int(scalar, &number);

    range_of(row, &low, &high);
    if (coercion == MCPR_NOT_OF_TYPE) {
        mcpr_complain(scope, row->path, "%s must be a whole number, got '%s'", row->path, scalar->text);
        return REFUSED;
    }
    if (coercion == MCPR_OUT_OF_RANGE || number > high ||
        (number < low && !(means_absent(row, number) && number >= INT_MIN))) {
        mcpr_complain(scope, row->path,
                      "%s must be between %" APR_INT64_T_FMT " and %" APR_INT64_T_FMT ", got '%s'", row->path,
                      low, high, scalar->text);
        return REFUSED;
    }
    if (means_absent(row, number)) {
        return ABSENT;
    }
    if (row->kind == MCPR_KIND_INT) {
        *(int *)field = (int)number;
    } else {
        *(apr_int64_t *)field = number;
    }
    return SET;
}

static outcome read_duration(const mcpr_scope *scope, const mcpr_key *row, const mcpr_scalar *scalar,
                             void *field)
{
    apr_int64_t nanoseconds, low, high;

    range_of(row, &low, &high);
    if (scalar->len == 0) {
        return ABSENT;
    }
    if (strlen(scalar->text) != scalar->len || !mcpr_duration_parse(scalar->text, &nanoseconds)) {
        mcpr_complain(scope, row->path,
                      "%s must be a valid duration (e.g., '30s', '1m'): invalid duration '%s'", row->path,
                      scalar->text);
        return REFUSED;
    }
    if (means_absent(row, nanoseconds)) {
        return ABSENT;
    }
    if (nanoseconds < low) {
        mcpr_complain(scope, row->path, low > 0 ? "%s must be greater than zero" : "%s must not be negative",
                      row->path);
        return REFUSED;
    }
    if (nanoseconds > high) {
        mcpr_complain(scope, row->path, "%s must not exceed %s", row->path,
                      mcpr_duration_text(mcpr_duration_micros(high), scope->load->pool));
        return REFUSED;
    }
    *(apr_interval_time_t *)field = mcpr_duration_micros(nanoseconds);
    return SET;
}

/* Strings take the text as it was written, whatever YAML would make of it: 1.20 stays 1.20. */
static outcome read_text(const mcpr_scope *scope, const mcpr_key *row, const mcpr_scalar *scalar, void *field)
{
    if (strlen(scalar->text) != scalar->len) {
        return refuse(scope, row, "text without a NUL character");
    }
    if (row->kind == MCPR_KIND_STRING && scalar->len == 0) {
        return ABSENT;
    }
    if (row->words) {
        const mcpr_word *word = choose(scope, row, scalar->text);

        if (!word) {
            return REFUSED;
        }
        if (row->kind == MCPR_KIND_CHOICE) {
            *(int *)field = word->value;
            return SET;
        }
    }
    *(const char **)field = apr_pstrdup(scope->load->pool, scalar->text);
    return SET;
}

static outcome read_scalar(const mcpr_scope *scope, const mcpr_key *row, const mcpr_scalar *scalar,
                           void *field)
{
    switch (row->kind) {
    case MCPR_KIND_INT:
    case MCPR_KIND_INT64: return read_integer(scope, row, scalar, field);
    case MCPR_KIND_DURATION: return read_duration(scope, row, scalar, field);
    case MCPR_KIND_BOOL:
        if (mcpr_scalar_bool(scalar, field) == MCPR_COERCED) {
            return SET;
        }
        mcpr_complain(scope, row->path, "%s must be true or false, got '%s'", row->path, scalar->text);
        return REFUSED;
    case MCPR_KIND_FLOAT:
        if (mcpr_scalar_float(scalar, field) == MCPR_COERCED) {
            return SET;
        }
        mcpr_complain(scope, row->path, "%s must be a number, got '%s'", row->path, scalar->text);
        return REFUSED;
    default: return read_text(scope, row, scalar, field);
    }
}

/* A scalar stands for a list: parts between commas, not trimmed; nothing is no part. */
static apr_array_header_t *split(const char *text, apr_pool_t *pool)
{
    apr_array_header_t *list = apr_array_make(pool, 4, sizeof(const char *));

    for (;;) {
        apr_size_t len = strcspn(text, ",");

        if (len == 0 && *text == '\0' && list->nelts == 0) {
            return list;
        }
        APR_ARRAY_PUSH(list, const char *) = apr_pstrmemdup(pool, text, len);
        if (text[len] == '\0') {
            return list;
        }
        text += len + 1;
    }
}

static outcome read_list(const mcpr_scope *scope, const mcpr_key *row, const mcpr_node *node, void *field)
{
    apr_pool_t *pool = scope->load->pool;
    apr_array_header_t *list = apr_array_make(pool, 4, sizeof(const char *));

    if (node->kind == MCPR_NODE_MAP) {
        return mcpr_node_count(node) ? refuse(scope, row, "a list of strings, not a mapping") : ABSENT;
    }
    if (node->kind == MCPR_NODE_SCALAR) {
        if (strlen(node->scalar.text) != node->scalar.len) {
            return refuse(scope, row, "text without a NUL character");
        }
        list = split(node->scalar.text, pool);
    }
    for (int i = 0; node->kind == MCPR_NODE_LIST && i < mcpr_node_count(node); i++) {
        const mcpr_node *item = mcpr_node_item(node, i);

        if (item->kind != MCPR_NODE_SCALAR || strlen(item->scalar.text) != item->scalar.len) {
            mcpr_complain_at(scope, item->line, row->path, "%s[%d] must be a string%s%s", row->path, i,
                             item->kind == MCPR_NODE_SCALAR ? " without a NUL character" : ", not ",
                             item->kind == MCPR_NODE_SCALAR ? "" : mcpr_node_word(item));
            return REFUSED;
        }
        APR_ARRAY_PUSH(list, const char *) = mcpr_node_null(item) ? "" : item->scalar.text;
    }
    *(apr_array_header_t **)field = list;
    return SET;
}

static outcome read_node(const mcpr_scope *scope, const mcpr_key *row, const mcpr_node *node, void *field)
{
    int before = scope->load->problems->total;

    if (mcpr_node_null(node)) {
        return ABSENT;
    }
    if (row->kind == MCPR_KIND_LIST) {
        return read_list(scope, row, node, field);
    }
    if (row->kind == MCPR_KIND_CLAIMS) {
        *(json_t **)field = mcpr_load_claims(scope, row->path, node);
        return scope->load->problems->total == before ? SET : REFUSED;
    }
    if (scope->environment && mcpr_node_absent(node)) {
        return ABSENT; /* an empty mapping outside a list */
    }
    if (node->kind != MCPR_NODE_SCALAR) {
        mcpr_complain(scope, row->path, "%s must be a single value, not %s", row->path, mcpr_node_word(node));
        return REFUSED;
    }
    return read_scalar(scope, row, &node->scalar, field);
}

static outcome read_fallback(const mcpr_scope *scope, const mcpr_key *row, void *field)
{
    mcpr_scalar scalar = {.type = MCPR_SCALAR_TEXT, .text = row->fallback ? row->fallback : ""};

    scalar.len = strlen(scalar.text);
    if (row->kind == MCPR_KIND_LIST) {
        *(apr_array_header_t **)field = split(scalar.text, scope->load->pool);
        return SET;
    }
    if (row->kind == MCPR_KIND_STRING) {
        *(const char **)field = row->fallback;
        return SET;
    }
    return row->fallback ? read_scalar(scope, row, &scalar, field) : SET;
}

/* ABSENT when no variable sets the key. What Kubernetes injects for a service of that name is no setting. */
static outcome read_variable(const mcpr_scope *scope, const mcpr_key *row, void *field)
{
    const char *name;
    const char *value = scope->environment ? mcpr_environment_get(scope->load->env, row, &name) : NULL;
    mcpr_scalar scalar = {.type = MCPR_SCALAR_TEXT, .text = value};

    if (!value) {
        return ABSENT;
    }
    if (!mcpr_utf8_valid(value, strlen(value))) {
        return refuse(scope, row, "valid UTF-8");
    }
    if (row->kind != MCPR_KIND_STRING && row->kind != MCPR_KIND_LIST && mcpr_environment_is_service(value)) {
        mcpr_warn(scope, row->path, "ignored: the value is the address of a Kubernetes service");
        mcpr_environment_drop(scope->load->env, name);
        return read_variable(scope, row, field);
    }
    if (row->kind == MCPR_KIND_LIST) {
        *(apr_array_header_t **)field = split(value, scope->load->pool);
        return SET;
    }
    scalar.len = strlen(value);
    return read_scalar(scope, row, &scalar, field);
}

static outcome read_row(const mcpr_scope *scope, const mcpr_key *row, void *field)
{
    const mcpr_node *node = NULL;
    const char *name;
    outcome result = read_variable(scope, row, field);

    if (result != ABSENT || (scope->environment && mcpr_environment_get(scope->load->env, row, &name))) {
        return result; /* a variable that says "0, the default" hides the file as any other */
    }
    if (row->only_environment) {
        return ABSENT;
    }
    return mcpr_scope_find(scope, row->path, &node) ? read_node(scope, row, node, field) : REFUSED;
}

int mcpr_rows_read(const mcpr_scope *scope, const mcpr_key *rows, unsigned types, void *base)
{
    int refused = 0;

    for (const mcpr_key *row = rows; row->path; row++) {
        void *field = field_of(base, row);
        outcome result;

        if (row->types && !(row->types & types)) {
            continue;
        }
        result = read_row(scope, row, field);
        if (result == ABSENT && row->required) {
            mcpr_complain(scope, row->path, "%s is required", row->path);
            result = REFUSED;
        }
        if (result == REFUSED) {
            mcpr_scope_mark(scope, row->path);
            refused++;
        }
        if (result != SET) {
            (void)read_fallback(scope, row, field);
        }
    }
    return refused;
}
