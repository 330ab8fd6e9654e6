/*
 * The rules of the formats, as data (spec formats.md 2 to 4). One file holds the rows of one kind of
 * document.
 */
#ifndef MCPR_MODEL_RULES_H
#define MCPR_MODEL_RULES_H

#include "common/model/shape.h"

#define MCPR_PUBLISHER_PROVIDED "io.modelcontextprotocol.registry/publisher-provided"
#define MCPR_STACKLOK           "io.github.stacklok"

/* Rows that many shapes share. */
extern const mcpr_rule mcpr_rule_string;
extern const mcpr_rule mcpr_rule_object; /* any object */

/** server.json (2.4 to 2.7), without what is inside the publisher-provided block. */
extern const mcpr_rule mcpr_rule_server;

/** The publisher-provided block (2.8), and three objects in it that ToolHive's own format has too. */
extern const mcpr_rule mcpr_rule_publisher_provided;
extern const mcpr_shape mcpr_shape_permissions, mcpr_shape_provenance, mcpr_shape_oauth;

/** Skills and plugins (3). */
extern const mcpr_rule mcpr_rule_skill, mcpr_rule_plugin;

/** Entries of ToolHive's own format (4.1). */
extern const mcpr_rule mcpr_rule_legacy_container, mcpr_rule_legacy_remote;

#endif
