/*
 * Durations: the grammar, the range, the printed form.
 */
#include "common/config/duration.h"
#include "t/unit/unit.h"
#include <string.h>

#define SECOND 1000000000LL

static const struct {
    const char *text;
    int valid;
    apr_int64_t nanoseconds;
} forms[] = {
    {"0",                        1, 0              },
    {"-0",                       1, 0              },
    {"+0",                       1, 0              },
    {"0s",                       1, 0              },
    {"1ns",                      1, 1              },
    {"1us",                      1, 1000           },
    {"1\xc2\xb5s",               1, 1000           },
    {"1\xce\xbcs",               1, 1000           },
    {"1ms",                      1, 1000000        },
    {"90s",                      1, 90 * SECOND    },
    {"1h30m",                    1, 5400 * SECOND  },
    {"1.5h",                     1, 5400 * SECOND  },
    {".5s",                      1, SECOND / 2     },
    {"5.s",                      1, 5 * SECOND     },
    {"+2m",                      1, 120 * SECOND   },
    {"-2m",                      1, -120 * SECOND  },
    {"1m1m",                     1, 120 * SECOND   },
    {"1h1m1s1ms1us1ns",          1, 3661001001001LL},
    {"0.000000001s",             1, 1              },
    {"0.1ns",                    1, 0              },
    {"0.3333333333333333333h",   1, 1200 * SECOND  },
    {"9223372036854775807ns",    1, APR_INT64_MAX  },
    {"-9223372036854775808ns",   1, APR_INT64_MIN  },
    {"2562047h47m16.854775807s", 1, APR_INT64_MAX  },
    {"9223372036854775808ns",    0, 0              },
    {"-9223372036854775809ns",   0, 0              },
    {"2562048h",                 0, 0              },
    {"99999999999999999999h",    0, 0              },
    {"9223372036854775807ns1ns", 0, 0              },
    {"",                         0, 0              },
    {"+",                        0, 0              },
    {"-",                        0, 0              },
    {"30",                       0, 0              },
    {"3.0",                      0, 0              },
    {"00",                       0, 0              },
    {"1d",                       0, 0              },
    {"1 h",                      0, 0              },
    {" 1h",                      0, 0              },
    {"1h ",                      0, 0              },
    {"1hx",                      0, 0              },
    {"h",                        0, 0              },
    {".s",                       0, 0              },
    {"1..5s",                    0, 0              },
    {"1.5.5s",                   0, 0              },
    {"--1s",                     0, 0              },
    {"1h-5m",                    0, 0              },
    {"1H",                       0, 0              },
    {"1e3s",                     0, 0              },
    {"1\xc2s",                   0, 0              },
};

START_TEST(reads)
{
    apr_int64_t nanoseconds = -1;
    int valid = mcpr_duration_parse(forms[_i].text, &nanoseconds);

    ck_assert_msg(!!valid == forms[_i].valid, "'%s'", forms[_i].text);
    if (valid && forms[_i].valid) {
        ck_assert_msg(llabs(nanoseconds - forms[_i].nanoseconds) <= (strlen(forms[_i].text) > 20 ? 4 : 0),
                      "'%s' is %lld", forms[_i].text, (long long)nanoseconds);
    }
}
END_TEST

START_TEST(rounds_towards_zero_but_not_to_it)
{
    ck_assert_int_eq(mcpr_duration_micros(0), 0);
    ck_assert_int_eq(mcpr_duration_micros(1), 1);
    ck_assert_int_eq(mcpr_duration_micros(-1), -1);
    ck_assert_int_eq(mcpr_duration_micros(1999), 1);
    ck_assert_int_eq(mcpr_duration_micros(-1999), -1);
    ck_assert_int_eq(mcpr_duration_micros(APR_INT64_MAX), APR_INT64_MAX / 1000);
}
END_TEST

static const struct {
    apr_interval_time_t micros;
    const char *text;
} printed[] = {
    {0,               "0s"                      },
    {1,               "1\xc2\xb5s"              },
    {999,             "999\xc2\xb5s"            },
    {1500,            "1.5ms"                   },
    {500000,          "500ms"                   },
    {1000000,         "1s"                      },
    {1000001,         "1.000001s"               },
    {1500000,         "1.5s"                    },
    {59999999,        "59.999999s"              },
    {90000000,        "1m30s"                   },
    {1800000000LL,    "30m0s"                   },
    {3600000000LL,    "1h0m0s"                  },
    {5430500000LL,    "1h30m30.5s"              },
    {2592000000000LL, "720h0m0s"                },
    {-90000000,       "-1m30s"                  },
    {APR_INT64_MIN,   "-2562047788h0m54.775808s"},
};

START_TEST(prints)
{
    apr_pool_t *pool = unit_pool();

    ck_assert_str_eq(mcpr_duration_text(printed[_i].micros, pool), printed[_i].text);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("duration");
    TCase *tcase = unit_case(suite, "duration");

    tcase_add_loop_test(tcase, reads, 0, sizeof forms / sizeof *forms);
    tcase_add_test(tcase, rounds_towards_zero_but_not_to_it);
    tcase_add_loop_test(tcase, prints, 0, sizeof printed / sizeof *printed);
    return unit_run(suite);
}
