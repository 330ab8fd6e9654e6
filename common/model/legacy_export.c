/*
 * server.json into ToolHive's own format, as its clients do it (spec formats.md 4.3).
 */
#include "common/model/check.h"
#include "common/model/formats.h"
#include "common/model/json_number.h"
#include "common/model/legacy.h"
#include "common/model/mapping.h"
#include "common/model/rules.h"
#include <stdlib.h>
#include <string.h>

static const mcpr_mapping server_rows[] = {
    {.from = "name"},
    {.from = "title"},
    {.from = "description"},
    {0},
};

static const mcpr_mapping input_rows[] = {
    {.from = "name",     .presence = MCPR_IF_GIVEN},
    {.from = "description"                 },
    {.from = "isRequired", .to = "required"},
    {.from = "isSecret",  .to = "secret"},
    {.from = "default"},
    {.from = "choices",                  .only = MCPR_LEGACY_REMOTE},
    {0                 },
};

static const mcpr_mapping package_rows[] = {
    {.from = "identifier", .to = "image"},
    {.from = "environmentVariables",                    .to = "env_vars", .items = input_rows},
    {0},
};

static const mcpr_mapping remote_rows[] = {
    {.from = "url"       },
    {.from = "type",       .to = "transport"},
    {.from = "headers",                    .items = input_rows},
    {0},
};

static const mcpr_mapping extension_rows[] = {
    {.from = "status"              },
    {.from = "tier"                },
    {.from = "tools"               },
    {.from = "tags"                },
    {.from = "overview"            },
    {.from = "tool_definitions"    },
    {.from = "metadata",             .presence = MCPR_IF_GIVEN},
    {.from = "custom_metadata"                             },
    {.from = "stateless"},
    {.from = "proxy_port"                             },
    {.from = "permissions", .presence = MCPR_IF_GIVEN, .only = MCPR_LEGACY_CONTAINER},
    {.from = "provenance",     .presence = MCPR_IF_GIVEN, .only = MCPR_LEGACY_CONTAINER},
    {.from = "docker_tags",                              .only = MCPR_LEGACY_CONTAINER},
    {.from = "oauth_config", .presence = MCPR_IF_GIVEN, .only = MCPR_LEGACY_REMOTE},
    {.from = "env_vars",                              .only = MCPR_LEGACY_REMOTE},
    {0},
};

/* The member's text, "" when it is absent or none. */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* The inner key is not looked at: one object, the first. */
static const json_t *extension_of(const json_t *server)
{
    json_t *all = json_object_get(mcpr_server_publisher_provided(server), MCPR_STACKLOK);
    return json_object_iter_value(json_object_iter(all));
}

/* The only package of type oci. */
static const json_t *image_package(const json_t *packages, const char **complaint)
{
    const json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(packages); i++) {
        const json_t *package = json_array_get(packages, i);
        if (strcmp(text_of(package, "registryType"), "oci") != 0) {
            continue;
        }
        if (found != NULL) {
            *complaint = "more than one oci package";
            return NULL;
        }
        found = package;
    }
    *complaint = found == NULL ? "no oci package" : NULL;
    return found;
}

/* The explicit port of a URL, 0 when it has none, -1 when it can't be parsed. */
static int port_of(const char *url)
{
    if (!mcpr_format_uri(url)) {
        return -1;
    }
    const char *host = strstr(url, "://");
    if (host == NULL) {
        return 0;
    }
    host += 3;
    const char *end = host + strcspn(host, "/?#"), *colon = end;
    while (colon > host && *colon != ':' && *colon != ']') {
        colon--;
    }
    return *colon == ':' && end - colon <= 6 ? atoi(colon + 1) : 0;
}

/* `NAME=value` or `NAME={v}` of a container runtime's -e as an environment variable, NULL when it is none. */
static json_t *variable_of(const json_t *argument)
{
    const char *name = text_of(argument, "name"), *value = text_of(argument, "value");
    const char *equals = strchr(value, '=');
    if (strcmp(text_of(argument, "type"), "named") != 0 || equals == NULL ||
        (strcmp(name, "-e") != 0 && strcmp(name, "--env") != 0)) {
        return NULL;
    }
    json_t *variable = json_object();
    json_object_set_new(variable, "name", json_stringn(value, (size_t)(equals - value)));
    static const mcpr_mapping own_rows[] = {
        {.from = "description"},
        {.from = "isRequired",  .to = "required"},
        {0                    }
    };
    static const mcpr_mapping from_input[] = {
        {.from = "isSecret", .to = "secret"},
        {.from = "default"                 },
        {0}
    };
    mcpr_map_members(variable, argument, own_rows, 0);
    const char *rest = equals + 1;
    size_t len = strlen(rest);
    if (len >= 2 && rest[0] == '{' && rest[len - 1] == '}') {
        json_t *key = json_stringn(rest + 1, len - 2);
        const json_t *input = json_object_get(json_object_get(argument, "variables"), json_string_value(key));
        mcpr_map_members(variable, input, from_input, 0);
        json_decref(key);
    } else if (len > 0) {
        json_object_set_new(variable, "default", json_string(rest));
    }
    return variable;
}

static void add_runtime_variables(json_t *entry, const json_t *package)
{
    const json_t *arguments = json_object_get(package, "runtimeArguments");
    json_t *own = json_object_get(entry, "env_vars"),
           *variables = own != NULL ? json_incref(own) : json_array();
    for (size_t i = 0; i < json_array_size(arguments); i++) {
        json_t *variable = variable_of(json_array_get(arguments, i));
        if (variable != NULL) {
            json_array_append_new(variables, variable);
        }
    }
    if (json_array_size(variables) > 0) {
        json_object_set(entry, "env_vars", variables);
    }
    json_decref(variables);
}

/* The package's arguments as a command line; only where there are none, the extension's. */
static void add_arguments(json_t *entry, const json_t *package, const json_t *extension)
{
    static const char *const parts[] = {"name", "value"};
    const json_t *arguments = json_object_get(package, "packageArguments");
    json_t *args = json_array();
    for (size_t i = 0; i < json_array_size(arguments); i++) {
        for (size_t part = 0; part < 2; part++) {
            const char *text = text_of(json_array_get(arguments, i), parts[part]);
            if (*text != '\0') {
                json_array_append_new(args, json_string(text));
            }
        }
    }
    if (json_array_size(args) > 0) {
        json_object_set(entry, "args", args);
    } else if (!mcpr_json_is_zero(json_object_get(extension, "args"))) {
        json_object_set(entry, "args", json_object_get(extension, "args"));
    }
    json_decref(args);
}

static int add_container(json_t *entry, const json_t *server, const char **complaint)
{
    const json_t *package = image_package(json_object_get(server, "packages"), complaint);
    if (package == NULL) {
        return 0;
    }
    const json_t *transport = json_object_get(package, "transport");
    const char *url = text_of(transport, "url");
    int port = *url != '\0' ? port_of(url) : 0;
    if (port < 0) {
        *complaint = "the URL of the transport can't be parsed";
        return 0;
    }
    json_object_set_new(entry, "transport", json_string(text_of(transport, "type")));
    if (port > 0) {
        json_object_set_new(entry, "target_port", json_integer(port));
    }
    mcpr_map_members(entry, package, package_rows, MCPR_LEGACY_CONTAINER);
    add_runtime_variables(entry, package);
    add_arguments(entry, package, extension_of(server));
    return 1;
}

json_t *mcpr_legacy_from_server(const json_t *server, int *kind, const char **complaint)
{
    const json_t *remote = json_array_get(json_object_get(server, "remotes"), 0);
    json_t *entry = json_object(), *url = json_object_get(json_object_get(server, "repository"), "url");
    *complaint = NULL;
    *kind = remote != NULL ? MCPR_LEGACY_REMOTE : MCPR_LEGACY_CONTAINER;
    mcpr_map_members(entry, server, server_rows, *kind);
    if (!mcpr_json_is_zero(url)) {
        json_object_set(entry, "repository_url", url);
    }
    if (remote != NULL) {
        mcpr_map_members(entry, remote, remote_rows, *kind);
    } else if (!add_container(entry, server, complaint)) {
        json_decref(entry);
        return NULL;
    }
    mcpr_map_members(entry, extension_of(server), extension_rows, *kind);
    return entry;
}
