/* Paths: splitting, decoding, the canonical form, and the names read out of them. */
#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/path.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <string.h>

/* A target, its segments joined by "|" (NULL: refused), whether it is canonical. */
static const struct {
    const char *target, *segments;
    int canonical;
} paths[] = {
    {"/",                       "",         1},
    {"/a/b",                    "a|b",      1},
    {"/a//b/",                  "a||b|",    1},
    {"/a/b?x=/c",               "a|b",      1},
    {"/a#/b",                   "a",        1},
    {"http://host:80/a/b",      "a|b",      1},
    {"/a%2Fb/c",                "a/b|c",    0},
    {"/a%2fb/c",                "a/b|c",    0},
    {"/%73ervers",              "servers",  0},
    {"/a%252Fb",                "a%2Fb",    1},
    {"/a%252fb",                "a%2fb",    1},
    {"/a%20b",                  "a b",      1},
    {"/a(b",                    "a(b",      0},
    {"/\xc3\xa9",               "\xc3\xa9", 0},
    {"/%C3%A9",                 "\xc3\xa9", 1},
    {"/%c3%a9",                 "\xc3\xa9", 0},
    {"/..//.",                  "..||.",    1},
    {"/a%2",                    NULL,       0},
    {"/a%",                     NULL,       0},
    {"/a%zz/b",                 NULL,       0},
    {"*",                       NULL,       0},
    {"",                        NULL,       0},
    {"http://host",             "",         1},
    {"http://host?/a/b",        "",         1},
    {"http://host#/a/b",        "",         1},
    {"http://host?x=/a/b",      "",         1},
    {"http://u:p@[::1]:8/a?/b", "a",        1},
    {"http:///a",               "a",        1},
    {"x:y?u=http://h/a/b",      NULL,       0},
    {"x?u=http://h/a/b",        NULL,       0},
    {"x/y://h/a/b",             NULL,       0},
    {"http:/a/b",               NULL,       0},
    {"://h/a",                  NULL,       0},
    {"host:80",                 NULL,       0},
};

/* A target, what httpd has made of it, and the segments that are served (NULL: none). */
static const struct {
    const char *target, *uri, *segments;
} served[] = {
    {"/a/b?c",        "/a/b",          "a|b"       },
    {"/a%20b",        "/a b",          "a b"       },
    {"/a%2Fb/c",      "/a%2Fb/c",      "a/b|c"     },
    {"/a%2fb/c",      "/a%2fb/c",      "a/b|c"     },
    {"/a%2Fb/c",      "/a/b/c",        "a/b|c"     },
    {"/a%252Fb",      "/a%2Fb",        "a%2Fb"     },
    {"/a//b/",        "/a//b/",        "a||b|"     },
    {"http://h?/a/b", "/",             ""          },
    {"host:80",       "/",             ""          },
 /* httpd has resolved it, which the reference does not */
    {"//a/b",         "/a/b",          NULL        },
    {"/./a",          "/a",            NULL        },
    {"/x/../a/b",     "/a/b",          NULL        },
    {"/x/%2e%2E/a/b", "/a/b",          NULL        },
    {"/a/b/..",       "/a/",           NULL        },
 /* slashes merged or decoded: the path that access was decided on */
    {"/a//b",         "/a/b",          "a|b"       },
    {"/a%2F..%2Fb",   "/b",            "b"         },
    {"/a%2F%2Fb",     "/a/b",          "a|b"       },
 /* another module has set it */
    {"/old/x",        "/a/b%2Fc/d%65", "a|b/c|d%65"},
    {"/old",          "/a/b%/%zz",     "a|b%|%zz"  },
    {"/a/b",          "/a/bc",         "a|bc"      },
    {"/a/bc",         "/a/b",          "a|b"       },
    {"/a/b",          "*",             NULL        },
    {"*",             "*",             NULL        },
    {"/a%00b",        "/a",            "a"         },
};

/* The segments joined by "|"; NULL when there is no path. */
static const char *joined(apr_status_t rv, const mcpr_path *path, apr_pool_t *pool)
{
    const char *text = rv == APR_SUCCESS ? "" : NULL;
    for (int i = 0; rv == APR_SUCCESS && i < path->count; i++) {
        text = apr_pstrcat(pool, text, i ? "|" : "", path->segments[i].text, NULL);
    }
    return text;
}

START_TEST(splits_and_decodes)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    apr_status_t rv = mcpr_path_parse(&path, paths[_i].target, pool);

    ck_assert_pstr_eq(joined(rv, &path, pool), paths[_i].segments);
    if (rv == APR_SUCCESS) {
        ck_assert_int_eq(path.canonical, paths[_i].canonical);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(serves_what_access_was_decided_on)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    apr_status_t rv = mcpr_path_read(&path, served[_i].target, served[_i].uri, pool);

    ck_assert_pstr_eq(joined(rv, &path, pool), served[_i].segments);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(decodes_what_httpd_has_decoded_no_second_time)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    const char *name;

    ck_assert_int_eq(mcpr_path_read(&path, "/old", "/a/x%2Fb%2541", pool), APR_SUCCESS);
    ck_assert_ptr_nonnull(mcpr_server_name_read(&name, &path, &path.segments[1], pool));
    ck_assert_str_eq(name, "x/b%2541");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(keeps_the_length_of_a_segment_with_nul)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    ck_assert_int_eq(mcpr_path_parse(&path, "/a%00b", pool), APR_SUCCESS);
    ck_assert_uint_eq(path.segments[0].len, 3);
    ck_assert_str_eq(path.segments[0].text, "a");
    apr_pool_destroy(pool);
}
END_TEST

/* The server's segment of /x/SEGMENT, the name it gives or the complaint. */
static const struct {
    const char *segment, *name, *complaint;
} names[] = {
    {"com.example%2Fwall",       "com.example/wall", NULL                                                                            },
    {"com.example%252Fwall",     "com.example/wall", NULL                                                                            },
    {"com.example%252fwall",     "com.example/wall", NULL                                                                            },
    {"com.example%2Fwall%C2%A0", "com.example/wall", NULL                                                                            },
    {"com.example%25252Fwall",   NULL,               "invalid server name format: server name must be in format"                     },
    {"",                         NULL,               "serverName cannot be empty"                                                    },
    {"%E2%80%83",                NULL,               "serverName cannot be empty"                                                    },
    {"a%20b",                    NULL,               "serverName cannot contain whitespace"                                          },
    {"a%25ZZ",                   NULL,               "invalid URL encoding in serverName"                                            },
    {"a%2500",                   NULL,               "invalid URL encoding in serverName"                                            },
    {"a%00",                     NULL,               "Invalid request: null bytes or invalid encoding"                               },
    {"a%2F%FF",                  NULL,               "Invalid request: null bytes or invalid encoding"                               },
    {"a%2Fb%2Fc",                NULL,               "invalid server name format: server name must contain exactly one '/' separator"},
    {"%2Fb",                     NULL,               "invalid server name format: namespace part cannot be empty"                    },
};

START_TEST(reads_server_names)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    const char *name = NULL, *complaint;

    ck_assert_int_eq(mcpr_path_parse(&path, apr_pstrcat(pool, "/x/", names[_i].segment, NULL), pool),
                     APR_SUCCESS);
    complaint = mcpr_server_name_read(&name, &path, &path.segments[1], pool);
    if (names[_i].complaint) {
        ck_assert_ptr_nonnull(complaint);
        ck_assert_msg(strstr(complaint, names[_i].complaint) == complaint, "%s", complaint);
    } else {
        ck_assert_msg(!complaint, "%s", complaint);
        ck_assert_str_eq(name, names[_i].name);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(decodes_registries_once_and_versions_twice)
{
    apr_pool_t *pool = unit_pool();
    mcpr_path path;
    const char *registry, *version;

    ck_assert_int_eq(mcpr_path_parse(&path, "/a%256F/1.0%2520", pool), APR_SUCCESS);
    ck_assert_ptr_null(mcpr_registry_name_read(&registry, &path.segments[0], pool));
    ck_assert_str_eq(registry, "a%6F");
    ck_assert_str_eq(mcpr_version_read(&version, &path, &path.segments[1], pool),
                     "version cannot contain whitespace");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("path");
    TCase *tcase = unit_case(suite, "path");
    tcase_add_loop_test(tcase, splits_and_decodes, 0, sizeof(paths) / sizeof(*paths));
    tcase_add_loop_test(tcase, serves_what_access_was_decided_on, 0, sizeof(served) / sizeof(*served));
    tcase_add_test(tcase, decodes_what_httpd_has_decoded_no_second_time);
    tcase_add_test(tcase, keeps_the_length_of_a_segment_with_nul);
    tcase_add_loop_test(tcase, reads_server_names, 0, sizeof(names) / sizeof(*names));
    tcase_add_test(tcase, decodes_registries_once_and_versions_twice);
    return unit_run(suite);
}
