/* RFC 3339 instants. */
#include "mod_mcp_registry/http/instant.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* 0001-01-01 and 10000-01-01 in days since 1970-01-01 */
#define FIRST_DAY (-719162)
#define LAST_DAY  2932897

typedef struct when {
    int year, month, day, hour, minute, second, offset; /* offset in minutes */
    int micros;
    int fraction; /* some digit of the fraction is not zero */
} when;

/* Reads between `min` and `max` digits at *s into *value. */
static int number(const char **s, int min, int max, int *value)
{
    int n = 0;
    *value = 0;
    while (n < max && apr_isdigit(**s)) {
        *value = *value * 10 + (*(*s)++ - '0');
        n++;
    }
    return n >= min;
}

static int literal(const char **s, char c)
{
    return **s == c && (*s)++;
}

/* ".123" or ",123": at least one digit, those behind the sixth are looked at but not kept. */
static int fraction(const char **s, when *w)
{
    if (**s != '.' && **s != ',') {
        return 1;
    }
    ++*s;
    int digits = 0;
    for (; apr_isdigit(**s); ++*s, digits++) {
        w->fraction |= **s != '0';
        if (digits < 6) {
            w->micros = w->micros * 10 + (**s - '0');
        }
    }
    for (int i = digits; i < 6; i++) {
        w->micros *= 10;
    }
    return digits > 0;
}

static int zone(const char **s, when *w)
{
    int sign = **s == '-' ? -1 : 1, hours, minutes;
    if (literal(s, 'Z')) {
        return 1;
    }
    if (!literal(s, '+') && !literal(s, '-')) {
        return 0;
    }
    if (!number(s, 2, 2, &hours) || !literal(s, ':') || !number(s, 2, 2, &minutes) || hours > 23 ||
        minutes > 59) {
        return 0;
    }
    w->offset = sign * (hours * 60 + minutes);
    return 1;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that the leap
 * day is the last one of its year. */
static long days_from_date(int year, int month, int day)
{
    long y = year - (month <= 2);
    long era = (y >= 0 ? y : y - 399) / 400;
    long of_era = y - era * 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_from_days(long days, when *w)
{
    days += 719468;
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long of_era = days - era * 146097;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100);
    long month = (5 * of_year + 2) / 153;
    w->day = (int)(of_year - (153 * month + 2) / 5 + 1);
    w->month = (int)(month < 10 ? month + 3 : month - 9);
    w->year = (int)(year + era * 400 + (w->month <= 2));
}

static int read_when(const char *s, when *w)
{
    int form = number(&s, 4, 4, &w->year) && literal(&s, '-') && number(&s, 2, 2, &w->month) &&
               literal(&s, '-') && number(&s, 2, 2, &w->day) && literal(&s, 'T') &&
               number(&s, 1, 2, &w->hour) && literal(&s, ':') && number(&s, 2, 2, &w->minute) &&
               literal(&s, ':') && number(&s, 2, 2, &w->second) && fraction(&s, w) && zone(&s, w) &&
               *s == '\0';
    return form && w->month >= 1 && w->month <= 12 && w->day >= 1 &&
           w->day <= days_of_month(w->year, w->month) && w->hour <= 23 && w->minute <= 59 && w->second <= 59;
}

apr_status_t mcpr_instant_parse(const char *text, const char **timestamp, apr_pool_t *pool)
{
    when w;
    memset(&w, 0, sizeof(w));
    if (!read_when(text, &w)) {
        return APR_EINVAL;
    }

    long minutes = w.hour * 60L + w.minute - w.offset;
    long days = days_from_date(w.year, w.month, w.day);
    days += minutes < 0 ? -1 : minutes >= 1440 ? 1 : 0;
    minutes = (minutes + 1440) % 1440;
    if (days == FIRST_DAY && minutes == 0 && w.second == 0 && !w.fraction) {
        return APR_EINVAL;
    }
    if (days < FIRST_DAY) {
        *timestamp = "-infinity";
        return APR_SUCCESS;
    }
    if (days >= LAST_DAY) {
        *timestamp = "infinity";
        return APR_SUCCESS;
    }
    date_from_days(days, &w);
    *timestamp = apr_psprintf(pool, "%04d-%02d-%02d %02ld:%02ld:%02d.%06d+00", w.year, w.month, w.day,
                              minutes / 60, minutes % 60, w.second, w.micros);
    return APR_SUCCESS;
}
