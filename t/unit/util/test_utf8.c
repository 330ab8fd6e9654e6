/*
 * UTF-8: what is valid, how long it is, and what cleaning leaves of a far side's text.
 */
#include "common/util/utf8.h"
#include "t/unit/unit.h"
#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
    const char *bytes;
    apr_size_t len;
    int valid;
} validity[] = {
    {BYTES(""),                                       1},
    {BYTES("plain"),                                  1},
    {BYTES("a\0b"),                                   1},
    {BYTES("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), 1},
    {BYTES("\xf4\x8f\xbf\xbf"),                       1}, /* U+10FFFF */
    {BYTES("\xef\xbf\xbf"),                           1}, /* U+FFFF is no character, but well formed */
    {BYTES("\xed\x9f\xbf"),                           1}, /* the last before the surrogates */
    {BYTES("\xed\xa0\x80"),                           0}, /* a surrogate */
    {BYTES("\xed\xbf\xbf"),                           0}, /* a surrogate */
    {BYTES("\xf4\x90\x80\x80"),                       0}, /* U+110000 */
    {BYTES("\xc0\x80"),                               0}, /* overlong NUL */
    {BYTES("\xc1\xbf"),                               0}, /* overlong */
    {BYTES("\xe0\x9f\xbf"),                           0}, /* overlong */
    {BYTES("\xf0\x8f\xbf\xbf"),                       0}, /* overlong */
    {BYTES("\x80"),                                   0}, /* a continuation alone */
    {BYTES("\xff"),                                   0},
    {BYTES("\xf8\x88\x80\x80\x80"),                   0}, /* five bytes */
    {BYTES("abc\xc3"),                                0}, /* cut */
    {BYTES("\xe2\x82"),                               0},
    {BYTES("\xf0\x9f\x98"),                           0},
    {BYTES("\xe2\x28\xa1"),                           0},
    {BYTES("\xf0\x9f\x28\x80"),                       0},
};

START_TEST(knows_valid_from_invalid)
{
    ck_assert_int_eq(!!mcpr_utf8_valid(validity[_i].bytes, validity[_i].len), validity[_i].valid);
}
END_TEST

START_TEST(counts_code_points)
{
    ck_assert_uint_eq(mcpr_utf8_length(""), 0);
    ck_assert_uint_eq(mcpr_utf8_length("abc"), 3);
    ck_assert_uint_eq(mcpr_utf8_length("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 3);
}
END_TEST

static const struct {
    const char *bytes;
    apr_size_t len;
    apr_size_t cap;
    const char *clean;
} cleaning[] = {
    {BYTES(""),                                          10,  ""                                         },
    {BYTES("fine"),                                      10,  "fine"                                     },
    {BYTES("caf\xe9 ok"),                                100, "caf\xef\xbf\xbd ok"                       },
    {BYTES("cut \xe2\x82"),                              100, "cut \xef\xbf\xbd\xef\xbf\xbd"             },
    {BYTES("a\nb\tc\rd\x7f"
           "e\x1b[1m"),
     100,                                                     "a b c d e [1m"                            },
    {BYTES("c1\xc2\x85"
           "end"),
     100,                                                     "c1 end"                                   },
    {BYTES("nul\0nul"),                                  100, "nul nul"                                  },
    {BYTES("abcdef"),                                    3,   "abc"                                      },
    {BYTES("ab\xe2\x82\xac"),                            4,   "ab"                                       },
    {BYTES("ab\xe2\x82\xac"),                            5,   "ab\xe2\x82\xac"                           },
    {BYTES("\xff\xff\xff"),                              5,   "\xef\xbf\xbd"                             },
    {BYTES("anything"),                                  0,   ""                                         },
    {BYTES("https://bob:secret@example.org/x"),          100, "https://example.org/x"                    },
    {BYTES("https://token@example.org"),                 100, "https://example.org"                      },
    {BYTES("https://bob:se@cret@example.org/x"),         100, "https://example.org/x"                    },
    {BYTES("https://bob:se/cret@example.org/x"),         100, "https://example.org/x"                    },
    {BYTES("https://bob:se#cr?et@example.org/x"),        100, "https://example.org/x"                    },
    {BYTES("https://bob:12/secret@example.org/x"),       100, "https://bob:12/secret@example.org/x"      },
    {BYTES("https://example.org/pkg@1.0"),               100, "https://example.org/pkg@1.0"              },
    {BYTES("https://example.org:8443/pkg@1.0"),          100, "https://example.org:8443/pkg@1.0"         },
    {BYTES("https://[::1]:8443/pkg@1.0"),                100, "https://[::1]:8443/pkg@1.0"               },
    {BYTES("https://u:p@[::1]/"),                        100, "https://[::1]/"                           },
    {BYTES("'https://a:b@x/' and 'ssh://c:d@y/'"),       100, "'https://x/' and 'ssh://y/'"              },
    {BYTES("https://example.org\" from me@example.org"), 100, "https://example.org\" from me@example.org"},
    {BYTES("git@example.org:a/b.git"),                   100, "git@example.org:a/b.git"                  },
    {BYTES("https://bob:secret@example.org/x"),          12,  "https://exam"                             },
    {BYTES("x://"),                                      100, "x://"                                     },
    {BYTES("x://@"),                                     100, "x://"                                     },
};

START_TEST(cleans)
{
    apr_pool_t *pool = unit_pool();

    ck_assert_str_eq(mcpr_utf8_clean(cleaning[_i].bytes, cleaning[_i].len, cleaning[_i].cap, pool),
                     cleaning[_i].clean);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_huge_text_stays_within_its_cap)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t len = 1 << 22;
    char *text = apr_palloc(pool, len);
    const char *clean;

    memset(text, 0xff, len);
    clean = mcpr_utf8_clean(text, len, 1000, pool);
    ck_assert_uint_eq(strlen(clean), 999);
    ck_assert(mcpr_utf8_valid(clean, strlen(clean)));
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tcase = unit_case(suite, "utf8");

    tcase_add_loop_test(tcase, knows_valid_from_invalid, 0, sizeof validity / sizeof *validity);
    tcase_add_test(tcase, counts_code_points);
    tcase_add_loop_test(tcase, cleans, 0, sizeof cleaning / sizeof *cleaning);
    tcase_add_test(tcase, a_huge_text_stays_within_its_cap);
    return unit_run(suite);
}
