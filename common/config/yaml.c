/*
 * libyaml's events → tree. What is refused here is what no key could allow: bad syntax, a key twice, bombs.
 * Messages never quote values: a password that begins with '*' or '&' would show up in them.
 */
#include "common/config/yaml.h"
#include <apr_hash.h>
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

typedef struct builder {
    yaml_parser_t parser;
    const char *bytes;
    apr_size_t len;
    const char *name;
    int nodes;
    apr_hash_t *anchors;   /* name → the latest mcpr_node with it */
    apr_uint64_t expanded; /* nodes that aliases and merge keys stand for */
    mcpr_problems *problems;
    apr_pool_t *pool;
} builder;

static const mcpr_node *build(builder *b, yaml_event_t *event, int depth);

static const mcpr_node *fault(builder *b, int line, const char *format, ...) MCPR_PRINTF(3, 4);

static const mcpr_node *fault(builder *b, int line, const char *format, ...)
{
    char text[512];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    mcpr_problems_add(b->problems, apr_psprintf(b->pool, "%s:%d", b->name, line), "line %d: %s", line, text);
    return NULL;
}

static int line_of(yaml_mark_t mark)
{
    return mark.line < 0x7ffffffe ? (int)mark.line + 1 : 0x7fffffff;
}

/* A fault of the text itself. The reader knows an offset only, the scanner and the parser know the line. */
static void parser_fault(builder *b)
{
    const yaml_parser_t *parser = &b->parser;
    const char *problem = parser->problem ? parser->problem : "out of memory";
    int line = line_of(parser->problem_mark);

    if (parser->error == YAML_READER_ERROR) {
        line = 1;
        for (apr_size_t i = 0; i < parser->problem_offset && i < b->len; i++) {
            line += b->bytes[i] == '\n';
        }
    }
    if (parser->context) {
        fault(b, line, "%s %s", parser->context, problem);
    } else {
        fault(b, line, "%s", problem);
    }
}

/* The next event, or zero after a fault. The caller deletes it. */
static int next(builder *b, yaml_event_t *event)
{
    if (!yaml_parser_parse(&b->parser, event)) {
        parser_fault(b);
        return 0;
    }
    return 1;
}

static mcpr_node *make(builder *b, mcpr_node_kind kind, const yaml_event_t *event, const yaml_char_t *anchor)
{
    mcpr_node *node = apr_pcalloc(b->pool, sizeof *node);

    node->kind = kind;
    node->line = line_of(event->start_mark);
    node->weight = 1;
    node->height = 1;
    b->nodes++;
    if (anchor) {
        apr_hash_set(b->anchors, apr_pstrdup(b->pool, (const char *)anchor), APR_HASH_KEY_STRING, node);
    }
    return node;
}

/* A list or mapping takes a child in. */
static void hold(mcpr_node *node, const mcpr_node *child)
{
    node->weight += child->weight;
    if (node->height <= child->height) {
        node->height = child->height + 1;
    }
}

static const mcpr_node *build_scalar(builder *b, const yaml_event_t *event)
{
    const char *tag = (const char *)event->data.scalar.tag;
    mcpr_node *node = make(b, MCPR_NODE_SCALAR, event, event->data.scalar.anchor);
    mcpr_scalar *scalar = &node->scalar;
    int plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

    scalar->len = event->data.scalar.length;
    scalar->text = apr_pstrmemdup(b->pool, (const char *)event->data.scalar.value, scalar->len);
    scalar->type = plain ? mcpr_scalar_resolve(scalar->text, scalar->len) : MCPR_SCALAR_TEXT;
    node->is_merge =
        strcmp(scalar->text, "<<") == 0 && (tag ? strcmp(tag, "tag:yaml.org,2002:merge") == 0 : plain);
    if (tag && !mcpr_yaml_tag(scalar, tag, b->pool)) {
        return fault(b, node->line, "the value does not fit its tag");
    }
    return node;
}

/* Counts what an alias or a merge key stands for: without a bound, a few lines could stand for a billion. */
static int expand(builder *b, apr_uint64_t weight, int line)
{
    b->expanded += weight;
    if (b->expanded > MCPR_YAML_EXPANSION) {
        fault(b, line, "aliases stand for more than %d values", MCPR_YAML_EXPANSION);
        return 0;
    }
    return 1;
}

static const mcpr_node *build_alias(builder *b, const yaml_event_t *event, int depth)
{
    const mcpr_node *node = apr_hash_get(b->anchors, event->data.alias.anchor, APR_HASH_KEY_STRING);
    int line = line_of(event->start_mark);

    if (!node) {
        return fault(b, line, "an alias to an unknown anchor");
    }
    if (node->open) {
        return fault(b, line, "an anchor holds itself");
    }
    if (depth + node->height > MCPR_YAML_DEPTH) {
        return fault(b, line, "nested deeper than %d levels", MCPR_YAML_DEPTH);
    }
    return expand(b, node->weight, line) ? node : NULL;
}

static const mcpr_node *build_list(builder *b, const yaml_event_t *event, int depth)
{
    mcpr_node *node = make(b, MCPR_NODE_LIST, event, event->data.sequence_start.anchor);
    yaml_event_t item;

    node->items = apr_array_make(b->pool, 2, sizeof(const mcpr_node *));
    node->open = 1;
    while (next(b, &item)) {
        const mcpr_node *child;

        if (item.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&item);
            node->open = 0;
            return node;
        }
        child = build(b, &item, depth);
        yaml_event_delete(&item);
        if (!child) {
            return NULL;
        }
        APR_ARRAY_PUSH(node->items, const mcpr_node *) = child;
        hold(node, child);
    }
    return NULL;
}

/* Adds what `from` holds and `node` does not have yet. */
static int merge_one(builder *b, mcpr_node *node, apr_hash_t *names, const mcpr_node *from, int line)
{
    if (from->kind != MCPR_NODE_MAP) {
        fault(b, line, "a merge key takes a mapping or a list of mappings");
        return 0;
    }
    if (!expand(b, (apr_uint64_t)mcpr_node_count(from), line)) {
        return 0;
    }
    for (int i = 0; i < mcpr_node_count(from); i++) {
        mcpr_entry entry = *mcpr_node_entry(from, i);

        if (!apr_hash_get(names, entry.key, APR_HASH_KEY_STRING)) {
            entry.merged = 1;
            APR_ARRAY_PUSH(node->entries, mcpr_entry) = entry;
            apr_hash_set(names, entry.key, APR_HASH_KEY_STRING, entry.key);
            hold(node, entry.value);
        }
    }
    return 1;
}

static int merge(builder *b, mcpr_node *node, apr_hash_t *names, const mcpr_node *value, int line)
{
    if (!value) {
        return 1;
    }
    if (value->kind != MCPR_NODE_LIST) {
        return merge_one(b, node, names, value, line);
    }
    for (int i = 0; i < mcpr_node_count(value); i++) {
        if (!merge_one(b, node, names, mcpr_node_item(value, i), line)) {
            return 0;
        }
    }
    return 1;
}

/* One key and its value. The value of a merge key waits in `*merged` until the mapping's own keys are known.
 */
static int build_entry(builder *b, mcpr_node *node, apr_hash_t *names, yaml_event_t *event, int depth,
                       const mcpr_node **merged)
{
    const mcpr_node *key = build(b, event, depth), *value;
    yaml_event_t following;
    mcpr_entry entry = {0};

    if (!key) {
        return 0;
    }
    if (key->kind != MCPR_NODE_SCALAR || strlen(key->scalar.text) != key->scalar.len) {
        fault(b, line_of(event->start_mark), "a key must be plain text");
        return 0;
    }
    entry.key = key->scalar.text;
    entry.line = line_of(event->start_mark);
    if ((key->is_merge && *merged) || apr_hash_get(names, entry.key, APR_HASH_KEY_STRING)) {
        fault(b, entry.line, "the key '%s' is there twice in one mapping", entry.key);
        return 0;
    }
    if (!next(b, &following)) {
        return 0;
    }
    value = build(b, &following, depth);
    yaml_event_delete(&following);
    if (!value) {
        return 0;
    }
    if (key->is_merge) {
        *merged = value;
        return 1;
    }
    entry.value = value;
    APR_ARRAY_PUSH(node->entries, mcpr_entry) = entry;
    apr_hash_set(names, entry.key, APR_HASH_KEY_STRING, entry.key);
    hold(node, value);
    return 1;
}

static const mcpr_node *build_map(builder *b, const yaml_event_t *event, int depth)
{
    mcpr_node *node = make(b, MCPR_NODE_MAP, event, event->data.mapping_start.anchor);
    apr_hash_t *names = apr_hash_make(b->pool);
    const mcpr_node *merged = NULL;
    yaml_event_t key;

    node->entries = apr_array_make(b->pool, 4, sizeof(mcpr_entry));
    node->open = 1;
    while (next(b, &key)) {
        int end = key.type == YAML_MAPPING_END_EVENT;
        int good = end || build_entry(b, node, names, &key, depth, &merged);

        yaml_event_delete(&key);
        if (!good) {
            return NULL;
        }
        if (end) {
            node->open = 0;
            return merge(b, node, names, merged, node->line) ? node : NULL;
        }
    }
    return NULL;
}

static const mcpr_node *build(builder *b, yaml_event_t *event, int depth)
{
    if (depth >= MCPR_YAML_DEPTH) {
        return fault(b, line_of(event->start_mark), "nested deeper than %d levels", MCPR_YAML_DEPTH);
    }
    if (b->nodes >= MCPR_YAML_NODES) {
        return fault(b, line_of(event->start_mark), "more than %d values", MCPR_YAML_NODES);
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT: return build_scalar(b, event);
    case YAML_ALIAS_EVENT: return build_alias(b, event, depth);
    case YAML_SEQUENCE_START_EVENT: return build_list(b, event, depth + 1);
    case YAML_MAPPING_START_EVENT: return build_map(b, event, depth + 1);
    default: return fault(b, line_of(event->start_mark), "no value");
    }
}

/* The first document; then one look at what follows it: the end, or another document that is never read. */
static const mcpr_node *build_document(builder *b)
{
    const mcpr_node *root = NULL;
    yaml_event_t event;
    int step;

    for (step = 0; step < 5 && next(b, &event); step++) {
        int ended = event.type == YAML_STREAM_END_EVENT;

        if (step == 2) { /* stream start, document start, root, document end, one more */
            root = build(b, &event, 0);
        } else if (ended && step == 1) {
            root = make(b, MCPR_NODE_SCALAR, &event, NULL);
        }
        yaml_event_delete(&event);
        if (ended || (step >= 2 && !root)) {
            return root;
        }
    }
    return step == 5 ? root : NULL;
}

const mcpr_node *mcpr_yaml_parse(const char *bytes, apr_size_t len, const char *name, mcpr_problems *problems,
                                 apr_pool_t *pool)
{
    builder b = {.bytes = bytes, .len = len, .name = name, .problems = problems, .pool = pool};
    const mcpr_node *root;

    if (!yaml_parser_initialize(&b.parser)) {
        return fault(&b, 1, "out of memory");
    }
    b.anchors = apr_hash_make(pool);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, len);
    root = build_document(&b);
    yaml_parser_delete(&b.parser);
    return root;
}
