/*
 * The words of kinds and states, a row each.
 */
#include "common/model/model.h"
#include <stddef.h>
#include <strings.h>

static const char *const kind_names[MCPR_KINDS] = {
    [MCPR_KIND_SERVER] = "server",
    [MCPR_KIND_SKILL] = "skill",
    [MCPR_KIND_PLUGIN] = "plugin",
};

static const char *const status_names[] = {
    [MCPR_STATUS_ACTIVE] = "active",
    [MCPR_STATUS_DEPRECATED] = "deprecated",
    [MCPR_STATUS_ARCHIVED] = "archived",
    [MCPR_STATUS_DELETED] = "deleted",
};

const char *mcpr_kind_name(mcpr_kind kind)
{
    return kind_names[kind];
}

const char *mcpr_status_name(mcpr_status status)
{
    return status_names[status];
}

int mcpr_status_parse(mcpr_status *status, const char *word)
{
    for (size_t i = 0; i < sizeof status_names / sizeof *status_names; i++) {
        if (strcasecmp(word, status_names[i]) == 0) {
            *status = (mcpr_status)i;
            return 1;
        }
    }
    return 0;
}
