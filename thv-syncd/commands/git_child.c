/*
 * thv-syncd git-child: what the daemon runs to fetch from git. Not for people, and not in the list.
 */
#include "thv-syncd/sources/git_child.h"
#include "thv-syncd/commands/command.h"
#include "thv-syncd/sources/git_process.h"

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    (void)options;
    return mcpr_git_child_run(pool);
}

const mcpr_command mcpr_command_git_child = {
    .name = MCPR_GIT_COMMAND,
    .help = "",
    .usage = MCPR_GIT_COMMAND,
    .more = "Internal: a request of the daemon comes on standard input.\n",
    .allowed = "",
    .run = run,
};
