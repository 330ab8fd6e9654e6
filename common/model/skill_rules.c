/*
 * The rows of skills and plugins (spec formats.md 3).
 */
#include "common/model/rules.h"

static const char *const states[] = {"active", "deprecated", "archived", NULL};
static const char *const package_types[] = {"oci", "git", NULL};

static const mcpr_member repository_members[] = {
    {"url",                                                0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"type", 0, {.type = MCPR_STRING}},
    {0                                              },
};
static const mcpr_shape repository = {.members = repository_members};

static const mcpr_member icon_members[] = {
    {"src",                  1, {.type = MCPR_STRING}},
    {"size", 0, {.type = MCPR_STRING}},
    {"type",                 0, {.type = MCPR_STRING}},
    {"label", 0, {.type = MCPR_STRING}},
    {0                },
};
static const mcpr_shape icon_shape = {.members = icon_members};
static const mcpr_rule icon = {.type = MCPR_OBJECT, .shape = &icon_shape};

static const mcpr_member package_members[] = {
    {"registryType",                                 1, {.type = MCPR_STRING, .words = package_types}},
    {"identifier", 0, {.type = MCPR_STRING}},
    {"digest",                                   0, {.type = MCPR_STRING}},
    {"mediaType",                         0, {.type = MCPR_STRING}},
    {"url",                                       0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"ref",                         0, {.type = MCPR_STRING}},
    {"commit",                                    0, {.type = MCPR_STRING}},
    {"subfolder",                         0, {.type = MCPR_STRING}},
    {0                                         },
};
static const mcpr_shape package_shape = {.members = package_members};
static const mcpr_rule package = {.type = MCPR_OBJECT, .shape = &package_shape};

static const mcpr_member plugin_members[] = {
    {"namespace",                                                                      1, {.type = MCPR_STRING, .min = 3, .max = 128}},
    {"name",                                     1, {.type = MCPR_STRING, .min = 1, .max = 64, .pattern = &mcpr_pattern_skill_name}},
    {"description",                                                                           1, {.type = MCPR_STRING, .min = 1, .max = 1024}},
    {"version", 1, {.type = MCPR_STRING, .min = 1}},
    {"status",                                                                    0, {.type = MCPR_STRING, .words = states, .any_case = 1}},
    {"title",                                    0, {.type = MCPR_STRING, .max = 100}},
    {"license",                                                                        0, {.type = MCPR_STRING, .max = 256}},
    {"repository",                                                 0, {.type = MCPR_OBJECT, .shape = &repository}},
    {"icons",                                                                         0, {.type = MCPR_ARRAY, .items = &icon}},
    {"packages",                           0, {.type = MCPR_ARRAY, .items = &package}},
    {"metadata",                                                                          0, {.type = MCPR_OBJECT}},
    {"_meta",                                               0, {.type = MCPR_OBJECT}},
    {0                                                                       },
};
static const mcpr_shape plugin = {.members = plugin_members};
const mcpr_rule mcpr_rule_plugin = {.type = MCPR_OBJECT, .shape = &plugin};

static const mcpr_member skill_members[] = {
    {"compatibility",                    0, {.type = MCPR_STRING, .max = 500}},
    {"allowedTools", 0, {.type = MCPR_ARRAY, .unique = 1, .items = &mcpr_rule_string}},
    {0                    },
};
static const mcpr_shape skill = {.members = skill_members, .base = &plugin};
const mcpr_rule mcpr_rule_skill = {.type = MCPR_OBJECT, .shape = &skill};
