/*
 * The child process (git_process.h starts it): reads a request from standard input, answers on standard
 * output.
 */
#ifndef THV_SYNCD_SOURCES_GIT_CHILD_H
#define THV_SYNCD_SOURCES_GIT_CHILD_H

#include <apr_pools.h>

/** Does one request. Returns the exit code of the process: 0 when it has answered, whatever the answer. */
int mcpr_git_child_run(apr_pool_t *pool);

#endif
