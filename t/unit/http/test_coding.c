/* Content coding: what a client prefers, and that gzip gives back what went in. */
#include "mod_mcp_registry/http/accept.h"
#include "mod_mcp_registry/http/gzip.h"
#include "t/unit/unit.h"
#include <string.h>
#include <zlib.h>

static const struct {
    const char *header;
    int gzip;
} headers[] = {
    {NULL,                       0},
    {"",                         0},
    {"gzip",                     1},
    {"GZIP",                     1},
    {"x-gzip",                   1},
    {"deflate, gzip;q=0.5, br",  1},
    {"gzip;q=0",                 0},
    {"gzip;q=0.000",             0},
    {"gzip ; q=0.1",             1},
    {"*",                        1},
    {"*;q=0",                    0},
    {"gzip;q=0, *",              0},
    {"identity",                 0},
    {"identity, gzip;q=0.5",     0},
    {"identity;q=0.5, gzip",     1},
    {"identity;q=0, gzip;q=0.2", 1},
    {"gzipped",                  0},
    {"gzip;q=high",              0},
    {"gzip;q=0.5abc",            0},
    {"gzip;q=0.5 x",             0},
    {"gzip;q=0.5 ",              1},
    {"gzip;q=0.1234",            0},
    {"gzip;q=1.001",             0},
    {"gzip;q=",                  0},
    {"gzip;q",                   0},
    {"gzip;q =1",                0},
    {"gzip;Q=1",                 1},
    {"gzip;x=1;q=0",             0},
    {"gzip;x=1 ; q=0, br",       0},
    {"gzip;q=0;x=1",             0},
    {"gzip;quality=0",           1},
    {"gzip;",                    1},
    {"br;q=0, gzip;x=1",         1},
    {",,gzip,,",                 1},
    {"br",                       0},
};

START_TEST(knows_what_the_client_prefers)
{
    ck_assert_msg(mcpr_accepts_gzip(headers[_i].header) == headers[_i].gzip, "%s", headers[_i].header);
}
END_TEST

START_TEST(compresses)
{
    apr_pool_t *pool = unit_pool();
    char text[4096], back[4096];
    apr_size_t len;
    z_stream z;

    memset(text, 'a', sizeof(text));
    const char *packed = mcpr_gzip(text, sizeof(text), &len, pool);
    ck_assert_ptr_nonnull(packed);
    ck_assert_uint_lt(len, sizeof(text) / 10);

    memset(&z, 0, sizeof(z));
    ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)packed;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)back;
    z.avail_out = sizeof(back);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    ck_assert_mem_eq(text, back, sizeof(text));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(leaves_alone_what_does_not_shrink)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t len;
    ck_assert_ptr_null(mcpr_gzip("0123456789abcdef", 16, &len, pool));
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("coding");
    TCase *tcase = unit_case(suite, "coding");
    tcase_add_loop_test(tcase, knows_what_the_client_prefers, 0, sizeof(headers) / sizeof(*headers));
    tcase_add_test(tcase, compresses);
    tcase_add_test(tcase, leaves_alone_what_does_not_shrink);
    return unit_run(suite);
}
