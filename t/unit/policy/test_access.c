/*
 * What a caller may see, touch and set: the table of auth.md 10.1, the vectors of 10.2, and the gates.
 */
#include "t/unit/policy/fixture.h"

#define ROLES "{'superAdmin': [{'sub': 'root'}], 'manageEntries': [{'role': 'writer'}]}"

/* auth.md 10.2, by number; "list" is ours where the reference differs (33, 35, 36). No caller is NULL; a
 * resource that is NULL is an SQL one. */
static const struct {
    int number;
    const char *caller, *resource;
    int list, gate, grant;
} vectors[] = {
    {1,  "{'org':'acme'}",                        "{'org':'acme'}",                             1, 1, 1},
    {2,  "{'org':'acme'}",                        "{'org':'ACME'}",                             0, 0, 0},
    {3,  "{'org':'acme'}",                        "{'Org':'acme'}",                             0, 0, 0},
    {4,  "{'org':'acme '}",                       "{'org':'acme'}",                             0, 0, 0},
    {5,  "{'org':'acme','team':'p'}",             "{'org':'acme'}",                             1, 1, 1},
    {6,  "{'org':'acme'}",                        "{'org':'acme','team':'p'}",                  0, 0, 0},
    {7,  "{'org':'acme','team':'d'}",             "{'org':'acme','team':'p'}",                  0, 0, 0},
    {8,  "{'team':'p'}",                          "{'team':['p']}",                             1, 1, 1},
    {9,  "{'team':'p'}",                          "{'team':['p','d']}",                         1, 1, 0},
    {10, "{'team':['p']}",                        "{'team':['p','d']}",                         1, 1, 0},
    {11, "{'team':['p','d']}",                    "{'team':['p','d']}",                         1, 1, 1},
    {12, "{'team':['x']}",                        "{'team':['p','d']}",                         0, 0, 0},
    {13, "{'team':['p','p']}",                    "{'team':['p']}",                             1, 1, 1},
    {14, "{'org':'acme','team':['p']}",           "{'org':['acme','globex'],'team':['p','d']}", 1, 1, 0},
    {15, "{'org':'other','team':['p']}",          "{'org':'acme','team':['p','d']}",            0, 0, 0},
    {16, "{'team':'p'}",                          "{'team':[]}",                                1, 1, 1},
    {17, "{'team':null}",                         "{'team':[]}",                                1, 1, 1},
    {18, "{'team':5}",                            "{'team':[]}",                                1, 1, 1},
    {19, "{'org':'acme'}",                        "{'team':[]}",                                0, 0, 0},
    {20, "{'team':[]}",                           "{'team':'p'}",                               0, 0, 0},
    {21, "{'team':''}",                           "{'team':''}",                                1, 1, 1},
    {22, "{'team':5}",                            "{'team':'5'}",                               0, 0, 0},
    {23, "{'team':'5'}",                          "{'team':5}",                                 0, 0, 0},
    {24, "{'admin':true}",                        "{'admin':true}",                             0, 0, 0},
    {25, "{'team':null}",                         "{'team':null}",                              0, 0, 0},
    {26, "{'team':{'n':'p'}}",                    "{'team':{'n':'p'}}",                         0, 0, 0},
    {27, "{'realm_access':{'roles':['a']}}",      "{'realm_access.roles':'a'}",                 0, 0, 0},
    {28, "{'team':['p',5]}",                      "{'team':'p'}",                               1, 1, 1},
    {29, "{'team':['p',5]}",                      "{'team':['p',5]}",                           0, 0, 0},
    {30, "{'team':[['p']]}",                      "{'team':'p'}",                               0, 0, 0},
    {31, "{'scope':'read write'}",                "{'scope':'read'}",                           0, 0, 0},
    {32, "{'org':'acme','bad':'x'}",              "{'org':'acme','bad':1}",                     0, 0, 0},
    {33, "{'org':'acme'}",                        "{}",                                         0, 0, 0},
    {34, "{'org':'acme'}",                        NULL,                                         0, 0, 0},
    {35, "{'org':'acme'}",                        "null",                                       0, 0, 0},
    {36, "{}",                                    "{'org':'acme'}",                             0, 0, 0},
    {37, NULL,                                    "{'org':'acme'}",                             1, 1, 1},
    {38, NULL,                                    "{'team':5}",                                 1, 1, 1},
    {39, "{'sub':'root'}",                        NULL,                                         1, 1, 1},
    {40, "{'aud':['api','x'],'iss':'https://i'}", "{'aud':'api'}",                              1, 1, 1},
};

static void assert_access(int number, const mcpr_caller *caller, const mcpr_claims *claims, int list,
                          int gate, int grant)
{
    ck_assert_msg(mcpr_claims_visible(caller, claims) == list, "list of %d", number);
    ck_assert_msg((mcpr_gate_visible(caller, claims) == MCPR_VERDICT_ALLOW) == gate, "gate of %d", number);
    ck_assert_msg((mcpr_gate_grant(caller, claims) == MCPR_VERDICT_ALLOW) == grant, "grant of %d", number);
}

START_TEST(is_a_vector)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_claims *resource = fixture_claims(vectors[_i].resource, pool);
    const mcpr_caller *caller =
        vectors[_i].caller ? fixture_caller(vectors[_i].caller, ROLES, pool) : mcpr_caller_unknown(pool);

    ck_assert_int_eq(vectors[_i].number, _i + 1);
    assert_access(_i + 1, caller, resource, vectors[_i].list, vectors[_i].gate, vectors[_i].grant);
    assert_access(_i + 1, mcpr_caller_open(pool), resource, 1, 1, 1);
    apr_pool_destroy(pool);
}
END_TEST

/* The store has the canonical text and nothing else: it must mean the same. */
START_TEST(is_the_same_from_the_store)
{
    apr_pool_t *pool = unit_pool();
    json_t *json = fixture_json(vectors[_i].resource);
    const char *text = mcpr_claims_canonical(json, pool);
    const mcpr_claims *resource = mcpr_claims_parse(text, strlen(text), pool);
    const mcpr_caller *caller =
        vectors[_i].caller ? fixture_caller(vectors[_i].caller, ROLES, pool) : mcpr_caller_unknown(pool);

    json_decref(json);
    assert_access(_i + 1, caller, resource, vectors[_i].list, vectors[_i].gate, vectors[_i].grant);
    apr_pool_destroy(pool);
}
END_TEST

/* auth.md 10.1, one key. A cell is visible and grant: "no", "see" (visible alone) or "yes" (both). The rows
 * and columns that stand for several values end with all of them. */
/* clang-format off */
static const char *const haves[][11] = {
    {"{}"},
    {"{'k':'a'}"},
    {"{'k':['a','b']}"},
    {"{'k':[]}", "{'k':5}", "{'k':0.5}", "{'k':true}", "{'k':false}", "{'k':null}", "{'k':{}}",
     "{'k':{'a':'a'}}", "{'k':[1,null]}", "{'k':[['a']]}", "{'k':[{'a':'b'}]}"},
};

static const struct {
    const char *needs[9];
    const char *cells[4];
} rows[] = {
    {{"'a'"}, {"no", "yes", "yes", "no"}},
    {{"'z'"}, {"no", "no", "no", "no"}},
    {{"['a']"}, {"no", "yes", "yes", "no"}},
    {{"['a','b']"}, {"no", "see", "yes", "no"}},
    {{"['a','z']"}, {"no", "see", "see", "no"}},
    {{"[]"}, {"no", "yes", "yes", "yes"}},
    {{"1", "0.5", "true", "false", "null", "{'a':'a'}", "['a',1]", "[null]", "[['a']]"},
     {"no", "no", "no", "no"}},
};
/* clang-format on */

static void assert_cell(const char *have, const char *need, const char *cell, apr_pool_t *pool)
{
    const mcpr_caller *caller = fixture_caller(have, ROLES, pool);
    const mcpr_claims *claims = fixture_claims(apr_psprintf(pool, "{'k':%s}", need), pool);
    const char *found = mcpr_gate_grant(caller, claims) == MCPR_VERDICT_ALLOW ? "yes" : "no";

    if (mcpr_gate_visible(caller, claims) == MCPR_VERDICT_ALLOW && strcmp(found, "no") == 0) {
        found = "see";
    }
    ck_assert_msg(strcmp(found, cell) == 0, "%s of %s: %s, not %s", need, have, found, cell);
    ck_assert_int_eq(mcpr_claims_visible(caller, claims), strcmp(cell, "no") != 0);
}

START_TEST(is_a_row)
{
    apr_pool_t *pool = unit_pool();

    for (size_t need = 0; need < 9 && rows[_i].needs[need]; need++) {
        for (size_t column = 0; column < 4; column++) {
            for (size_t have = 0; have < 11 && haves[column][have]; have++) {
                assert_cell(haves[column][have], rows[_i].needs[need], rows[_i].cells[column], pool);
            }
        }
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_closed_gate_tells_why)
{
    static const char none[] = "insufficient claims: resource has no claims";
    static const char uncovered[] = "insufficient claims: caller claims do not cover resource claims";
    static const struct {
        const char *resource, *text;
    } cases[] = {
        {NULL,             none     },
        {"null",           none     },
        {"{}",             none     },
        {"[]",             none     },
        {"'org'",          none     },
        {"5",              none     },
        {"{'org':'x'}",    uncovered},
        {"{'org':5}",      uncovered},
        {"{'':''}",        uncovered},
        {"{'org':'acme'}", ""       },
    };
    apr_pool_t *pool = unit_pool();
    const mcpr_caller *caller = fixture_caller("{'org':'acme'}", ROLES, pool);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const mcpr_claims *resource = fixture_claims(cases[i].resource, pool);

        ck_assert_str_eq(mcpr_verdict_text(mcpr_gate_visible(caller, resource)), cases[i].text);
        ck_assert_str_eq(mcpr_verdict_text(mcpr_gate_grant(caller, resource)), cases[i].text);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_missing_set_holds_a_bound_caller)
{
    apr_pool_t *pool = unit_pool();
    const char *const callers[] = {NULL, "null", "{}", "[]", "'org'"};

    for (size_t i = 0; i < sizeof callers / sizeof *callers; i++) {
        const mcpr_caller *caller = fixture_caller(callers[i], "{'superAdmin':[{}]}", pool);

        ck_assert_int_eq(mcpr_caller_sees_all(caller), 0);
        assert_access(-1, caller, fixture_claims("{'org':'acme'}", pool), 0, 0, 0);
        assert_access(-1, caller, fixture_claims("{'org':[]}", pool), 0, 0, 0);
        assert_access(-1, caller, fixture_claims(NULL, pool), 0, 0, 0);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(only_some_see_all)
{
    apr_pool_t *pool = unit_pool();

    ck_assert_int_ne(mcpr_caller_sees_all(mcpr_caller_unknown(pool)), 0);
    ck_assert_int_ne(mcpr_caller_sees_all(mcpr_caller_open(pool)), 0);
    ck_assert_int_ne(mcpr_caller_sees_all(fixture_caller("{'sub':['x','root']}", ROLES, pool)), 0);
    ck_assert_int_eq(mcpr_caller_sees_all(fixture_caller("{'sub':'Root'}", ROLES, pool)), 0);
    ck_assert_int_eq(mcpr_caller_sees_all(fixture_caller("{'role':'writer'}", ROLES, pool)), 0);
    ck_assert_int_eq(mcpr_caller_sees_all(fixture_caller("{'sub':'root'}", NULL, pool)), 0);
    apr_pool_destroy(pool);
}
END_TEST

/* Nothing of the JSON is kept: it may go before the sets are used. */
START_TEST(sets_stand_alone)
{
    apr_pool_t *pool = unit_pool();
    char text[] = "{\"team\":[\"p\",\"d\"]}";
    const mcpr_claims *claims = mcpr_claims_parse(text, strlen(text), pool);
    const mcpr_caller *caller = fixture_caller("{'team':'d'}", NULL, pool);

    memset(text, 'x', sizeof text);
    ck_assert_int_ne(mcpr_claims_visible(caller, claims), 0);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("access");
    TCase *tcase = unit_case(suite, "vectors");

    tcase_add_loop_test(tcase, is_a_vector, 0, sizeof vectors / sizeof *vectors);
    tcase_add_loop_test(tcase, is_the_same_from_the_store, 0, sizeof vectors / sizeof *vectors);
    tcase_add_loop_test(tcase, is_a_row, 0, sizeof rows / sizeof *rows);
    tcase = unit_case(suite, "gates");
    tcase_add_test(tcase, a_closed_gate_tells_why);
    tcase_add_test(tcase, a_missing_set_holds_a_bound_caller);
    tcase_add_test(tcase, only_some_see_all);
    tcase_add_test(tcase, sets_stand_alone);
    return unit_run(suite);
}
