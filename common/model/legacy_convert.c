/*
 * ToolHive's own format into server.json (spec formats.md 4.2).
 */
#include "common/model/check.h"
#include "common/model/json_number.h"
#include "common/model/legacy.h"
#include "common/model/mapping.h"
#include "common/model/render.h"
#include "common/model/rules.h"
#include <stdio.h>
#include <string.h>

#define PREFIX "io.github.stacklok/"

/* --- tool definitions */

/* A schema of arguments: `definitions` goes by its newer name, an object's `properties` and `required` are
 * there. */
static json_t *convert_schema(json_t *schema)
{
    json_t *result = json_object(), *member;
    const char *key;
    json_object_foreach(schema, key, member)
    {
        json_object_set(result, strcmp(key, "definitions") == 0 ? "$defs" : key, member);
    }
    json_t *type = json_object_get(result, "type");
    if (mcpr_json_is_text(type) && strcmp(json_string_value(type), "object") == 0) {
        if (json_object_get(result, "properties") == NULL) {
            json_object_set_new(result, "properties", json_object());
        }
        if (json_object_get(result, "required") == NULL) {
            json_object_set_new(result, "required", json_array());
        }
    }
    return result;
}

/* Always there; a tool without one takes no arguments. */
static json_t *convert_input_schema(json_t *schema)
{
    if (json_is_object(schema)) {
        return convert_schema(schema);
    }
    json_t *empty = json_pack("{s:s}", "type", "object"), *result = convert_schema(empty);
    json_decref(empty);
    return result;
}

static json_t *convert_output_schema(json_t *schema)
{
    return mcpr_json_is_zero(json_object_get(schema, "type")) ? NULL : convert_schema(schema);
}

static const mcpr_mapping annotation_rows[] = {
    {.from = "title"           },
    {.from = "readOnlyHint",     .presence = MCPR_IF_GIVEN},
    {.from = "destructiveHint",                          .presence = MCPR_IF_GIVEN},
    {.from = "idempotentHint",.presence = MCPR_IF_GIVEN},
    {.from = "openWorldHint",   .presence = MCPR_IF_GIVEN},
    {0                         },
};

static const mcpr_mapping tool_rows[] = {
    {.from = "name",                    .presence = MCPR_ALWAYS_STRING},
    {.from = "title"                                },
    {.from = "description"},
    {.from = "inputSchema",                                 .presence = MCPR_IF_GIVEN, .convert = convert_input_schema},
    {.from = "outputSchema",.convert = convert_output_schema},
    {.from = "annotations",                                 .presence = MCPR_ALWAYS_OBJECT, .members = annotation_rows},
    {.from = "defer_loading"                         },
    {.from = "_meta"            },
    {.from = "icons"      },
    {.from = "execution"          },
    {0                  },
};

/* --- the extension object */

static const mcpr_mapping metadata_rows[] = {
    {.from = "stars"},
    {.from = "last_updated"},
    {.from = "kubernetes"},
    {0},
};

static const mcpr_mapping outbound_rows[] = {
    {.from = "insecure_allow_all"},
    {.from = "allow_host"},
    {.from = "allow_port"},
    {0},
};

static const mcpr_mapping inbound_rows[] = {
    {.from = "allow_host"},
    {0},
};

static const mcpr_mapping network_rows[] = {
    {.from = "mode"           },
    {.from = "outbound",        .presence = MCPR_IF_GIVEN, .members = outbound_rows},
    {.from = "inbound", .presence = MCPR_IF_GIVEN, .members = inbound_rows},
    {0        },
};

static const mcpr_mapping permissions_rows[] = {
    {.from = "name"          },
    {.from = "read"          },
    {.from = "write"         },
    {.from = "privileged"    },
    {.from = "network",        .presence = MCPR_IF_GIVEN, .members = network_rows},
    {0},
};

static const mcpr_mapping provenance_rows[] = {
    {.from = "sigstore_url",          .presence = MCPR_ALWAYS_STRING},
    {.from = "repository_uri",                               .presence = MCPR_ALWAYS_STRING},
    {.from = "signer_identity",.presence = MCPR_ALWAYS_STRING},
    {.from = "runner_environment",       .presence = MCPR_ALWAYS_STRING},
    {.from = "cert_issuer",                               .presence = MCPR_ALWAYS_STRING},
    {.from = "repository_ref"},
    {.from = "attestation",           .presence = MCPR_IF_GIVEN},
    {0                              },
};

static const mcpr_mapping oauth_rows[] = {
    {.from = "issuer"},       {.from = "authorize_url"},
    {.from = "token_url"},    {.from = "client_id"},
    {.from = "scopes"},       {.from = "use_pkce"},
    {.from = "oauth_params"}, {.from = "callback_port"},
    {.from = "resource"},     {0},
};

static const mcpr_mapping remote_variable_rows[] = {
    {.from = "name",                  .presence = MCPR_ALWAYS_STRING},
    {.from = "description",                               .presence = MCPR_ALWAYS_STRING},
    {.from = "required",.presence = MCPR_ALWAYS_FALSE},
    {.from = "default"             },
    {.from = "secret"                              },
    {0                 },
};

static const mcpr_mapping extension_rows[] = {
    {.from = "status"              },
    {.from = "tier"                },
    {.from = "tools"               },
    {.from = "tags"                },
    {.from = "overview"            },
    {.from = "custom_metadata"     },
    {.from = "proxy_port"          },
    {.from = "stateless"           },
    {.from = "metadata",             .presence = MCPR_IF_GIVEN, .members = metadata_rows},
    {.from = "tool_definitions",      .items = tool_rows},
    {.from = "permissions",
     .presence = MCPR_IF_GIVEN,
     .only = MCPR_LEGACY_CONTAINER,
     .members = permissions_rows},
    {.from = "args",                              .only = MCPR_LEGACY_CONTAINER},
    {.from = "docker_tags",      .only = MCPR_LEGACY_CONTAINER},
    {.from = "provenance",
     .presence = MCPR_IF_GIVEN,
     .only = MCPR_LEGACY_CONTAINER,
     .members = provenance_rows},
    {.from = "oauth_config",                 .presence = MCPR_IF_GIVEN, .only = MCPR_LEGACY_REMOTE, .members = oauth_rows},
    {.from = "env_vars",                              .only = MCPR_LEGACY_REMOTE, .items = remote_variable_rows},
    {0},
};

/* --- package and remote */

static const mcpr_mapping key_value_rows[] = {
    {.from = "name",      .presence = MCPR_IF_GIVEN},
    {.from = "description"                  },
    {.from = "required", .to = "isRequired"},
    {.from = "secret", .to = "isSecret"},
    {.from = "default"   },
    {.from = "choices",                   .only = MCPR_LEGACY_REMOTE},
    {0               },
};

static const mcpr_mapping package_rows[] = {
    {.from = "env_vars",       .to = "environmentVariables", .items = key_value_rows},
    {0},
};

static const mcpr_mapping remote_rows[] = {
    {.from = "transport",      .to = "type"},
    {.from = "url"                       },
    {.from = "headers", .items = key_value_rows},
    {0},
};

/* The member's text, "" when it is absent or none. */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static json_t *transport_of(const json_t *entry)
{
    const char *type = text_of(entry, "transport");
    json_t *transport = json_object();
    json_object_set_new(transport, "type", json_string(*type != '\0' ? type : "stdio"));
    if (*type != '\0' && strcmp(type, "stdio") != 0) {
        char url[40] = "http://localhost";
        double port;
        if (mcpr_json_number_value(json_object_get(entry, "target_port"), &port) && port > 0) {
            snprintf(url, sizeof url, "http://localhost:%d", (int)port);
        }
        json_object_set_new(transport, "url", json_string(url));
    }
    return transport;
}

static void add_package(json_t *server, const json_t *entry)
{
    json_t *package = json_object();
    json_object_set_new(package, "registryType", json_string("oci"));
    json_object_set(package, "identifier", json_object_get(entry, "image"));
    json_object_set_new(package, "transport", transport_of(entry));
    mcpr_map_members(package, entry, package_rows, MCPR_LEGACY_CONTAINER);
    json_object_set_new(server, "packages", json_pack("[o]", package));
}

static void add_remote(json_t *server, const json_t *entry)
{
    json_t *remote = json_object();
    mcpr_map_members(remote, entry, remote_rows, MCPR_LEGACY_REMOTE);
    json_object_set_new(server, "remotes", json_pack("[o]", remote));
}

static void add_extension(json_t *server, const json_t *entry, int kind)
{
    json_t *extension = json_object(), *by_key = json_object();
    json_object_set_new(extension, "status", json_string("active"));
    mcpr_map_members(extension, entry, extension_rows, kind);
    json_object_set_new(by_key, text_of(entry, kind == MCPR_LEGACY_REMOTE ? "url" : "image"), extension);
    json_object_set_new(server, "_meta",
                        json_pack("{s:{s:o}}", MCPR_PUBLISHER_PROVIDED, MCPR_STACKLOK, by_key));
}

static json_t *name_of(const char *key, const json_t *entry)
{
    const char *name = text_of(entry, "name");
    name = *name != '\0' ? name : key;
    return json_sprintf("%s%s", strchr(name, '/') == NULL ? PREFIX : "", name);
}

json_t *mcpr_legacy_to_server(const char *key, const json_t *entry, int kind)
{
    json_t *server = json_object();
    const char *title = text_of(entry, "title"), *description = text_of(entry, "description");
    json_object_set_new(server, "$schema", json_string(MCPR_SERVER_SCHEMA));
    json_object_set_new(server, "name", name_of(key, entry));
    if (*title != '\0') {
        json_object_set_new(server, "title", json_string(title));
    }
    description = *description != '\0' ? description : *title != '\0' ? title : key;
    json_object_set_new(server, "description", json_string(description));
    json_object_set_new(server, "version", json_string("1.0.0"));
    const char *repository = text_of(entry, "repository_url");
    if (*repository != '\0') {
        json_object_set_new(server, "repository",
                            json_pack("{s:s, s:s}", "url", repository, "source", "github"));
    }
    if (kind == MCPR_LEGACY_CONTAINER) {
        add_package(server, entry);
    } else {
        add_remote(server, entry);
    }
    add_extension(server, entry, kind);
    return server;
}
