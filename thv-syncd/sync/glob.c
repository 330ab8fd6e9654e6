/*
 * Patterns become a small program whose states are walked side by side, so no pattern can make matching
 * explode.
 */
#include "thv-syncd/sync/glob.h"
#include <apr_tables.h>
#include <stdint.h>
#include <string.h>

#define MAX_NESTING 64

typedef enum op { OP_CHAR, OP_ANY, OP_RANGE, OP_LIST, OP_SPLIT, OP_JUMP, OP_MATCH } op;

typedef struct instruction {
    op op;
    int negated;
    uint32_t low, high; /* OP_CHAR: low */
    const char *list;   /* OP_LIST: the characters as UTF-8 */
    int x, y;           /* where OP_SPLIT and OP_JUMP go */
} instruction;

struct mcpr_glob {
    apr_array_header_t *program; /* of instruction */
    unsigned char *now, *next;   /* sets of states, a byte each */
};

typedef struct parser {
    const char *at;
    const char *complaint;
    mcpr_glob *glob;
    apr_pool_t *pool;
} parser;

/* The next character of valid UTF-8, 0 at the end. */
static uint32_t next_char(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? *p : *p & (0x3fu >> more);

    if (!*p) {
        return 0;
    }
    for (p++; more && *p; more--) {
        c = c << 6 | (*p++ & 0x3fu);
    }
    *text = (const char *)p;
    return c;
}

static int emit(parser *in, instruction what)
{
    APR_ARRAY_PUSH(in->glob->program, instruction) = what;
    return in->glob->program->nelts - 1;
}

static instruction *at(const mcpr_glob *glob, int i)
{
    return &APR_ARRAY_IDX(glob->program, i, instruction);
}

static int refuse(parser *in, const char *complaint)
{
    in->complaint = complaint;
    return 0;
}

/*
 * A class must pass two grammars. In the first, '-' stands only between two characters and a class is not
 * empty, also after a leading '^'. In the second (which decides the meaning) a class is one range or one
 * list.
 */
static int class_is_formed(parser *in, const char *p)
{
    if (*p == '^') {
        p++;
    }
    for (int n = 0; *p != ']' || n == 0; n++) {
        for (int side = 0; side < 2; side++) {
            if (*p == '-' || *p == ']') {
                return refuse(in, "syntax error in pattern");
            }
            if (*p == '\\') {
                p++;
            }
            if (!next_char(&p)) {
                return refuse(in, "syntax error in pattern");
            }
            if (side == 1 || *p != '-') {
                break;
            }
            p++;
        }
    }
    return 1;
}

static int parse_list(parser *in, int negated)
{
    char *list = apr_pcalloc(in->pool, strlen(in->at) + 1), *out = list;

    while (*in->at && *in->at != ']') {
        if (*in->at == '\\' && in->at[1]) {
            in->at++;
        }
        *out++ = *in->at++;
    }
    if (!*in->at || out == list) {
        return refuse(in, "could not parse range");
    }
    in->at++;
    emit(in, (instruction){.op = OP_LIST, .list = list, .negated = negated});
    return 1;
}

static int parse_class(parser *in)
{
    int negated;
    const char *p;
    uint32_t low, high;

    if (!class_is_formed(in, in->at)) {
        return 0;
    }
    negated = *in->at == '!';
    in->at += negated;
    p = in->at;
    low = next_char(&p);
    if (*p != '-') {
        return parse_list(in, negated);
    }
    p++;
    high = next_char(&p);
    if (!high || *p != ']') {
        return refuse(in, "expected close range character");
    }
    if (high < low) {
        return refuse(in, "the end of the range comes before its start");
    }
    in->at = p + 1;
    emit(in, (instruction){.op = OP_RANGE, .low = low, .high = high, .negated = negated});
    return 1;
}

static int parse_sequence(parser *in, int nesting);

/* After '{': each alternative but the last is a fork, each ends with a jump behind the closing brace. */
static int parse_alternatives(parser *in, int nesting)
{
    apr_array_header_t *jumps = apr_array_make(in->pool, 4, sizeof(int));

    if (nesting >= MAX_NESTING) {
        return refuse(in, "too many nested braces");
    }
    for (;;) {
        int fork = emit(in, (instruction){.op = OP_SPLIT});

        at(in->glob, fork)->x = fork + 1;
        if (!parse_sequence(in, nesting + 1)) {
            return 0;
        }
        APR_ARRAY_PUSH(jumps, int) = emit(in, (instruction){.op = OP_JUMP});
        at(in->glob, fork)->y = in->glob->program->nelts;
        if (*in->at != ',') { /* the last one: its fork has one way only */
            at(in->glob, fork)->y = fork + 1;
            break;
        }
        in->at++;
    }
    if (*in->at == '}') { /* an open brace is closed by the end */
        in->at++;
    }
    for (int i = 0; i < jumps->nelts; i++) {
        at(in->glob, APR_ARRAY_IDX(jumps, i, int))->x = in->glob->program->nelts;
    }
    return 1;
}

static int parse_one(parser *in, int nesting)
{
    int start = in->glob->program->nelts;

    switch (*in->at) {
    case '*':
        in->at++;
        emit(in, (instruction){.op = OP_SPLIT, .x = start + 1, .y = start + 3});
        emit(in, (instruction){.op = OP_ANY});
        emit(in, (instruction){.op = OP_JUMP, .x = start});
        return 1;
    case '?':
        in->at++;
        emit(in, (instruction){.op = OP_ANY});
        return 1;
    case '[': in->at++; return parse_class(in);
    case '{': in->at++; return parse_alternatives(in, nesting);
    case '\\':
        if (!in->at[1]) {
            return refuse(in, "syntax error in pattern");
        }
        in->at++;
        break;
    default: break;
    }
    emit(in, (instruction){.op = OP_CHAR, .low = next_char(&in->at)});
    return 1;
}

static int parse_sequence(parser *in, int nesting)
{
    while (*in->at && !(nesting && (*in->at == ',' || *in->at == '}'))) {
        if (!parse_one(in, nesting)) {
            return 0;
        }
    }
    return 1;
}

mcpr_glob *mcpr_glob_compile(const char *pattern, const char **complaint, apr_pool_t *pool)
{
    mcpr_glob *glob = apr_pcalloc(pool, sizeof *glob);
    parser in = {.at = pattern, .glob = glob, .pool = pool};

    glob->program = apr_array_make(pool, 32, sizeof(instruction));
    if (!parse_sequence(&in, 0)) {
        *complaint = in.complaint;
        return NULL;
    }
    emit(&in, (instruction){.op = OP_MATCH});
    glob->now = apr_pcalloc(pool, (apr_size_t)glob->program->nelts);
    glob->next = apr_pcalloc(pool, (apr_size_t)glob->program->nelts);
    return glob;
}

/* Adds a state and all that it leads to without a character. Each is added once, so this ends. */
static void enter(const mcpr_glob *glob, unsigned char *set, int state)
{
    for (;;) {
        const instruction *here = at(glob, state);

        if (set[state]) {
            return;
        }
        set[state] = 1;
        if (here->op == OP_SPLIT) {
            enter(glob, set, here->y);
        } else if (here->op != OP_JUMP) {
            return;
        }
        state = here->x;
    }
}

static int in_list(const char *list, uint32_t c)
{
    while (*list) {
        if (next_char(&list) == c) {
            return 1;
        }
    }
    return 0;
}

static int accepts(const instruction *here, uint32_t c)
{
    switch (here->op) {
    case OP_CHAR: return here->low == c;
    case OP_ANY: return 1;
    case OP_RANGE: return (c >= here->low && c <= here->high) != here->negated;
    case OP_LIST: return in_list(here->list, c) != here->negated;
    default: return 0;
    }
}

int mcpr_glob_matches(mcpr_glob *glob, const char *text)
{
    int size = glob->program->nelts;
    uint32_t c;

    memset(glob->now, 0, (apr_size_t)size);
    enter(glob, glob->now, 0);
    while ((c = next_char(&text)) != 0) {
        unsigned char *swap = glob->now;

        memset(glob->next, 0, (apr_size_t)size);
        for (int i = 0; i < size; i++) {
            if (glob->now[i] && accepts(at(glob, i), c)) {
                enter(glob, glob->next, i + 1);
            }
        }
        glob->now = glob->next;
        glob->next = swap;
    }
    return glob->now[size - 1];
}
