/*
 * Which version is newer.
 */
#include "common/model/version.h"
#include "t/unit/unit.h"

/* Each pair is tried both ways: `newer` is newer than `older`, and not the other way round. */
static const struct {
    const char *newer, *older;
} ordered[] = {
    {"1.0.1",                      "1.0.0"                     },
    {"1.1",                        "1.0.9"                     },
    {"2",                          "1.99.99"                   },
    {"v2",                         "1"                         },
    {"1.10.0",                     "1.9.0"                     },
    {"01.10",                      "1.9"                       },
    {"1.0.0",                      "1.0.0-rc.1"                },
    {"1.0.0-alpha.1",              "1.0.0-alpha"               },
    {"1.0.0-alpha.beta",           "1.0.0-alpha.1"             },
    {"1.0.0-beta",                 "1.0.0-alpha.beta"          },
    {"1.0.0-beta.2",               "1.0.0-beta"                },
    {"1.0.0-beta.11",              "1.0.0-beta.2"              },
    {"1.0.0-rc.1",                 "1.0.0-beta.11"             },
    {"1.0.0-a-b",                  "1.0.0-a"                   },
    {"1.0.0-0a",                   "1.0.0-9"                   },
    {"1.0.0--",                    "1.0.0-9"                   },
    {"1.0.0-99999999999999999999", "1.0.0-18446744073709551615"}, /* beyond 64 bits, still numbers */
    {"18446744073709551615",       "18446744073709551614"      },
    {"1-b",                        "1-a+z"                     },
 /* one side does not parse: by bytes */
    {"main",                       "9.9.9"                     },
    {"9",                          "18446744073709551616"      }, /* does not fit */
    {"v1.0.0",                     "V2.0.0"                    },
    {"2",                          "1.2.3.4"                   },
    {"1.2.3.4",                    "1.2.3"                     },
    {"1.0.0-01",                   "1.0.0-0"                   }, /* a leading zero does not parse */
    {"1.0.0-",                     "1.0.0"                     },
    {"1.0.0+",                     "1.0.0"                     },
    {"1.0.0-a..b",                 "1.0.0"                     },
    {"1.0.0_a",                    "1.0.0"                     },
    {"1.",                         "1"                         },
    {"a",                          ""                          },
    {"\xc3\xa9",                   "zebra"                     },
    {"1.0.0 ",                     "1.0.0"                     },
    {"1.x",                        "1.2"                       },
};

static const struct {
    const char *a, *b;
} ties[] = {
    {"1.0.0",     "1.0.0"    },
    {"v1.0.0",    "1.0.0"    },
    {"1.0",       "1"        },
    {"01.0.0",    "1.0.0"    },
    {"1.0.0+x",   "1.0.0"    },
    {"1.0.0+007", "1.0.0+8"  },
    {"1-a.1+x",   "1.0-a.1+y"},
    {"latest",    "latest"   },
    {"",          ""         },
};

START_TEST(the_newer_is_newer)
{
    ck_assert_msg(mcpr_version_newer(ordered[_i].newer, ordered[_i].older), "%s > %s", ordered[_i].newer,
                  ordered[_i].older);
    ck_assert_msg(!mcpr_version_newer(ordered[_i].older, ordered[_i].newer), "%s < %s", ordered[_i].older,
                  ordered[_i].newer);
}
END_TEST

START_TEST(equals_are_not_newer)
{
    ck_assert_int_eq(mcpr_version_newer(ties[_i].a, ties[_i].b), 0);
    ck_assert_int_eq(mcpr_version_newer(ties[_i].b, ties[_i].a), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("version");
    TCase *tcase = unit_case(suite, "newer");
    tcase_add_loop_test(tcase, the_newer_is_newer, 0, sizeof ordered / sizeof *ordered);
    tcase_add_loop_test(tcase, equals_are_not_newer, 0, sizeof ties / sizeof *ties);
    return unit_run(suite);
}
