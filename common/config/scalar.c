/*
 * Scalars: their types and coercions (spec config.md 2).
 */
#include "common/config/scalar.h"
#include <math.h>
#include <string.h>

/* A number longer than this is none that any key could take. */
#define NUMBER_BYTES 128

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* The base that the prefix tells; `*text` moves behind it. A leading zero alone means octal. */
static int take_base(const char **text)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {
        {'x', 16},
        {'o', 8 },
        {'b', 2 }
    };
    const char *p = *text;

    if (p[0] != '0' || p[1] == '\0') {
        return 10;
    }
    for (apr_size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if ((p[1] | 0x20) == prefixes[i].letter) {
            *text += 2;
            return prefixes[i].base;
        }
    }
    *text += 1;
    return 8;
}

/* An integer with sign and prefix; an underscore may stand between two digits, or a prefix and a digit. */
static mcpr_coercion parse_int(const char *text, apr_int64_t *value)
{
    int negative = *text == '-', over = 0, base, digits = 0, underscore = 0, prefixed;
    apr_uint64_t sum = 0, most = negative ? (apr_uint64_t)APR_INT64_MAX + 1 : (apr_uint64_t)APR_INT64_MAX;
    const char *begin;

    text += *text == '-' || *text == '+';
    begin = text;
    base = take_base(&text);
    prefixed = text != begin;
    for (; *text; text++) {
        int digit = digit_value(*text);

        if (*text == '_' && !underscore && (digits || prefixed)) {
            underscore = 1;
            continue;
        }
        if (digit >= base) {
            return MCPR_NOT_OF_TYPE;
        }
        over |= sum > (most - (apr_uint64_t)digit) / (apr_uint64_t)base;
        sum = sum * (apr_uint64_t)base + (apr_uint64_t)digit;
        underscore = 0;
        digits++;
    }
    if (digits == 0 || underscore) {
        return MCPR_NOT_OF_TYPE;
    }
    *value = negative ? (apr_int64_t)(0 - sum) : (apr_int64_t)sum;
    return over ? MCPR_OUT_OF_RANGE : MCPR_COERCED;
}

/* A decimal float, read without the locale: digits, a point, an exponent. */
static mcpr_coercion parse_float(const char *text, double *value)
{
    int negative = *text == '-', digits = 0, exponent = 0, sign = 1, scale = 0;
    long double sum = 0, power = 1;

    text += *text == '-' || *text == '+';
    for (; *text >= '0' && *text <= '9'; text++, digits++) {
        sum = sum * 10 + (*text - '0');
    }
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++, digits++, scale++) {
            sum = sum * 10 + (*text - '0');
        }
    }
    if (digits && (*text | 0x20) == 'e') {
        text++;
        sign = *text == '-' ? -1 : 1;
        text += *text == '-' || *text == '+';
        if (*text == '\0') {
            return MCPR_NOT_OF_TYPE;
        }
        for (; *text >= '0' && *text <= '9'; text++) {
            exponent = exponent < 100000 ? exponent * 10 + (*text - '0') : exponent;
        }
    }
    if (!digits || *text) {
        return MCPR_NOT_OF_TYPE;
    }
    exponent = sign * exponent - scale;
    for (int i = exponent < 0 ? -exponent : exponent; i > 0 && sum != 0 && isfinite(sum); i--) {
        power *= 10;
        if (power > 1e300L || i == 1) {
            sum = exponent < 0 ? sum / power : sum * power;
            power = 1;
        }
    }
    *value = (double)(negative ? -sum : sum);
    return isfinite(*value) ? MCPR_COERCED : MCPR_OUT_OF_RANGE;
}

/* A copy without the underscores that YAML 1.1 allows anywhere in a number; NULL when it is too long for one.
 */
static const char *without_underscores(const char *text, apr_size_t len, char buffer[NUMBER_BYTES])
{
    apr_size_t used = 0;

    if (len >= NUMBER_BYTES) {
        return NULL;
    }
    for (apr_size_t i = 0; i < len; i++) {
        if (text[i] != '_') {
            buffer[used++] = text[i];
        }
    }
    buffer[used] = '\0';
    return buffer;
}

static int is_one_of(const char *text, apr_size_t len, const char *const *words)
{
    for (; *words; words++) {
        if (strlen(*words) == len && memcmp(*words, text, len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* `digits` is a pattern: 9 stands for a digit, any other character for itself. */
static int matches(const char *text, apr_size_t len, const char *pattern)
{
    if (strlen(pattern) > len) {
        return 0;
    }
    for (; *pattern; pattern++, text++) {
        if (*pattern == '9' ? *text < '0' || *text > '9' : *text != *pattern) {
            return 0;
        }
    }
    return 1;
}

static int is_date(const char *text, apr_size_t len)
{
    static const char *const dates[] = {"9999-99-99", "9999-9-99", "9999-99-9", "9999-9-9"};

    for (apr_size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        apr_size_t date = strlen(dates[i]);

        if (matches(text, len, dates[i]) &&
            (len == date || (len > date + 4 && strchr("tT ", text[date]) && text[date + 1] >= '0' &&
                             text[date + 1] <= '9' && memchr(text + date, ':', len - date)))) {
            return 1;
        }
    }
    return 0;
}

mcpr_scalar_type mcpr_scalar_resolve(const char *text, apr_size_t len)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    static const char *const specials[] = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF", "+.inf",
                                           "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", NULL};
    char buffer[NUMBER_BYTES];
    apr_int64_t number;
    double real;
    mcpr_coercion coercion;

    if (is_one_of(text, len, nulls)) {
        return MCPR_SCALAR_NULL;
    }
    if (is_one_of(text, len, bools)) {
        return MCPR_SCALAR_BOOL;
    }
    if (is_one_of(text, len, specials)) {
        return MCPR_SCALAR_FLOAT;
    }
    if (!memchr("+-.0123456789", text[0], 13) || memchr(text, '\0', len)) {
        return MCPR_SCALAR_TEXT;
    }
    if (is_date(text, len)) {
        return MCPR_SCALAR_DATE;
    }
    if (!without_underscores(text, len, buffer)) {
        return MCPR_SCALAR_TEXT;
    }
    coercion = parse_int(buffer, &number);
    if (coercion != MCPR_NOT_OF_TYPE) {
        return MCPR_SCALAR_INT;
    }
    return parse_float(buffer, &real) != MCPR_NOT_OF_TYPE ? MCPR_SCALAR_FLOAT : MCPR_SCALAR_TEXT;
}

static mcpr_coercion cut_off(double real, apr_int64_t *value)
{
    if (!(real > -9223372036854775808.0 && real < 9223372036854775808.0)) {
        return MCPR_OUT_OF_RANGE;
    }
    *value = (apr_int64_t)real;
    return MCPR_COERCED;
}

static int is_true(const mcpr_scalar *scalar)
{
    return scalar->text[0] == 't' || scalar->text[0] == 'T';
}

mcpr_coercion mcpr_scalar_int(const mcpr_scalar *scalar, apr_int64_t *value)
{
    char buffer[NUMBER_BYTES];
    mcpr_coercion coercion;
    double real;

    switch (scalar->type) {
    case MCPR_SCALAR_BOOL: *value = is_true(scalar); return MCPR_COERCED;
    case MCPR_SCALAR_INT: return parse_int(without_underscores(scalar->text, scalar->len, buffer), value);
    case MCPR_SCALAR_FLOAT:
        coercion = mcpr_scalar_float(scalar, &real);
        return coercion == MCPR_COERCED ? cut_off(real, value) : coercion;
    case MCPR_SCALAR_TEXT:
        *value = 0;
        if (strlen(scalar->text) != scalar->len) {
            return MCPR_NOT_OF_TYPE;
        }
        return scalar->len ? parse_int(scalar->text, value) : MCPR_COERCED;
    default: return MCPR_NOT_OF_TYPE;
    }
}

mcpr_coercion mcpr_scalar_float(const mcpr_scalar *scalar, double *value)
{
    char buffer[NUMBER_BYTES];
    apr_int64_t number;

    *value = 0;
    switch (scalar->type) {
    case MCPR_SCALAR_BOOL: *value = is_true(scalar); return MCPR_COERCED;
    case MCPR_SCALAR_INT:
        if (mcpr_scalar_int(scalar, &number) == MCPR_COERCED) {
            *value = (double)number;
            return MCPR_COERCED;
        }
        return parse_float(without_underscores(scalar->text, scalar->len, buffer), value);
    case MCPR_SCALAR_FLOAT:
        if (parse_float(without_underscores(scalar->text, scalar->len, buffer), value) == MCPR_COERCED) {
            return MCPR_COERCED;
        }
        return MCPR_OUT_OF_RANGE; /* .inf and .nan, too */
    case MCPR_SCALAR_TEXT:
        if (strlen(scalar->text) != scalar->len) {
            return MCPR_NOT_OF_TYPE;
        }
        return scalar->len ? parse_float(scalar->text, value) : MCPR_COERCED;
    default: return MCPR_NOT_OF_TYPE;
    }
}

mcpr_coercion mcpr_scalar_bool(const mcpr_scalar *scalar, int *value)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True", NULL};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False", "", NULL};
    mcpr_coercion coercion;
    double real;

    switch (scalar->type) {
    case MCPR_SCALAR_BOOL: *value = is_true(scalar); return MCPR_COERCED;
    case MCPR_SCALAR_INT:
    case MCPR_SCALAR_FLOAT:
        coercion = mcpr_scalar_float(scalar, &real);
        *value = coercion != MCPR_COERCED || real != 0;
        return MCPR_COERCED;
    case MCPR_SCALAR_TEXT:
        *value = is_one_of(scalar->text, scalar->len, yes);
        return *value || is_one_of(scalar->text, scalar->len, no) ? MCPR_COERCED : MCPR_NOT_OF_TYPE;
    default: return MCPR_NOT_OF_TYPE;
    }
}
