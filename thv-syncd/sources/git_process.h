/*
 * The child process that fetches from git: this program once more, with an internal command.
 *
 * libgit2 waits for a silent server without a way out, so the waiting is done where it can be killed. The
 * child gets no descriptor but its pipes and standard error, and of the environment only what it needs.
 */
#ifndef THV_SYNCD_SOURCES_GIT_PROCESS_H
#define THV_SYNCD_SOURCES_GIT_PROCESS_H

#include "thv-syncd/sources/git_request.h"
#include "thv-syncd/sources/source.h"

/** The word on the command line that makes this program the child. */
#define MCPR_GIT_COMMAND "git-child"

/**
 * Runs a child for `request` until it has answered, or `pulse` ends the wait: then it is killed and the
 * pulse's status handed on. The document and *error are in `pool`; the bytes go back to the system with it.
 */
MCPR_MUSTCHECK apr_status_t mcpr_git_process_run(const mcpr_git_request *request, const mcpr_pulse *pulse,
                                                 mcpr_document *document, const char **error,
                                                 apr_pool_t *pool);

#endif
