/*
 * The work of the child: find the commit, read the file. For git_child.c (the order of things), git_remote.c
 * and git_local.c (where the commit comes from) and git_tree.c (what is in it).
 */
#ifndef THV_SYNCD_SOURCES_GIT_WORK_H
#define THV_SYNCD_SOURCES_GIT_WORK_H

#include "common/util/attributes.h"
#include "thv-syncd/sources/git_request.h"
#include <git2.h>

/** How a step ended. A damaged cache is worth a second try from nothing. */
typedef enum mcpr_git_outcome { MCPR_GIT_DONE, MCPR_GIT_FAILED, MCPR_GIT_DAMAGED } mcpr_git_outcome;

typedef struct mcpr_git_work {
    const mcpr_git_request *request;
    const char *url; /* of a remote, without credentials */
    apr_pool_t *pool;
    git_repository *repository; /* the cache, or the local one itself */
    git_oid tip;                /* what was asked for: a commit, or a tag that leads to one */
    git_blob *blob;             /* the file, once read */
    int asked;                  /* credentials were handed out */
    int is_too_much;
    const char *error; /* without the handler's prefix */
} mcpr_git_work;

/** Sets the error "failed to clone repository: failed to clone repository: TEXT"; returns MCPR_GIT_FAILED. */
mcpr_git_outcome mcpr_git_clone_failed(mcpr_git_work *work, const char *text);

/** The same for a commit that is not there. */
mcpr_git_outcome mcpr_git_no_commit(mcpr_git_work *work);

/** The same for a reference that is not there. */
mcpr_git_outcome mcpr_git_no_reference(mcpr_git_work *work, const char *name);

/** What libgit2 has to say. */
const char *mcpr_git_reason(void);

/** The full name of the reference that is asked for, HEAD when none is. */
const char *mcpr_git_wanted(const mcpr_git_work *work);

/** Non-zero when the request's commit is a full id: it becomes the tip. */
int mcpr_git_full_id(mcpr_git_work *work);

/** Brings what is asked for into work->repository and finds the tip. */
MCPR_MUSTCHECK mcpr_git_outcome mcpr_git_remote_fetch(mcpr_git_work *work);

/** Opens the local repository and finds the tip: nothing is copied. */
MCPR_MUSTCHECK mcpr_git_outcome mcpr_git_local_find(mcpr_git_work *work, const char *path);

/** Non-zero when the tip is one of `count` commits or among their ancestors; tags are followed. */
int mcpr_git_is_reachable(mcpr_git_work *work, const git_oid *from, apr_size_t count);

/** Reads the file of the tip into work->blob. */
MCPR_MUSTCHECK mcpr_git_outcome mcpr_git_tree_read(mcpr_git_work *work);

#endif
