/*
 * The filter of a source (spec sync.md 10): names by pattern, servers by tag too, between reader and diff.
 */
#ifndef THV_SYNCD_SYNC_FILTER_H
#define THV_SYNCD_SYNC_FILTER_H

#include "common/config/config.h"
#include "common/model/feed.h"
#include "common/util/problems.h"

typedef struct mcpr_filter {
    mcpr_feed_sink *next; /* who gets what passes */
    void *baton;
    apr_int64_t dropped;
    apr_array_header_t *names_include, *names_exclude; /* of compiled patterns */
    const mcpr_config_filter *config;
} mcpr_filter;

/**
 * Adds every invalid pattern to `problems`: at `place` followed by the list's key, `whose` before the
 * message. Such a pattern refuses nothing (spec sync.md 10), so these are warnings.
 */
void mcpr_filter_check(const mcpr_config_filter *config, const char *place, const char *whose,
                       mcpr_problems *problems);

/** Patterns are compiled once. An invalid one drops what it is asked about, as spec sync.md 10 has it. */
mcpr_filter *mcpr_filter_create(const mcpr_config_filter *config, mcpr_feed_sink *next, void *baton,
                                apr_pool_t *pool);

/** A feed sink: hands on what passes. `filter` is an mcpr_filter. */
apr_status_t mcpr_filter_take(void *filter, const mcpr_entry *entry);

/** The filter as JSON (spec database.md 3), lists that are empty left out; NULL without a filter. New
 * reference. */
json_t *mcpr_filter_describe(const mcpr_config_filter *config);

#endif
