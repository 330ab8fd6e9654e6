/*
 * Durations: their grammar and their printed form (spec config.md 6).
 */
#include "common/config/duration.h"
#include <apr_strings.h>
#include <string.h>

#define MOST 9223372036854775808ULL /* 2^63: the magnitude of the smallest one */

static const struct unit {
    const char *name;
    apr_uint64_t nanoseconds;
} units[] = {
    {.name = "ns",        .nanoseconds = 1ULL            },
    {.name = "us",        .nanoseconds = 1000ULL         },
    {.name = "\xc2\xb5s", .nanoseconds = 1000ULL         }, /* micro sign */
    {.name = "\xce\xbcs", .nanoseconds = 1000ULL         }, /* Greek mu */
    {.name = "ms",        .nanoseconds = 1000000ULL      },
    {.name = "s",         .nanoseconds = 1000000000ULL   },
    {.name = "m",         .nanoseconds = 60000000000ULL  },
    {.name = "h",         .nanoseconds = 3600000000000ULL},
};

/* The unit is all up to the next number: "1mx" has the unit "mx", which is none. */
static const struct unit *take_unit(const char **text)
{
    apr_size_t len = strcspn(*text, ".0123456789");

    for (apr_size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].name) == len && memcmp(*text, units[i].name, len) == 0) {
            *text += len;
            return &units[i];
        }
    }
    return NULL;
}

/* One decimal as value and fraction/scale; digits of the fraction that don't fit any more are dropped. */
static int take_decimal(const char **text, apr_uint64_t *value, apr_uint64_t *fraction, apr_uint64_t *scale)
{
    const char *p = *text;
    int digits = 0;

    *value = *fraction = 0;
    *scale = 1;
    for (; *p >= '0' && *p <= '9'; p++, digits++) {
        if (*value > (MOST - (apr_uint64_t)(*p - '0')) / 10) {
            return 0;
        }
        *value = *value * 10 + (apr_uint64_t)(*p - '0');
    }
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9'; p++, digits++) {
            if (*scale < 1000000000000000ULL) {
                *fraction = *fraction * 10 + (apr_uint64_t)(*p - '0');
                *scale *= 10;
            }
        }
    }
    *text = p;
    return digits > 0;
}

/* Adds value + fraction/scale units to `sum`; zero when that passes the range. */
static int add(apr_uint64_t *sum, apr_uint64_t value, apr_uint64_t fraction, apr_uint64_t scale,
               apr_uint64_t unit)
{
    apr_uint64_t part = (apr_uint64_t)((double)fraction * ((double)unit / (double)scale));

    if (value > MOST / unit) {
        return 0;
    }
    value *= unit;
    if (part > MOST - value || value + part > MOST - *sum) {
        return 0;
    }
    *sum += value + part;
    return 1;
}

int mcpr_duration_parse(const char *text, apr_int64_t *nanoseconds)
{
    int negative = *text == '-';
    apr_uint64_t sum = 0;

    if (*text == '-' || *text == '+') {
        text++;
    }
    if (strcmp(text, "0") == 0) {
        *nanoseconds = 0;
        return 1;
    }
    if (*text == '\0') {
        return 0;
    }
    while (*text) {
        apr_uint64_t value, fraction, scale;
        const struct unit *unit;

        if (!take_decimal(&text, &value, &fraction, &scale) || !(unit = take_unit(&text)) ||
            !add(&sum, value, fraction, scale, unit->nanoseconds)) {
            return 0;
        }
    }
    if (!negative && sum == MOST) {
        return 0;
    }
    *nanoseconds = negative ? (apr_int64_t)(0 - sum) : (apr_int64_t)sum;
    return 1;
}

apr_interval_time_t mcpr_duration_micros(apr_int64_t nanoseconds)
{
    apr_int64_t micros = nanoseconds / 1000;

    if (micros == 0 && nanoseconds != 0) {
        return nanoseconds > 0 ? 1 : -1;
    }
    return micros;
}

/* `amount` / `scale` with its unit, without trailing zeros in the fraction. */
static const char *decimal(apr_uint64_t amount, apr_uint64_t scale, const char *unit, apr_pool_t *pool)
{
    char *text = apr_psprintf(pool, "%" APR_UINT64_T_FMT, amount / scale);
    apr_uint64_t rest = amount % scale;

    if (rest) {
        char digits[8];

        for (int i = 0; rest; i++) {
            scale /= 10;
            digits[i] = (char)('0' + rest / scale);
            digits[i + 1] = '\0';
            rest %= scale;
        }
        text = apr_pstrcat(pool, text, ".", digits, NULL);
    }
    return apr_pstrcat(pool, text, unit, NULL);
}

const char *mcpr_duration_text(apr_interval_time_t micros, apr_pool_t *pool)
{
    const char *sign = micros < 0 ? "-" : "";
    apr_uint64_t amount = micros < 0 ? 0 - (apr_uint64_t)micros : (apr_uint64_t)micros;
    apr_uint64_t minutes = amount / (60 * APR_USEC_PER_SEC);
    const char *seconds;

    if (amount == 0) {
        return "0s";
    }
    if (amount < 1000) {
        return apr_pstrcat(pool, sign, decimal(amount, 1, "\xc2\xb5s", pool), NULL);
    }
    if (amount < APR_USEC_PER_SEC) {
        return apr_pstrcat(pool, sign, decimal(amount, 1000, "ms", pool), NULL);
    }
    seconds = decimal(amount % (60 * APR_USEC_PER_SEC), APR_USEC_PER_SEC, "s", pool);
    if (minutes == 0) {
        return apr_pstrcat(pool, sign, seconds, NULL);
    }
    if (minutes < 60) {
        return apr_psprintf(pool, "%s%" APR_UINT64_T_FMT "m%s", sign, minutes, seconds);
    }
    return apr_psprintf(pool, "%s%" APR_UINT64_T_FMT "h%" APR_UINT64_T_FMT "m%s", sign, minutes / 60,
                        minutes % 60, seconds);
}
