/*
 * From the tip to the bytes of the file, without a checkout; and what the steps have in common.
 */
#include "common/util/utf8.h"
#include "thv-syncd/sources/git_work.h"
#include "thv-syncd/sources/source.h"
#include <apr_strings.h>
#include <string.h>

#define CLONE "failed to clone repository: "

mcpr_git_outcome mcpr_git_clone_failed(mcpr_git_work *work, const char *text)
{
    work->error = apr_pstrcat(work->pool, CLONE CLONE, text, NULL);
    return MCPR_GIT_FAILED;
}

mcpr_git_outcome mcpr_git_no_commit(mcpr_git_work *work)
{
    work->error = apr_psprintf(work->pool, CLONE "failed to checkout commit %s: object not found",
                               work->request->commit);
    return MCPR_GIT_FAILED;
}

mcpr_git_outcome mcpr_git_no_reference(mcpr_git_work *work, const char *name)
{
    return mcpr_git_clone_failed(work, apr_psprintf(work->pool, "couldn't find remote ref \"%s\"", name));
}

const char *mcpr_git_reason(void)
{
    const git_error *last = git_error_last();

    return last && last->message ? last->message : "unknown error";
}

const char *mcpr_git_wanted(const mcpr_git_work *work)
{
    const mcpr_git_request *request = work->request;

    if (request->branch) {
        return apr_pstrcat(work->pool, "refs/heads/", request->branch, NULL);
    }
    return request->tag ? apr_pstrcat(work->pool, "refs/tags/", request->tag, NULL) : "HEAD";
}

int mcpr_git_full_id(mcpr_git_work *work)
{
    const char *commit = work->request->commit;

    return strlen(commit) == GIT_OID_HEXSZ && git_oid_fromstr(&work->tip, commit) == 0;
}

int mcpr_git_is_reachable(mcpr_git_work *work, const git_oid *from, apr_size_t count)
{
    git_oid *commits = apr_palloc(work->pool, (count + 1) * sizeof *commits);
    apr_size_t used = 0;

    for (apr_size_t i = 0; i < count; i++) {
        git_object *object = NULL, *commit = NULL;

        if (git_object_lookup(&object, work->repository, &from[i], GIT_OBJECT_ANY) == 0 &&
            git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0) {
            commits[used] = *git_object_id(commit);
            if (git_oid_equal(&commits[used++], &work->tip)) {
                count = 0; /* found: one round is enough */
            }
        }
        git_object_free(commit);
        git_object_free(object);
        if (count == 0) {
            return 1;
        }
    }
    return used > 0 && git_graph_reachable_from_any(work->repository, &work->tip, commits, used) == 1;
}

static mcpr_git_outcome no_file(mcpr_git_work *work, const char *reason)
{
    const char *path = mcpr_utf8_clean(work->request->path, strlen(work->request->path), 512, work->pool);

    work->error = apr_psprintf(work->pool, "failed to get file %s from repository: failed to get file %s: %s",
                               path, path, reason);
    return MCPR_GIT_FAILED;
}

static mcpr_git_outcome damaged(mcpr_git_work *work)
{
    (void)no_file(work, mcpr_git_reason());
    return MCPR_GIT_DAMAGED;
}

/* Its size is looked at first: a large one is never in memory. */
static mcpr_git_outcome read_blob(mcpr_git_work *work, const git_oid *id)
{
    git_odb *odb = NULL;
    size_t len = 0;
    git_object_t type;
    int result = git_repository_odb(&odb, work->repository);

    result = result == 0 ? git_odb_read_header(&len, &type, odb, id) : result;
    git_odb_free(odb);
    if (result != 0) {
        return damaged(work);
    }
    if ((apr_uint64_t)len > (apr_uint64_t)work->request->document_bytes) {
        return no_file(work,
                       mcpr_source_too_large((apr_int64_t)len, work->request->document_bytes, work->pool));
    }
    return git_blob_lookup(&work->blob, work->repository, id) == 0 ? MCPR_GIT_DONE : damaged(work);
}

static mcpr_git_outcome read_path(mcpr_git_work *work, const git_tree *tree)
{
    const char *path = work->request->path;
    git_tree_entry *entry = NULL;
    mcpr_git_outcome outcome;
    git_filemode_t mode;
    int result = path[0] == '/' ? GIT_ENOTFOUND : git_tree_entry_bypath(&entry, tree, path);

    if (result == GIT_ENOTFOUND) {
        return no_file(work, "file not found");
    }
    if (result != 0) {
        return damaged(work);
    }
    mode = git_tree_entry_filemode(entry);
    /* A symbolic link yields its text; folders and submodules are no files. */
    outcome = mode == GIT_FILEMODE_TREE || mode == GIT_FILEMODE_COMMIT
                  ? no_file(work, "file not found")
                  : read_blob(work, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    return outcome;
}

mcpr_git_outcome mcpr_git_tree_read(mcpr_git_work *work)
{
    git_object *tip = NULL, *commit = NULL;
    git_tree *tree = NULL;
    mcpr_git_outcome outcome;
    int result = git_object_lookup(&tip, work->repository, &work->tip, GIT_OBJECT_ANY);

    result = result == 0 ? git_object_peel(&commit, tip, GIT_OBJECT_COMMIT) : result;
    if (result == GIT_EPEEL || result == GIT_EINVALIDSPEC) {
        outcome = mcpr_git_clone_failed(work, "what was found is no commit");
    } else {
        work->tip = result == 0 ? *git_object_id(commit) : work->tip;
        result = result == 0 ? git_commit_tree(&tree, (git_commit *)commit) : result;
        outcome = result == 0 ? read_path(work, tree) : damaged(work);
    }
    git_tree_free(tree);
    git_object_free(commit);
    git_object_free(tip);
    return outcome;
}
