/* Validation: the rules of the format, then those of publishing; every problem becomes an issue. */
#include "mod_mcp_registry/api/validate.h"

#include "common/model/check.h"
#include "common/model/json_number.h"
#include "common/model/json_text.h"
#include "common/model/name.h"
#include "common/model/render.h"
#include "common/model/rules.h"
#include "mod_mcp_registry/api/registry.h"
#include "mod_mcp_registry/http/read_body.h"
#include "mod_mcp_registry/http/respond.h"
#include <apr_strings.h>
#include <string.h>

/* For a caller whom nobody knows: one document is small. */
#define BODY_BYTES (4 * 1024 * 1024)
#define MAX_ISSUES 100
/* How a complaint about the publisher's block names its place (common/model). */
#define OF_A_SERVER "server "

/* --- the rules of publishing, beside those of the format (spec api-admin.md 5.1, quirks 12, 16 and 17) */

typedef const char *complainer(const json_t *server, const mcpr_config *config, apr_pool_t *pool);

/* The text of a member, NULL when it is none: the format's own rules speak of that. */
static const char *text_of(const json_t *server, const char *member)
{
    const json_t *value = json_object_get(server, member);
    return mcpr_json_is_text(value) ? json_string_value(value) : NULL;
}

static const char *wrong_name(const json_t *server, const mcpr_config *config, apr_pool_t *pool)
{
    const char *name = text_of(server, "name");
    (void)config;
    return name ? mcpr_server_name_complaint(name, pool) : NULL;
}

static const char *wrong_version(const json_t *server, const mcpr_config *config, apr_pool_t *pool)
{
    const char *version = text_of(server, "version");
    (void)config;
    (void)pool;
    if (!version) {
        return NULL;
    }
    return *version == '\0'              ? "version cannot be empty"
           : strpbrk(version, " \t\r\n") ? "version cannot contain whitespace"
           : strcmp(version, "latest") == 0
               ? "version cannot be 'latest', which stands for the newest version"
               : NULL;
}

static const char *wrong_size(const json_t *server, const mcpr_config *config, apr_pool_t *pool)
{
    const json_t *block = mcpr_server_publisher_provided(server);
    mcpr_json_text text = mcpr_json_text_create(pool);

    if (block) {
        mcpr_json_render(&text, block);
    }
    return (apr_int64_t)text.len <= config->database.max_meta_size
               ? NULL
               : apr_psprintf(pool,
                              "publisher-provided data has %" APR_SIZE_T_FMT " bytes, %" APR_INT64_T_FMT
                              " are the most",
                              text.len, config->database.max_meta_size);
}

static const struct {
    const char *path, *reference;
    complainer *complaint;
} publish_rules[] = {
    {"name",                           "server-name-format",      wrong_name   },
    {"version",                        "server-version-format",   wrong_version},
    {"_meta." MCPR_PUBLISHER_PROVIDED, "publisher-provided-size", wrong_size   },
};

/* --- issues */

static void add_issue(json_t *issues, const char *type, const char *path, const char *message,
                      const char *severity, const char *reference)
{
    json_array_append_new(issues, json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", type, "path", path, "message",
                                            message, "severity", severity, "reference", reference));
}

/* A place of the model as clients of the official registry know it: "packages.0.version" →
 * "packages[0].version". */
static const char *issue_path(const char *place, apr_pool_t *pool)
{
    const char *path = "";

    if (strcmp(place, "(root)") == 0) {
        return path;
    }
    if (strncmp(place, OF_A_SERVER, strlen(OF_A_SERVER)) == 0) {
        return "_meta." MCPR_PUBLISHER_PROVIDED;
    }
    while (*place) {
        apr_size_t len = strcspn(place, ".");
        int is_index = len > 0 && strspn(place, "0123456789") == len;
        const char *segment = apr_pstrmemdup(pool, place, len);
        path = is_index ? apr_pstrcat(pool, path, "[", segment, "]", NULL)
                        : apr_pstrcat(pool, path, *path ? "." : "", segment, NULL);
        place += len + (place[len] == '.');
    }
    return path;
}

static json_t *issues_of(json_t *server, const mcpr_config *config, apr_pool_t *pool)
{
    json_t *issues = json_array();
    mcpr_problems *problems = mcpr_problems_create(pool, MAX_ISSUES);

    mcpr_server_check(server, "", problems);
    for (int i = 0; i < problems->list->nelts; i++) {
        const mcpr_problem *problem = &APR_ARRAY_IDX(problems->list, i, mcpr_problem);
        add_issue(issues, "schema", issue_path(problem->place, pool), problem->message, "error",
                  MCPR_SERVER_SCHEMA);
    }
    for (size_t i = 0; i < sizeof(publish_rules) / sizeof(*publish_rules); i++) {
        const char *complaint = publish_rules[i].complaint(server, config, pool);
        if (complaint) {
            add_issue(issues, "semantic", publish_rules[i].path, complaint, "error",
                      publish_rules[i].reference);
        }
    }
    if (problems->total > problems->list->nelts) {
        add_issue(issues, "schema", "",
                  apr_psprintf(pool, "there are %d more problems", problems->total - problems->list->nelts),
                  "info", MCPR_SERVER_SCHEMA);
    }
    return issues;
}

/* --- the request */

int mcpr_validate(mcpr_request *q)
{
    request_rec *r = q->r;
    const mcpr_config *config = q->instance->config;
    apr_int64_t most =
        config->limits.document_bytes < BODY_BYTES ? config->limits.document_bytes : BODY_BYTES;
    mcpr_problems *problems = mcpr_problems_create(r->pool, 1);
    mcpr_json_span span;
    const char *text;
    apr_size_t len;
    int rc;

    if (!mcpr_registry_found(q, &rc) || !mcpr_body_read(q, most, &text, &len, &rc)) {
        return rc;
    }
    if (!mcpr_json_scan(text, len, &span, problems)) {
        return mcpr_respond_error(r, HTTP_BAD_REQUEST,
                                  mcpr_problems_text(problems, "invalid request body", r->pool));
    }
    if (mcpr_json_count(span) > MCPR_DOCUMENT_VALUES) {
        return mcpr_respond_error(r, HTTP_REQUEST_ENTITY_TOO_LARGE, "request body holds too many values");
    }
    json_t *server = mcpr_json_load(span);
    json_t *issues = issues_of(server, config, r->pool);
    json_decref(server);
    return mcpr_respond_json(r,
                             json_pack("{s:b,s:o}", "valid", json_array_size(issues) == 0, "issues", issues));
}
