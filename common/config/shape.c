/*
 * The tree's shape before rows are looked up in it: dotted top-level keys, and keys in two spellings.
 */
#include "common/config/load.h"
#include "common/config/yaml.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>
#include <strings.h>

/* More than that many dotted keys were not written by anybody. */
#define MAX_DOTTED 1000

static mcpr_node *copy_map(const mcpr_node *map, int line, apr_pool_t *pool)
{
    mcpr_node *copy = apr_pcalloc(pool, sizeof *copy);

    copy->kind = MCPR_NODE_MAP;
    copy->line = map ? map->line : line;
    copy->entries = map ? apr_array_copy(pool, map->entries) : apr_array_make(pool, 2, sizeof(mcpr_entry));
    return copy;
}

/* Non-zero when rows begin with the first segment of `key`, and it is no list. */
static int begins_block(const char *key)
{
    apr_size_t len = strcspn(key, ".");

    for (const mcpr_key *row = mcpr_keys_top; row->path; row++) {
        if (!row->only_environment && strncasecmp(row->path, key, len + 1) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Puts `dotted` below `map`, where `rest` of its key is still to go. Maps on the way are `own`ed copies. */
static void insert(mcpr_load *load, mcpr_node *map, const mcpr_entry *dotted, const char *rest,
                   apr_hash_t *own)
{
    apr_size_t len = strcspn(rest, ".");
    const mcpr_entry *there = mcpr_node_member(map, rest, len);
    mcpr_entry entry = *dotted;
    mcpr_node *below;

    entry.key = apr_pstrmemdup(load->pool, rest, len);
    if (rest[len] == '\0') {
        if (there) {
            mcpr_problems_add(
                load->problems, apr_psprintf(load->pool, "%s:%d", load->config->path, dotted->line),
                "the key '%s' is there twice: in line %d too, as '%s'", dotted->key, there->line, there->key);
            return;
        }
        APR_ARRAY_PUSH(map->entries, mcpr_entry) = entry;
        return;
    }
    if (there && !mcpr_node_null(there->value) && there->value->kind != MCPR_NODE_MAP) {
        return; /* reported when a row is looked up below it */
    }
    if (there && apr_hash_get(own, &there->value, sizeof there->value)) {
        below = (mcpr_node *)there->value;
    } else {
        below = copy_map(there && there->value->kind == MCPR_NODE_MAP ? there->value : NULL, dotted->line,
                         load->pool);
        apr_hash_set(own, apr_pmemdup(load->pool, &below, sizeof below), sizeof below, below);
        entry.value = below;
        if (there) {
            ((mcpr_entry *)there)->value = below;
        } else {
            APR_ARRAY_PUSH(map->entries, mcpr_entry) = entry;
        }
    }
    insert(load, below, dotted, rest + len + 1, own);
}

/* A key of sensible depth, with no empty segment. */
static int is_dotted(const char *key)
{
    int dots = 0;

    for (const char *p = key; *p; p++) {
        if (*p == '.' && (p == key || p[1] == '.' || p[1] == '\0')) {
            return 0;
        }
        dots += *p == '.';
    }
    return dots > 0 && dots < 8 && begins_block(key);
}

static const mcpr_node *nest_dotted(mcpr_load *load, const mcpr_node *root)
{
    apr_hash_t *own = apr_hash_make(load->pool);
    mcpr_node *nested = copy_map(NULL, root->line, load->pool);
    int dotted = 0;

    for (int i = 0; i < mcpr_node_count(root); i++) {
        if (!is_dotted(mcpr_node_entry(root, i)->key)) {
            APR_ARRAY_PUSH(nested->entries, mcpr_entry) = *mcpr_node_entry(root, i);
        }
    }
    for (int i = 0; i < mcpr_node_count(root); i++) {
        const mcpr_entry *entry = mcpr_node_entry(root, i);

        if (is_dotted(entry->key) && ++dotted <= MAX_DOTTED) {
            insert(load, nested, entry, entry->key, own);
        }
    }
    if (dotted > MAX_DOTTED) {
        mcpr_problems_add(load->problems, load->config->path, "more than %d dotted keys", MAX_DOTTED);
    }
    return nested;
}

/* The keys that lead to a mapping, lists left out. */
typedef struct trail {
    const char *keys[MCPR_YAML_DEPTH + 8];
    int depth;
} trail;

/* Below claims and rules of roles, names keep their case. */
static int keeps_case(const trail *way)
{
    /* clang-format off */
    static const char *const patterns[][5] = {
        {"sources", "claims", NULL},
        {"registries", "claims", NULL},
        {"auth", "authz", "roles", "*", NULL},
    };
    /* clang-format on */

    for (apr_size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        int k = 0;

        while (patterns[i][k] && k < way->depth &&
               (*patterns[i][k] == '*' || strcasecmp(patterns[i][k], way->keys[k]) == 0)) {
            k++;
        }
        if (!patterns[i][k] && k == way->depth) {
            return 1;
        }
    }
    return 0;
}

static const char *lower(const char *key, apr_pool_t *pool)
{
    char *copy = apr_pstrdup(pool, key);

    for (char *p = copy; *p; p++) {
        *p = (char)apr_tolower(*p);
    }
    return copy;
}

static void check_spelling(mcpr_load *load, const mcpr_node *node, trail *way)
{
    apr_hash_t *seen;

    if (node->kind == MCPR_NODE_SCALAR || keeps_case(way)) {
        return;
    }
    if (node->kind == MCPR_NODE_LIST) {
        for (int i = 0; i < mcpr_node_count(node); i++) {
            check_spelling(load, mcpr_node_item(node, i), way);
        }
        return;
    }
    seen = apr_hash_make(load->pool);
    for (int i = 0; i < mcpr_node_count(node); i++) {
        const mcpr_entry *entry = mcpr_node_entry(node, i), *other;
        const char *name = lower(entry->key, load->pool);

        other = apr_hash_get(seen, name, APR_HASH_KEY_STRING);
        if (other && !entry->merged) {
            mcpr_problems_add(
                load->problems,
                apr_psprintf(load->pool, "%s:%d: %s", load->config->path, entry->line, entry->key),
                "'%s' and '%s' (line %d) are the same key in two spellings", entry->key, other->key,
                other->line);
        }
        apr_hash_set(seen, name, APR_HASH_KEY_STRING, entry);
        way->keys[way->depth++] = entry->key;
        check_spelling(load, entry->value, way);
        way->depth--;
    }
}

const mcpr_node *mcpr_load_shape(mcpr_load *load, const mcpr_node *root)
{
    const mcpr_node *nested = nest_dotted(load, root);
    trail way = {.depth = 0};

    check_spelling(load, nested, &way);
    return nested;
}
