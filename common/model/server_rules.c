/*
 * The rows of server.json (spec formats.md 2.4 to 2.7).
 */
#include "common/model/rules.h"

const mcpr_rule mcpr_rule_string = {.type = MCPR_STRING};
const mcpr_rule mcpr_rule_object = {.type = MCPR_OBJECT};

/* --- inputs; with variables; then header or environment variable, and argument, which are inputs with more
 */

static const char *const input_formats[] = {"string", "number", "boolean", "filepath", NULL};

static const mcpr_member input_members[] = {
    {"description",          0, {.type = MCPR_STRING}},
    {"value", 0, {.type = MCPR_STRING}},
    {"default",                0, {.type = MCPR_STRING}},
    {"placeholder", 0, {.type = MCPR_STRING}},
    {"isRequired",              0, {.type = MCPR_BOOLEAN}},
    {"isSecret", 0, {.type = MCPR_BOOLEAN}},
    {"format",          0, {.type = MCPR_STRING, .words = input_formats}},
    {"choices", 0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {0          },
};
static const mcpr_shape input_shape = {.members = input_members};
static const mcpr_rule input = {.type = MCPR_OBJECT, .shape = &input_shape};

static const mcpr_member variables_members[] = {
    {"variables",                          0, {.type = MCPR_MAP, .items = &input}},
    {0},
};
static const mcpr_shape input_with_variables = {.members = variables_members, .base = &input_shape};

static const mcpr_member key_value_members[] = {
    {"name",                 1, {.type = MCPR_STRING}},
    {0},
};
static const mcpr_shape key_value_shape = {.members = key_value_members, .base = &input_with_variables};
static const mcpr_rule key_value = {.type = MCPR_OBJECT, .shape = &key_value_shape};

static const mcpr_member positional_members[] = {
    {"type",                 1, {.type = MCPR_STRING}},
    {"valueHint", 0, {.type = MCPR_STRING}},
    {"isRepeated",            0, {.type = MCPR_BOOLEAN}},
    {"name", 0, {.type = MCPR_STRING}},
    {0          },
};
static const mcpr_shape positional = {
    .members = positional_members, .base = &input_with_variables, .either = {"valueHint", "value"}
};

static const mcpr_member named_members[] = {
    {"type",                 1, {.type = MCPR_STRING}},
    {"name", 1, {.type = MCPR_STRING}},
    {"isRepeated",                 0, {.type = MCPR_BOOLEAN}},
    {"valueHint", 0, {.type = MCPR_STRING}},
    {0          },
};
static const mcpr_shape named = {.members = named_members, .base = &input_with_variables};

static const mcpr_variant argument_kinds[] = {
    {"positional", &positional},
    {"named",            &named},
    {0}
};
static const mcpr_rule argument = {.type = MCPR_VARIANT, .variants = argument_kinds};

/* --- transports: of packages, and remotes */

/* A url or headers have no meaning with stdio; still they must be of their types. */
static const mcpr_member stdio_members[] = {
    {"type",                 1, {.type = MCPR_STRING}},
    {"url", 0, {.type = MCPR_STRING}},
    {"headers",                  0, {.type = MCPR_ARRAY, .items = &key_value, .types_only = 1}},
    {0},
};
static const mcpr_shape stdio = {.members = stdio_members};

static const mcpr_member http_members[] = {
    {"type",                                                    1, {.type = MCPR_STRING}},
    {"url",                                    1, {.type = MCPR_STRING, .pattern = &mcpr_pattern_http_url}},
    {"headers",                                                     0, {.type = MCPR_ARRAY, .items = &key_value}},
    {0},
};
static const mcpr_shape http = {.members = http_members};
static const mcpr_variant transports[] = {
    {"stdio", &stdio},
    {"streamable-http",       &http},
    {"sse",&http},
    {0  }
};

static const mcpr_shape remote_shape = {.members = variables_members, .base = &http};
static const mcpr_variant remotes[] = {
    {"streamable-http", &remote_shape},
    {"sse",                 &remote_shape},
    {0}
};
static const mcpr_rule remote = {.type = MCPR_VARIANT, .variants = remotes};

/* --- packages, icons, repository */

static const mcpr_member package_members[] = {
    {"registryType",                                                        1, {.type = MCPR_STRING}},
    {"identifier",                                                1, {.type = MCPR_STRING}},
    {"transport",                                                          1, {.type = MCPR_VARIANT, .variants = transports}},
    {"version",                                                0, {.type = MCPR_STRING, .min = 1, .pattern = &mcpr_pattern_not_latest}},
    {"registryBaseUrl",                                                           0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"fileSha256",                       0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_sha256}},
    {"runtimeHint",                                                             0, {.type = MCPR_STRING}},
    {"runtimeArguments", 0, {.type = MCPR_ARRAY, .items = &argument}},
    {"packageArguments",                                                     0, {.type = MCPR_ARRAY, .items = &argument}},
    {"environmentVariables",                  0, {.type = MCPR_ARRAY, .items = &key_value}},
    {0                                                         },
};
static const mcpr_shape package_shape = {.members = package_members};
static const mcpr_rule package = {.type = MCPR_OBJECT, .shape = &package_shape};

static const char *const image_types[] = {"image/png",     "image/jpeg", "image/jpg",
                                          "image/svg+xml", "image/webp", NULL};
static const char *const themes[] = {"light", "dark", NULL};
static const mcpr_rule icon_size = {.type = MCPR_STRING, .pattern = &mcpr_pattern_icon_size};

static const mcpr_member icon_members[] = {
    {"src",                                                            1, {.type = MCPR_STRING, .max = 255, .pattern = &mcpr_pattern_uri}},
    {"mimeType", 0, {.type = MCPR_STRING, .words = image_types}},
    {"sizes",                                                       0, {.type = MCPR_ARRAY, .items = &icon_size}},
    {"theme",                     0, {.type = MCPR_STRING, .words = themes}},
    {0                                                         },
};
static const mcpr_shape icon_shape = {.members = icon_members};
static const mcpr_rule icon = {.type = MCPR_OBJECT, .shape = &icon_shape};

static const mcpr_member repository_members[] = {
    {"url",                                                1, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"source", 1, {.type = MCPR_STRING}},
    {"id",                                             0, {.type = MCPR_STRING}},
    {"subfolder",                               0, {.type = MCPR_STRING}},
    {0                                                },
};
static const mcpr_shape repository = {.members = repository_members};

/* --- the server; what is inside the publisher-provided block has rules and words of its own */

static const mcpr_member meta_members[] = {
    {MCPR_PUBLISHER_PROVIDED, 0, {.type = MCPR_OBJECT}},
    {0 },
};
static const mcpr_shape meta = {.members = meta_members};

static const mcpr_member server_members[] = {
    {"$schema",                                                                          0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"name",                               1, {.type = MCPR_STRING, .min = 3, .max = 200, .pattern = &mcpr_pattern_server_name}},
    {"description",                                                                             1, {.type = MCPR_STRING, .min = 1, .max = 100}},
    {"version", 1, {.type = MCPR_STRING, .max = 255}},
    {"title",                                                                      0, {.type = MCPR_STRING, .min = 1, .max = 100}},
    {"websiteUrl",                                       0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"repository",                                                                          0, {.type = MCPR_OBJECT, .shape = &repository}},
    {"icons",                                                 0, {.type = MCPR_ARRAY, .items = &icon}},
    {"packages",                                                                            0, {.type = MCPR_ARRAY, .items = &package}},
    {"remotes",                                       0, {.type = MCPR_ARRAY, .items = &remote}},
    {"_meta",                                                                       0, {.type = MCPR_OBJECT, .shape = &meta}},
    {0                              },
};
static const mcpr_shape server = {.members = server_members};
const mcpr_rule mcpr_rule_server = {.type = MCPR_OBJECT, .shape = &server};
