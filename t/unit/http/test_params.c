/* Query parameters, cursors and instants: what is read, and what is complained of in which order. */
#include "mod_mcp_registry/http/cursor.h"
#include "mod_mcp_registry/http/instant.h"
#include "mod_mcp_registry/http/params.h"
#include "t/unit/unit.h"
#include <string.h>

#define INTEGER  "Invalid limit parameter: must be an integer"
#define POSITIVE "Invalid limit parameter: must be greater than zero"
#define SINCE    "Invalid updated_since parameter: must be RFC3339 format (e.g., 2025-08-07T13:15:04.280Z)"
#define CURSOR   "Invalid cursor parameter"
#define DELETED  "Invalid include_deleted parameter: must be true or false"

static const struct {
    const char *args;
    int limit;
    const char *complaint;
} limits[] = {
    {NULL,                                                       30,   NULL                           },
    {"",                                                         30,   NULL                           },
    {"limit=5",                                                  5,    NULL                           },
    {"limit=007",                                                7,    NULL                           },
    {"limit=%2B5",                                               5,    NULL                           },
    {"limit=",                                                   30,   NULL                           },
    {"limit=&limit=2",                                           30,   NULL                           },
    {"limit=2&limit=7",                                          2,    NULL                           },
    {"Limit=2",                                                  30,   NULL                           },
    {"limit=1001",                                               1000, NULL                           },
    {"limit=9223372036854775807",                                1000, NULL                           },
    {"limit=%zz",                                                30,   NULL                           },
    {"limit=5;x=1",                                              30,   NULL                           },
    {"&&limit=2&",                                               2,    NULL                           },
    {"l%69mit=3",                                                3,    NULL                           },
    {"limit%00x=3",                                              30,   NULL                           },
    {"limit",                                                    30,   NULL                           },
    {"limit=0",                                                  0,    POSITIVE                       },
    {"limit=-0",                                                 0,    POSITIVE                       },
    {"limit=-1",                                                 0,    POSITIVE                       },
    {"limit=-9223372036854775808",                               0,    POSITIVE                       },
    {"limit=9223372036854775808",                                0,    INTEGER                        },
    {"limit=abc",                                                0,    INTEGER                        },
    {"limit=5.0",                                                0,    INTEGER                        },
    {"limit=0x5",                                                0,    INTEGER                        },
    {"limit=+5",                                                 0,    INTEGER                        },
    {"limit=5%20",                                               0,    INTEGER                        },
    {"limit=5%00",                                               0,    INTEGER                        },
    {"limit=%2B",                                                0,    INTEGER                        },
    {"limit=-",                                                  0,    INTEGER                        },
    {"limit=0&updated_since=x",                                  0,    SINCE                          },
    {"limit=x&updated_since=x",                                  0,    INTEGER                        },
    {"include_deleted=perhaps",                                  0,    DELETED                        },
    {"include_deleted=true%00",                                  0,    DELETED                        },
    {"cursor=%25",                                               0,    CURSOR                         },
    {"cursor=YQ==",                                              0,    CURSOR                         },
    {"cursor=YQ%00",                                             0,    CURSOR                         },
    {"search=a%00b",                                             0,    MCPR_BAD_ENCODING " in search" },
    {"search=%C3%28",                                            0,    MCPR_BAD_ENCODING " in search" },
    {"version=%FF",                                              0,    MCPR_BAD_ENCODING " in version"},
    {"updated_since=2020-01-01T00:00:00Z&include_deleted=false", 0,
     "Invalid include_deleted parameter: updated_since includes deleted versions"                     },
};

START_TEST(reads_limits_and_complains)
{
    apr_pool_t *pool = unit_pool();
    mcpr_list_params params;
    mcpr_complaint complaint = mcpr_list_params_read(&params, limits[_i].args, pool);

    if (limits[_i].complaint) {
        ck_assert_ptr_nonnull(complaint.text);
        ck_assert_str_eq(complaint.text, limits[_i].complaint);
    } else {
        ck_assert_msg(!complaint.text, "%s", complaint.text);
        ck_assert_int_eq(params.limit, limits[_i].limit);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(reads_filters)
{
    apr_pool_t *pool = unit_pool();
    mcpr_list_params params;

    ck_assert_ptr_null(
        mcpr_list_params_read(&params, "search=wall+clock%25&version=latest&cursor=YSxi", pool).text);
    ck_assert_str_eq(params.search, "wall clock%");
    ck_assert_int_eq(params.latest, 1);
    ck_assert_ptr_null(params.version);
    ck_assert_str_eq(params.cursor_name, "a");
    ck_assert_str_eq(params.cursor_version, "b");
    ck_assert_int_eq(params.include_deleted, 0);

    ck_assert_ptr_null(
        mcpr_list_params_read(&params, "version=LATEST&updated_since=2020-01-01T00:00:00Z", pool).text);
    ck_assert_str_eq(params.version, "LATEST");
    ck_assert_int_eq(params.latest, 0);
    ck_assert_int_eq(params.include_deleted, 1);
    ck_assert_str_eq(params.cursor_name, "");

    ck_assert_int_eq(mcpr_list_params_read(&params, "cursor=x", pool).after_registry, 1);
    ck_assert_int_eq(mcpr_list_params_read(&params, "limit=x", pool).after_registry, 0);
    apr_pool_destroy(pool);
}
END_TEST

/* A cursor and what it points behind, NULL where it is refused. */
static const struct {
    const char *cursor, *name, *version;
} cursors[] = {
    {"YSxi",      "a",  "b"      },
    {"LA==",      "",   ""       },
    {"YS\r\nxi",  "a",  "b"      },
    {"YSxiLGM=",  "a",  "b,c"    },
    {"YSw fg==",  "a",  ">~"     },
    {"YSw/Pz8 ",  "a",  "???\x3e"},
    {"YQ==",      NULL, NULL     },
    {"YSx",       NULL, NULL     },
    {"YSxi=",     NULL, NULL     },
    {"YSxiLA==A", NULL, NULL     },
    {"=YSxi",     NULL, NULL     },
    {"-_-_",      NULL, NULL     },
    {"%",         NULL, NULL     },
    {"YQAsYg==",  NULL, NULL     },
    {"/yxh",      NULL, NULL     },
    {"====",      NULL, NULL     },
};

START_TEST(decodes_cursors)
{
    apr_pool_t *pool = unit_pool();
    const char *name, *version;
    apr_status_t rv = mcpr_cursor_decode(cursors[_i].cursor, &name, &version, pool);

    ck_assert_int_eq(rv == APR_SUCCESS, cursors[_i].name != NULL);
    if (cursors[_i].name) {
        ck_assert_str_eq(name, cursors[_i].name);
        ck_assert_str_eq(version, cursors[_i].version);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(encodes_what_it_decodes)
{
    apr_pool_t *pool = unit_pool();
    const char *name, *version;
    const char *cursor = mcpr_cursor_encode("com.example.Clock/Wall", "0.1.0", pool);

    ck_assert_str_eq(cursor, "Y29tLmV4YW1wbGUuQ2xvY2svV2FsbCwwLjEuMA==");
    ck_assert_int_eq(mcpr_cursor_decode(cursor, &name, &version, pool), APR_SUCCESS);
    ck_assert_str_eq(name, "com.example.Clock/Wall");
    ck_assert_str_eq(version, "0.1.0");
    apr_pool_destroy(pool);
}
END_TEST

/* An instant as sent and as PostgreSQL gets it, NULL where it is refused. */
static const struct {
    const char *text, *timestamp;
} instants[] = {
    {"2020-01-01T00:00:00Z",         "2020-01-01 00:00:00.000000+00"},
    {"2020-01-01T02:00:00+02:00",    "2020-01-01 00:00:00.000000+00"},
    {"1999-12-31T23:59:59-11:30",    "2000-01-01 11:29:59.000000+00"},
    {"2020-03-01T00:30:00+01:00",    "2020-02-29 23:30:00.000000+00"},
    {"2020-01-01T00:00:00.1234567Z", "2020-01-01 00:00:00.123456+00"},
    {"2020-01-01T00:00:00,5Z",       "2020-01-01 00:00:00.500000+00"},
    {"2020-01-01T1:02:03Z",          "2020-01-01 01:02:03.000000+00"},
    {"9999-12-31T23:59:59Z",         "9999-12-31 23:59:59.000000+00"},
    {"9999-12-31T23:59:59-01:00",    "infinity"                     },
    {"0001-01-01T00:00:00Z",         NULL                           },
    {"0001-01-01T01:00:00+01:00",    NULL                           },
    {"0000-12-31T23:00:00-01:00",    NULL                           },
    {"0001-01-01T00:00:00.0000001Z", "0001-01-01 00:00:00.000000+00"},
    {"0001-01-01T00:00:00+01:00",    "-infinity"                    },
    {"0000-06-01T00:00:00Z",         "-infinity"                    },
    {"2020-02-30T00:00:00Z",         NULL                           },
    {"2021-02-29T00:00:00Z",         NULL                           },
    {"2000-02-29T00:00:00Z",         "2000-02-29 00:00:00.000000+00"},
    {"1900-02-29T00:00:00Z",         NULL                           },
    {"2020-01-01",                   NULL                           },
    {"2020-01-01T00:00:00",          NULL                           },
    {"2020-01-01 00:00:00Z",         NULL                           },
    {"2020-01-01t00:00:00Z",         NULL                           },
    {"2020-01-01T00:00:00z",         NULL                           },
    {"2020-01-01T24:00:00Z",         NULL                           },
    {"2020-01-01T00:00:60Z",         NULL                           },
    {"2020-01-01T00:00:00.Z",        NULL                           },
    {"2020-01-01T00:00Z",            NULL                           },
    {"2020-01-01T00:00:00 02:00",    NULL                           },
    {"2020-01-01T00:00:00+2:00",     NULL                           },
    {"2020-01-01T00:00:00+24:00",    NULL                           },
    {"20200-01-01T00:00:00Z",        NULL                           },
    {"2020-00-01T00:00:00Z",         NULL                           },
    {"2020-13-01T00:00:00Z",         NULL                           },
    {"2020-01-00T00:00:00Z",         NULL                           },
    {"now",                          NULL                           },
    {"",                             NULL                           },
};

START_TEST(reads_instants)
{
    apr_pool_t *pool = unit_pool();
    const char *timestamp;
    apr_status_t rv = mcpr_instant_parse(instants[_i].text, &timestamp, pool);

    ck_assert_int_eq(rv == APR_SUCCESS, instants[_i].timestamp != NULL);
    if (instants[_i].timestamp) {
        ck_assert_str_eq(timestamp, instants[_i].timestamp);
    }
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("params");
    TCase *tcase = unit_case(suite, "params");
    tcase_add_loop_test(tcase, reads_limits_and_complains, 0, sizeof(limits) / sizeof(*limits));
    tcase_add_test(tcase, reads_filters);
    tcase_add_loop_test(tcase, decodes_cursors, 0, sizeof(cursors) / sizeof(*cursors));
    tcase_add_test(tcase, encodes_what_it_decodes);
    tcase_add_loop_test(tcase, reads_instants, 0, sizeof(instants) / sizeof(*instants));
    return unit_run(suite);
}
