/*
 * Case folding for search.
 */
#include "common/util/fold.h"
#include "t/unit/unit.h"

static const struct {
    const char *text, *folded;
} cases[] = {
    {"",                      ""                },
    {"AbZ[\\]_%09",           "abz[\\]_%09"     },
    {"\xc3\x84\xc3\x96",      "\xc3\xa4\xc3\xb6"},
    {"\xc3\x9f",              "\xc3\x9f"        }, /* sharp s: simple folding keeps it */
    {"\xe1\xba\x9e",          "\xc3\x9f"        }, /* … and knows its capital */
    {"\xce\xa3\xcf\x82",      "\xcf\x83\xcf\x83"}, /* both sigmas */
    {"\xc8\xba",              "\xe2\xb1\xa5"    }, /* gets longer */
    {"\xe2\x84\xaa",          "k"               }, /* Kelvin: gets shorter */
    {"I\xc4\xb0",             "i\xc4\xb0"       }, /* no locale's i */
    {"\xf0\x90\x90\x80",      "\xf0\x90\x90\xa8"},
    {"a" MCPR_FOLD_SEPARATOR, "a\xef\xbf\xbd"   },
};

START_TEST(folds)
{
    apr_pool_t *pool = unit_pool();
    ck_assert_str_eq(mcpr_fold(cases[_i].text, pool), cases[_i].folded);
    ck_assert_str_eq(mcpr_fold(cases[_i].folded, pool), cases[_i].folded); /* twice is once */
    apr_pool_destroy(pool);
}
END_TEST

/* What the pool gives out next lies behind the folded text, not in it: writing it leaves the text alone. */
START_TEST(takes_the_room_it_needs)
{
    apr_pool_t *pool = unit_pool();
    for (int longer = 0; longer < 64; longer++) {
        char *text = apr_pcalloc(pool, 2 * (size_t)longer + 1);
        for (int i = 0; i < longer; i++) {
            memcpy(text + 2 * i, "\xc3\xb6", 2);
        }
        const char *folded = mcpr_fold(text, pool);
        memset(apr_palloc(pool, 64), 'x', 64);
        ck_assert_str_eq(folded, text);
    }
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold");
    TCase *tcase = unit_case(suite, "fold");
    tcase_add_loop_test(tcase, folds, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, takes_the_room_it_needs);
    return unit_run(suite);
}
