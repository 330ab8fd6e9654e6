/*
 * The rows of ToolHive's own format (spec formats.md 4.1, the relaxed column: published examples must pass).
 */
#include "common/model/rules.h"

/* "" counts as absent: it is what a writer with zero values puts there. */
static const char *const container_transports[] = {"", "stdio", "sse", "streamable-http", NULL};
static const char *const remote_transports[] = {"sse", "streamable-http", NULL};

static const mcpr_member input_members[] = {
    {"description",          0, {.type = MCPR_STRING}},
    {"default", 0, {.type = MCPR_STRING}},
    {"required",              0, {.type = MCPR_BOOLEAN}},
    {"secret", 0, {.type = MCPR_BOOLEAN}},
    {0            },
};
static const mcpr_shape input = {.members = input_members};

static const mcpr_member variable_members[] = {
    {"name",                                                    1, {.type = MCPR_STRING, .pattern = &mcpr_pattern_variable}},
    {0},
};
static const mcpr_shape variable_shape = {.members = variable_members, .base = &input};
static const mcpr_rule variable = {.type = MCPR_OBJECT, .shape = &variable_shape};

static const mcpr_member header_members[] = {
    {"name",                           1, {.type = MCPR_STRING, .min = 1}},
    {"choices", 0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {0                       },
};
static const mcpr_shape header_shape = {.members = header_members, .base = &input};
static const mcpr_rule header = {.type = MCPR_OBJECT, .shape = &header_shape};

static const mcpr_member metadata_members[] = {
    {"stars",                0, {.type = MCPR_NUMBER}},
    {"pulls", 0, {.type = MCPR_NUMBER}},
    {"last_updated",                0, {.type = MCPR_STRING}},
    {"kubernetes", 0, {.type = MCPR_OBJECT}},
    {0        },
};
static const mcpr_shape metadata = {.members = metadata_members};

static const mcpr_member common_members[] = {
    {"name",                                            0, {.type = MCPR_STRING}},
    {"title",                            0, {.type = MCPR_STRING}},
    {"overview",                                           0, {.type = MCPR_STRING}},
    {"description",                            0, {.type = MCPR_STRING, .max = 500}},
    {"repository_url",                                        0, {.type = MCPR_STRING}},
    {"tier",                            0, {.type = MCPR_STRING}},
    {"status",                                     0, {.type = MCPR_STRING}},
    {"tools",                0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {"tags",                                  0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
 /* Ports: 0 is none. */
    {"proxy_port",                            0, {.type = MCPR_INTEGER, .has_min = 1, .max = 65535}},
    {"stateless",                                            0, {.type = MCPR_BOOLEAN}},
    {"env_vars",                            0, {.type = MCPR_ARRAY, .items = &variable}},
    {"custom_metadata",                                          0, {.type = MCPR_OBJECT}},
    {"metadata",                            0, {.type = MCPR_OBJECT, .shape = &metadata}},
    {"tool_definitions",                                           0, {.type = MCPR_ARRAY, .items = &mcpr_rule_object}},
    {0},
};
static const mcpr_shape common = {.members = common_members};

/* The same objects as in the publisher-provided block, only that their types alone count. */
static const mcpr_member container_members[] = {
    {"image",                                                1, {.type = MCPR_STRING, .pattern = &mcpr_pattern_image}},
    {"transport", 0, {.type = MCPR_STRING, .words = container_transports}},
    {"target_port",                                            0, {.type = MCPR_INTEGER, .has_min = 1, .max = 65535}},
    {"args",  0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {"docker_tags",                                          0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {"permissions",    0, {.type = MCPR_OBJECT, .types_only = 1, .shape = &mcpr_shape_permissions}},
    {"provenance",                                                 0, {.type = MCPR_OBJECT, .types_only = 1, .shape = &mcpr_shape_provenance}},
    {0     },
};
static const mcpr_shape container = {.members = container_members, .base = &common};
const mcpr_rule mcpr_rule_legacy_container = {.type = MCPR_OBJECT, .shape = &container};

static const mcpr_member remote_members[] = {
    {"url",                                                     1, {.type = MCPR_STRING, .pattern = &mcpr_pattern_http_url}},
    {"transport", 1, {.type = MCPR_STRING, .words = remote_transports}},
    {"headers",                                               0, {.type = MCPR_ARRAY, .items = &header}},
    {"oauth_config",        0, {.type = MCPR_OBJECT, .types_only = 1, .shape = &mcpr_shape_oauth}},
    {0                                                },
};
static const mcpr_shape remote = {.members = remote_members, .base = &common};
const mcpr_rule mcpr_rule_legacy_remote = {.type = MCPR_OBJECT, .shape = &remote};
