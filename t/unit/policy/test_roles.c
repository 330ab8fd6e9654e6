/*
 * Roles: the table of auth.md 9, their order, the role gate.
 */
#include "t/unit/policy/fixture.h"

/* The rules of one role, a list or one map, and whether the caller gets it. */
static const struct {
    const char *rules, *caller;
    int granted;
} cases[] = {
    {"[{'role':'w'}]",             "{'role':'w'}",                 1},
    {"[{'role':'w'}]",             "{'role':['x','w']}",           1},
    {"[{'role':['w','a']}]",       "{'role':'a'}",                 1},
    {"[{'role':'w','org':'o'}]",   "{'role':'w'}",                 0},
    {"[{'org':'a'},{'org':'b'}]",  "{'org':'b'}",                  1},
    {"[{}]",                       "{'role':'w'}",                 0},
    {"[{}]",                       "{}",                           0},
    {"[{'role':[]}]",              "{'role':'w'}",                 0},
    {"[{'role':[]}]",              "{'role':[]}",                  0},
    {"[{'lvl':5}]",                "{'lvl':5}",                    0},
    {"[{'lvl':5}]",                "{'lvl':'5'}",                  0},
    {"[{'role':['w',5]}]",         "{'role':'w'}",                 1},
    {"[{'role':['w',5]}]",         "{'role':5}",                   0},
    {"[{'role':'w'}]",             "{'role':{'w':1}}",             0},
    {"[{'admin':true}]",           "{'admin':true}",               0},
    {"[{'scope':'read'}]",         "{'scope':'read write'}",       0},
 /* and beyond the table */
    {"[{'role':'w','org':'o'}]",   "{'role':'w','org':['p','o']}", 1},
    {"[{'role':'w','org':[]}]",    "{'role':'w','org':'o'}",       0},
    {"[{'role':'w','n':1}]",       "{'role':'w','n':1}",           0},
    {"[{'role':['a','w']}]",       "{'role':['w','z']}",           1},
    {"[{'role':'w'}]",             "{'Role':'w'}",                 0},
    {"[{'role':'w'}]",             "{'role':'W'}",                 0},
    {"[{'role':''}]",              "{'role':''}",                  1},
    {"[{'role':null}]",            "{'role':null}",                0},
    {"[{'realm.roles':'w'}]",      "{'realm':{'roles':'w'}}",      0},
    {"{'role':'w'}",               "{'role':'w'}",                 1}, /* one map for a list of one */
    {"{}",                         "{'role':'w'}",                 0},
    {"[]",                         "{'role':'w'}",                 0},
    {"null",                       "{'role':'w'}",                 0},
    {"'w'",                        "{'role':'w'}",                 0},
    {"['role',['role','w'],null]", "{'role':'w'}",                 0},
    {"[5,{'role':'w'}]",           "{'role':'w'}",                 1},
};

START_TEST(is_granted)
{
    apr_pool_t *pool = unit_pool();

    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        const char *roles = apr_psprintf(pool, "{'%s':%s}", mcpr_role_name(role), cases[_i].rules);
        const mcpr_caller *caller = fixture_caller(cases[_i].caller, roles, pool);

        for (int other = 0; other < MCPR_ROLE_COUNT; other++) {
            int expected = other == role && cases[_i].granted;
            int passes = expected || (role == MCPR_ROLE_SUPER_ADMIN && cases[_i].granted);

            ck_assert_int_eq(mcpr_caller_has_role(caller, other), expected);
            ck_assert_int_eq(mcpr_gate_role(caller, other),
                             passes ? MCPR_VERDICT_ALLOW : MCPR_VERDICT_NO_ROLE);
        }
    }
    apr_pool_destroy(pool);
}
END_TEST

/* The answer of /v1/me follows this order. */
START_TEST(roles_have_an_order)
{
    static const char *const order[] = {"superAdmin", "manageSources", "manageRegistries", "manageEntries"};

    ck_assert_int_eq(MCPR_ROLE_COUNT, sizeof order / sizeof *order);
    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        ck_assert_str_eq(mcpr_role_name(role), order[role]);
    }
}
END_TEST

START_TEST(a_super_admin_has_what_matched_and_passes_all)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_caller *caller = fixture_caller("{'sub':'root','team':'ops'}",
                                               "{'superAdmin':[{'sub':'root'}],"
                                               " 'manageEntries':[{'team':'ops'}],"
                                               " 'manageSources':[{'team':'dev'}]}",
                                               pool);

    ck_assert_int_ne(mcpr_caller_has_role(caller, MCPR_ROLE_SUPER_ADMIN), 0);
    ck_assert_int_ne(mcpr_caller_has_role(caller, MCPR_ROLE_MANAGE_ENTRIES), 0);
    ck_assert_int_eq(mcpr_caller_has_role(caller, MCPR_ROLE_MANAGE_SOURCES), 0);
    ck_assert_int_eq(mcpr_caller_has_role(caller, MCPR_ROLE_MANAGE_REGISTRIES), 0);
    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        ck_assert_int_eq(mcpr_gate_role(caller, role), MCPR_VERDICT_ALLOW);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(without_authz_no_gate_holds)
{
    apr_pool_t *pool = unit_pool();

    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        ck_assert_int_ne(mcpr_caller_has_role(mcpr_caller_open(pool), role), 0);
        ck_assert_int_eq(mcpr_gate_role(mcpr_caller_open(pool), role), MCPR_VERDICT_ALLOW);
        ck_assert_int_eq(mcpr_caller_has_role(mcpr_caller_unknown(pool), role), 0);
        ck_assert_int_eq(mcpr_gate_role(mcpr_caller_unknown(pool), role), MCPR_VERDICT_ALLOW);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(rules_of_no_known_role_grant_nothing)
{
    static const char *const odd[] = {
        NULL,
        "null",
        "[]",
        "{}",
        "'superAdmin'",
        "[{'superAdmin':[{'a':'b'}]}]",
        "{'SuperAdmin':[{'a':'b'}],'admin':[{'a':'b'}],'superAdmin ':[{'a':'b'}]}",
    };
    apr_pool_t *pool = unit_pool();

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        const mcpr_caller *caller = fixture_caller("{'a':'b'}", odd[i], pool);

        for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
            ck_assert_int_eq(mcpr_gate_role(caller, role), MCPR_VERDICT_NO_ROLE);
        }
    }
    ck_assert_str_eq(mcpr_verdict_text(MCPR_VERDICT_NO_ROLE), "forbidden: insufficient permissions");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("roles");
    TCase *tcase = unit_case(suite, "roles");

    tcase_add_loop_test(tcase, is_granted, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, roles_have_an_order);
    tcase_add_test(tcase, a_super_admin_has_what_matched_and_passes_all);
    tcase_add_test(tcase, without_authz_no_gate_holds);
    tcase_add_test(tcase, rules_of_no_known_role_grant_nothing);
    return unit_run(suite);
}
