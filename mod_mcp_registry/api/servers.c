/* Servers: read the parameters, name the page, make it when it is not there. */
#include "mod_mcp_registry/api/servers.h"

#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/params.h"
#include "mod_mcp_registry/http/respond.h"
#include "mod_mcp_registry/http/servers_body.h"
#include <apr_strings.h>

/* What a producer needs: the scope, and what is asked for in it. */
typedef struct asked {
    mcpr_scope scope;
    mcpr_server_filter filter;
    const char *name, *version;
} asked;

static int answer(int *answered, int rc)
{
    *answered = 1;
    return rc;
}

/* The errors that all reads share; *answered stays 0 when there is none. */
static int check_read(mcpr_request *q, mcpr_store_status status, const mcpr_servers *found, int *answered)
{
    if (status != MCPR_STORE_OK) {
        return answer(answered, mcpr_respond_store_error(q->r, status));
    }
    if (!found->registry_known) {
        return answer(answered, mcpr_respond_error(q->r, HTTP_NOT_FOUND, "registry not found"));
    }
    return OK;
}

static int produce_list(mcpr_request *q, void *baton, mcpr_body *body, int *answered, apr_pool_t *pool)
{
    const asked *a = baton;
    mcpr_servers found;
    mcpr_store_status status = mcpr_catalog_list(q->instance->store, &a->scope, &a->filter, &found, pool);
    int rc = check_read(q, status, &found, answered);
    if (!*answered) {
        mcpr_servers_list_body(body, &found, 1, pool);
    }
    return rc;
}

static int produce_versions(mcpr_request *q, void *baton, mcpr_body *body, int *answered, apr_pool_t *pool)
{
    const asked *a = baton;
    mcpr_servers found;
    mcpr_store_status status = mcpr_catalog_versions(q->instance->store, &a->scope, a->name, &found, pool);
    int rc = check_read(q, status, &found, answered);
    if (!*answered && found.count == 0) {
        return answer(answered, mcpr_respond_error(q->r, HTTP_NOT_FOUND, "not found"));
    }
    if (!*answered) {
        mcpr_servers_list_body(body, &found, 0, pool);
    }
    return rc;
}

static int produce_version(mcpr_request *q, void *baton, mcpr_body *body, int *answered, apr_pool_t *pool)
{
    const asked *a = baton;
    mcpr_servers found;
    mcpr_store_status status =
        mcpr_catalog_version(q->instance->store, &a->scope, a->name, a->version, &found, pool);
    int rc = check_read(q, status, &found, answered);
    if (!*answered && found.count == 0) {
        return answer(answered, mcpr_respond_error(q->r, HTTP_NOT_FOUND, "not found"));
    }
    if (!*answered) {
        mcpr_server_body(body, &found, pool);
    }
    return rc;
}

/* One text for a page: `kind`, the scope, and the texts that follow, each with its length before it, so that
 * no two requests for different pages are spelled alike. */
static const char *page_key(mcpr_request *q, const char *kind, const mcpr_scope *scope,
                            const char *const *texts, int count)
{
    const char *key = apr_psprintf(q->r->pool, "%s %d", kind, scope->include_deleted);
    const char *both[] = {scope->registry, scope->visible};

    for (int i = 0; i < count + 2; i++) {
        const char *text = i < 2 ? both[i] : texts[i - 2];
        key = text ? apr_psprintf(q->r->pool, "%s %" APR_SIZE_T_FMT ":%s", key, strlen(text), text)
                   : apr_pstrcat(q->r->pool, key, " -", NULL);
    }
    return key;
}

/* A complaint that an unknown registry's 404 goes before. */
static int complain_after_registry(mcpr_request *q, const mcpr_scope *scope, const char *text)
{
    mcpr_registry_facts facts;
    mcpr_store_status status = MCPR_STORE_OK;

    facts.known = 1;
    if (scope->registry) {
        status = mcpr_catalog_registry(q->instance->store, scope->registry, &facts, q->r->pool);
    }
    if (status != MCPR_STORE_OK) {
        return mcpr_respond_store_error(q->r, status);
    }
    return facts.known ? mcpr_respond_error(q->r, HTTP_BAD_REQUEST, text)
                       : mcpr_respond_error(q->r, HTTP_NOT_FOUND, "registry not found");
}

int mcpr_servers_answer_list(mcpr_request *q, mcpr_scope scope)
{
    mcpr_list_params params;
    mcpr_complaint complaint = mcpr_list_params_read(&params, q->r->args, q->r->pool);
    if (complaint.text) {
        return complaint.after_registry ? complain_after_registry(q, &scope, complaint.text)
                                        : mcpr_respond_error(q->r, HTTP_BAD_REQUEST, complaint.text);
    }
    scope.include_deleted = params.include_deleted;
    asked a = {
        .scope = scope,
        .filter = {.after_name = params.cursor_name,
                   .after_version = params.cursor_version,
                   .search = params.search,
                   .version = params.version,
                   .updated_since = params.updated_since,
                   .latest = params.latest,
                   .limit = params.limit}
    };
    const char *texts[] = {a.filter.after_name,
                           a.filter.after_version,
                           a.filter.search,
                           a.filter.version,
                           a.filter.updated_since,
                           a.filter.latest ? "latest" : NULL,
                           apr_itoa(q->r->pool, a.filter.limit)};
    return mcpr_respond_page(q, page_key(q, "list", &scope, texts, 7), produce_list, &a);
}

int mcpr_servers_answer_versions(mcpr_request *q, mcpr_scope scope, int first)
{
    asked a = {.name = NULL};
    const char *wrong = mcpr_server_name_read(&a.name, &q->path, q->parameters[first], q->r->pool);
    if (!wrong) {
        wrong = mcpr_include_deleted_read(&scope.include_deleted, q->r->args, q->r->pool).text;
    }
    if (wrong) {
        return mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong);
    }
    a.scope = scope;
    return mcpr_respond_page(q, page_key(q, "versions", &scope, &a.name, 1), produce_versions, &a);
}

int mcpr_servers_answer_version(mcpr_request *q, mcpr_scope scope, int first)
{
    asked a = {.name = NULL};
    const char *wrong = mcpr_server_name_read(&a.name, &q->path, q->parameters[first], q->r->pool);
    if (!wrong) {
        wrong = mcpr_version_read(&a.version, &q->path, q->parameters[first + 1], q->r->pool);
    }
    if (!wrong) {
        wrong = mcpr_include_deleted_read(&scope.include_deleted, q->r->args, q->r->pool).text;
    }
    if (wrong) {
        return mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong);
    }
    a.scope = scope;
    const char *texts[] = {a.name, a.version};
    return mcpr_respond_page(q, page_key(q, "version", &scope, texts, 2), produce_version, &a);
}

/* The registry of the request as the scope of its answer; the text of a 400 when it can't be one. */
static const char *read_scope(mcpr_request *q, mcpr_scope *scope)
{
    *scope = (mcpr_scope){NULL, NULL, 0};
    return mcpr_registry_name_read(&scope->registry, q->parameters[0], q->r->pool);
}

int mcpr_servers_list(mcpr_request *q)
{
    mcpr_scope scope;
    const char *wrong = read_scope(q, &scope);
    return wrong ? mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong) : mcpr_servers_answer_list(q, scope);
}

int mcpr_servers_versions(mcpr_request *q)
{
    mcpr_scope scope;
    const char *wrong = read_scope(q, &scope);
    return wrong ? mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong)
                 : mcpr_servers_answer_versions(q, scope, 1);
}

int mcpr_servers_version(mcpr_request *q)
{
    mcpr_scope scope;
    const char *wrong = read_scope(q, &scope);
    return wrong ? mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong)
                 : mcpr_servers_answer_version(q, scope, 1);
}
