/* Generations: known and unknown, forward only, another history, a slot a database. */
#include "mod_mcp_registry/store/generation.h"
#include "t/unit/unit.h"

static mcpr_generation *open_one(mcpr_generation_table *table, const char *key, apr_pool_t *pool)
{
    mcpr_generation *generation = NULL;
    ck_assert_int_eq(mcpr_generation_open(&generation, table, key, pool), APR_SUCCESS);
    return generation;
}

static mcpr_generation_table *make_table(apr_pool_t *pool)
{
    mcpr_generation_table *table = NULL;
    ck_assert_int_eq(mcpr_generation_table_create(&table, pool), APR_SUCCESS);
    return table;
}

START_TEST(is_unknown_until_connected_and_after_a_loss)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation *g = open_one(make_table(pool), "a", pool);
    mcpr_stamp stamp;

    ck_assert(!mcpr_generation_now(g, &stamp));
    mcpr_generation_raise(g, 5);
    ck_assert(!mcpr_generation_now(g, &stamp));
    mcpr_generation_connected(g, mcpr_generation_held(g), 7);
    ck_assert(mcpr_generation_now(g, &stamp));
    ck_assert_uint_eq(stamp.number, 7);
    mcpr_generation_lost(g);
    ck_assert(!mcpr_generation_now(g, &stamp));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(only_rises)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation *g = open_one(make_table(pool), "a", pool);
    mcpr_stamp stamp;

    mcpr_generation_connected(g, mcpr_generation_held(g), 7);
    mcpr_generation_raise(g, 9);
    mcpr_generation_raise(g, 8);
    ck_assert(mcpr_generation_now(g, &stamp));
    ck_assert_uint_eq(stamp.number, 9);
    ck_assert_uint_eq(stamp.history, 0);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_lower_answer_is_another_history)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation *g = open_one(make_table(pool), "a", pool);
    mcpr_stamp before, after;

    mcpr_generation_connected(g, mcpr_generation_held(g), 100);
    ck_assert(mcpr_generation_now(g, &before));
    mcpr_generation_lost(g);
    mcpr_generation_connected(g, mcpr_generation_held(g), 60);
    ck_assert(mcpr_generation_now(g, &after));
    ck_assert_uint_eq(after.number, 60);
    ck_assert_uint_ne(after.history, before.history);
    apr_pool_destroy(pool);
}
END_TEST

/* A standby that took over may have less in it, or other things, under the same number. */
START_TEST(after_a_loss_the_same_number_is_another_state)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation_table *table = make_table(pool);
    mcpr_generation *g = open_one(table, "a", pool), *other_process = open_one(table, "a", pool);
    mcpr_stamp before, after, other;

    mcpr_generation_connected(g, mcpr_generation_held(g), 100);
    mcpr_generation_connected(other_process, mcpr_generation_held(g), 100);
    ck_assert(mcpr_generation_now(g, &before));
    mcpr_generation_lost(g);
    mcpr_generation_connected(g, mcpr_generation_held(g), 100);
    ck_assert(mcpr_generation_now(g, &after));
    ck_assert_uint_eq(after.number, before.number);
    ck_assert_uint_ne(after.epoch, before.epoch);
    ck_assert(mcpr_generation_now(other_process, &other));
    ck_assert_uint_eq(other.epoch, before.epoch);
    apr_pool_destroy(pool);
}
END_TEST

/* Somebody else's raise between asking and answering is no sign of another history. */
START_TEST(an_overtaken_answer_is_the_same_history)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation *g = open_one(make_table(pool), "a", pool);
    mcpr_stamp stamp;
    apr_uint64_t before = mcpr_generation_held(g);

    mcpr_generation_raise(g, 50);
    mcpr_generation_connected(g, before, 40);
    ck_assert(mcpr_generation_now(g, &stamp));
    ck_assert_uint_eq(stamp.number, 50);
    ck_assert_uint_eq(stamp.history, 0);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(gives_each_database_a_slot_while_there_are_some)
{
    apr_pool_t *pool = unit_pool();
    mcpr_generation_table *table = make_table(pool);
    mcpr_generation *a = open_one(table, "a", pool), *b = open_one(table, "b", pool), *again;
    char key[] = "?x";

    mcpr_generation_raise(a, 3);
    again = open_one(table, "a", pool);
    ck_assert_uint_eq(mcpr_generation_held(again), 3);
    ck_assert_uint_eq(mcpr_generation_held(b), 0);
    for (int i = 2; i < MCPR_GENERATION_SLOTS; i++) {
        key[0] = (char)('A' + i);
        (void)open_one(table, key, pool);
    }
    ck_assert_int_eq(mcpr_generation_open(&again, table, "one too many", pool), APR_ENOSPC);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generation");
    TCase *tcase = unit_case(suite, "generation");
    tcase_add_test(tcase, is_unknown_until_connected_and_after_a_loss);
    tcase_add_test(tcase, only_rises);
    tcase_add_test(tcase, a_lower_answer_is_another_history);
    tcase_add_test(tcase, after_a_loss_the_same_number_is_another_state);
    tcase_add_test(tcase, an_overtaken_answer_is_the_same_history);
    tcase_add_test(tcase, gives_each_database_a_slot_while_there_are_some);
    return unit_run(suite);
}
