/*
 * thv-syncd version.
 */
#include "common/util/build_info.h"
#include "thv-syncd/commands/command.h"
#include <jansson.h>
#include <stdio.h>

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    (void)pool;
    if (options->json) {
        json_t *all = json_pack("{s:s, s:s, s:s, s:s}", "version", mcpr_version, "commit", mcpr_commit,
                                "build_date", mcpr_build_date, "compiler", mcpr_compiler);

        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(all);
    } else {
        printf("thv-syncd %s\ncommit %s\nbuilt %s with %s\n", mcpr_version, mcpr_commit, mcpr_build_date,
               mcpr_compiler);
    }
    return MCPR_EXIT_OK;
}

const mcpr_command mcpr_command_version = {
    .name = "version",
    .help = "Say which version this is",
    .usage = "version [--json]",
    .more = "  --json            as JSON\n",
    .allowed = " --json ",
    .run = run,
};
