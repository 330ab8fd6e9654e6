/*
 * A repository of this machine is read where it is: no cache, no copy, and no git program.
 */
#include "thv-syncd/sources/git_work.h"
#include <apr_tables.h>
#include <string.h>

typedef struct tips {
    apr_array_header_t *ids; /* of git_oid */
    git_repository *repository;
} tips;

/* Branches and tags: what a clone would bring. */
static int add_tip(const char *name, void *baton)
{
    tips *self = baton;
    git_oid id;

    if ((strncmp(name, "refs/heads/", 11) == 0 || strncmp(name, "refs/tags/", 10) == 0) &&
        git_reference_name_to_id(&id, self->repository, name) == 0) {
        *(git_oid *)apr_array_push(self->ids) = id;
    }
    return 0;
}

static apr_array_header_t *all_tips(mcpr_git_work *work)
{
    tips all = {apr_array_make(work->pool, 16, sizeof(git_oid)), work->repository};

    /* Stopped early, it has the tips so far: that is no worse than their being unreadable. */
    (void)git_reference_foreach_name(work->repository, add_tip, &all);
    return all.ids;
}

static mcpr_git_outcome find_commit(mcpr_git_work *work)
{
    const apr_array_header_t *ids = all_tips(work);

    if (!mcpr_git_full_id(work) ||
        !mcpr_git_is_reachable(work, (const git_oid *)(void *)ids->elts, (apr_size_t)ids->nelts)) {
        return mcpr_git_no_commit(work);
    }
    return MCPR_GIT_DONE;
}

mcpr_git_outcome mcpr_git_local_find(mcpr_git_work *work, const char *path)
{
    const char *name = mcpr_git_wanted(work);
    int result;

    /* Whose repository it is does not matter: nothing of it is run. */
    (void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (git_repository_open_ext(&work->repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) != 0) {
        return mcpr_git_clone_failed(work, mcpr_git_reason());
    }
    if (work->request->commit) {
        return find_commit(work);
    }
    result = git_reference_name_to_id(&work->tip, work->repository, name);
    if (result == 0) {
        return MCPR_GIT_DONE;
    }
    if (result != GIT_ENOTFOUND && result != GIT_EINVALIDSPEC) {
        return mcpr_git_clone_failed(work, mcpr_git_reason());
    }
    return all_tips(work)->nelts == 0 ? mcpr_git_clone_failed(work, "remote repository is empty")
                                      : mcpr_git_no_reference(work, name);
}
