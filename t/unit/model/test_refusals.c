/*
 * Documents that are refused, each with the whole text of the refusal.
 */
#include "t/unit/model/feed_fixture.h"

#define SCHEMA           "registry schema validation failed: "
#define PACKAGE(members) SERVER(",\"packages\":[{" members "}]")
#define STDIO            "\"registryType\":\"npm\",\"identifier\":\"x\",\"transport\":{\"type\":\"stdio\"}"
#define REMOTE(members)  SERVER(",\"remotes\":[{" members "}]")
#define ARGUMENT(json)   PACKAGE(STDIO ",\"packageArguments\":[" json "]")
#define EXTENSION(json)                                                                                     \
    SERVER(                                                                                                 \
        ",\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":{\"io.github.stacklok\":" json \
        "}}")
#define STACKLOK(members) SERVERS(EXTENSION("{\"k\":{\"status\":\"Active\"," members "}}"))
#define PUBLISHER                                                                                        \
    "publisher-provided extensions validation failed: server com.acme/a: publisher-provided extensions " \
    "schema validation failed: "
#define SKILL(members) UPSTREAM("{\"servers\":[" SERVER("") "],\"skills\":[{" members "}]}")
#define GOOD_SKILL     "\"namespace\":\"com.acme\",\"name\":\"ab\",\"description\":\"d\",\"version\":\"1\""

static const struct {
    const char *text, *refusal;
} cases[] = {
  /* --- the text */
    {"",                                                                                                            "data cannot be empty"                                                            },
    {" ",                                                                                                           SCHEMA "line 1, byte 1: a value expected, found the end"                          },
    {"\xef\xbb\xbf{}",                                                                                              SCHEMA "line 1, byte 0: a value, not a byte order mark, expected"                 },
    {SERVERS("") "x",                                                                                               "failed to parse registry JSON: line 1, byte 88: the end of the document expected"},
    {SERVERS(SERVER("") ","),                                                                                       SCHEMA "line 1, byte 139: a value expected"                                       },
    {SERVERS("{\"name\":\"\\ud800\"}"),
     SCHEMA "data.servers.0.name: an unpaired surrogate escape at byte 94"                                                                                                                            },
    {SERVERS("{\"name\":\"\xff\"}"),                                                                                SCHEMA "data.servers.0.name: invalid UTF-8 at byte 94"                            },
    {SERVERS("{\"x\":{\"y\":[0,\"\\u0000\"]}}"),
     SCHEMA "data.servers.0.x.y.1: a NUL character (\\u0000) at byte 99"                                                                                                                              },
 /* --- the top */
    {"[]",                                                                                                          SCHEMA "(root): Invalid type. Expected: object, given: array"                     },
    {"5",                                                                                                           SCHEMA "(root): Invalid type. Expected: object, given: integer"                   },
    {"null",                                                                                                        SCHEMA "(root): Invalid type. Expected: object, given: null"                      },
    {"{}",                                                                                                          "registry schema validation failed with 3 errors:\n  1. (root): version is required\n"
           "  2. (root): meta is required\n  3. (root): data is required"                                                                                                                   },
    {"{\"version\":\"1.0\",\"meta\":{},\"data\":{},\"$schema\":\"x\"}",
     "registry schema validation failed with 4 errors:\n  1. $schema: Does not match format 'uri'\n"
     "  2. version: Does not match pattern '^\\d+\\.\\d+\\.\\d+$'\n  3. meta: last_updated is required\n"
     "  4. data: servers is required"                                                                                                                                                                 },
    {"{\"version\":1,\"meta\":[],\"data\":null,\"$schema\":null}",
     "registry schema validation failed with 4 errors:\n  1. $schema: Invalid type. Expected: string, given: "
     "null\n"
     "  2. version: Invalid type. Expected: string, given: integer\n"
     "  3. meta: Invalid type. Expected: object, given: array\n"
     "  4. data: Invalid type. Expected: object, given: null"                                                                                                                                         },
    {"{\"version\":{\"a\":1},\"meta\":{\"last_updated\":\"yesterday\"},\"data\":{\"servers\":null}}",
     "registry schema validation failed with 3 errors:\n  1. version: Invalid type. Expected: string, given: "
     "object\n"
     "  2. meta.last_updated: Does not match format 'date-time'\n"
     "  3. data.servers: Invalid type. Expected: array, given: null"                                                                                                                                  },
    {SERVERS(""),                                                                                                   "upstream registry must contain at least one server"                              },
    {UPSTREAM("{\"servers\":[],\"skills\":[{" GOOD_SKILL "}]}"),
     "upstream registry must contain at least one server"                                                                                                                                             },
    {UPSTREAM("{\"servers\":{}}"),                                                                                  SCHEMA "data.servers: Invalid type. Expected: array, given: object"               },
    {UPSTREAM("{\"servers\":[" SERVER("") "],\"skills\":{}}"),
     SCHEMA "data.skills: Invalid type. Expected: array, given: object"                                                                                                                               },
 /* --- servers */
    {SERVERS("5.5"),                                                                                                SCHEMA "data.servers.0: Invalid type. Expected: object, given: number"            },
    {SERVERS("null"),                                                                                               SCHEMA "data.servers.0: Invalid type. Expected: object, given: null"              },
    {SERVERS(SERVER("") ",{}"),
     "registry schema validation failed with 3 errors:\n  1. data.servers.1: name is required\n"
     "  2. data.servers.1: description is required\n  3. data.servers.1: version is required"                                                                                                         },
    {SERVERS("{\"name\":null,\"description\":\"d\",\"version\":\"1\"}"),
     SCHEMA "data.servers.0: name is required"                                                                                                                                                        },
    {SERVERS(SERVER(",\"name\":\"a_b/c\"")),
     SCHEMA "data.servers.0.name: Does not match pattern '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$'"                                                                                                          },
    {SERVERS(SERVER(",\"name\":\"\"")),
     "registry schema validation failed with 2 errors:\n"
     "  1. data.servers.0.name: String length must be greater than or equal to 3\n"
     "  2. data.servers.0.name: Does not match pattern '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$'"                                                                                                            },
    {SERVERS(SERVER(",\"description\":\"\"")),
     SCHEMA "data.servers.0.description: String length must be greater than or equal to 1"                                                                                                            },
    {SERVERS(SERVER(",\"version\":1.0")),
     SCHEMA "data.servers.0.version: Invalid type. Expected: string, given: integer"                                                                                                                  },
    {SERVERS(SERVER(",\"title\":\"\"")),
     SCHEMA "data.servers.0.title: String length must be greater than or equal to 1"                                                                                                                  },
    {SERVERS(SERVER(",\"websiteUrl\":\"example.com\"")),
     SCHEMA "data.servers.0.websiteUrl: Does not match format 'uri'"                                                                                                                                  },
    {SERVERS(SERVER(",\"repository\":{}")),
     "registry schema validation failed with 2 errors:\n  1. data.servers.0.repository: url is required\n"
     "  2. data.servers.0.repository: source is required"                                                                                                                                             },
    {SERVERS(SERVER(",\"_meta\":[]")),
     SCHEMA "data.servers.0._meta: Invalid type. Expected: object, given: array"                                                                                                                      },
    {SERVERS(SERVER(",\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":\"x\"}")),                 SCHEMA
     "data.servers.0._meta.io.modelcontextprotocol.registry/publisher-provided: Invalid type. Expected: "
     "object, given: string"                                                                       },
    {SERVERS(SERVER(
         ",\"icons\":[{\"src\":\"x\",\"mimeType\":\"image/gif\",\"sizes\":[\"big\"],\"theme\":\"Dark\"}]")),
     "registry schema validation failed with 4 errors:\n  1. data.servers.0.icons.0.src: Does not match "
     "format 'uri'\n"
     "  2. data.servers.0.icons.0.mimeType: Must be one of the following: \"image/png\", \"image/jpeg\", "
     "\"image/jpg\", \"image/svg+xml\", \"image/webp\"\n"
     "  3. data.servers.0.icons.0.sizes.0: Does not match pattern '^(\\d+x\\d+|any)$'\n"
     "  4. data.servers.0.icons.0.theme: Must be one of the following: \"light\", \"dark\""                                                                                                           },
 /* --- packages */
    {SERVERS(PACKAGE("")),                                                                                          "registry schema validation failed with 3 errors:\n  1. "
                           "data.servers.0.packages.0: registryType is required\n"
                           "  2. data.servers.0.packages.0: identifier is required\n"
                           "  3. data.servers.0.packages.0: transport is required"                                                                                          },
    {SERVERS(PACKAGE(STDIO ",\"version\":\"latest\"")),
     SCHEMA "data.servers.0.packages.0.version: Must not be 'latest'"                                                                                                                                 },
    {SERVERS(PACKAGE(STDIO ",\"version\":\"\"")),
     SCHEMA "data.servers.0.packages.0.version: String length must be greater than or equal to 1"                                                                                                     },
    {SERVERS(PACKAGE(STDIO ",\"fileSha256\":\"ab\"")),
     SCHEMA "data.servers.0.packages.0.fileSha256: Does not match pattern '^[a-f0-9]{64}$'"                                                                                                           },
    {SERVERS(PACKAGE("\"registryType\":\"a\",\"identifier\":\"b\",\"transport\":{}")),
     SCHEMA "data.servers.0.packages.0.transport: type is required"                                                                                                                                   },
    {SERVERS(PACKAGE("\"registryType\":\"a\",\"identifier\":\"b\",\"transport\":{\"type\":\"http\"}")),
     SCHEMA "data.servers.0.packages.0.transport.type: Must be one of the following: \"stdio\", "
            "\"streamable-http\", \"sse\""                                                                                                                                                            },
    {SERVERS(PACKAGE("\"registryType\":\"a\",\"identifier\":\"b\",\"transport\":{\"type\":\"sse\"}")),
     SCHEMA "data.servers.0.packages.0.transport: url is required"                                                                                                                                    },
    {SERVERS(
         PACKAGE("\"registryType\":\"a\",\"identifier\":\"b\",\"transport\":{\"type\":\"stdio\",\"url\":5}")),
     SCHEMA "data.servers.0.packages.0.transport.url: Invalid type. Expected: string, given: integer"                                                                                                 },
    {SERVERS(ARGUMENT("{}")),                                                                                       SCHEMA "data.servers.0.packages.0.packageArguments.0: type is required"           },
    {SERVERS(ARGUMENT("{\"type\":\"positional\"}")),
     SCHEMA "data.servers.0.packages.0.packageArguments.0: valueHint or value is required"                                                                                                            },
    {SERVERS(ARGUMENT("{\"type\":\"positional\",\"value\":\"x\",\"name\":5}")),                                     SCHEMA
     "data.servers.0.packages.0.packageArguments.0.name: Invalid type. Expected: string, given: integer"               },
    {SERVERS(ARGUMENT("{\"type\":\"named\",\"value\":\"x\"}")),
     SCHEMA "data.servers.0.packages.0.packageArguments.0: name is required"                                                                                                                          },
    {SERVERS(ARGUMENT("\"--x\"")),
     SCHEMA "data.servers.0.packages.0.packageArguments.0: Invalid type. Expected: object, given: string"                                                                                             },
    {SERVERS(PACKAGE(STDIO ",\"environmentVariables\":[{\"name\":\"a\",\"format\":\"x\",\"choices\":[1]}]")),
     "registry schema validation failed with 2 errors:\n"
     "  1. data.servers.0.packages.0.environmentVariables.0.format: Must be one of the following: "
     "\"string\", "
     "\"number\", \"boolean\", \"filepath\"\n"
     "  2. data.servers.0.packages.0.environmentVariables.0.choices.0: Invalid type. Expected: string, "
     "given: "
     "integer"                                                                                                                                                                                        },
 /* --- remotes */
    {SERVERS(REMOTE("\"type\":\"stdio\"")),
     SCHEMA "data.servers.0.remotes.0.type: Must be one of the following: \"streamable-http\", \"sse\""                                                                                               },
    {SERVERS(REMOTE("\"type\":\"sse\",\"url\":\"{base}/x\"")),
     SCHEMA "data.servers.0.remotes.0.url: Does not match pattern '^https?://[^\\s]+$'"                                                                                                               },
    {SERVERS(REMOTE(
         "\"type\":\"sse\",\"url\":\"http://x\",\"headers\":[{}],\"variables\":{\"v\":{\"isSecret\":1}}")),
     "registry schema validation failed with 2 errors:\n"
     "  1. data.servers.0.remotes.0.variables.v.isSecret: Invalid type. Expected: boolean, given: integer\n"
     "  2. data.servers.0.remotes.0.headers.0: name is required"                                                                                                                                      },
 /* --- the publisher's block */
    {SERVERS(EXTENSION("5")),                                                                                       PUBLISHER "io.github.stacklok: Invalid type. Expected: object, given: integer"    },
    {SERVERS(EXTENSION("{\"k\":{}}")),                                                                              PUBLISHER "io.github.stacklok.k: status is required"                              },
    {SERVERS(EXTENSION("{\"k\":{\"status\":\"new\"}}")),
     PUBLISHER "io.github.stacklok.k.status: Must be one of the following: \"active\", \"deprecated\""                                                                                                },
    {STACKLOK("\"tier\":\"Partner\""),
     PUBLISHER "io.github.stacklok.k.tier: Must be one of the following: \"Official\", \"Community\""                                                                                                 },
    {STACKLOK("\"tags\":[\"ab\",\"c\"]"),
     PUBLISHER "io.github.stacklok.k.tags.1: Does not match pattern '^[a-z0-9][a-z0-9_-]*[a-z0-9]$'"                                                                                                  },
    {STACKLOK("\"tools\":[\"a\",\"b\",\"a\"]"),
     PUBLISHER "io.github.stacklok.k.tools: array items[0,2] must be unique"                                                                                                                          },
    {STACKLOK("\"metadata\":{\"stars\":-0.5}"),
     PUBLISHER "io.github.stacklok.k.metadata.stars: Must be greater than or equal to 0"                                                                                                              },
    {STACKLOK("\"proxy_port\":65536"),
     PUBLISHER "io.github.stacklok.k.proxy_port: Must be less than or equal to 65535"                                                                                                                 },
    {STACKLOK("\"proxy_port\":99999999999999999999"),
     PUBLISHER "io.github.stacklok.k.proxy_port: Must be less than or equal to 65535"                                                                                                                 },
    {STACKLOK("\"proxy_port\":443.5"),
     PUBLISHER "io.github.stacklok.k.proxy_port: Invalid type. Expected: integer, given: number"                                                                                                      },
    {STACKLOK(
         "\"permissions\":{\"network\":{\"outbound\":{\"allow_port\":[443,443.0],\"allow_host\":[\"*\"]}}}"),
     "publisher-provided extensions validation failed with 2 errors:\n"
     "  1. server com.acme/a: publisher-provided extensions schema validation failed: "
     "io.github.stacklok.k.permissions.network.outbound.allow_host.0: Is neither a host name nor '.' and a "
     "domain\n"
     "  2. server com.acme/a: publisher-provided extensions schema validation failed: "
     "io.github.stacklok.k.permissions.network.outbound.allow_port: array items[0,1] must be unique"                                                                                                  },
    {STACKLOK("\"provenance\":{\"sigstore_url\":\"\"}"),
     PUBLISHER "io.github.stacklok.k.provenance.sigstore_url: Does not match format 'hostname'"                                                                                                       },
    {STACKLOK("\"oauth_config\":{\"oauth_params\":{\"a\":1}}"),                                                     PUBLISHER
     "io.github.stacklok.k.oauth_config.oauth_params.a: Invalid type. Expected: string, given: integer"                                },
    {STACKLOK("\"env_vars\":[{\"name\":\"A-B\"}]"),
     PUBLISHER "io.github.stacklok.k.env_vars.0.name: Does not match pattern '^[A-Za-z_][A-Za-z0-9_]*$'"                                                                                              },
    {STACKLOK("\"tool_definitions\":[{\"inputSchema\":[]}]"),
     "publisher-provided extensions validation failed with 2 errors:\n"
     "  1. server com.acme/a: publisher-provided extensions schema validation failed: "
     "io.github.stacklok.k.tool_definitions.0: name is required\n"
     "  2. server com.acme/a: publisher-provided extensions schema validation failed: "
     "io.github.stacklok.k.tool_definitions.0.inputSchema: Invalid type. Expected: object, given: array"                                                                                              },
    {SERVERS(EXTENSION("{\"k\":{}}") ",{\"name\":\"a/b\",\"version\":\"1\"}"),
     "registry schema validation failed with 2 errors:\n  1. server com.acme/a: publisher-provided "
     "extensions "
     "schema validation failed: io.github.stacklok.k: status is required\n"
     "  2. data.servers.1: description is required"                                                                                                                                                   },
 /* --- skills */
    {SKILL(""),
     "registry schema validation failed with 4 errors:\n  1. data.skills.0: namespace is required\n"
     "  2. data.skills.0: name is required\n  3. data.skills.0: description is required\n"
     "  4. data.skills.0: version is required"                                                                                                                                                        },
    {SKILL(GOOD_SKILL ",\"name\":\"a_b\""),
     SCHEMA "data.skills.0.name: Does not match pattern '^[a-z0-9][a-z0-9-]*[a-z0-9]$'"                                                                                                               },
    {SKILL(GOOD_SKILL ",\"namespace\":\"ab\""),
     SCHEMA "data.skills.0.namespace: String length must be greater than or equal to 3"                                                                                                               },
    {SKILL(GOOD_SKILL ",\"status\":\"\""),
     SCHEMA "data.skills.0.status: Must be one of the following: \"active\", \"deprecated\", \"archived\""                                                                                            },
    {SKILL(GOOD_SKILL ",\"allowedTools\":\"Bash Read\""),
     SCHEMA "data.skills.0.allowedTools: Invalid type. Expected: array, given: string"                                                                                                                },
    {SKILL(GOOD_SKILL ",\"allowedTools\":[\"a\",\"a\"]"),
     SCHEMA "data.skills.0.allowedTools: array items[0,1] must be unique"                                                                                                                             },
    {SKILL(GOOD_SKILL ",\"packages\":[{\"registryType\":\"npm\"}],\"icons\":[{}]"),
     "registry schema validation failed with 2 errors:\n  1. data.skills.0.icons.0: src is required\n"
     "  2. data.skills.0.packages.0.registryType: Must be one of the following: \"oci\", \"git\""                                                                                                     },
    {UPSTREAM("{\"servers\":[" SERVER("") "],\"plugins\":[{" GOOD_SKILL
                                          ",\"metadata\":[],\"compatibility\":5}]}"),
     SCHEMA "data.plugins.0.metadata: Invalid type. Expected: object, given: array"                                                                                                                   },
 /* --- ToolHive's own format */
    {"{\"servers\":{}}",                                                                                            "registry must contain at least one server"                                       },
    {"{\"groups\":null}",                                                                                           "registry must contain at least one server"                                       },
    {"{\"servers\":[]}",
     "failed to parse ToolHive registry format: servers: Invalid type. Expected: object, given: array"                                                                                                },
    {"{\"servers\":{\"a\":null}}",                                                                                  "failed to convert server a: the entry is null"                                   },
    {"{\"servers\":{\"a\":5}}",
     "failed to parse ToolHive registry format: servers.a: Invalid type. Expected: object, given: integer"                                                                                            },
    {"{\"servers\":{\"a\":{}}}",                                                                                    "failed to parse ToolHive registry format: servers.a: image is required"          },
    {"{\"servers\":{\"a\":{\"image\":\"a b\",\"target_port\":65536,\"transport\":\"http\"}}}",
     "failed to parse ToolHive registry format with 3 errors:\n"
     "  1. servers.a.image: Must not be empty or hold white space\n"
     "  2. servers.a.transport: Must be one of the following: \"\", \"stdio\", \"sse\", \"streamable-http\"\n"
     "  3. servers.a.target_port: Must be less than or equal to 65535"                                                                                                                                },
    {"{\"remote_servers\":{\"a\":{\"url\":\"x\"}}}",
     "failed to parse ToolHive registry format with 2 errors:\n"
     "  1. remote_servers.a.url: Does not match pattern '^https?://[^\\s]+$'\n"
     "  2. remote_servers.a: transport is required"                                                                                                                                                   },
    {"{\"servers\":{\"a\":{\"image\":\"i\",\"tools\":\"x\",\"permissions\":{\"read\":[5]}}}}",
     "failed to parse ToolHive registry format with 2 errors:\n"
     "  1. servers.a.permissions.read.0: Invalid type. Expected: string, given: integer\n"
     "  2. servers.a.tools: Invalid type. Expected: array, given: string"                                                                                                                             },
    {"{\"servers\":{\"A b\":{\"image\":\"i\"}}}",
     "failed to parse ToolHive registry format: servers.A b.name: Does not match pattern "
     "'^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$'"                                                                                                                                                             },
    {"{\"servers\":{\"a\":{\"image\":\"i\"}},\"remote_servers\":{\"a\":{\"url\":\"http://"
     "x\",\"transport\":\"sse\"}}}",                                                                           "duplicate server name 'io.github.stacklok/a' version '1.0.0'"                    },
    {"{\"servers\":{\"a\":{\"image\":\"i\",\"env_vars\":[{\"name\":\"1A\"},{}]}},\"groups\":[5]}",
     "failed to parse ToolHive registry format with 3 errors:\n"
     "  1. groups.0: Invalid type. Expected: object, given: integer\n"
     "  2. servers.a.env_vars.0.name: Does not match pattern '^[A-Za-z_][A-Za-z0-9_]*$'\n"
     "  3. servers.a.env_vars.1: name is required"                                                                                                                                                    },
};

START_TEST(is_refused)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = feed_read(cases[_i].text, pool);
    ck_assert_str_eq(result.refusal, cases[_i].refusal);
    ck_assert_int_eq(result.status, APR_EINVAL);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(all_is_counted_twenty_are_kept)
{
    apr_pool_t *pool = unit_pool();
    const char *list = "5";
    for (int i = 1; i < 50; i++) {
        list = apr_pstrcat(pool, list, ",5", NULL);
    }
    feed_result result = feed_read(
        apr_pstrcat(
            pool, "{\"version\":\"1.0.0\",\"meta\":{\"last_updated\":\"2026-01-01\"},\"data\":{\"servers\":[",
            list, "]}}", NULL),
        pool);
    ck_assert_int_eq(result.problems->total, 50);
    ck_assert_int_eq(result.problems->list->nelts, 20);
    ck_assert_ptr_nonnull(strstr(result.refusal, "with 50 errors:"));
    ck_assert_ptr_nonnull(strstr(result.refusal, "data.servers.19"));
    ck_assert_int_eq(result.entries->nelts, 0);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_document_cut_anywhere_is_refused)
{
    static const char text[] =
        SERVERS(EXTENSION("{\"k\":{\"status\":\"Active\",\"x\":[1.5e3,\"\\u00e9\"]}}"));
    apr_pool_t *pool = unit_pool();
    for (apr_size_t len = 0; len < sizeof text - 1; len++) {
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, text, len, &feed_defaults);
        ck_assert_int_eq(result.status, APR_EINVAL);
        ck_assert_int_eq(result.entries->nelts, 0);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(deep_nesting_is_refused_with_its_path)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t depth = 100000;
    char *brackets = apr_palloc(pool, depth + 1);
    memset(brackets, '[', depth);
    brackets[depth] = '\0';
    feed_result result = feed_read(apr_pstrcat(pool, "{\"data\":", brackets, NULL), pool);
    ck_assert_ptr_nonnull(strstr(result.refusal, "data.0.0.0"));
    ck_assert_ptr_nonnull(strstr(result.refusal, "nested too deeply at byte"));
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("refusals");
    TCase *tcase = unit_case(suite, "refusals");
    tcase_add_loop_test(tcase, is_refused, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, all_is_counted_twenty_are_kept);
    tcase_add_test(tcase, a_document_cut_anywhere_is_refused);
    tcase_add_test(tcase, deep_nesting_is_refused_with_its_path);
    return unit_run(suite);
}
