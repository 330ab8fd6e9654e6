/*
 * The canonical form of claims.
 */
#include "common/policy/claims.h"
#include "t/unit/unit.h"

/* The last of them are unsound: what matches nobody must not become what matches somebody. */
static const struct {
    const char *claims;
    const char *canonical;
} cases[] = {
    {"null",                                              "{}"                                             },
    {"{}",                                                "{}"                                             },
    {"{\"org\":\"acme\"}",                                "{\"org\":\"acme\"}"                             },
    {"{\"b\":\"2\",\"a\":\"1\"}",                         "{\"a\":\"1\",\"b\":\"2\"}"                      },
    {"{\"B\":\"1\",\"a\":\"1\",\"A\":\"1\"}",             "{\"A\":\"1\",\"B\":\"1\",\"a\":\"1\"}"          },
    {"{\"ab\":\"1\",\"a\":\"1\",\"a-\":\"1\"}",           "{\"a\":\"1\",\"a-\":\"1\",\"ab\":\"1\"}"        },
    {"{\"t\":[\"y\",\"x\",\"y\",\"x\"]}",                 "{\"t\":[\"x\",\"y\"]}"                          },
    {"{\"t\":[\"x\"]}",                                   "{\"t\":\"x\"}"                                  },
    {"{\"t\":[\"x\",\"x\"]}",                             "{\"t\":\"x\"}"                                  },
    {"{\"t\":[\"\"]}",                                    "{\"t\":\"\"}"                                   },
    {"{\"t\":[]}",                                        "{\"t\":[]}"                                     },
    {"{\"t\":[\"\xc3\xa9\",\"z\",\"\"]}",                 "{\"t\":[\"\",\"z\",\"\xc3\xa9\"]}"              },
    {"{\"t\":[\"a\\\"b\"],\"\xc3\xa9\":\"\",\"z\":\"\"}", "{\"t\":\"a\\\"b\",\"z\":\"\",\"\xc3\xa9\":\"\"}"},
    {"{\"t\":[\"ab\",\"a\\u0000\",\"a\",\"a\\u0000\"]}",  "{\"t\":[\"a\",\"a\\u0000\",\"ab\"]}"            },
    {"[\"x\"]",                                           "{}"                                             },
    {"\"x\"",                                             "{}"                                             },
    {"{\"t\":[1]}",                                       "{\"t\":[1]}"                                    },
    {"{\"t\":[1,\"x\"]}",                                 "{\"t\":[\"x\",1]}"                              },
    {"{\"t\":[\"x\",null,\"x\"]}",                        "{\"t\":[\"x\",null]}"                           },
    {"{\"t\":[[\"x\"]]}",                                 "{\"t\":[[\"x\"]]}"                              },
    {"{\"t\":{\"b\":1,\"a\":[2,1]},\"n\":null}",          "{\"n\":null,\"t\":{\"a\":[2,1],\"b\":1}}"       },
};

START_TEST(is_canonical)
{
    apr_pool_t *pool = unit_pool();
    json_t *claims = json_loads(cases[_i].claims, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    ck_assert_ptr_nonnull(claims);
    char *before = json_dumps(claims, JSON_ENCODE_ANY);
    ck_assert_str_eq(mcpr_claims_canonical(claims, pool), cases[_i].canonical);
    char *after = json_dumps(claims, JSON_ENCODE_ANY);
    ck_assert_str_eq(before, after); /* what was sent is answered as it was */
    free(before);
    free(after);
    json_decref(claims);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(nothing_is_unlabelled)
{
    apr_pool_t *pool = unit_pool();
    ck_assert_str_eq(mcpr_claims_canonical(NULL, pool), MCPR_CLAIMS_NONE);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("canonical");
    TCase *tcase = unit_case(suite, "canonical");
    tcase_add_loop_test(tcase, is_canonical, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, nothing_is_unlabelled);
    return unit_run(suite);
}
