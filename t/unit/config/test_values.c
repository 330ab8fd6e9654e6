/*
 * What a good configuration holds once it is loaded: defaults, given values, the environment over the file.
 */
#include "t/unit/config/load_text.h"

#define REST                                                  \
    "registries: [{name: r, sources: [a]}]\n"                 \
    "database: {host: h, port: 5432, user: u, database: d}\n" \
    "auth: {mode: anonymous}\n"
#define MINIMAL "sources: [{name: a, managed: {}}]\n" REST

static const mcpr_config_source *source(const mcpr_config *config, int i)
{
    ck_assert_int_lt(i, config->sources->nelts);
    return &APR_ARRAY_IDX(config->sources, i, mcpr_config_source);
}

static const char *joined(const apr_array_header_t *list, apr_pool_t *pool)
{
    ck_assert_ptr_nonnull(list);
    return apr_array_pstrcat(pool, list, '|');
}

static void assert_json(const json_t *json, const char *text)
{
    char *dump;

    ck_assert_ptr_nonnull(json);
    dump = json_dumps(json, JSON_COMPACT);
    ck_assert_str_eq(dump, text);
    free(dump);
}

START_TEST(defaults)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_config *config = text_load(MINIMAL, NULL, pool);

    ck_assert_int_eq(source(config, 0)->type, MCPR_SOURCE_MANAGED);
    ck_assert_int_eq(source(config, 0)->format, MCPR_FORMAT_AUTO);
    ck_assert_int_eq(source(config, 0)->interval, 0);
    ck_assert_int_eq(source(config, 0)->filter.present, 0);
    ck_assert_int_eq(source(config, 0)->filter.tags_exclude->nelts, 0);
    ck_assert_ptr_null(source(config, 0)->claims);
    ck_assert_str_eq(config->database.ssl_mode, "require");
    ck_assert_ptr_null(config->database.password);
    ck_assert_str_eq(config->database.migration_user, "u");
    ck_assert_int_eq(config->database.max_open_conns, 0);
    ck_assert_int_eq(config->database.conn_max_lifetime, apr_time_from_sec(3600));
    ck_assert_int_eq(config->database.max_meta_size, 262144);
    ck_assert_int_eq(config->database.auto_migrate, 1);
    ck_assert_str_eq(config->auth.realm, "mcp-registry");
    ck_assert_int_eq(config->auth.authz, 0);
    ck_assert_int_eq(config->audit.max_data_size, 1024);
    ck_assert_str_eq(config->telemetry.endpoint, "localhost:4318");
    ck_assert_double_eq(config->telemetry.sampling, 0.05);
    ck_assert_int_eq(config->sync.poll_interval, apr_time_from_sec(5));
    ck_assert_int_eq(config->sync.deadline, apr_time_from_sec(600));
    ck_assert_int_eq(config->sync.tombstone_age, apr_time_from_sec(720 * 3600));
    ck_assert_int_eq(config->sync.workers, 4);
    ck_assert_int_eq(config->limits.document_bytes, 104857600);
    ck_assert_int_eq(config->limits.entries, 100000);
    ck_assert_int_eq(config->limits.pages, 1000);
    ck_assert_int_eq(config->api.cors_enabled, 1);
    ck_assert_str_eq(joined(config->api.cors_allowed_origins, pool), "*");
    ck_assert_int_eq(config->api.older_surface, 1);
    ck_assert_str_eq(config->watch_namespace, "");
    ck_assert_ptr_null(config->leader_election_id);
    ck_assert(mcpr_problems_none(config->warnings));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(sources_as_written)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_config *config = text_load(
        "sources:\n"
        "  - {name: g, format: toolhive, git: {repository: r, tag: 1.20, commit: ~}, syncPolicy: {interval: "
        "1.5h}}\n"
        "  - {name: p, api: {endpoint: e, timeout: 1m}, syncPolicy: {interval: 1ns}}\n"
        "  - {name: f, file: {path: p}, syncPolicy: {interval: 30s},\n"
        "     filter: {names: {include: 'a, b'}, tags: {exclude: [x, 1.50, true]}}}\n"
        "  - {name: u, file: {url: 'https://h/', timeout: -1s}, syncPolicy: {interval: 30s}}\n"
        "  - {name: k, kubernetes: {namespaces: one}, claims: {Org: Acme, team: [b, a, b], none: []}}\n"
        "registries:\n"
        "  - {name: Any name/, sources: [f, g, f, p], claims: {}}\n"
        "database: {host: h, port: 5432, user: u, database: d}\n"
        "auth: {mode: anonymous}\n",
        NULL, pool);

    ck_assert_str_eq(source(config, 0)->git.tag, "1.20");
    ck_assert_ptr_null(source(config, 0)->git.commit);
    ck_assert_str_eq(source(config, 0)->git.path, "registry.json");
    ck_assert_int_eq(source(config, 0)->format, MCPR_FORMAT_TOOLHIVE);
    ck_assert_int_eq(source(config, 0)->interval, apr_time_from_sec(5400));
    ck_assert_int_eq(source(config, 1)->api.timeout, apr_time_from_sec(60));
    ck_assert_int_eq(source(config, 1)->interval, 1);
    ck_assert_int_eq(source(config, 2)->filter.present, 1);
    ck_assert_str_eq(joined(source(config, 2)->filter.names_include, pool), "a| b");
    ck_assert_str_eq(joined(source(config, 2)->filter.tags_exclude, pool), "x|1.50|true");
    ck_assert_int_eq(source(config, 3)->file.timeout, apr_time_from_sec(30));
    ck_assert_str_eq(joined(source(config, 4)->kubernetes_namespaces, pool), "one");
    assert_json(source(config, 4)->claims, "{\"Org\":\"Acme\",\"team\":[\"b\",\"a\",\"b\"],\"none\":[]}");
    ck_assert_str_eq(joined(APR_ARRAY_IDX(config->registries, 0, mcpr_config_registry).sources, pool),
                     "g|f|p");
    ck_assert_ptr_null(APR_ARRAY_IDX(config->registries, 0, mcpr_config_registry).claims);
    for (int i = MCPR_SOURCE_GIT; i <= MCPR_SOURCE_KUBERNETES; i++) {
        ck_assert_ptr_nonnull(mcpr_source_type_name((mcpr_source_type)i));
    }
    ck_assert_str_eq(mcpr_source_type_name(source(config, 4)->type), "kubernetes");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(roles_and_providers)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_config *config = text_load("sources: [{name: a, managed: {}}]\n"
                                          "registries: [{name: r, sources: [a]}]\n"
                                          "database: {host: h, port: 5432, user: u, database: d}\n"
                                          "auth:\n"
                                          "  PublicPaths: /docs,/more\n"
                                          "  oauth: {realm: '', providers: [{name: n, issuerUrl: "
                                          "'https://i', audience: a, allowPrivateIP: 1}]}\n"
                                          "  authz: {roles: {superadmin: {Group: Root}, manageEntries: [{n: "
                                          "5, b: true, z: ~}], manageSources: ~}}\n",
                                          NULL, pool);
    const mcpr_config_provider *provider = &APR_ARRAY_IDX(config->auth.providers, 0, mcpr_config_provider);

    ck_assert_int_eq(config->auth.mode, MCPR_AUTH_OAUTH);
    ck_assert_str_eq(joined(config->auth.public_paths, pool), "/docs|/more");
    ck_assert_str_eq(config->auth.realm, "mcp-registry");
    ck_assert_int_eq(config->auth.providers->nelts, 1);
    ck_assert_str_eq(provider->issuer_url, "https://i");
    ck_assert_int_eq(provider->allow_private_ip, 1);
    ck_assert_int_eq(config->auth.authz, 1);
    assert_json(
        config->auth.roles,
        "{\"superAdmin\":[{\"Group\":\"Root\"}],\"manageEntries\":[{\"n\":5,\"b\":true,\"z\":null}]}");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(passwords_of_two_users)
{
    apr_pool_t *pool = unit_pool();
    const char *const env[] = {"THV_REGISTRY_DATABASE_PASSWORD=from environment", NULL};
    const char *const owner[] = {"THV_REGISTRY_DATABASE_MIGRATIONUSER=owner", NULL};
    const mcpr_config *config = text_load(MINIMAL "database.password: ''\n", NULL, pool);

    ck_assert_ptr_null(config->database.password);
    ck_assert_ptr_null(config->database.migration_password);
    config = text_load(MINIMAL "database.password: from file\n", env, pool);
    ck_assert_str_eq(config->database.password, "from environment");
    ck_assert_str_eq(config->database.migration_password, "from environment");
    config = text_load(MINIMAL "database.password: from file\n", owner, pool);
    ck_assert_str_eq(config->database.password, "from file");
    ck_assert_str_eq(config->database.migration_user, "owner");
    ck_assert_ptr_null(config->database.migration_password);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(environment_over_file)
{
    apr_pool_t *pool = unit_pool();
    const char *const env[] = {"THV_REGISTRY_DATABASE_HOST=elsewhere",
                               "THV_REGISTRY_DATABASE_HOST=second",
                               "THV_REGISTRY_DATABASE_MAXOPENCONNS=0x10",
                               "THV_REGISTRY_AUDIT_ENABLED=T",
                               "THV_REGISTRY_AUDIT_EVENTTYPES=a, b,",
                               "THV_REGISTRY_TELEMETRY_TRACING_SAMPLING=0.5",
                               "THV_REGISTRY_SYNC_POLLINTERVAL=1m",
                               "THV_REGISTRY_API_CORS_ALLOWEDORIGINS=https://x.example.test",
                               "THV_REGISTRY_ENABLE_AGGREGATED_ENDPOINTS=false",
                               "THV_REGISTRY_INSECURE_URL=1",
                               "THV_REGISTRY_COMPRESS_RESPONSE=true",
                               "THV_REGISTRY_WATCH_NAMESPACE= a , b",
                               "THV_REGISTRY_LEADER_ELECTION_ID=mine",
                               "THV_REGISTRY_DATABASE_USER=",
                               NULL};
    const mcpr_config *config =
        text_load(MINIMAL "insecure_url: false\nwatch_namespace: ignored\n", env, pool);

    ck_assert_str_eq(config->database.host, "elsewhere");
    ck_assert_str_eq(config->database.user, "u");
    ck_assert_int_eq(config->database.max_open_conns, 16);
    ck_assert_int_eq(config->audit.enabled, 1);
    ck_assert_str_eq(joined(config->audit.event_types, pool), "a| b|");
    ck_assert_int_eq(config->audit.event_types->nelts, 3);
    ck_assert_double_eq(config->telemetry.sampling, 0.5);
    ck_assert_int_eq(config->sync.poll_interval, apr_time_from_sec(60));
    ck_assert_str_eq(joined(config->api.cors_allowed_origins, pool), "https://x.example.test");
    ck_assert_int_eq(config->api.older_surface, 0);
    ck_assert_int_eq(config->insecure_url, 1);
    ck_assert_int_eq(config->compress_response, 1);
    ck_assert_str_eq(config->watch_namespace, "a,b");
    ck_assert_str_eq(config->leader_election_id, "mine");
    ck_assert(mcpr_problems_none(config->warnings));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(own_keys_win_over_merged_ones)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_config *config = text_load("x: &x {syncPolicy: {Interval: 10m}, file: {path: merged}}\n"
                                          "sources:\n"
                                          "  - {<<: *x, name: a, FILE: {path: own}}\n"
                                          "  - {name: b, <<: [{file: {path: first}}, *x]}\n" REST,
                                          NULL, pool);

    ck_assert_str_eq(source(config, 0)->file.path, "own");
    ck_assert_int_eq(source(config, 0)->interval, apr_time_from_sec(600));
    ck_assert_str_eq(source(config, 1)->file.path, "first");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(lists_of_none)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_config *config = text_load(MINIMAL "api: {cors: {allowedOrigins: []}}\n"
                                                  "audit: {eventTypes: '', excludeEventTypes: [~, a]}\n",
                                          NULL, pool);

    ck_assert_int_eq(config->api.cors_allowed_origins->nelts, 0);
    ck_assert_int_eq(config->audit.event_types->nelts, 0);
    ck_assert_str_eq(joined(config->audit.exclude_event_types, pool), "|a");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config values");
    TCase *tcase = unit_case(suite, "values");

    tcase_add_test(tcase, defaults);
    tcase_add_test(tcase, sources_as_written);
    tcase_add_test(tcase, roles_and_providers);
    tcase_add_test(tcase, passwords_of_two_users);
    tcase_add_test(tcase, environment_over_file);
    tcase_add_test(tcase, own_keys_win_over_merged_ones);
    tcase_add_test(tcase, lists_of_none);
    return unit_run(suite);
}
