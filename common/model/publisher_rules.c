/*
 * The rows of the publisher-provided block (spec formats.md 2.8). Only ToolHive's namespace has any.
 */
#include "common/model/rules.h"

static const char *const states[] = {"active", "deprecated", NULL};
static const char *const tiers[] = {"Official", "Community", NULL};
static const char *const workload_transports[] = {"stdio", "sse", "streamable-http", "http", NULL};

static const mcpr_rule tool_name = {.type = MCPR_STRING, .pattern = &mcpr_pattern_tool};
static const mcpr_rule tag = {.type = MCPR_STRING, .pattern = &mcpr_pattern_tag};
static const mcpr_rule path = {.type = MCPR_STRING, .pattern = &mcpr_pattern_path};
static const mcpr_rule host = {.type = MCPR_STRING, .pattern = &mcpr_pattern_allowed_host};
static const mcpr_rule port = {.type = MCPR_INTEGER, .has_min = 1, .min = 1, .max = 65535};

static const mcpr_member tool_members[] = {
    {"name",                 1, {.type = MCPR_STRING}},
    {"description", 0, {.type = MCPR_STRING}},
    {"inputSchema",          0, {.type = MCPR_OBJECT}},
    {"annotations", 0, {.type = MCPR_OBJECT}},
    {0         },
};
static const mcpr_shape tool_shape = {.members = tool_members};
static const mcpr_rule tool = {.type = MCPR_OBJECT, .shape = &tool_shape};

static const mcpr_member kubernetes_members[] = {
    {"kind",                                                           0, {.type = MCPR_STRING}},
    {"namespace",                                           0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_kubernetes_name}},
    {"name",                                                      0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_kubernetes_name}},
    {"uid", 0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uuid}},
    {"image",                                                           0, {.type = MCPR_STRING}},
    {"transport", 0, {.type = MCPR_STRING, .words = workload_transports}},
    {0                                                           },
};
static const mcpr_shape kubernetes = {.members = kubernetes_members};

static const mcpr_member metadata_members[] = {
    {"stars",                                                    0, {.type = MCPR_NUMBER, .has_min = 1}},
    {"last_updated",                       0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time}},
    {"kubernetes",                                             0, {.type = MCPR_OBJECT, .shape = &kubernetes}},
    {0},
};
static const mcpr_shape metadata = {.members = metadata_members};

static const mcpr_member outbound_members[] = {
    {"insecure_allow_all",                               0, {.type = MCPR_BOOLEAN}},
    {"allow_host",                            0, {.type = MCPR_ARRAY, .unique = 1, .items = &host}},
    {"allow_port",                                       0, {.type = MCPR_ARRAY, .unique = 1, .items = &port}},
    {0},
};
static const mcpr_shape outbound = {.members = outbound_members};

static const mcpr_member network_members[] = {
    {"outbound",                                 0, {.type = MCPR_OBJECT, .shape = &outbound}},
    {0},
};
static const mcpr_shape network = {.members = network_members};

static const mcpr_member permissions_members[] = {
    {"name",                                             0, {.type = MCPR_STRING}},
    {"privileged",                             0, {.type = MCPR_BOOLEAN}},
    {"read",                                       0, {.type = MCPR_ARRAY, .unique = 1, .items = &path}},
    {"write",                            0, {.type = MCPR_ARRAY, .unique = 1, .items = &path}},
    {"network",                                             0, {.type = MCPR_OBJECT, .shape = &network}},
    {0},
};
const mcpr_shape mcpr_shape_permissions = {.members = permissions_members};

static const mcpr_member attestation_members[] = {
    {"predicate_type",                                     0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {0},
};
static const mcpr_shape attestation = {.members = attestation_members};

static const mcpr_member provenance_members[] = {
    {"sigstore_url",                                            0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_hostname}},
    {"repository_uri", 0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"cert_issuer",                                          0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"repository_ref",      0, {.type = MCPR_STRING}},
    {"signer_identity",                                             0, {.type = MCPR_STRING}},
    {"runner_environment",      0, {.type = MCPR_STRING}},
    {"attestation",                                          0, {.type = MCPR_OBJECT, .shape = &attestation}},
    {0                                   },
};
const mcpr_shape mcpr_shape_provenance = {.members = provenance_members};

static const mcpr_member oauth_members[] = {
    {"issuer",                                             0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"authorize_url", 0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"token_url",                                      0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri}},
    {"client_id", 0, {.type = MCPR_STRING}},
    {"resource",                                          0, {.type = MCPR_STRING}},
    {"scopes", 0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {"use_pkce",                                          0, {.type = MCPR_BOOLEAN}},
    {"oauth_params",                               0, {.type = MCPR_MAP, .items = &mcpr_rule_string}},
    {"callback_port",                                           0, {.type = MCPR_INTEGER, .has_min = 1, .min = 1, .max = 65535}},
    {0                              },
};
const mcpr_shape mcpr_shape_oauth = {.members = oauth_members};

static const mcpr_member variable_members[] = {
    {"name",                                                    0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_variable}},
    {"description", 0, {.type = MCPR_STRING}},
    {"default",                                             0, {.type = MCPR_STRING}},
    {"required",                                    0, {.type = MCPR_BOOLEAN}},
    {"secret",                                                 0, {.type = MCPR_BOOLEAN}},
    {0                                   },
};
static const mcpr_shape variable_shape = {.members = variable_members};
static const mcpr_rule variable = {.type = MCPR_OBJECT, .shape = &variable_shape};

static const mcpr_member extension_members[] = {
    {"status",                                                1, {.type = MCPR_STRING, .words = states, .any_case = 1}},
    {"tier",  0, {.type = MCPR_STRING, .words = tiers}},
    {"tools",                                                  0, {.type = MCPR_ARRAY, .unique = 1, .items = &tool_name}},
    {"tags",                  0, {.type = MCPR_ARRAY, .unique = 1, .items = &tag}},
    {"overview",                                                 0, {.type = MCPR_STRING}},
    {"tool_definitions", 0, {.type = MCPR_ARRAY, .items = &tool}},
    {"metadata",                                                  0, {.type = MCPR_OBJECT, .shape = &metadata}},
    {"custom_metadata",       0, {.type = MCPR_OBJECT}},
    {"permissions",                                              0, {.type = MCPR_OBJECT, .shape = &mcpr_shape_permissions}},
    {"args",                                  0, {.type = MCPR_ARRAY, .items = &mcpr_rule_string}},
    {"docker_tags",                                      0, {.type = MCPR_ARRAY, .unique = 1, .items = &mcpr_rule_string}},
    {"provenance",                   0, {.type = MCPR_OBJECT, .shape = &mcpr_shape_provenance}},
    {"proxy_port",                                              0, {.type = MCPR_INTEGER, .has_min = 1, .min = 1, .max = 65535}},
    {"stateless",              0, {.type = MCPR_BOOLEAN}},
    {"oauth_config",                                       0, {.type = MCPR_OBJECT, .shape = &mcpr_shape_oauth}},
    {"env_vars",                                  0, {.type = MCPR_ARRAY, .items = &variable}},
    {0                                          },
};
static const mcpr_shape extension_shape = {.members = extension_members};
static const mcpr_rule extension = {.type = MCPR_OBJECT, .shape = &extension_shape};

/* Keys are free: image references and URLs. */
static const mcpr_member publisher_members[] = {
    {MCPR_STACKLOK,                            0, {.type = MCPR_MAP, .items = &extension}},
    {0},
};
static const mcpr_shape publisher_provided = {.members = publisher_members};
const mcpr_rule mcpr_rule_publisher_provided = {.type = MCPR_OBJECT, .shape = &publisher_provided};
