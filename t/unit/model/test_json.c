/*
 * JSON: what the scanner takes and where it says no, and that a text comes back as it was.
 */
#include "common/model/json_number.h"
#include "common/model/json_text.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <string.h>

/* Parses exactly these bytes, in a block of their size. */
static json_t *parse(const char *text, apr_size_t len, mcpr_problems *problems)
{
    char *exact = malloc(len + (len == 0));
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, len);
    json_t *value = mcpr_json_parse(exact, len, problems);
    free(exact);
    return value;
}

static const char *render(const json_t *value, apr_pool_t *pool)
{
    mcpr_json_text text = mcpr_json_text_create(pool);
    mcpr_json_render(&text, value);
    return apr_pstrmemdup(pool, text.data, text.len);
}

/* Text, and how it comes back (NULL: as it is). */
static const struct {
    const char *text, *rendered;
} kept[] = {
    {"null",                                              NULL                                   },
    {"true",                                              NULL                                   },
    {"0",                                                 NULL                                   },
    {"12",                                                NULL                                   },
    {"-1",                                                NULL                                   },
    {"-0",                                                NULL                                   },
    {"0.1",                                               NULL                                   },
    {"1.0",                                               NULL                                   },
    {"1E400",                                             NULL                                   },
    {"1e-400",                                            NULL                                   },
    {"9223372036854775807",                               NULL                                   },
    {"-9223372036854775808",                              NULL                                   },
    {"9223372036854775808",                               NULL                                   },
    {"123456789012345678901234567890.5e+7",               NULL                                   },
    {"{\"a\":[-0,-0,1.50,18446744073709551616],\"b\":1}", NULL                                   },
    {"\"\"",                                              NULL                                   },
    {"[]",                                                NULL                                   },
    {"{}",                                                NULL                                   },
    {"{\"b\":[],\"a\":{\"\":\"\"},\"c\":[null,[{}]]}",    NULL                                   },
    {"\"12.5\"",                                          NULL                                   },
    {"\"\\\\u0000\"",                                     NULL                                   },
    {"\"a\\\"b\\\\\"",                                    NULL                                   },
    {"[\"1.5\\\\\",\"\\\"-0\",2.5]",                      NULL                                   },
    {"\"\\u0001\\b\\f\\n\\r\\t\\u001f\\u007f\"",          "\"\\u0001\\b\\f\\n\\r\\t\\u001f\x7f\""},
    {"\"\\/\\u00e9\\ud83d\\ude00<>&\"",                   "\"/\xc3\xa9\xf0\x9f\x98\x80<>&\""     },
    {" [ 1 , 2.0 ,\n\t\"a b\" , { \"k\" : null } ] \r\n", "[1,2.0,\"a b\",{\"k\":null}]"         },
    {"{\"a\":1,\"b\":2,\"a\":3.5}",                       "{\"a\":3.5,\"b\":2}"                  },
};

START_TEST(text_comes_back)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 3);
    json_t *value = parse(kept[_i].text, strlen(kept[_i].text), problems);
    ck_assert_msg(value != NULL, "%s", kept[_i].text);
    ck_assert_str_eq(render(value, pool), kept[_i].rendered != NULL ? kept[_i].rendered : kept[_i].text);
    json_decref(value);
    apr_pool_destroy(pool);
}
END_TEST

#define BYTES(text) (text), sizeof(text) - 1

static const struct {
    const char *text;
    apr_size_t len;
    const char *problem;
} refused[] = {
    {BYTES(""),                            "line 1, byte 0: a value expected, found the end"          },
    {BYTES(" \n"),                         "line 2, byte 2: a value expected, found the end"          },
    {BYTES("\xef\xbb\xbf{}"),              "line 1, byte 0: a value, not a byte order mark, expected" },
    {BYTES("{} x"),                        "line 1, byte 3: the end of the document expected"         },
    {BYTES("{}\0"),                        "line 1, byte 2: the end of the document expected"         },
    {BYTES("\0"),                          "line 1, byte 0: a value expected"                         },
    {BYTES("{"),                           "line 1, byte 1: a string expected, found the end"         },
    {BYTES("{\"a\""),                      "line 1, byte 4: ':' expected, found the end"              },
    {BYTES("{\"a\":"),                     "line 1, byte 5: a value expected, found the end"          },
    {BYTES("{\"a\":1"),                    "line 1, byte 6: ',' or '}' expected, found the end"       },
    {BYTES("{\"a\":1,"),                   "line 1, byte 7: a string expected, found the end"         },
    {BYTES("{\"a\":1,}"),                  "line 1, byte 7: a string expected"                        },
    {BYTES("{a:1}"),                       "line 1, byte 1: a string expected"                        },
    {BYTES("{\"a\" 1}"),                   "line 1, byte 5: ':' expected"                             },
    {BYTES("[1 2]"),                       "line 1, byte 3: ',' or ']' expected"                      },
    {BYTES("[1,]"),                        "line 1, byte 3: a value expected"                         },
    {BYTES("[1}"),                         "line 1, byte 2: ',' or ']' expected"                      },
    {BYTES("[tru]"),                       "line 1, byte 1: a value expected"                         },
    {BYTES("nul"),                         "line 1, byte 0: a value expected"                         },
    {BYTES("'a'"),                         "line 1, byte 0: a value expected"                         },
    {BYTES("NaN"),                         "line 1, byte 0: a value expected"                         },
    {BYTES("// x\n1"),                     "line 1, byte 0: a value expected"                         },
    {BYTES("01"),                          "line 1, byte 1: the end of the document expected"         },
    {BYTES("+1"),                          "line 1, byte 0: a value expected"                         },
    {BYTES("-"),                           "line 1, byte 1: a digit expected, found the end"          },
    {BYTES(".5"),                          "line 1, byte 0: a value expected"                         },
    {BYTES("1."),                          "line 1, byte 2: a digit expected, found the end"          },
    {BYTES("[1.e5]"),                      "line 1, byte 3: a digit expected"                         },
    {BYTES("1e"),                          "line 1, byte 2: a digit expected, found the end"          },
    {BYTES("1e+-1"),                       "line 1, byte 3: a digit expected"                         },
    {BYTES("\"a"),                         "line 1, byte 2: '\"' expected, found the end"             },
    {BYTES("\"a\nb\""),                    "line 1, byte 2: an escaped control character expected"    },
    {BYTES("\"a\0b\""),                    "line 1, byte 2: an escaped control character expected"    },
    {BYTES("\"\\x\""),                     "line 1, byte 2: an escape of JSON expected"               },
    {BYTES("\"\\"),                        "line 1, byte 2: an escape of JSON expected, found the end"},
    {BYTES("\"\\\0\""),                    "line 1, byte 2: an escape of JSON expected"               },
    {BYTES("\"\\u12g4\""),                 "line 1, byte 3: four hexadecimal digits expected"         },
    {BYTES("\"\\u12"),                     "line 1, byte 3: four hexadecimal digits expected"         },
    {BYTES("{\"a\":[\"x\",\"\\u0000\"]}"), "a.1: a NUL character (\\u0000) at byte 11"                },
    {BYTES("{\"a\":{\"k\\u0000\":1}}"),    "a: a NUL character (\\u0000) at byte 8"                   },
    {BYTES("{\"a\":\"\\ud800\"}"),         "a: an unpaired surrogate escape at byte 6"                },
    {BYTES("{\"a\":\"\\udc00\\ud800\"}"),  "a: an unpaired surrogate escape at byte 6"                },
    {BYTES("{\"a\":\"\\ud800\\u0041\"}"),  "a: an unpaired surrogate escape at byte 6"                },
    {BYTES("{\"a\":\"\\ud800\\n\"}"),      "a: an unpaired surrogate escape at byte 6"                },
    {BYTES("[\"\xff\"]"),                  "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xc0\x80\"]"),              "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xc1\xbf\"]"),              "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xe0\x9f\xbf\"]"),          "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xed\xa0\x80\"]"),          "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xf0\x8f\xbf\xbf\"]"),      "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xf4\x90\x80\x80\"]"),      "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xf5\x80\x80\x80\"]"),      "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xe2\x82\"]"),              "0: invalid UTF-8 at byte 2"                               },
    {BYTES("[\"\xc3"),                     "0: invalid UTF-8 at byte 2"                               },
    {BYTES("\"\x80\""),                    "(root): invalid UTF-8 at byte 1"                          },
};

START_TEST(text_is_refused)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 3);
    ck_assert_ptr_null(parse(refused[_i].text, refused[_i].len, problems));
    ck_assert_int_eq(problems->total, 1);
    ck_assert_str_eq(mcpr_problems_text(problems, "", pool) + 2, refused[_i].problem);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
    static const char text[] = "{\"a\":[1.5e3,\"\xc3\xa9\\ud83d\\ude00\",true,null,{\"b\":-0}],\"c\":false}";
    apr_pool_t *pool = unit_pool();
    for (apr_size_t len = 0; len < sizeof text - 1; len++) {
        mcpr_problems *problems = mcpr_problems_create(pool, 3);
        ck_assert_ptr_null(parse(text, len, problems));
        ck_assert_int_eq(problems->total, 1);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(nesting_is_bounded)
{
    apr_pool_t *pool = unit_pool();
    for (int depth = MCPR_JSON_DEPTH; depth <= MCPR_JSON_DEPTH + 1; depth++) {
        char *text = apr_palloc(pool, (apr_size_t)depth * 2);
        memset(text, '[', (apr_size_t)depth);
        memset(text + depth, ']', (apr_size_t)depth);
        mcpr_problems *problems = mcpr_problems_create(pool, 3);
        json_t *value = parse(text, (apr_size_t)depth * 2, problems);
        ck_assert_int_eq(value != NULL, depth == MCPR_JSON_DEPTH);
        json_decref(value);
    }
    /* Far too deep must not be felt on the stack. */
    apr_size_t huge = 1000000;
    char *text = apr_palloc(pool, huge);
    memset(text, '[', huge);
    mcpr_problems *problems = mcpr_problems_create(pool, 3);
    ck_assert_ptr_null(parse(text, huge, problems));
    ck_assert_ptr_nonnull(strstr(mcpr_problems_text(problems, "", pool), "nested too deeply at byte 200"));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(wide_numbers_are_numbers)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] = "[443.0,1e3,0.5,18446744073709551616,\"443.0\",7]";
    json_t *list = parse(text, sizeof text - 1, mcpr_problems_create(pool, 1));
    static const char *const types[] = {"integer", "integer", "number", "integer", "string", "integer"};
    static const double values[] = {443, 1000, 0.5, 18446744073709551616.0, 0, 7};
    for (size_t i = 0; i < json_array_size(list); i++) {
        double number = 0;
        const json_t *item = json_array_get(list, i);
        ck_assert_str_eq(mcpr_json_type_name(item), types[i]);
        ck_assert_int_eq(mcpr_json_number_value(item, &number), i != 4);
        ck_assert_double_eq(number, values[i]);
        ck_assert_int_eq(mcpr_json_is_text(item), i == 4);
    }
    json_decref(list);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(built_reals_are_short)
{
    apr_pool_t *pool = unit_pool();
    json_t *list = json_pack("[f,f,f]", 0.1, 1.0 / 3, 1e300);
    ck_assert_str_eq(render(list, pool), "[0.1,0.3333333333333333,1e+300]");
    json_decref(list);
    apr_pool_destroy(pool);
}
END_TEST

/* How many values a text counts for. */
static const struct {
    const char *text;
    apr_size_t count;
} counted[] = {
    {"7",                              1},
    {"\"[,{\\\"[,\"",                  1},
    {"[]",                             2},
    {"[1]",                            2},
    {"[1,[2],{}]",                     6},
    {"{\"a,b\":1,\"[\":{\"c\":null}}", 4},
};

START_TEST(values_are_counted)
{
    apr_pool_t *pool = unit_pool();
    const char *text = counted[_i].text;
    mcpr_json_span root;
    ck_assert(mcpr_json_scan(text, strlen(text), &root, mcpr_problems_create(pool, 1)));
    ck_assert_uint_eq(mcpr_json_count(root), counted[_i].count);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(members_are_found)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] =
        "{\"a\":1,\"b\":{\"a\":2,\"x\":[\"]}\\\\\"]},\"d\\u0061ta\":[],\"a\":3,\"\":0}";
    static const char *const names[] = {"a", "b", "data", "c", ""};
    mcpr_json_span root, found[5];
    ck_assert(mcpr_json_scan(text, sizeof text - 1, &root, mcpr_problems_create(pool, 1)));
    mcpr_json_find(root, names, found, 5, pool);
    ck_assert_str_eq(apr_pstrmemdup(pool, found[0].start, found[0].len), "3");
    ck_assert_str_eq(apr_pstrmemdup(pool, found[1].start, found[1].len), "{\"a\":2,\"x\":[\"]}\\\\\"]}");
    ck_assert_str_eq(apr_pstrmemdup(pool, found[2].start, found[2].len), "[]");
    ck_assert_ptr_null(found[3].start);
    ck_assert_str_eq(apr_pstrmemdup(pool, found[4].start, found[4].len), "0");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = unit_case(suite, "json");
    tcase_add_loop_test(tcase, text_comes_back, 0, sizeof kept / sizeof *kept);
    tcase_add_loop_test(tcase, text_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tcase, every_truncation_is_refused);
    tcase_add_test(tcase, nesting_is_bounded);
    tcase_add_test(tcase, wide_numbers_are_numbers);
    tcase_add_test(tcase, built_reals_are_short);
    tcase_add_loop_test(tcase, values_are_counted, 0, sizeof counted / sizeof *counted);
    tcase_add_test(tcase, members_are_found);
    return unit_run(suite);
}
