/*
 * thv-syncd run: the daemon, in the foreground.
 */
#include "thv-syncd/commands/command.h"
#include "thv-syncd/sources/http.h"
#include "thv-syncd/sync/coordinator.h"
#include <stdlib.h>

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const char *state_dir = options->state_dir;

    if (!state_dir) {
        state_dir = getenv("STATE_DIRECTORY"); /* the service manager's */
    }
    mcpr_http_start();
    return mcpr_coordinator_run(options->config, state_dir, pool);
}

const mcpr_command mcpr_command_run = {
    .name = "run",
    .help = "Sync the configured sources until told to stop",
    .usage = "run --config FILE [--state-dir DIR]",
    .more =
        "  --config FILE     the configuration; it is read again when it changes, and on SIGHUP\n"
        "  --state-dir DIR   where sources keep caches; else $STATE_DIRECTORY, else a folder below $TMPDIR\n"
        "\n"
        "Migrates the database first, unless database.autoMigrate is false. SIGUSR1: look at every "
        "source now.\n"
        "SIGTERM, SIGINT: stop; what is being written is finished or undone within ten seconds.\n",
    .allowed = " --config --state-dir ",
    .needs_config = 1,
    .run = run,
};
