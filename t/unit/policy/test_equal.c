/*
 * When two sets of claims are the same, by the rule and by their canonical texts.
 */
#include "t/unit/policy/fixture.h"

/* auth.md 10.2, "equal" ({} and NULL are ours); its last vector is among the unsound ones. */
static const struct {
    const char *a, *b;
    int equal;
} cases[] = {
    {"{'t':'x'}",               "{'t':['x']}",             1},
    {"{'t':['a','b']}",         "{'t':['b','a','a']}",     1},
    {"{'t':[]}",                "{'t':'x'}",               0},
    {"{}",                      "{}",                      1},
    {"{}",                      NULL,                      1},
 /* and beyond the table */
    {NULL,                      NULL,                      1},
    {"null",                    "{}",                      1},
    {"{}",                      "{'t':[]}",                0},
    {"{'t':[]}",                "{'t':[]}",                1},
    {"{'t':[]}",                "{'t':''}",                0},
    {"{'t':''}",                "{'t':['','']}",           1},
    {"{'a':'1','b':'2'}",       "{'b':['2'],'a':'1'}",     1},
    {"{'a':'1','b':'2'}",       "{'a':'1'}",               0},
    {"{'a':'1','b':'2'}",       "{'a':'1','c':'2'}",       0},
    {"{'a':'1'}",               "{'A':'1'}",               0},
    {"{'a':'x'}",               "{'a':'X'}",               0},
    {"{'a':'x'}",               "{'a':'x '}",              0},
    {"{'a':['x','y']}",         "{'a':['x','y','z']}",     0},
    {"{'a':['x y']}",           "{'a':['x','y']}",         0},
    {"{'a':'x,y'}",             "{'a':['x','y']}",         0},
    {"{'a':'e\\u0301'}",        "{'a':'\\u00e9'}",         0},
    {"{'':''}",                 "{'':['']}",               1},
    {"{'t':'a\\u0000b'}",       "{'t':'a'}",               0},
    {"{'t':['a','a\\u0000b']}", "{'t':['a']}",             0},
    {"{'t':['a\\u0000b','a']}", "{'t':['a','a\\u0000b']}", 1},
};

/* Values that are sound nowhere equal nothing, themselves included. */
static const char *const unsound[] = {
    "{'t':1}",       "{'t':true}",   "{'t':null}",    "{'t':{}}",        "{'t':{'a':'b'}}",
    "{'t':['a',1]}", "{'t':[null]}", "{'t':[['a']]}", "{'s':'x','t':1}",
};

static int same_text(const char *a, const char *b, apr_pool_t *pool)
{
    json_t *left = fixture_json(a), *right = fixture_json(b);
    int same = strcmp(mcpr_claims_canonical(left, pool), mcpr_claims_canonical(right, pool)) == 0;

    json_decref(left);
    json_decref(right);
    return same;
}

START_TEST(is_equal)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_claims *a = fixture_claims(cases[_i].a, pool), *b = fixture_claims(cases[_i].b, pool);

    ck_assert_int_eq(mcpr_claims_equal(a, b), cases[_i].equal);
    ck_assert_int_eq(mcpr_claims_equal(b, a), cases[_i].equal);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(has_the_same_text_exactly_when_equal)
{
    apr_pool_t *pool = unit_pool();

    ck_assert_int_eq(same_text(cases[_i].a, cases[_i].b, pool), cases[_i].equal);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(what_is_unsound_equals_nothing)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_claims *one = fixture_claims(unsound[_i], pool);

    ck_assert_int_eq(mcpr_claims_equal(one, one), 0);
    for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++) {
        ck_assert_int_eq(mcpr_claims_equal(one, fixture_claims(unsound[i], pool)), 0);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(mcpr_claims_equal(one, fixture_claims(cases[i].a, pool)), 0);
        ck_assert_int_eq(mcpr_claims_equal(fixture_claims(cases[i].a, pool), one), 0);
    }
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("equal");
    TCase *tcase = unit_case(suite, "equal");

    tcase_add_loop_test(tcase, is_equal, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, has_the_same_text_exactly_when_equal, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, what_is_unsound_equals_nothing, 0, sizeof unsound / sizeof *unsound);
    return unit_run(suite);
}
