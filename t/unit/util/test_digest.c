/*
 * SHA-256, by the vectors of FIPS 180.
 */
#include "common/util/digest.h"
#include "t/unit/unit.h"

START_TEST(known_vectors)
{
    apr_pool_t *pool = unit_pool();
    ck_assert_str_eq(mcpr_sha256_hex("", 0, pool),
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ck_assert_str_eq(mcpr_sha256_hex("abc", 3, pool),
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert_str_ne(mcpr_sha256_hex("a\0b", 3, pool), mcpr_sha256_hex("a\0c", 3, pool));
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("digest");
    tcase_add_test(unit_case(suite, "digest"), known_vectors);
    return unit_run(suite);
}
