/*
 * Lenient semantic versions: parsed in place, compared by SemVer precedence.
 */
#include "common/model/version.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NUMBERS 3

typedef struct semver {
    uint64_t number[NUMBERS];
    const char *pre; /* what stands after '-', up to pre_end; NULL for a release */
    const char *pre_end;
} semver;

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_identifier_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* One unsigned 64-bit number. Leading zeros are fine, an overflow is not. */
static int read_number(const char **at, uint64_t *number)
{
    const char *p = *at;
    *number = 0;
    for (; is_digit(*p); p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*number > (UINT64_MAX - digit) / 10) {
            return 0;
        }
        *number = *number * 10 + digit;
    }
    if (p == *at) {
        return 0;
    }
    *at = p;
    return 1;
}

/* The end of the identifier that starts at `p` and lies before `end` (NULL: before the text's end). */
static const char *identifier_end(const char *p, const char *end)
{
    while (p != end && is_identifier_char(*p)) {
        p++;
    }
    return p;
}

static int is_numeric(const char *id, const char *end)
{
    while (id < end && is_digit(*id)) {
        id++;
    }
    return id == end;
}

/* `ID(.ID)*`; in a prerelease, numbers have no leading zeros. */
static int read_identifiers(const char **at, int is_prerelease)
{
    const char *p = *at;
    for (;;) {
        const char *end = identifier_end(p, NULL);
        if (end == p || (is_prerelease && end - p > 1 && *p == '0' && is_numeric(p, end))) {
            return 0;
        }
        if (*end != '.') {
            *at = end;
            return 1;
        }
        p = end + 1;
    }
}

static int parse(semver *version, const char *text)
{
    const char *p = text + (*text == 'v');
    *version = (semver){0};
    for (int i = 0; i < NUMBERS; i++) {
        if (i > 0 && *p++ != '.') {
            p--;
            break;
        }
        if (!read_number(&p, &version->number[i])) {
            return 0;
        }
    }
    if (*p == '-') {
        version->pre = ++p;
        if (!read_identifiers(&p, 1)) {
            return 0;
        }
        version->pre_end = p;
    }
    if (*p == '+') {
        p++;
        if (!read_identifiers(&p, 0)) {
            return 0;
        }
    }
    return *p == '\0';
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* Numbers go before texts. They have no leading zeros here, so the longer one is greater, whatever its size.
 */
static int compare_identifiers(const char *a, const char *a_end, const char *b, const char *b_end)
{
    size_t a_len = (size_t)(a_end - a), b_len = (size_t)(b_end - b);
    int a_numeric = is_numeric(a, a_end), b_numeric = is_numeric(b, b_end);
    if (a_numeric != b_numeric) {
        return a_numeric ? -1 : 1;
    }
    if (a_numeric && a_len != b_len) {
        return a_len > b_len ? 1 : -1;
    }
    return compare_bytes(a, a_len, b, b_len);
}

static int compare_prereleases(const semver *a, const semver *b)
{
    const char *p = a->pre, *q = b->pre;
    if (p == NULL || q == NULL) {
        return (p == NULL) - (q == NULL);
    }
    for (;;) {
        const char *p_end = identifier_end(p, a->pre_end), *q_end = identifier_end(q, b->pre_end);
        int order = compare_identifiers(p, p_end, q, q_end);
        if (order != 0) {
            return order;
        }
        if (p_end == a->pre_end || q_end == b->pre_end) {
            return (p_end != a->pre_end) - (q_end != b->pre_end);
        }
        p = p_end + 1;
        q = q_end + 1;
    }
}

int mcpr_version_newer(const char *a, const char *b)
{
    semver left, right;
    if (!parse(&left, a) || !parse(&right, b)) {
        return strcmp(a, b) > 0;
    }
    for (int i = 0; i < NUMBERS; i++) {
        if (left.number[i] != right.number[i]) {
            return left.number[i] > right.number[i];
        }
    }
    return compare_prereleases(&left, &right) > 0;
}
