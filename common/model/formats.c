/*
 * uri, date-time, hostname, uuid.
 */
#include "common/model/formats.h"
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_hex(char c)
{
    return c != '\0' && strchr(DIGITS "abcdefABCDEF", c) != NULL;
}

/* Each '%' between `p` and `end` begins an escape. */
static int has_valid_escapes(const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '%' && (end - p < 3 || !is_hex(p[1]) || !is_hex(p[2]))) {
            return 0;
        }
    }
    return 1;
}

/* A port with its colon, or nothing. */
static int is_port(const char *p, const char *end)
{
    if (p == end) {
        return 1;
    }
    if (*p++ != ':') {
        return 0;
    }
    while (p < end && is_digit(*p)) {
        p++;
    }
    return p == end;
}

static const char *last_of(const char *p, const char *end, char c)
{
    while (end > p && end[-1] != c) {
        end--;
    }
    return end > p ? end - 1 : NULL;
}

/* `[userinfo@]host[:port]` */
static int is_authority(const char *p, const char *end)
{
    const char *at = last_of(p, end, '@');
    if (last_of(p, end, ' ') != NULL) {
        return 0;
    }
    const char *host = at != NULL ? at + 1 : p;
    for (const char *c = host; c < end; c++) {
        if (strchr("{}^|`%", *c) != NULL) {
            return 0;
        }
    }
    if (host < end && *host == '[') {
        const char *bracket = last_of(host, end, ']');
        return bracket != NULL && is_port(bracket + 1, end);
    }
    const char *colon = last_of(host, end, ':');
    return last_of(host, end, '[') == NULL && (colon == NULL || is_port(colon, end));
}

int mcpr_format_uri(const char *text)
{
    size_t scheme = strspn(text, LETTERS DIGITS "+.-");
    if (scheme == 0 || strchr(LETTERS, *text) == NULL || text[scheme] != ':') {
        return 0;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F || *p == '\\') {
            return 0;
        }
    }
    const char *p = text + scheme + 1, *fragment = p + strcspn(p, "#");
    if (!has_valid_escapes(fragment, fragment + strlen(fragment))) {
        return 0;
    }
    const char *query = memchr(p, '?', (size_t)(fragment - p)), *end = query != NULL ? query : fragment;
    if (end - p >= 2 && p[0] == '/' && p[1] == '/') {
        const char *slash = memchr(p + 2, '/', (size_t)(end - p - 2)), *authority_end = slash ? slash : end;
        if (!is_authority(p + 2, authority_end)) {
            return 0;
        }
        p = authority_end;
    }
    /* What does not begin with a slash ("mailto:…") is no path: its escapes are nobody's business. */
    return p == end || *p != '/' || has_valid_escapes(p, end);
}

/* Reads two digits of at most `max`. */
static int two_digits(const char **at, int max, int *number)
{
    const char *p = *at;
    if (!is_digit(p[0]) || !is_digit(p[1])) {
        return 0;
    }
    *number = (p[0] - '0') * 10 + (p[1] - '0');
    *at = p + 2;
    return *number <= max;
}

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int take(const char **at, char c)
{
    if (**at != c) {
        return 0;
    }
    ++*at;
    return 1;
}

static int read_date(const char **at)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int century, year, month, day;
    if (!two_digits(at, 99, &century) || !two_digits(at, 99, &year) || !take(at, '-') ||
        !two_digits(at, 12, &month) || !take(at, '-') || !two_digits(at, 31, &day) || month == 0 ||
        day == 0) {
        return 0;
    }
    return day <= days[month - 1] + (month == 2 && is_leap(century * 100 + year));
}

static int read_time(const char **at)
{
    int number;
    if (!two_digits(at, 23, &number) || !take(at, ':') || !two_digits(at, 59, &number) || !take(at, ':') ||
        !two_digits(at, 59, &number)) {
        return 0;
    }
    if (**at == '.') {
        size_t digits = strspn(*at + 1, DIGITS);
        *at += digits > 0 ? digits + 1 : 0;
        return digits > 0;
    }
    return 1;
}

static int read_zone(const char **at)
{
    int number;
    if (take(at, 'Z')) {
        return 1;
    }
    return (take(at, '+') || take(at, '-')) && two_digits(at, 23, &number) && take(at, ':') &&
           two_digits(at, 59, &number);
}

int mcpr_format_date_time(const char *text)
{
    const char *p = text;
    if (read_date(&p)) {
        return *p == '\0' || (take(&p, 'T') && read_time(&p) && read_zone(&p) && *p == '\0');
    }
    p = text;
    return read_time(&p) && (*p == '\0' || (read_zone(&p) && *p == '\0'));
}

int mcpr_format_hostname(const char *text)
{
    if (strlen(text) >= 256) {
        return 0;
    }
    for (const char *label = text;; label++) {
        size_t len = strspn(label, LETTERS DIGITS "-");
        if (len == 0 || len > 63 || label[0] == '-' || label[len - 1] == '-') {
            return 0;
        }
        label += len;
        if (*label != '.') {
            return *label == '\0';
        }
    }
}

int mcpr_format_uuid(const char *text)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if ((i > 0 && *text++ != '-') || strspn(text, DIGITS "abcdef") < groups[i]) {
            return 0;
        }
        text += groups[i];
    }
    return *text == '\0';
}
