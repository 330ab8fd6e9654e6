/*
 * Scalars: which type a plain one has, and what becomes of it.
 */
#include "common/config/scalar.h"
#include "t/unit/unit.h"
#include <math.h>
#include <string.h>

static const struct {
    const char *text;
    mcpr_scalar_type type;
} plain[] = {
    {"",                     MCPR_SCALAR_NULL },
    {"~",                    MCPR_SCALAR_NULL },
    {"Null",                 MCPR_SCALAR_NULL },
    {"nUll",                 MCPR_SCALAR_TEXT },
    {"true",                 MCPR_SCALAR_BOOL },
    {"FALSE",                MCPR_SCALAR_BOOL },
    {"yes",                  MCPR_SCALAR_TEXT },
    {"off",                  MCPR_SCALAR_TEXT },
    {"0",                    MCPR_SCALAR_INT  },
    {"-12",                  MCPR_SCALAR_INT  },
    {"+12",                  MCPR_SCALAR_INT  },
    {"1_000",                MCPR_SCALAR_INT  },
    {"017",                  MCPR_SCALAR_INT  },
    {"0o17",                 MCPR_SCALAR_INT  },
    {"0x1F",                 MCPR_SCALAR_INT  },
    {"0b101",                MCPR_SCALAR_INT  },
    {"08",                   MCPR_SCALAR_FLOAT},
    {"1.5",                  MCPR_SCALAR_FLOAT},
    {".5",                   MCPR_SCALAR_FLOAT},
    {"5.",                   MCPR_SCALAR_FLOAT},
    {"1e3",                  MCPR_SCALAR_FLOAT},
    {"-1.5E-3",              MCPR_SCALAR_FLOAT},
    {".inf",                 MCPR_SCALAR_FLOAT},
    {".NaN",                 MCPR_SCALAR_FLOAT},
    {"1.2.3",                MCPR_SCALAR_TEXT },
    {"1e",                   MCPR_SCALAR_TEXT },
    {"-",                    MCPR_SCALAR_TEXT },
    {".",                    MCPR_SCALAR_TEXT },
    {"0x",                   MCPR_SCALAR_TEXT },
    {"_1",                   MCPR_SCALAR_TEXT },
    {"inf",                  MCPR_SCALAR_TEXT },
    {"2024-01-31",           MCPR_SCALAR_DATE },
    {"2024-1-3",             MCPR_SCALAR_DATE },
    {"2024-01-31T10:20:30Z", MCPR_SCALAR_DATE },
    {"2024-01-31 10:20:30",  MCPR_SCALAR_DATE },
    {"2024-01-31x",          MCPR_SCALAR_TEXT },
    {"10:20",                MCPR_SCALAR_TEXT },
};

START_TEST(resolves)
{
    ck_assert_msg(mcpr_scalar_resolve(plain[_i].text, strlen(plain[_i].text)) == plain[_i].type, "'%s'",
                  plain[_i].text);
}
END_TEST

static mcpr_scalar scalar_of(const char *text, int quoted)
{
    apr_size_t len = strlen(text);

    return (mcpr_scalar){
        .type = quoted ? MCPR_SCALAR_TEXT : mcpr_scalar_resolve(text, len), .text = text, .len = len};
}

static const struct {
    const char *text;
    int quoted;
    mcpr_coercion outcome;
    apr_int64_t value;
} integers[] = {
    {"5432",                    0, MCPR_COERCED,      5432         },
    {"017",                     0, MCPR_COERCED,      15           },
    {"08",                      0, MCPR_COERCED,      8            },
    {"0o17",                    0, MCPR_COERCED,      15           },
    {"-0x10",                   0, MCPR_COERCED,      -16          },
    {"1_000",                   0, MCPR_COERCED,      1000         },
    {"1.9",                     0, MCPR_COERCED,      1            },
    {"-1.9",                    0, MCPR_COERCED,      -1           },
    {"1e3",                     0, MCPR_COERCED,      1000         },
    {"true",                    0, MCPR_COERCED,      1            },
    {"False",                   0, MCPR_COERCED,      0            },
    {"9223372036854775807",     0, MCPR_COERCED,      APR_INT64_MAX},
    {"-9223372036854775808",    0, MCPR_COERCED,      APR_INT64_MIN},
    {"9223372036854775808",     0, MCPR_OUT_OF_RANGE, 0            },
    {"1e30",                    0, MCPR_OUT_OF_RANGE, 0            },
    {"1e99999999999",           0, MCPR_OUT_OF_RANGE, 0            },
    {".nan",                    0, MCPR_OUT_OF_RANGE, 0            },
    {"2024-01-31",              0, MCPR_NOT_OF_TYPE,  0            },
    {"",                        1, MCPR_COERCED,      0            },
    {"5432",                    1, MCPR_COERCED,      5432         },
    {"0b11",                    1, MCPR_COERCED,      3            },
    {"0X1f",                    1, MCPR_COERCED,      31           },
    {"0_17",                    1, MCPR_COERCED,      15           },
    {"1_000",                   1, MCPR_COERCED,      1000         },
    {"1__000",                  1, MCPR_NOT_OF_TYPE,  0            },
    {"_1",                      1, MCPR_NOT_OF_TYPE,  0            },
    {"1_",                      1, MCPR_NOT_OF_TYPE,  0            },
    {"08",                      1, MCPR_NOT_OF_TYPE,  0            },
    {"1.5",                     1, MCPR_NOT_OF_TYPE,  0            },
    {" 5",                      1, MCPR_NOT_OF_TYPE,  0            },
    {"5 ",                      1, MCPR_NOT_OF_TYPE,  0            },
    {"true",                    1, MCPR_NOT_OF_TYPE,  0            },
    {"+",                       1, MCPR_NOT_OF_TYPE,  0            },
    {"99999999999999999999999", 1, MCPR_OUT_OF_RANGE, 0            },
};

START_TEST(becomes_an_integer)
{
    mcpr_scalar scalar = scalar_of(integers[_i].text, integers[_i].quoted);
    apr_int64_t value = 77;

    ck_assert_msg(mcpr_scalar_int(&scalar, &value) == integers[_i].outcome, "'%s'", integers[_i].text);
    if (integers[_i].outcome == MCPR_COERCED) {
        ck_assert_int_eq(value, integers[_i].value);
    }
}
END_TEST

static const struct {
    const char *text;
    int quoted;
    int value; /* -1: refused */
} booleans[] = {
    {"true",  0, 1 },
    {"FALSE", 0, 0 },
    {"1",     0, 1 },
    {"0",     0, 0 },
    {"2",     0, 1 },
    {"0.0",   0, 0 },
    {"0.1",   0, 1 },
    {"yes",   0, -1},
    {"on",    0, -1},
    {"no",    0, -1},
    {"t",     0, 1 },
    {"F",     0, 0 },
    {"",      1, 0 },
    {"1",     1, 1 },
    {"0",     1, 0 },
    {"2",     1, -1},
    {"True",  1, 1 },
    {"tRUE",  1, -1},
    {"f",     1, 0 },
    {"yes",   1, -1},
    {" true", 1, -1},
};

START_TEST(becomes_a_boolean)
{
    mcpr_scalar scalar = scalar_of(booleans[_i].text, booleans[_i].quoted);
    int value = 77;
    mcpr_coercion outcome = mcpr_scalar_bool(&scalar, &value);

    ck_assert_msg((outcome == MCPR_COERCED) == (booleans[_i].value >= 0), "'%s'", booleans[_i].text);
    if (booleans[_i].value >= 0) {
        ck_assert_int_eq(value, booleans[_i].value);
    }
}
END_TEST

static const struct {
    const char *text;
    int quoted;
    mcpr_coercion outcome;
    double value;
} floats[] = {
    {"0.25",                0, MCPR_COERCED,      0.25                 },
    {"0.05",                0, MCPR_COERCED,      0.05                 },
    {"1",                   0, MCPR_COERCED,      1                    },
    {"1e-3",                0, MCPR_COERCED,      0.001                },
    {"-.5",                 0, MCPR_COERCED,      -0.5                 },
    {"true",                0, MCPR_COERCED,      1                    },
    {"0.1",                 1, MCPR_COERCED,      0.1                  },
    {"",                    1, MCPR_COERCED,      0                    },
    {"1e-400",              1, MCPR_COERCED,      0                    },
    {".inf",                0, MCPR_OUT_OF_RANGE, 0                    },
    {".nan",                0, MCPR_OUT_OF_RANGE, 0                    },
    {"1e400",               1, MCPR_OUT_OF_RANGE, 0                    },
    {"inf",                 1, MCPR_NOT_OF_TYPE,  0                    },
    {"half",                0, MCPR_NOT_OF_TYPE,  0                    },
    {"1e",                  1, MCPR_NOT_OF_TYPE,  0                    },
    {"1,5",                 1, MCPR_NOT_OF_TYPE,  0                    },
    {"9223372036854775808", 0, MCPR_COERCED,      9223372036854775808.0},
};

START_TEST(becomes_a_float)
{
    mcpr_scalar scalar = scalar_of(floats[_i].text, floats[_i].quoted);
    double value = 77;

    ck_assert_msg(mcpr_scalar_float(&scalar, &value) == floats[_i].outcome, "'%s'", floats[_i].text);
    if (floats[_i].outcome == MCPR_COERCED) {
        ck_assert_double_eq_tol(value, floats[_i].value, 1e-15 * (1 + fabs(floats[_i].value)));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scalar");
    TCase *tcase = unit_case(suite, "scalar");

    tcase_add_loop_test(tcase, resolves, 0, sizeof plain / sizeof *plain);
    tcase_add_loop_test(tcase, becomes_an_integer, 0, sizeof integers / sizeof *integers);
    tcase_add_loop_test(tcase, becomes_a_boolean, 0, sizeof booleans / sizeof *booleans);
    tcase_add_loop_test(tcase, becomes_a_float, 0, sizeof floats / sizeof *floats);
    return unit_run(suite);
}
