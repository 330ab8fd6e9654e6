/*
 * From a remote into the cache: look at what it offers, and ask for what is missing.
 *
 * A branch, a tag or HEAD is one reference, and one refspec. A commit may be anywhere: when it is no tip, the
 * server is asked for it by its id; where it does not allow that, all branches and tags are brought, and the
 * commit has to be reachable from one of them.
 */
#include "thv-syncd/sources/git_cache.h"
#include "thv-syncd/sources/git_work.h"
#include <apr_strings.h>
#include <string.h>

/* The reference of a commit that the server gave by its id: it need not be reachable from a tip. */
#define BY_ID "refs/registry/by-id"

/* Errors of the other side or the way there; all others may come from a damaged cache. */
static const int remote_classes[] = {GIT_ERROR_NET, GIT_ERROR_HTTP, GIT_ERROR_SSL, GIT_ERROR_SSH,
                                     GIT_ERROR_CALLBACK};

typedef struct heads {
    const git_remote_head **all;
    size_t count;
} heads;

/* The other side's fault: the cache had no part in it. */
static mcpr_git_outcome refused(mcpr_git_work *work)
{
    const char *text = mcpr_git_reason();

    if (work->is_too_much) {
        text = apr_psprintf(work->pool, "more than %" APR_INT64_T_FMT " bytes received",
                            work->request->received_bytes);
    }
    return mcpr_git_clone_failed(work, text);
}

static mcpr_git_outcome failed(mcpr_git_work *work)
{
    const git_error *last = git_error_last();
    int class = last ? last->klass : GIT_ERROR_NONE;

    (void)refused(work);
    for (size_t i = 0; i < sizeof remote_classes / sizeof *remote_classes; i++) {
        if (class == remote_classes[i]) {
            return MCPR_GIT_FAILED;
        }
    }
    return MCPR_GIT_DAMAGED;
}

/* --- callbacks */

static int on_progress(const git_indexer_progress *progress, void *baton)
{
    mcpr_git_work *work = baton;

    work->is_too_much = (apr_int64_t)progress->received_bytes > work->request->received_bytes;
    return work->is_too_much ? -1 : 0;
}

/* For ssh alone: HTTP's credentials are the transport's. Asked again, they were wrong. */
static int on_credentials(git_credential **out, const char *url, const char *user, unsigned allowed,
                          void *baton)
{
    mcpr_git_work *work = baton;

    (void)url;
    if (allowed & GIT_CREDENTIAL_USERNAME) {
        return git_credential_username_new(out, user ? user : "git");
    }
    if (work->asked || !(allowed & GIT_CREDENTIAL_SSH_KEY)) {
        git_error_set_str(GIT_ERROR_SSH, "authentication failed");
        return GIT_EAUTH;
    }
    work->asked = 1;
    return git_credential_ssh_key_from_agent(out, user ? user : "git");
}

static git_remote_callbacks callbacks(mcpr_git_work *work)
{
    git_remote_callbacks all;

    (void)git_remote_init_callbacks(&all, GIT_REMOTE_CALLBACKS_VERSION);
    all.transfer_progress = on_progress;
    all.credentials = on_credentials;
    all.payload = work;
    return all;
}

/* --- steps */

static mcpr_git_outcome connect_remote(mcpr_git_work *work, git_remote **remote, heads *offered)
{
    git_remote_callbacks all = callbacks(work);

    work->asked = 0;
    if (git_remote_create_anonymous(remote, work->repository, work->url) != 0) {
        return failed(work);
    }
    if (git_remote_connect(*remote, GIT_DIRECTION_FETCH, &all, NULL, NULL) != 0 ||
        git_remote_ls(&offered->all, &offered->count, *remote) != 0) {
        return refused(work);
    }
    return MCPR_GIT_DONE;
}

static int download(mcpr_git_work *work, git_remote *remote, const char *const *specs, size_t count)
{
    git_fetch_options options;
    git_strarray list = {.strings = apr_pmemdup(work->pool, specs, count * sizeof *specs), .count = count};

    (void)git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = callbacks(work);
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    return git_remote_download(remote, &list, &options);
}

static int is_here(const mcpr_git_work *work, const git_oid *id)
{
    git_odb *odb = NULL;
    int here = git_repository_odb(&odb, work->repository) == 0 && git_odb_exists(odb, id) == 1;

    git_odb_free(odb);
    return here;
}

/* Remembers what we have, for the next time the server asks. */
static int remember(mcpr_git_work *work, const char *name)
{
    git_reference *reference = NULL;
    int result = git_reference_create(&reference, work->repository, name, &work->tip, 1, NULL);

    git_reference_free(reference);
    return result;
}

static const git_remote_head *offer_named(const heads *offered, const char *name)
{
    for (size_t i = 0; i < offered->count; i++) {
        if (strcmp(offered->all[i]->name, name) == 0) {
            return offered->all[i];
        }
    }
    return NULL;
}

/* --- a reference */

static mcpr_git_outcome fetch_head(mcpr_git_work *work, git_remote *remote, const git_remote_head *head)
{
    const char *spec = apr_pstrcat(work->pool, "+", head->name, ":" MCPR_GIT_CACHE_REF, NULL);

    work->tip = head->oid;
    if (!is_here(work, &work->tip) && download(work, remote, &spec, 1) != 0) {
        return failed(work);
    }
    return remember(work, MCPR_GIT_CACHE_REF) == 0 ? MCPR_GIT_DONE : failed(work);
}

static mcpr_git_outcome fetch_reference(mcpr_git_work *work, git_remote *remote, const heads *offered)
{
    const char *name = mcpr_git_wanted(work);
    const git_remote_head *head = offer_named(offered, name);
    int is_valid = 0;

    if (offered->count == 0) {
        return mcpr_git_clone_failed(work, "remote repository is empty");
    }
    if (!head || git_reference_name_is_valid(&is_valid, name) != 0 || !is_valid) {
        return mcpr_git_no_reference(work, name);
    }
    return fetch_head(work, remote, head);
}

/* --- a commit */

static const git_remote_head *offer_of(const heads *offered, const git_oid *id)
{
    int is_valid = 0;

    for (size_t i = 0; i < offered->count; i++) {
        if (git_oid_equal(&offered->all[i]->oid, id) &&
            git_reference_name_is_valid(&is_valid, offered->all[i]->name) == 0 && is_valid) {
            return offered->all[i];
        }
    }
    return NULL;
}

/* Non-zero when the tip is reachable from a branch or tag that we have. */
static int is_in_offer(mcpr_git_work *work, const heads *offered)
{
    git_oid *ids = apr_palloc(work->pool, (offered->count + 1) * sizeof *ids);
    size_t count = 0;

    for (size_t i = 0; i < offered->count; i++) {
        const char *name = offered->all[i]->name;

        if ((strncmp(name, "refs/heads/", 11) == 0 || strncmp(name, "refs/tags/", 10) == 0) &&
            is_here(work, &offered->all[i]->oid)) {
            ids[count++] = offered->all[i]->oid;
        }
    }
    return is_here(work, &work->tip) && mcpr_git_is_reachable(work, ids, count);
}

/* Non-zero when the server gave the commit by its id, now or earlier. */
static int is_given_by_id(mcpr_git_work *work, git_remote *remote)
{
    const char *spec = apr_pstrcat(work->pool, work->request->commit, ":" BY_ID, NULL);
    git_oid before;

    if (git_reference_name_to_id(&before, work->repository, BY_ID) == 0 &&
        git_oid_equal(&before, &work->tip)) {
        return 1;
    }
    return !is_here(work, &work->tip) && download(work, remote, &spec, 1) == 0 && is_here(work, &work->tip) &&
           remember(work, BY_ID) == 0;
}

static mcpr_git_outcome fetch_everything(mcpr_git_work *work)
{
    static const char *const specs[] = {"+refs/heads/*:refs/registry/heads/*",
                                        "+refs/tags/*:refs/registry/tags/*"};
    git_remote_callbacks all = callbacks(work);
    git_remote *remote = NULL;
    heads offered = {0};
    mcpr_git_outcome outcome;

    /* A connection of its own: after a refusal the first one may be of no use. */
    outcome = connect_remote(work, &remote, &offered);
    if (outcome == MCPR_GIT_DONE &&
        (download(work, remote, specs, 2) != 0 ||
         git_remote_update_tips(remote, &all, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, NULL) != 0)) {
        outcome = failed(work);
    }
    if (outcome == MCPR_GIT_DONE && !is_in_offer(work, &offered)) {
        outcome = mcpr_git_no_commit(work);
    }
    git_remote_free(remote);
    return outcome;
}

static mcpr_git_outcome fetch_commit(mcpr_git_work *work, git_remote *remote, const heads *offered)
{
    const git_remote_head *head;

    if (!mcpr_git_full_id(work)) {
        return mcpr_git_no_commit(work);
    }
    head = offer_of(offered, &work->tip);
    if (head) {
        return fetch_head(work, remote, head);
    }
    if (is_in_offer(work, offered) || is_given_by_id(work, remote)) {
        return MCPR_GIT_DONE;
    }
    return work->is_too_much ? failed(work) : fetch_everything(work);
}

mcpr_git_outcome mcpr_git_remote_fetch(mcpr_git_work *work)
{
    git_remote *remote = NULL;
    heads offered = {0};
    mcpr_git_outcome outcome = connect_remote(work, &remote, &offered);

    if (outcome == MCPR_GIT_DONE) {
        outcome = work->request->commit ? fetch_commit(work, remote, &offered)
                                        : fetch_reference(work, remote, &offered);
    }
    git_remote_free(remote);
    return outcome;
}
