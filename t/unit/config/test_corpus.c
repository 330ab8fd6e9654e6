/*
 * Malformed and odd configurations: every file of corpus/ with its verdict and what the messages must say.
 */
#include "common/config/config.h"
#include "common/util/utf8.h"
#include "t/unit/unit.h"
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

#define CORPUS MCPR_TEST_SRCDIR "/t/unit/config/corpus/"

/* Of a refused file the problems must hold all `texts`, of an accepted one the warnings. None may hold
 * `absent`. */
static const struct expectation {
    const char *file;
    int valid;
    const char *texts[9];
    const char *absent[2];
    const char *env[6];
} corpus[] = {
  /* clang-format off */
    {.file = "plain.yaml", .valid = 1},
    {.file = "comments-only.yaml",
     .texts = {"at least one source", "at least one registry", "database.host is required", "auth is required"}},
    {.file = "null-document.yaml", .texts = {"at least one source"}},
    {.file = "scalar-root.yaml", .texts = {"scalar-root.yaml:1", "must be a mapping", "text"}},
    {.file = "unclosed-flow.yaml", .texts = {"line "}},
    {.file = "second-document.yaml", .valid = 1},
    {.file = "directive-1-2.yaml", .valid = 1},
    {.file = "directive-2-0.yaml", .texts = {"line 1"}},
    {.file = "tag-directive.yaml", .valid = 1},
    {.file = "unknown-tag.yaml", .valid = 1},
    {.file = "wrong-tag.yaml", .texts = {"wrong-tag.yaml:1", "does not fit its tag"}},
    {.file = "binary-tag.yaml", .valid = 1},
    {.file = "utf16-le.yaml", .valid = 1},
    {.file = "utf16-be.yaml", .valid = 1},
    {.file = "cr-only.yaml", .valid = 1},
    {.file = "latin1-comment.yaml", .texts = {"latin1-comment.yaml:2", "UTF-8"}},
    {.file = "overlong.yaml", .texts = {"UTF-8"}},
    {.file = "surrogate.yaml", .texts = {"line 1"}},
    {.file = "nul-byte.yaml", .texts = {"control characters"}},
    {.file = "nul-escape.yaml", .texts = {"database.host", "NUL"}},
    {.file = "nul-in-key.yaml", .texts = {"key must be plain text"}},
    {.file = "list-as-key.yaml", .texts = {"list-as-key.yaml:1", "key must be plain text"}},
    {.file = "scalar-keys.yaml", .valid = 1},
    {.file = "duplicate-below-unknown.yaml", .texts = {"'c'", "twice"}},
    {.file = "duplicate-quoted.yaml", .texts = {"'auth'", "twice"}},
    {.file = "two-spellings.yaml", .texts = {"'HOST'", "'host'", "two spellings"}},
    {.file = "two-spellings-top.yaml", .texts = {"'Auth'", "'auth'"}},
    {.file = "claim-spellings.yaml", .valid = 1},
    {.file = "role-spellings.yaml", .valid = 1},
    {.file = "unknown-anchor.yaml", .texts = {"unknown anchor"}, .absent = {"hunter2"}},
    {.file = "anchor-in-itself.yaml", .texts = {"holds itself"}},
    {.file = "bomb.yaml", .texts = {"aliases stand for more"}},
    {.file = "merge-bomb.yaml", .texts = {"aliases stand for more"}},
    {.file = "deep-150.yaml", .valid = 1},
    {.file = "deep-20000.yaml", .texts = {"nested deeper"}},
    {.file = "deep-by-aliases.yaml", .texts = {"nested deeper"}},
    {.file = "merge-list.yaml", .valid = 1},
    {.file = "merge-scalar.yaml", .texts = {"merge key takes a mapping"}},
    {.file = "merge-twice.yaml", .texts = {"<<", "twice"}},
    {.file = "merge-quoted.yaml", .valid = 1},
    {.file = "dotted.yaml", .valid = 1},
    {.file = "dotted-twice.yaml", .texts = {"'database.host'", "twice"}},
    {.file = "dotted-unknown.yaml", .valid = 1},
    {.file = "plain.json", .valid = 1},
    {.file = "pairs.json", .valid = 1},
    {.file = "comment.json", .texts = {"comment.json:1", "not JSON"}},
    {.file = "trailing-comma.json", .texts = {"not JSON"}},
    {.file = "yaml-inside.json", .texts = {"not JSON"}},
    {.file = "duplicate.json", .texts = {"auth", "duplicate"}},
    {.file = "line.json", .texts = {"line.json:2", "database.port", "65535"}},
    {.file = "empty.json", .texts = {"not JSON"}},
    {.file = "wrong.toml", .texts = {"unsupported config type 'toml'"}},
    {.file = "upper.YAML", .texts = {"unsupported config type 'YAML'"}},
    {.file = "source-null.yaml", .texts = {"source[0]: name is required"}},
    {.file = "source-scalar.yaml", .texts = {"sources must be a list of mappings"}},
    {.file = "source-list-in-list.yaml", .texts = {"sources[0] must be a mapping, not a list"}},
    {.file = "source-name-list.yaml", .texts = {"name must be a single value"}},
    {.file = "source-name-dots.yaml", .texts = {"name 'a.b' must be a valid DNS subdomain"}},
    {.file = "source-name-64.yaml", .texts = {"max 63"}},
    {.file = "source-name-63.yaml", .valid = 1},
    {.file = "source-name-newline.yaml", .texts = {"valid DNS subdomain"}},
    {.file = "source-name-number.yaml", .valid = 1},
    {.file = "source-twice.yaml", .texts = {"source[1] (catalog)", "duplicate"}},
    {.file = "type-null.yaml", .texts = {"one of git, api, file, managed, or kubernetes"}},
    {.file = "type-beside-null.yaml", .valid = 1},
    {.file = "type-scalar.yaml", .texts = {"file must be a mapping, not text"}, .absent = {"file.path or"}},
    {.file = "interval-negative.yaml", .texts = {"syncPolicy.interval must be greater than zero"}},
    {.file = "interval-null.yaml", .texts = {"syncPolicy.interval is required"}},
    {.file = "interval-days.yaml", .texts = {"invalid duration '1d'"}},
    {.file = "interval-huge.yaml", .texts = {"invalid duration"}},
    {.file = "interval-managed.yaml", .valid = 1},
    {.file = "policy-scalar.yaml", .texts = {"syncPolicy must be a mapping"}},
    {.file = "git-no-repository.yaml", .texts = {"git.repository is required"}},
    {.file = "git-branch-and-tag.yaml", .valid = 1, .texts = {"only one of branch, tag, or commit"}},
    {.file = "git-password-relative.yaml", .texts = {"absolute"}},
    {.file = "git-password-missing.yaml", .texts = {"/nonexistent/secret"}},
    {.file = "git-password-half.yaml", .texts = {"git.auth.username"}},
    {.file = "git-password-folder.yaml", .valid = 1},
    {.file = "api-empty.yaml", .texts = {"api.endpoint is required"}},
    {.file = "api-timeout-zero.yaml", .texts = {"api.timeout must be greater than zero"}},
    {.file = "api-timeout-most.yaml", .valid = 1},
    {.file = "api-toolhive.yaml", .texts = {"format must be either empty or upstream when using api"}},
    {.file = "format-empty.yaml", .valid = 1},
    {.file = "format-spaces.yaml", .texts = {"got ' toolhive'"}},
    {.file = "file-neither.yaml", .texts = {"file.path or file.url is required"}},
    {.file = "file-data.yaml", .valid = 1, .texts = {"file.data is ignored"}},
    {.file = "file-data-alone.yaml", .texts = {"file.path or file.url is required"}},
    {.file = "file-timeout-unused.yaml", .valid = 1},
    {.file = "file-timeout-bad.yaml", .texts = {"file.timeout must be a valid duration"}},
    {.file = "file-timeout-negative.yaml", .valid = 1},
    {.file = "file-url-relative.yaml", .texts = {"file.url must be an absolute"}},
    {.file = "file-url-no-host.yaml", .texts = {"no host"}},
    {.file = "file-url-port.yaml", .texts = {"port"}},
    {.file = "file-url-escape.yaml", .texts = {"percent"}},
    {.file = "file-url-user.yaml", .valid = 1},
    {.file = "namespace-bad.yaml", .texts = {"invalid namespace name: Bad"}},
    {.file = "namespace-twice.yaml", .texts = {"duplicate namespace: a"}},
    {.file = "kubernetes-empty.yaml", .valid = 1},
    {.file = "kubernetes-empty.yaml", .valid = 1, .env = {"THV_REGISTRY_WATCH_NAMESPACE= a, b "}},
    {.file = "kubernetes-empty.yaml", .texts = {"WATCH_NAMESPACE"},
     .env = {"THV_REGISTRY_WATCH_NAMESPACE=a,"}},
    {.file = "claims-list.yaml", .texts = {"claims must be a mapping, not a list"}},
    {.file = "claims-element.yaml",
     .texts = {"source[0] (catalog): claims.team[1] must be a string", "claims-element.yaml:5"}},
    {.file = "claims-null.yaml", .texts = {"claims.org", "null"}},
    {.file = "claims-date.yaml", .texts = {"claims.since", "a date"}},
    {.file = "claims-nested.yaml", .texts = {"claims.org", "a mapping"}},
    {.file = "claims-odd-but-good.yaml", .valid = 1},
    {.file = "filter-mapping-inside.yaml", .texts = {"filter.names.include[0] must be a string"}},
    {.file = "filter-scalar.yaml", .texts = {"filter must be a mapping"}},
    {.file = "registry-no-sources.yaml", .texts = {"registries[0] (default): at least one source"}},
    {.file = "registry-nameless.yaml", .texts = {"registries[0]: name is required"}},
    {.file = "registry-odd-name.yaml", .valid = 1},
    {.file = "registry-twice.yaml", .texts = {"registries[1] (a)", "duplicate"}},
    {.file = "registry-not-trimmed.yaml", .texts = {"unknown source ' catalog'"}},
    {.file = "registry-claims.yaml", .texts = {"registries[0] (a): claims.n"}},
    {.file = "database-missing.yaml", .texts = {"database.host is required"}},
    {.file = "database-null.yaml", .texts = {"database.host is required"}},
    {.file = "database-scalar.yaml", .texts = {"database must be a mapping"}, .absent = {"is required"}},
    {.file = "database-missing.yaml", .valid = 1,
     .env = {"THV_REGISTRY_DATABASE_HOST=h", "THV_REGISTRY_DATABASE_PORT=5432", "THV_REGISTRY_DATABASE_USER=u", "THV_REGISTRY_DATABASE_DATABASE=d"}},
    {.file = "port-zero.yaml", .texts = {"database.port is required"}},
    {.file = "port-high.yaml", .texts = {"between 1 and 65535"}},
    {.file = "port-negative.yaml", .texts = {"between 1 and 65535"}},
    {.file = "port-overflow.yaml", .texts = {"between 1 and 65535"}},
    {.file = "port-forms.yaml", .valid = 1},
    {.file = "port-octal.yaml", .valid = 1},
    {.file = "port-float.yaml", .valid = 1},
    {.file = "port-quoted-float.yaml", .texts = {"database.port must be a whole number"}},
    {.file = "port-list.yaml", .texts = {"database.port must be a single value, not a list"}},
    {.file = "port-infinite.yaml", .texts = {"between 1 and 65535"}},
    {.file = "conns-overflow.yaml", .texts = {"database.maxOpenConns"}},
    {.file = "conns-negative.yaml", .valid = 1},
    {.file = "plain.yaml", .valid = 1, .env = {"THV_REGISTRY_DATABASE_MAXOPENCONNS=10000"}},
    {.file = "plain.yaml", .texts = {"THV_REGISTRY_DATABASE_MAXOPENCONNS", "between 1 and 10000"},
     .env = {"THV_REGISTRY_DATABASE_MAXOPENCONNS=10001"}},
    {.file = "lifetime-bad.yaml", .texts = {"database.connMaxLifetime", "forever"}},
    {.file = "meta-zero.yaml", .texts = {"database.maxMetaSize must be between 1"}},
    {.file = "meta-null.yaml", .valid = 1},
    {.file = "migrate-yes.yaml", .texts = {"database.autoMigrate must be true or false"}},
    {.file = "migrate-number.yaml", .valid = 1},
    {.file = "password-list.yaml", .texts = {"database.password"}, .absent = {"hunter2"}},
    {.file = "socket.yaml", .valid = 1},
    {.file = "iam-password.yaml", .texts = {"database.password and database.dynamicAuth"}},
    {.file = "iam.yaml", .valid = 1},
    {.file = "iam.yaml", .texts = {"database.migrationPassword"}, .absent = {"hunter2"},
     .env = {"THV_REGISTRY_DATABASE_MIGRATIONPASSWORD=hunter2"}},
    {.file = "iam-empty-region.yaml", .texts = {"region is required"}},
    {.file = "iam-vanishes.yaml", .valid = 1},
    {.file = "auth-empty.yaml", .texts = {"auth is required"}},
    {.file = "auth-empty.yaml", .valid = 1, .env = {"THV_REGISTRY_AUTH_MODE=anonymous"}},
    {.file = "auth-list.yaml", .texts = {"auth must be a mapping"}},
    {.file = "mode-empty.yaml", .texts = {"auth.mode must be 'anonymous' or 'oauth'"}},
    {.file = "mode-case.yaml", .texts = {"got 'Anonymous'"}, .absent = {"auth.oauth is required"}},
    {.file = "mode-null.yaml", .valid = 1},
    {.file = "oauth-missing.yaml", .texts = {"auth.oauth is required when mode is oauth"}},
    {.file = "oauth-no-providers.yaml", .texts = {"auth.oauth.providers is required"}},
    {.file = "oauth-one-mapping.yaml", .valid = 1},
    {.file = "provider-bare.yaml",
     .texts = {"auth.oauth.providers[0].name is required", "auth.oauth.providers[0].issuerUrl is required", "auth.oauth.providers[0].audience is required"}},
    {.file = "issuer-relative.yaml", .texts = {"issuerUrl must be an absolute URL"}},
    {.file = "issuer-localhost-like.yaml", .texts = {"issuerUrl must use HTTPS"}},
    {.file = "issuer-ipv6.yaml", .valid = 1},
    {.file = "issuer-userinfo.yaml", .texts = {"issuerUrl must use HTTPS"}},
    {.file = "anonymous-bad-oauth.yaml", .valid = 1},
    {.file = "authz-anonymous.yaml", .texts = {"auth.authz", "anonymous"}},
    {.file = "authz-null.yaml", .texts = {"auth.authz", "at least one role"}},
    {.file = "authz-null-role.yaml", .texts = {"at least one role"}},
    {.file = "authz-empty-list.yaml", .valid = 1},
    {.file = "authz-no-roles-key.yaml", .texts = {"at least one role"}},
    {.file = "authz-scalar-rule.yaml", .texts = {"auth.authz.roles.superAdmin must be a list of mappings"}},
    {.file = "authz-null-rule.yaml", .texts = {"auth.authz.roles.manageEntries[1]"}},
    {.file = "authz-public.yaml", .valid = 1, .texts = {"/registry/"}},
    {.file = "roles-in-vain.yaml", .valid = 1,
     .texts = {"auth.authz.roles.superAdmin[1]: matches nobody", "auth.authz.roles.manageEntries[0].level: matches nobody",
               "auth.authz.roles.manageEntries[0].team: element [1] is ignored"}},
    {.file = "authz-list.yaml", .texts = {"auth.authz must be a mapping"}},
    {.file = "audit-no-folder.yaml", .texts = {"audit.logFile", "/nonexistent"}},
    {.file = "audit-negative.yaml", .texts = {"audit.maxDataSize must be between 0 and 1048576"}},
    {.file = "audit-word.yaml", .texts = {"audit.enabled must be true or false"}},
    {.file = "plain.yaml", .texts = {"environment: THV_REGISTRY_AUDIT_ENABLED", "true or false"},
     .env = {"THV_REGISTRY_AUDIT_ENABLED=yes"}},
    {.file = "plain.yaml", .valid = 1, .texts = {"THV_REGISTRY_DATABASE", "names a block"},
     .env = {"THV_REGISTRY_DATABASE=x", "THV_REGISTRY_SOURCES=y", "THV_REGISTRY_UNKNOWN=z", "THV_REGISTRY_AUTH_AUTHZ_ROLES_SUPERADMIN=q"}},
    {.file = "plain.yaml", .valid = 1, .texts = {"Kubernetes"},
     .env = {"THV_REGISTRY_DATABASE_PORT=tcp://10.0.0.7:5432"}},
    {.file = "plain.yaml", .texts = {"environment: THV_REGISTRY_DATABASE_PORT"},
     .env = {"THV_REGISTRY_DATABASE_PORT=http://10.0.0.7:5432"}},
    {.file = "plain.yaml", .valid = 1,
     .env = {"THV_REGISTRY_DATABASE_PORT=", "THV_REGISTRY_DATABASE_port=x", "LANG=C", "broken", "=x"}},
    {.file = "plain.yaml", .texts = {"environment: THV_REGISTRY_INSECURE_URL"},
     .env = {"THV_REGISTRY_INSECURE_URL=yes"}},
    {.file = "plain.yaml", .texts = {"valid UTF-8"}, .env = {"THV_REGISTRY_DATABASE_HOST=\377"}},
    {.file = "plain.yaml", .valid = 1, .env = {"THV_REGISTRY_ENABLE_AGGREGATED_ENDPOINTS=false"}},
    {.file = "plain.yaml", .texts = {"environment: THV_REGISTRY_ENABLE_AGGREGATED_ENDPOINTS"},
     .env = {"THV_REGISTRY_ENABLE_AGGREGATED_ENDPOINTS=maybe"}},
    {.file = "sampling-zero.yaml", .texts = {"telemetry.tracing.sampling"}},
    {.file = "sampling-nan.yaml", .texts = {"telemetry.tracing.sampling"}},
    {.file = "sampling-unused.yaml", .valid = 1},
    {.file = "tracing-scalar.yaml", .texts = {"telemetry.tracing must be a mapping"}},
    {.file = "workers-none.yaml", .texts = {"sync.workers", "sync.pollInterval", "sync.tombstoneAge"}},
    {.file = "limits-bad.yaml", .texts = {"limits.entries", "limits.pages"},
     .absent = {"limits.documentBytes"}},
    {.file = "cors.yaml", .valid = 1},
    {.file = "many-at-once.yaml",
     .texts = {"name 'A'", "one of git", "git.repository", "registries[0]", "database.host", "database.port", "auth.mode", "audit.maxDataSize"}},
  /* clang-format on */
};

#define ROWS ((int)(sizeof corpus / sizeof *corpus))

START_TEST(gives_its_verdict)
{
    const struct expectation *expected = &corpus[_i];
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 50);
    const char *path = apr_pstrcat(pool, CORPUS, expected->file, NULL), *said;
    const mcpr_config *config = (const mcpr_config *)pool;
    apr_status_t rv = mcpr_config_load(&config, path, expected->env, problems, pool);

    said = mcpr_problems_text(rv == APR_SUCCESS ? config->warnings : problems, expected->file, pool);
    ck_assert_msg((rv == APR_SUCCESS) == expected->valid, "%s: %s", expected->file, said);
    ck_assert_int_eq(mcpr_problems_none(problems), rv == APR_SUCCESS);
    ck_assert(rv == APR_SUCCESS || config == NULL);
    for (int i = 0; i < 9 && expected->texts[i]; i++) {
        ck_assert_msg(strstr(said, expected->texts[i]) != NULL, "%s does not say '%s': %s", expected->file,
                      expected->texts[i], said);
    }
    for (int i = 0; i < 2 && expected->absent[i]; i++) {
        ck_assert_msg(strstr(said, expected->absent[i]) == NULL, "%s says '%s': %s", expected->file,
                      expected->absent[i], said);
    }
    ck_assert(mcpr_utf8_valid(said, strlen(said)));
    apr_pool_destroy(pool);
}
END_TEST

/* Cut anywhere, a file must be refused or accepted, never crash; most cuts are refused. */
START_TEST(survives_being_cut)
{
    static const char *const whole[] = {"plain.yaml", "pairs.json", "merge-list.yaml", "utf16-le.yaml"};
    apr_pool_t *pool = unit_pool(), *each;
    char *bytes = apr_palloc(pool, 4096), *folder;
    const char *cut = apr_pstrcat(pool, "/cut", strrchr(whole[_i], '.'), NULL);
    apr_size_t len = 4096;
    apr_file_t *file;

    ck_assert_int_eq(apr_file_open(&file, apr_pstrcat(pool, CORPUS, whole[_i], NULL), APR_FOPEN_READ,
                                   APR_FPROT_OS_DEFAULT, pool),
                     APR_SUCCESS);
    ck_assert_int_eq(apr_file_read(file, bytes, &len), APR_SUCCESS);
    apr_file_close(file);
    folder = apr_pstrdup(pool, "/tmp/mcpr-cut-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    cut = apr_pstrcat(pool, folder, cut, NULL);
    ck_assert_int_eq(apr_pool_create(&each, pool), APR_SUCCESS);
    for (apr_size_t end = 0; end < len; end++) {
        mcpr_problems *problems = mcpr_problems_create(each, 50);
        const mcpr_config *config;
        apr_size_t written = end;
        apr_status_t rv;

        ck_assert_int_eq(apr_file_open(&file, cut, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE,
                                       APR_FPROT_OS_DEFAULT, each),
                         APR_SUCCESS);
        ck_assert(end == 0 || apr_file_write(file, bytes, &written) == APR_SUCCESS);
        apr_file_close(file);
        rv = mcpr_config_load(&config, cut, NULL, problems, each);
        ck_assert_int_eq(mcpr_problems_none(problems), rv == APR_SUCCESS);
        ck_assert(rv != APR_SUCCESS || end > len - 8);
        apr_pool_clear(each);
    }
    apr_file_remove(cut, pool);
    apr_dir_remove(folder, pool);
    apr_pool_destroy(pool);
}
END_TEST

/* A file without a row would be no test. */
START_TEST(every_file_has_a_verdict)
{
    apr_pool_t *pool = unit_pool();
    apr_dir_t *dir;
    apr_finfo_t info;

    ck_assert_int_eq(apr_dir_open(&dir, CORPUS, pool), APR_SUCCESS);
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        int found = info.name[0] == '.';

        for (int i = 0; i < ROWS && !found; i++) {
            found = strcmp(corpus[i].file, info.name) == 0;
        }
        ck_assert_msg(found, "no verdict for %s", info.name);
    }
    apr_dir_close(dir);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config corpus");
    TCase *tcase = unit_case(suite, "corpus");

    tcase_add_loop_test(tcase, gives_its_verdict, 0, ROWS);
    tcase_add_loop_test(tcase, survives_being_cut, 0, 4);
    tcase_add_test(tcase, every_file_has_a_verdict);
    return unit_run(suite);
}
