/*
 * The patterns, matched by hand.
 */
#include "common/model/patterns.h"
#include "common/model/formats.h"
#include <string.h>

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define SPACES " \t\n\f\r"

/* All of `text`, and at least one character, is of `set`. */
static int consists_of(const char *text, const char *set)
{
    return *text != '\0' && text[strspn(text, set)] == '\0';
}

/* Consists of `edge` and `inner`, with `edge` at both ends. */
static int has_edges(const char *text, const char *edge, const char *inner)
{
    size_t len = strlen(text);
    if (len == 0 || strchr(edge, text[0]) == NULL || strchr(edge, text[len - 1]) == NULL) {
        return 0;
    }
    while (*text != '\0' && (strchr(edge, *text) != NULL || strchr(inner, *text) != NULL)) {
        text++;
    }
    return *text == '\0';
}

static int is_server_name(const char *text)
{
    size_t namespace_len = strspn(text, LOWER UPPER DIGITS ".-");
    return namespace_len > 0 && text[namespace_len] == '/' &&
           consists_of(text + namespace_len + 1, LOWER UPPER DIGITS "._-");
}

static int is_three_numbers(const char *text)
{
    for (int i = 0; i < 3; i++) {
        size_t len = strspn(text, DIGITS);
        if (len == 0 || text[len] != (i < 2 ? '.' : '\0')) {
            return 0;
        }
        text += len + 1;
    }
    return 1;
}

static int is_http_url(const char *text)
{
    if (strncmp(text, "http", 4) != 0) {
        return 0;
    }
    text += text[4] == 's' ? 5 : 4;
    return strncmp(text, "://", 3) == 0 && text[3] != '\0' && strpbrk(text + 3, SPACES) == NULL;
}

static int is_sha256(const char *text)
{
    return strlen(text) == 64 && consists_of(text, DIGITS "abcdef");
}

static int is_icon_size(const char *text)
{
    size_t len = strspn(text, DIGITS);
    return strcmp(text, "any") == 0 || (len > 0 && text[len] == 'x' && consists_of(text + len + 1, DIGITS));
}

static int is_tool(const char *text)
{
    return consists_of(text, LOWER UPPER DIGITS "_-");
}

static int is_tag(const char *text)
{
    return strlen(text) >= 2 && has_edges(text, LOWER DIGITS, "_-");
}

static int is_skill_name(const char *text)
{
    return strlen(text) >= 2 && has_edges(text, LOWER DIGITS, "-");
}

static int is_kubernetes_name(const char *text)
{
    return has_edges(text, LOWER DIGITS, "-");
}

/* Segments after single slashes; one slash may end it. */
static int is_path(const char *text)
{
    return text[0] == '/' && text[1] != '\0' && strstr(text, "//") == NULL;
}

static int is_allowed_host(const char *text)
{
    return mcpr_format_hostname(text) || (*text == '.' && has_edges(text + 1, LOWER UPPER DIGITS, ".-"));
}

static int is_variable(const char *text)
{
    return strspn(text, DIGITS) == 0 && consists_of(text, LOWER UPPER DIGITS "_");
}

static int is_not_latest(const char *text)
{
    return strcmp(text, "latest") != 0;
}

static int is_image(const char *text)
{
    return *text != '\0' && strpbrk(text, SPACES "\v") == NULL;
}

#define PATTERN(text) "Does not match pattern '" text "'"
#define FORMAT(name)  "Does not match format '" name "'"

const mcpr_pattern mcpr_pattern_uri = {mcpr_format_uri, FORMAT("uri")};
const mcpr_pattern mcpr_pattern_date_time = {mcpr_format_date_time, FORMAT("date-time")};
const mcpr_pattern mcpr_pattern_hostname = {mcpr_format_hostname, FORMAT("hostname")};
const mcpr_pattern mcpr_pattern_uuid = {mcpr_format_uuid, FORMAT("uuid")};
const mcpr_pattern mcpr_pattern_server_name = {is_server_name, PATTERN("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")};
const mcpr_pattern mcpr_pattern_three_numbers = {is_three_numbers, PATTERN("^\\d+\\.\\d+\\.\\d+$")};
const mcpr_pattern mcpr_pattern_http_url = {is_http_url, PATTERN("^https?://[^\\s]+$")};
const mcpr_pattern mcpr_pattern_sha256 = {is_sha256, PATTERN("^[a-f0-9]{64}$")};
const mcpr_pattern mcpr_pattern_icon_size = {is_icon_size, PATTERN("^(\\d+x\\d+|any)$")};
const mcpr_pattern mcpr_pattern_tool = {is_tool, PATTERN("^[\\w-]+$")};
const mcpr_pattern mcpr_pattern_tag = {is_tag, PATTERN("^[a-z0-9][a-z0-9_-]*[a-z0-9]$")};
const mcpr_pattern mcpr_pattern_skill_name = {is_skill_name, PATTERN("^[a-z0-9][a-z0-9-]*[a-z0-9]$")};
const mcpr_pattern mcpr_pattern_kubernetes_name = {is_kubernetes_name,
                                                   PATTERN("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")};
const mcpr_pattern mcpr_pattern_path = {is_path, PATTERN("^(/[^/\\0]+)+/?$")};
const mcpr_pattern mcpr_pattern_allowed_host = {is_allowed_host,
                                                "Is neither a host name nor '.' and a domain"};
const mcpr_pattern mcpr_pattern_variable = {is_variable, PATTERN("^[A-Za-z_][A-Za-z0-9_]*$")};
const mcpr_pattern mcpr_pattern_not_latest = {is_not_latest, "Must not be 'latest'"};
const mcpr_pattern mcpr_pattern_image = {is_image, "Must not be empty or hold white space"};
