/*
 * A managed source: a container that is written through the API. The daemon only makes it.
 */
#include "thv-syncd/sources/source.h"

static json_t *describe(const mcpr_config_source *config)
{
    (void)config;
    return json_object();
}

const mcpr_source_handler mcpr_source_managed = {
    .type = MCPR_SOURCE_MANAGED,
    .syncable = 0,
    .describe = describe,
};
