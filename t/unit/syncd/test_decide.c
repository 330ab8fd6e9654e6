/*
 * When a document need not be fetched, and when asking for changes is enough.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sync/decide.h"

static const mcpr_seen seen = {"mark", "data", "settings", 1000};
static const mcpr_source_state same = {.phase = "complete", .data_hash = "data", .settings_hash = "settings"};

START_TEST(asking_for_changes_is_enough)
{
    ck_assert_str_eq(mcpr_known_hash(&same, "settings"), "data");
    ck_assert_str_eq(mcpr_usable_mark(&seen, &same, "settings", 1000), "mark");
    ck_assert_str_eq(mcpr_usable_mark(&seen, &same, "settings", 1000 + MCPR_COMPLETE_AFTER), "mark");
}
END_TEST

START_TEST(after_a_day_everything_is_read)
{
    ck_assert_ptr_null(mcpr_usable_mark(&seen, &same, "settings", 1001 + MCPR_COMPLETE_AFTER));
    ck_assert_str_eq(mcpr_known_hash(&same, "settings"), "data"); /* nothing to do with it */
}
END_TEST

START_TEST(nothing_was_seen)
{
    const mcpr_seen nothing = {NULL, NULL, NULL, 0}, no_mark = {NULL, "data", "settings", 1000};

    ck_assert_ptr_null(mcpr_usable_mark(&nothing, &same, "settings", 1000));
    ck_assert_ptr_null(mcpr_usable_mark(&no_mark, &same, "settings", 1000));
}
END_TEST

/* States of the store that are not what our last look left. */
static const struct {
    const char *data, *settings, *requested;
    int tombstones_due, abandoned;
} others[] = {
    {"another", "settings", NULL,  0, 0},
    {"data",    "others",   NULL,  0, 0},
    {"data",    NULL,       NULL,  0, 0},
    {NULL,      NULL,       NULL,  0, 0},
    {"data",    "settings", NULL,  1, 0},
    {"data",    "settings", NULL,  0, 1},
    {"data",    "settings", "now", 0, 0},
};

START_TEST(in_doubt_everything_is_read)
{
    const mcpr_source_state state = {.data_hash = others[_i].data,
                                     .settings_hash = others[_i].settings,
                                     .requested_at = others[_i].requested,
                                     .tombstones_due = others[_i].tombstones_due,
                                     .abandoned = others[_i].abandoned};

    ck_assert_ptr_null(mcpr_usable_mark(&seen, &state, "settings", 1000));
}
END_TEST

START_TEST(other_settings_read_everything)
{
    const mcpr_source_state moved = {.data_hash = "data", .settings_hash = "new"};

    ck_assert_ptr_null(mcpr_usable_mark(&seen, &same, "new", 1000));
    ck_assert_ptr_null(mcpr_usable_mark(&seen, &moved, "new", 1000)); /* the mark is of the old ones */
    ck_assert_ptr_null(mcpr_known_hash(&same, "new"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("decide");
    TCase *tcase = unit_case(suite, "decide");

    tcase_add_test(tcase, asking_for_changes_is_enough);
    tcase_add_test(tcase, after_a_day_everything_is_read);
    tcase_add_test(tcase, nothing_was_seen);
    tcase_add_loop_test(tcase, in_doubt_everything_is_read, 0, sizeof others / sizeof *others);
    tcase_add_test(tcase, other_settings_read_everything);
    return unit_run(suite);
}
