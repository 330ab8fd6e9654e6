/*
 * Change detection.
 */
#include "thv-syncd/sync/decide.h"
#include "common/model/response.h"
#include "common/util/digest.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/filter.h"
#include <stdlib.h>
#include <string.h>

static int differs(const char *a, const char *b)
{
    return !a || strcmp(a, b) != 0;
}

int mcpr_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int mcpr_state_undisturbed(const mcpr_source_state *before, const mcpr_source_state *now)
{
    return (before->now && mcpr_same_text(now->started_at, before->now)) ||
           (mcpr_same_text(now->phase, before->phase) &&
            mcpr_same_text(now->started_at, before->started_at) &&
            mcpr_same_text(now->ended_at, before->ended_at) &&
            mcpr_same_text(now->data_hash, before->data_hash));
}

const char *mcpr_decide(const mcpr_source_state *state, const char *data_hash, const char *settings_hash,
                        const char **trigger)
{
    if (state->abandoned) {
        return "registry-not-ready";
    }
    if (differs(state->data_hash, data_hash)) {
        return state->data_hash ? "source-data-changed" : "registry-not-ready";
    }
    if (differs(state->settings_hash, settings_hash)) {
        *trigger = "settings";
        return "filter-changed";
    }
    return state->tombstones_due ? "tombstones-expired" : NULL;
}

const char *mcpr_known_hash(const mcpr_source_state *state, const char *settings_hash)
{
    const char *hash = state->data_hash, *trigger = "";

    return hash && !mcpr_decide(state, hash, settings_hash, &trigger) ? hash : NULL;
}

const char *mcpr_usable_mark(const mcpr_seen *seen, const mcpr_source_state *state, const char *settings_hash,
                             apr_time_t now)
{
    const char *hash = mcpr_known_hash(state, settings_hash);

    if (!hash || !seen->mark || state->requested_at || now - seen->complete_at > MCPR_COMPLETE_AFTER) {
        return NULL;
    }
    return differs(seen->data_hash, hash) || differs(seen->settings_hash, settings_hash) ? NULL : seen->mark;
}

const char *mcpr_settings_hash(const mcpr_config_source *config, apr_pool_t *pool)
{
    json_t *filter = mcpr_filter_describe(&config->filter);
    json_t *block = mcpr_source_describe(config), *all;
    char *text;
    const char *hash;

    json_object_del(block, "timeout"); /* it changes nothing of what comes in */
    all = json_pack("{s:s, s:o, s:o, s:i, s:i}", "type", mcpr_source_type_name(config->type), "block", block,
                    "filter", filter ? filter : json_null(), "format", (int)config->format, "renderer",
                    MCPR_RENDERER);
    text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
    hash = mcpr_sha256_hex(text, strlen(text), pool);
    free(text);
    json_decref(all);
    return hash;
}
