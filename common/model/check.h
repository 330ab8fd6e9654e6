/*
 * Is one document right? For entries of feeds and for publishing alike (spec formats.md 2 and 3, README
 * decision 14).
 */
#ifndef MCPR_MODEL_CHECK_H
#define MCPR_MODEL_CHECK_H

#include "common/model/json_scan.h"
#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <jansson.h>

/*
 * What one document may be at most, checked before it becomes a tree: that takes up to 300 bytes a value, a
 * hundred times its text, and a text is copied several times on its way to the store. A large server.json has
 * a thousand values and some 100 KiB.
 */
#define MCPR_DOCUMENT_VALUES 100000
#define MCPR_DOCUMENT_BYTES  (16 * 1024 * 1024)

/**
 * Non-zero when the text of one document is within these bounds; otherwise a problem at `place` says which
 * one it passes.
 */
MCPR_MUSTCHECK int mcpr_check_size(mcpr_json_span document, const char *place, mcpr_problems *problems);

/**
 * Checks one document, a tree of mcpr_json_parse (json_text.h). Everything wrong is added to `problems` under
 * `place` ("data.servers.3"; "" when the document stands alone). Null members are taken out of the tree.
 */
void mcpr_server_check(json_t *server, const char *place, mcpr_problems *problems);
void mcpr_skill_check(json_t *skill, const char *place, mcpr_problems *problems);
void mcpr_plugin_check(json_t *plugin, const char *place, mcpr_problems *problems);

/** For servers of an upstream API: members that are there must have their types, nothing more (2.9). */
void mcpr_server_check_types(json_t *server, const char *place, mcpr_problems *problems);

/** The publisher-provided block of a server, NULL when it has none. Borrowed. */
json_t *mcpr_server_publisher_provided(const json_t *server);

#endif
