/*
 * Claims that nobody sends in good faith: huge, deep, repeated, empty, odd, broken.
 */
#include "common/policy/check.h"
#include "t/unit/policy/fixture.h"

#define MANY 100000

static json_t *numbered(const char *format, int from, int to)
{
    json_t *list = json_array();

    for (int i = from; i < to; i++) {
        json_array_append_new(list, json_sprintf(format, i));
    }
    return list;
}

static const mcpr_caller *bound(json_t *claims, apr_pool_t *pool)
{
    const mcpr_caller *caller = mcpr_caller_bound(claims, mcpr_roles_read(NULL, pool), pool);

    json_decref(claims);
    return caller;
}

static const mcpr_claims *compiled(json_t *claims, apr_pool_t *pool)
{
    const mcpr_claims *made = mcpr_claims_read(claims, pool);

    json_decref(claims);
    return made;
}

START_TEST(huge_lists)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_caller *caller = bound(json_pack("{s:o}", "g", numbered("g%d", 0, MANY)), pool);
    const mcpr_claims *same = compiled(json_pack("{s:o}", "g", numbered("g%d", 0, MANY)), pool);
    const mcpr_claims *more = compiled(json_pack("{s:o}", "g", numbered("g%d", 0, MANY + 1)), pool);
    const mcpr_claims *other = compiled(json_pack("{s:o}", "g", numbered("h%d", 0, MANY)), pool);

    ck_assert_int_eq(mcpr_gate_grant(caller, same), MCPR_VERDICT_ALLOW);
    ck_assert_int_eq(mcpr_gate_grant(caller, more), MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_gate_visible(caller, more), MCPR_VERDICT_ALLOW);
    ck_assert_int_eq(mcpr_gate_visible(caller, other), MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_claims_equal(same, same), 1);
    ck_assert_int_eq(mcpr_claims_equal(same, more), 0);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(many_keys)
{
    apr_pool_t *pool = unit_pool();
    json_t *all = json_object();

    for (int i = 0; i < MANY; i++) {
        json_object_set_new(all, apr_psprintf(pool, "k%d", i), json_string("v"));
    }
    const mcpr_claims *every = mcpr_claims_read(all, pool);
    const mcpr_caller *holder = mcpr_caller_bound(all, mcpr_roles_read(NULL, pool), pool);

    json_object_del(all, "k77777");
    const mcpr_caller *lacker = bound(all, pool);

    ck_assert_int_eq(mcpr_gate_grant(holder, every), MCPR_VERDICT_ALLOW);
    ck_assert_int_eq(mcpr_gate_grant(lacker, every), MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_gate_visible(lacker, every), MCPR_VERDICT_UNCOVERED);
    apr_pool_destroy(pool);
}
END_TEST

/* One string, a hundred thousand times, then one more that the caller has not. */
START_TEST(repeats)
{
    apr_pool_t *pool = unit_pool();
    json_t *list = numbered("same", 0, MANY), *claims = json_pack("{s:o}", "g", list);
    const mcpr_caller *caller = fixture_caller("{'g':'same'}", NULL, pool);

    ck_assert_str_eq(mcpr_claims_canonical(claims, pool), "{\"g\":\"same\"}");
    ck_assert_int_eq(mcpr_gate_grant(caller, mcpr_claims_read(claims, pool)), MCPR_VERDICT_ALLOW);
    json_array_append_new(list, json_string("other"));
    ck_assert_str_eq(mcpr_claims_canonical(claims, pool), "{\"g\":[\"other\",\"same\"]}");
    ck_assert_int_eq(mcpr_gate_grant(caller, mcpr_claims_read(claims, pool)), MCPR_VERDICT_UNCOVERED);
    json_decref(claims);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(one_number_in_a_huge_list_closes_it)
{
    apr_pool_t *pool = unit_pool();
    json_t *list = numbered("g%d", 0, MANY);

    json_array_append_new(list, json_integer(1));
    const mcpr_caller *caller = bound(json_pack("{s:O}", "g", list), pool);
    const mcpr_claims *resource = compiled(json_pack("{s:o}", "g", list), pool);

    ck_assert_int_eq(mcpr_gate_visible(caller, resource), MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_gate_grant(caller, resource), MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_gate_grant(caller, fixture_claims("{'g':['g0','g99999']}", pool)),
                     MCPR_VERDICT_ALLOW);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_list_of_numbers_fills_no_memory)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 10);
    json_t *list = json_array();

    for (int i = 0; i < MANY; i++) {
        json_array_append_new(list, json_integer(i));
    }
    json_t *claims = json_pack("{s:o}", "g", list);

    ck_assert_int_eq(mcpr_claims_check(claims, "", problems), 0);
    ck_assert_int_eq(problems->total, MANY);
    ck_assert_int_eq(problems->list->nelts, 10);
    json_decref(claims);
    apr_pool_destroy(pool);
}
END_TEST

/* `depth` lists around "x", as the value of "k". */
static char *deep(int depth, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, 2 * (apr_size_t)depth + 16), *at = text;

    at += sprintf(at, "{\"k\":");
    memset(at, '[', depth);
    at += depth;
    at += sprintf(at, "\"x\"");
    memset(at, ']', depth);
    strcpy(at + depth, "}");
    return text;
}

START_TEST(deep_values)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_caller *caller = fixture_caller("{'k':'x'}", NULL, pool);
    const char *two = deep(2, pool), *most = deep(2000, pool), *beyond = deep(200000, pool);
    json_t *json = fixture_json(most);
    mcpr_problems *problems = mcpr_problems_create(pool, 10);

    ck_assert_int_eq(mcpr_gate_visible(caller, mcpr_claims_parse(two, strlen(two), pool)),
                     MCPR_VERDICT_UNCOVERED);
    ck_assert_int_eq(mcpr_gate_visible(caller, mcpr_claims_read(json, pool)), MCPR_VERDICT_UNCOVERED);
    ck_assert_str_eq(mcpr_claims_canonical(json, pool), most);
    ck_assert_int_eq(mcpr_claims_check(json, "", problems), 0);
    json_decref(json);
    /* what the decoder gives up on is unlabelled */
    ck_assert_int_ne(mcpr_claims_unlabelled(mcpr_claims_parse(beyond, strlen(beyond), pool)), 0);
    apr_pool_destroy(pool);
}
END_TEST

/* Texts of the store that should never be there: none of them shows anything to anybody. */
static const char *const broken[] = {
    "",
    " ",
    "{",
    "}",
    "null",
    "{}",
    "[]",
    "[{\"org\":\"acme\"}]",
    "\"org\"",
    "{\"org\":\"acme\"",
    "{\"org\":\"acme\"}}",
    "{\"org\":\"acme\"} {\"org\":\"acme\"}",
    "{\"org\":\"acme\",}",
    "{'org':'acme'}",
    "{org: acme}",
    "{\"org\":\"acme\xff\"}",
    "{\"org\xc0\xaf\":\"acme\"}",
    "{\"org\":\"\xed\xa0\x80\"}",
    "{\"org\":\"\\ud800\"}",
    "{\"org\\u0000\":\"acme\"}",
    "{\"org\":\"acme\",\"n\":1e999}",
    "\xef\xbb\xbf{\"org\":\"acme\"}",
};

START_TEST(broken_text_is_unlabelled)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_claims *claims = mcpr_claims_parse(broken[_i], strlen(broken[_i]), pool);
    const mcpr_caller *caller = fixture_caller("{'org':'acme'}", NULL, pool);

    ck_assert_int_ne(mcpr_claims_unlabelled(claims), 0);
    ck_assert_int_eq(mcpr_claims_visible(caller, claims), 0);
    ck_assert_int_eq(mcpr_gate_visible(caller, claims), MCPR_VERDICT_UNLABELLED);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_length_is_heeded)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] = "{\"org\":\"acme\"}garbage", nul[] = "{\"org\":\"a\0c\"}";

    ck_assert_int_ne(mcpr_claims_unlabelled(mcpr_claims_parse(NULL, 0, pool)), 0);
    ck_assert_int_ne(mcpr_claims_unlabelled(mcpr_claims_parse(text, 0, pool)), 0);
    ck_assert_int_eq(mcpr_claims_unlabelled(mcpr_claims_parse(text, strlen("{\"org\":\"acme\"}"), pool)), 0);
    ck_assert_int_ne(mcpr_claims_unlabelled(mcpr_claims_parse(nul, sizeof nul - 1, pool)), 0);
    apr_pool_destroy(pool);
}
END_TEST

/* The rule of one caller and one resource, in both gates. */
static const struct {
    const char *caller, *resource;
    int visible, grant;
} odd[] = {
  /* of a repeated key the last counts, on both sides */
    {"{'org':'evil','org':'acme'}",                       "{'org':'acme'}",                         1, 1},
    {"{'org':'acme','org':'evil'}",                       "{'org':'acme'}",                         0, 0},
    {"{'org':'acme'}",                                    "{'org':'acme','org':'evil'}",            0, 0},
    {"{'org':'acme'}",                                    "{'org':5,'org':'acme'}",                 1, 1},
 /* empty keys and values are keys and values */
    {"{'':'x'}",                                          "{'':'x'}",                               1, 1},
    {"{'':''}",                                           "{'':['']}",                              1, 1},
    {"{'':''}",                                           "{'':[]}",                                1, 1},
    {"{'a':''}",                                          "{'':''}",                                0, 0},
    {"{'a':'x'}",                                         "{'a':''}",                               0, 0},
 /* NUL ends nothing */
    {"{'org':'acme'}",                                    "{'org':'acme\\u0000'}",                  0, 0},
    {"{'org':'acme\\u0000evil'}",                         "{'org':'acme'}",                         0, 0},
    {"{'org':'acme\\u0000evil'}",                         "{'org':'acme\\u0000good'}",              0, 0},
    {"{'org':'a\\u0000b'}",                               "{'org':'a\\u0000b'}",                    1, 1},
    {"{'org':['acme\\u0000']}",                           "{'org':['acme','acme\\u0000']}",         1, 0},
 /* no folding, no normal forms, no look-alikes */
    {"{'org':'\\u00e9'}",                                 "{'org':'e\\u0301'}",                     0, 0},
    {"{'org':'stra\\u00dfe'}",                            "{'org':'strasse'}",                      0, 0},
    {"{'\\u043erg':'acme'}",                              "{'org':'acme'}",                         0, 0},
    {"{'org':'acme\\u200b'}",                             "{'org':'acme'}",                         0, 0},
    {"{'org':'\\u00e9'}",                                 "{'org':'\xc3\xa9'}",                     1, 1},
    {"{'g':'\\ud83d\\ude00'}",                            "{'g':'\xf0\x9f\x98\x80'}",               1, 1},
 /* no splitting, no patterns, no text that looks like JSON */
    {"{'g':'a,b'}",                                       "{'g':'a'}",                              0, 0},
    {"{'g':'*'}",                                         "{'g':'a'}",                              0, 0},
    {"{'g':'a'}",                                         "{'g':'*'}",                              0, 0},
    {"{'g':'[\\\"a\\\"]'}",                               "{'g':['a']}",                            0, 0},
    {"{'g':['a'],'h':'b'}",                               "{'g':{'0':'a'}}",                        0, 0},
 /* numbers beyond 64 bits, of a caller, do no harm to his other claims */
    {"{'n':123456789012345678901234567890,'org':'acme'}", "{'org':'acme'}",                         1, 1},
    {"{'n':123456789012345678901234567890}",              "{'n':'123456789012345678901234567890'}", 0, 0},
 /* prefixes, both ways */
    {"{'org':'acm'}",                                     "{'org':'acme'}",                         0, 0},
    {"{'org':'acmee'}",                                   "{'org':'acme'}",                         0, 0},
    {"{'or':'acme','orgs':'acme'}",                       "{'org':'acme'}",                         0, 0},
};

START_TEST(is_odd)
{
    apr_pool_t *pool = unit_pool();
    const mcpr_caller *caller = fixture_caller(odd[_i].caller, NULL, pool);
    const mcpr_claims *resource = fixture_claims(odd[_i].resource, pool);

    ck_assert_int_eq(mcpr_gate_visible(caller, resource) == MCPR_VERDICT_ALLOW, odd[_i].visible);
    ck_assert_int_eq(mcpr_gate_grant(caller, resource) == MCPR_VERDICT_ALLOW, odd[_i].grant);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tcase = unit_case(suite, "hostile");

    tcase_add_test(tcase, huge_lists);
    tcase_add_test(tcase, many_keys);
    tcase_add_test(tcase, repeats);
    tcase_add_test(tcase, one_number_in_a_huge_list_closes_it);
    tcase_add_test(tcase, a_list_of_numbers_fills_no_memory);
    tcase_add_test(tcase, deep_values);
    tcase_add_loop_test(tcase, broken_text_is_unlabelled, 0, sizeof broken / sizeof *broken);
    tcase_add_test(tcase, the_length_is_heeded);
    tcase_add_loop_test(tcase, is_odd, 0, sizeof odd / sizeof *odd);
    return unit_run(suite);
}
