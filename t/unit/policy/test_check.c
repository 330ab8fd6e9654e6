/*
 * What is said of claims and role rules that can't be as they were written.
 */
#include "common/policy/check.h"
#include "t/unit/policy/fixture.h"

#define BOTH "value must be a string or array of strings"

static const struct {
    const char *claims;
    int count;
    const char *message; /* of the last problem */
} cases[] = {
    {NULL,                                                             0, NULL                                                          },
    {"null",                                                           0, NULL                                                          },
    {"{}",                                                             0, NULL                                                          },
    {"{'org':'acme','team':['a','b','a'],'none':[],'':'','a.b':['']}", 0, NULL                                                          },
    {"[]",                                                             1, "claims must be an object, got array"                         },
    {"'org'",                                                          1, "claims must be an object, got string"                        },
    {"5",                                                              1, "claims must be an object, got number"                        },
    {"false",                                                          1, "claims must be an object, got boolean"                       },
    {"{'n':5}",                                                        1, "claim \"n\": " BOTH ", got number"                           },
    {"{'n':5.5}",                                                      1, "claim \"n\": " BOTH ", got number"                           },
    {"{'n':true}",                                                     1, "claim \"n\": " BOTH ", got boolean"                          },
    {"{'n':null}",                                                     1, "claim \"n\": " BOTH ", got null"                             },
    {"{'n':{'a':'b'}}",                                                1, "claim \"n\": " BOTH ", got object"                           },
    {"{'n':['a',1]}",                                                  1, "claim \"n\": array element [1] must be a string, got number" },
    {"{'n':[null]}",                                                   1, "claim \"n\": array element [0] must be a string, got null"   },
    {"{'n':['a','b',['c']]}",                                          1, "claim \"n\": array element [2] must be a string, got array"  },
    {"{'n':[{},'a',false]}",                                           2, "claim \"n\": array element [2] must be a string, got boolean"},
    {"{'a':'x','':1}",                                                 1, "claim \"\": " BOTH ", got number"                            },
    {"{'a':1,'b':['x'],'c':[2,3],'d':null}",                           4, NULL                                                          },
    {"{'n':'a\\u0000b'}",                                              1, "claim \"n\": value must not hold a NUL character"            },
    {"{'n':['a','\\u0000']}",                                          1, "claim \"n\": array element [1] must not hold a NUL character"},
    {"{'a\\nb':1}",                                                    1, "claim \"a b\": " BOTH ", got number"                         },
    {"{'%s%n':1}",                                                     1, "claim \"%s%n\": " BOTH ", got number"                        },
    {"{'n':1,'n':'x'}",                                                0, NULL                                                          }, /* the last counts */
    {"{'n':'x','n':1}",                                                1, "claim \"n\": " BOTH ", got number"                           },
};

static const mcpr_problem *last(const mcpr_problems *problems)
{
    return &APR_ARRAY_IDX(problems->list, problems->list->nelts - 1, mcpr_problem);
}

START_TEST(is_checked)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 10);
    json_t *claims = fixture_json(cases[_i].claims);
    int good = mcpr_claims_check(claims, "here", problems);

    json_decref(claims);
    ck_assert_int_eq(good, cases[_i].count == 0);
    ck_assert_int_eq(problems->total, cases[_i].count);
    if (cases[_i].message) {
        ck_assert_str_eq(last(problems)->place, "here");
        ck_assert_str_eq(last(problems)->message, cases[_i].message);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(earlier_problems_are_not_these)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 10);
    json_t *claims = fixture_json("{'a':'b'}");

    mcpr_problems_add(problems, "", "something else");
    ck_assert_int_ne(mcpr_claims_check(claims, "", problems), 0);
    json_decref(claims);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_long_key_leaves_room_for_what_is_wrong)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 10);
    char *key = apr_pcalloc(pool, 100001);
    json_t *claims = json_object();
    const char *message;

    memset(key, 'k', 100000);
    json_object_set_new(claims, key, json_integer(1));
    ck_assert_int_eq(mcpr_claims_check(claims, "", problems), 0);
    json_decref(claims);
    message = last(problems)->message;
    ck_assert_ptr_nonnull(strstr(message, BOTH ", got number"));
    ck_assert_int_lt(strlen(message), 400);
    apr_pool_destroy(pool);
}
END_TEST

/* A rule that says something in vain, what is said of it, and where. */
static const struct {
    const char *roles;
    int count;
    const char *place, *message; /* of the last warning */
} warnings[] = {
    {NULL,                                                                 0, NULL,                                     NULL                            },
    {"{'superAdmin':[{'sub':'root'}],'manageEntries':{'role':['w','a']}}", 0, NULL,                                     NULL                            },
    {"{'superAdmin':[]}",                                                  0, NULL,                                     NULL                            },
    {"{'manageSources':[{'a':'b'},{}]}",                                   1, "auth.authz.roles.manageSources[1]",
     "matches nobody: names no claim"                                                                                                                   },
    {"{'superAdmin':{}}",                                                  1, "auth.authz.roles.superAdmin",            "matches nobody: names no claim"},
    {"{'manageEntries':[{'a':'b','lvl':5}]}",                              1, "auth.authz.roles.manageEntries[0].lvl",
     "matches nobody: must be a string or array of strings, got number"                                                                                 },
    {"{'manageEntries':[{'a':true}]}",                                     1, "auth.authz.roles.manageEntries[0].a",
     "matches nobody: must be a string or array of strings, got boolean"                                                                                },
    {"{'manageRegistries':[{'a':[]}]}",                                    1, "auth.authz.roles.manageRegistries[0].a",
     "matches nobody: no string in the list"                                                                                                            },
    {"{'manageRegistries':{'a':['w',5]}}",                                 1, "auth.authz.roles.manageRegistries.a",
     "element [1] is ignored: must be a string, got number"                                                                                             },
    {"{'manageRegistries':[{'a':[null]}]}",                                2, "auth.authz.roles.manageRegistries[0].a",
     "matches nobody: no string in the list"                                                                                                            },
};

START_TEST(is_warned_of)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 10);
    json_t *roles = fixture_json(warnings[_i].roles);

    mcpr_roles_warn(roles, problems);
    json_decref(roles);
    ck_assert_int_eq(problems->total, warnings[_i].count);
    if (warnings[_i].message) {
        ck_assert_str_eq(last(problems)->place, warnings[_i].place);
        ck_assert_str_eq(last(problems)->message, warnings[_i].message);
    }
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = unit_case(suite, "check");

    tcase_add_loop_test(tcase, is_checked, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, earlier_problems_are_not_these);
    tcase_add_test(tcase, a_long_key_leaves_room_for_what_is_wrong);
    tcase_add_loop_test(tcase, is_warned_of, 0, sizeof warnings / sizeof *warnings);
    return unit_run(suite);
}
