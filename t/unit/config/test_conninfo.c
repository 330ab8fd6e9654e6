/*
 * The connection string, as libpq itself reads it back.
 */
#include "common/config/conninfo.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

static const mcpr_config_database simple = {
    .host = "db.example.test",
    .port = 5432,
    .user = "app",
    .database = "registry",
    .password = "secret",
    .migration_user = "owner",
    .migration_password = NULL,
    .ssl_mode = "require",
};

/* The value that libpq finds for a keyword, in `pool`; NULL when there is none. */
static const char *value_of(const char *conninfo, const char *keyword, apr_pool_t *pool)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    const char *value = NULL;

    ck_assert_msg(options != NULL, "libpq refuses the string: %s", message ? message : "");
    for (PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp(option->keyword, keyword) == 0 && option->val) {
            value = apr_pstrdup(pool, option->val);
        }
    }
    PQconninfoFree(options);
    return value;
}

START_TEST(says_all_that_is_set)
{
    apr_pool_t *pool = unit_pool();
    const char *text = mcpr_conninfo(&simple, MCPR_CONNINFO_APPLICATION, "mod_mcp_registry", 5,
                                     "-c statement_timeout=10000", pool);

    ck_assert_str_eq(value_of(text, "host", pool), "db.example.test");
    ck_assert_str_eq(value_of(text, "port", pool), "5432");
    ck_assert_str_eq(value_of(text, "dbname", pool), "registry");
    ck_assert_str_eq(value_of(text, "user", pool), "app");
    ck_assert_str_eq(value_of(text, "password", pool), "secret");
    ck_assert_str_eq(value_of(text, "sslmode", pool), "require");
    ck_assert_str_eq(value_of(text, "application_name", pool), "mod_mcp_registry");
    ck_assert_str_eq(value_of(text, "connect_timeout", pool), "5");
    ck_assert_str_eq(value_of(text, "options", pool), "-c statement_timeout=10000");
    ck_assert_str_eq(value_of(text, "client_encoding", pool), "UTF8");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(notices_that_a_host_is_gone)
{
    apr_pool_t *pool = unit_pool();
    const char *const limits[] = {"keepalives_idle", "keepalives_interval", "keepalives_count",
                                  "tcp_user_timeout"};
    const char *const local[] = {"/run/postgresql", "@abstract", ""};
    mcpr_config_database database = simple;
    const char *text = mcpr_conninfo(&database, MCPR_CONNINFO_APPLICATION, "a", 5, NULL, pool);

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const char *value = value_of(text, limits[i], pool);
        ck_assert_ptr_nonnull(value);
        ck_assert_int_gt(atoi(value), 0);
    }
    for (size_t h = 0; h < sizeof local / sizeof *local; h++) {
        database.host = local[h];
        text = mcpr_conninfo(&database, MCPR_CONNINFO_APPLICATION, "a", 5, NULL, pool);
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
            ck_assert_ptr_null(value_of(text, limits[i], pool));
        }
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(leaves_out_what_is_not)
{
    apr_pool_t *pool = unit_pool();
    const char *text = mcpr_conninfo(&simple, MCPR_CONNINFO_MIGRATION, "thv-syncd", 0, NULL, pool);

    ck_assert_str_eq(value_of(text, "user", pool), "owner");
    ck_assert_ptr_null(value_of(text, "password", pool));
    ck_assert_ptr_null(value_of(text, "options", pool));
    ck_assert_ptr_null(value_of(text, "connect_timeout", pool));
    ck_assert_ptr_null(strstr(text, "secret"));
    apr_pool_destroy(pool);
}
END_TEST

static const char *const odd[] = {"it's",
                                  "back\\slash",
                                  "a b",
                                  "'",
                                  "\\",
                                  "\\'",
                                  "a=b sslmode=disable",
                                  "' host='evil",
                                  "ü€",
                                  "tab\there",
                                  "$(id)",
                                  "\"quoted\"",
                                  "postgresql://evil/db"};

START_TEST(withstands_odd_values)
{
    apr_pool_t *pool = unit_pool();
    mcpr_config_database database = simple;
    const char *text;

    database.host = database.user = database.database = database.password = odd[_i];
    text = mcpr_conninfo(&database, MCPR_CONNINFO_APPLICATION, odd[_i], 5, odd[_i], pool);
    ck_assert_str_eq(value_of(text, "host", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "user", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "dbname", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "password", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "application_name", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "options", pool), odd[_i]);
    ck_assert_str_eq(value_of(text, "sslmode", pool), "require");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(empty_values_stay_empty)
{
    apr_pool_t *pool = unit_pool();
    mcpr_config_database database = simple;
    const char *text;

    database.password = "";
    text = mcpr_conninfo(&database, MCPR_CONNINFO_APPLICATION, "", 5, "", pool);
    ck_assert_ptr_null(value_of(text, "password", pool));
    ck_assert_str_eq(value_of(text, "application_name", pool), "");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("conninfo");
    TCase *tcase = unit_case(suite, "conninfo");

    tcase_add_test(tcase, says_all_that_is_set);
    tcase_add_test(tcase, notices_that_a_host_is_gone);
    tcase_add_test(tcase, leaves_out_what_is_not);
    tcase_add_loop_test(tcase, withstands_odd_values, 0, sizeof odd / sizeof *odd);
    tcase_add_test(tcase, empty_values_stay_empty);
    return unit_run(suite);
}
