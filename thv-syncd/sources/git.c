/*
 * A document in a git repository (spec sync.md 5): the handler. What talks to libgit2 runs in a process of
 * its own (git_child.c).
 */
#include "thv-syncd/sources/git_cache.h"
#include "thv-syncd/sources/git_process.h"
#include "thv-syncd/sources/git_url.h"
#include "thv-syncd/sources/source.h"
#include <apr_strings.h>
#include <string.h>
#include <unistd.h>

static json_t *describe(const mcpr_config_source *config)
{
    const mcpr_config_git *git = &config->git;
    const struct {
        const char *name, *value;
    } rows[] = {
        {"branch", git->branch},
        {"tag",    git->tag   },
        {"commit", git->commit},
        {"path",   git->path  },
    };
    json_t *block = json_object();

    json_object_set_new(block, "repository", mcpr_source_described_url(git->repository));
    for (apr_size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].value && *rows[i].value) {
            json_object_set_new(block, rows[i].name, json_string(rows[i].value));
        }
    }
    if (git->username && *git->username) {
        json_object_set_new(
            block, "auth",
            json_pack("{s:s, s:s?}", "username", git->username, "passwordFile", git->password_file));
    }
    return block;
}

static int is_given(const char *text)
{
    return text && *text;
}

static apr_status_t open_source(mcpr_source *source, const char **error)
{
    const mcpr_config_git *git = &source->config->git;

    if (!is_given(git->repository)) {
        *error = "git repository URL cannot be empty";
        return APR_EINVAL;
    }
    if (is_given(git->branch) + is_given(git->tag) + is_given(git->commit) > 1) {
        *error = "only one of branch, tag, or commit may be specified";
        return APR_EINVAL;
    }
    return APR_SUCCESS;
}

static const char *given(const char *text)
{
    return is_given(text) ? text : NULL;
}

static apr_status_t fetch(mcpr_source *source, mcpr_document *document, const char **error, apr_pool_t *pool)
{
    const mcpr_config_git *git = &source->config->git;
    mcpr_git_request request = {
        .repository = git->repository,
        .branch = given(git->branch),
        .tag = given(git->tag),
        .commit = given(git->commit),
        .path = given(git->path) ? git->path : "registry.json",
        .username = given(git->username),
        .password_file = given(git->username) ? git->password_file : NULL,
        .document_bytes = source->limits.document_bytes,
        .received_bytes = MCPR_GIT_RECEIVED_MOST,
        .parent = getpid(),
    };
    const char *reason = NULL, *scheme;
    apr_status_t status = APR_SUCCESS;

    /* What is on this machine needs no cache. */
    if (mcpr_git_url_kind(git->repository, &scheme, pool) != MCPR_GIT_LOCAL) {
        status = mcpr_git_cache_folder(&request.cache, source->limits.state_dir, source->config->name,
                                       &reason, pool);
    }
    if (status == APR_SUCCESS) {
        status = mcpr_git_process_run(&request, source->pulse, document, &reason, pool);
    }
    if (status != APR_SUCCESS) {
        *error = apr_pstrcat(pool, "failed to fetch registry data: ", reason, NULL);
    }
    return status;
}

const mcpr_source_handler mcpr_source_git = {
    .type = MCPR_SOURCE_GIT,
    .syncable = 1,
    .describe = describe,
    .open = open_source,
    .fetch = fetch,
    .sweep = mcpr_git_cache_sweep,
};
