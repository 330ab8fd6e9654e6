/*
 * What has to change, and which version is latest.
 */
#include "common/model/response.h"
#include "t/unit/unit.h"
#include "thv-syncd/sync/diff.h"
#include <apr_strings.h>
#include <string.h>

static apr_pool_t *pool;
static mcpr_diff *diff;

static void set_up(void)
{
    pool = unit_pool();
    diff = mcpr_diff_create(0, pool);
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
}

/* --- the document's side */

static apr_status_t feed_entry(mcpr_kind kind, const char *namespace_, const char *name, const char *version,
                               const char *document, mcpr_status status)
{
    mcpr_entry entry = {.kind = kind,
                        .namespace_ = namespace_,
                        .name = name,
                        .version = version,
                        .status = status,
                        .document = document,
                        .document_len = strlen(document),
                        .search_text = name};

    return mcpr_diff_take(diff, &entry);
}

static void feed(const char *name, const char *version, const char *document)
{
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", name, version, document, MCPR_STATUS_ACTIVE),
                     APR_SUCCESS);
}

/* --- the store's side: every row is the one before with something else */

static mcpr_diff_row row_of(apr_int64_t entry, apr_int64_t id, const char *name, const char *version,
                            const char *document)
{
    return (mcpr_diff_row){.entry_id = entry,
                           .id = id,
                           .alive = 1,
                           .renderer = MCPR_RENDERER,
                           .kind = MCPR_KIND_SERVER,
                           .namespace_ = "",
                           .name = name,
                           .version = version,
                           .status = MCPR_STATUS_ACTIVE,
                           .hash = mcpr_sha256_hex(document, strlen(document), pool),
                           .published_at = 100,
                           .status_changed_at = 100,
                           .updated_at = 100};
}

static void store(apr_int64_t entry, apr_int64_t id, const char *name, const char *version,
                  const char *document, int latest)
{
    mcpr_diff_row row = row_of(entry, id, name, version, document);

    row.is_latest = latest;
    mcpr_diff_stored(diff, &row);
}

static void store_tombstone(apr_int64_t entry, apr_int64_t id, const char *name, const char *version,
                            int latest, int expired)
{
    mcpr_diff_row row = row_of(entry, id, name, version, "{}");

    row.status = MCPR_STATUS_DELETED;
    row.is_latest = latest;
    row.alive = 0;
    row.tombstoned_at = 200;
    row.expired = expired;
    mcpr_diff_stored(diff, &row);
}

/* --- looking */

static const mcpr_diff_version *changed(const char *name, const char *version)
{
    for (int i = 0; i < diff->versions->nelts; i++) {
        const mcpr_diff_version *v = APR_ARRAY_IDX(diff->versions, i, const mcpr_diff_version *);

        if (strcmp(v->entry->name, name) == 0 && strcmp(v->version, version) == 0) {
            return v;
        }
    }
    return NULL;
}

static void expect(const char *name, const char *version, mcpr_change change, int latest)
{
    const mcpr_diff_version *v = changed(name, version);

    if (change == MCPR_CHANGE_NONE) {
        ck_assert_msg(v == NULL, "%s@%s should not change", name, version);
        return;
    }
    ck_assert_msg(v != NULL, "%s@%s should change", name, version);
    ck_assert_int_eq(v->change, change);
    ck_assert_msg(v->is_latest == (unsigned)latest, "latest of %s@%s", name, version);
}

static const mcpr_diff_entry *entry_named(const char *name)
{
    for (int i = 0; i < diff->entries->nelts; i++) {
        const mcpr_diff_entry *entry = APR_ARRAY_IDX(diff->entries, i, const mcpr_diff_entry *);

        if (strcmp(entry->name, name) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* --- changes */

START_TEST(all_new)
{
    feed("b/x", "1.0.0", "{1}");
    feed("b/x", "2.0.0", "{2}");
    feed("a/x", "1.0.0", "{3}");
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->added, 3);
    ck_assert_int_eq(diff->new_entries, 2);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 3);
    expect("b/x", "1.0.0", MCPR_CHANGE_ADD, 0);
    expect("b/x", "2.0.0", MCPR_CHANGE_ADD, 1);
    expect("a/x", "1.0.0", MCPR_CHANGE_ADD, 1);
    ck_assert_str_eq(changed("b/x", "2.0.0")->document, "{2}");
    /* In page order. */
    ck_assert_str_eq(APR_ARRAY_IDX(diff->versions, 0, mcpr_diff_version *)->entry->name, "a/x");
    ck_assert_str_eq(APR_ARRAY_IDX(diff->versions, 1, mcpr_diff_version *)->version, "1.0.0");
}
END_TEST

START_TEST(nothing_changed)
{
    store(1, 1, "a/x", "1.0.0", "{1}", 0);
    store(1, 2, "a/x", "2.0.0", "{2}", 1);
    feed("a/x", "1.0.0", "{1}");
    feed("a/x", "2.0.0", "{2}");
    mcpr_diff_decide(diff);
    ck_assert(!mcpr_diff_any(diff));
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 2);
    ck_assert(entry_named("a/x")->alive);
}
END_TEST

START_TEST(other_content)
{
    store(1, 1, "a/x", "1.0.0", "{1}", 1);
    feed("a/x", "1.0.0", "{2}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_UPDATE, 1);
    ck_assert_int_eq(diff->changed, 1);
    ck_assert_int_eq(changed("a/x", "1.0.0")->id, 1);
    ck_assert_int_eq(changed("a/x", "1.0.0")->published_at, 100);
}
END_TEST

START_TEST(other_status)
{
    store(1, 1, "a/x", "1.0.0", "{1}", 1);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/x", "1.0.0", "{1}", MCPR_STATUS_DEPRECATED),
                     APR_SUCCESS);
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_UPDATE, 1);
    ck_assert_int_eq(changed("a/x", "1.0.0")->stored_status, MCPR_STATUS_ACTIVE);
    ck_assert_int_eq(changed("a/x", "1.0.0")->status, MCPR_STATUS_DEPRECATED);
}
END_TEST

START_TEST(other_renderer)
{
    mcpr_diff_row row = row_of(1, 1, "a/x", "1.0.0", "{1}");

    row.is_latest = 1;
    row.renderer = MCPR_RENDERER + 1;
    mcpr_diff_stored(diff, &row);
    feed("a/x", "1.0.0", "{1}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_RELABEL, 1);
}
END_TEST

START_TEST(gone)
{
    store(1, 1, "a/x", "1.0.0", "{1}", 0);
    store(1, 2, "a/x", "2.0.0", "{2}", 1);
    store(2, 3, "a/y", "1.0.0", "{3}", 1);
    feed("a/x", "1.0.0", "{1}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_RELABEL, 1);
    expect("a/x", "2.0.0", MCPR_CHANGE_RETIRE, 0);
    /* The whole name is gone: its pointer stays where it was. */
    expect("a/y", "1.0.0", MCPR_CHANGE_RETIRE, 1);
    ck_assert_int_eq(changed("a/y", "1.0.0")->status, MCPR_STATUS_DELETED);
    ck_assert(entry_named("a/x")->alive);
    ck_assert(!entry_named("a/y")->alive);
    ck_assert(!entry_named("a/y")->empty);
    ck_assert_int_eq(diff->removed, 2);
}
END_TEST

START_TEST(back_again)
{
    store_tombstone(1, 1, "a/x", "1.0.0", 1, 0);
    feed("a/x", "1.0.0", "{}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_UPDATE, 1);
    ck_assert_int_eq(changed("a/x", "1.0.0")->published_at, 100);
    ck_assert(entry_named("a/x")->alive);
    ck_assert(!entry_named("a/x")->was_alive);
}
END_TEST

START_TEST(back_after_its_time)
{
    store_tombstone(1, 1, "a/x", "1.0.0", 1, 1);
    feed("a/x", "1.0.0", "{}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_UPDATE, 1);
}
END_TEST

START_TEST(tombstones_stay_and_go)
{
    store_tombstone(1, 1, "a/x", "1.0.0", 0, 0);
    store_tombstone(1, 2, "a/x", "2.0.0", 1, 1);
    store_tombstone(2, 3, "a/y", "1.0.0", 1, 1);
    mcpr_diff_decide(diff);
    /* The pointer moves from the one that goes to the one that stays. */
    expect("a/x", "1.0.0", MCPR_CHANGE_RELABEL, 1);
    expect("a/x", "2.0.0", MCPR_CHANGE_EXPIRE, 0);
    expect("a/y", "1.0.0", MCPR_CHANGE_EXPIRE, 0);
    ck_assert(!entry_named("a/x")->empty);
    ck_assert(entry_named("a/y")->empty);
    ck_assert_int_eq(diff->expired, 2);
}
END_TEST

START_TEST(entry_without_versions)
{
    mcpr_diff_row row = row_of(7, 0, "a/x", NULL, "");

    mcpr_diff_stored(diff, &row);
    feed("a/x", "1.0.0", "{1}");
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->new_entries, 0);
    ck_assert_int_eq(changed("a/x", "1.0.0")->entry->id, 7);
}
END_TEST

START_TEST(kinds_and_namespaces_apart)
{
    static const char *const namespaces[] = {"com.x", "com.y"};

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(feed_entry(MCPR_KIND_SKILL, namespaces[i], "aa", "1", "{1}", MCPR_STATUS_ACTIVE),
                         APR_SUCCESS);
        ck_assert_int_eq(feed_entry(MCPR_KIND_PLUGIN, namespaces[i], "aa", "1", "{2}", MCPR_STATUS_ACTIVE),
                         APR_SUCCESS);
    }
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->new_entries, 4);
    for (int i = 0; i < diff->versions->nelts; i++) {
        ck_assert(APR_ARRAY_IDX(diff->versions, i, mcpr_diff_version *)->is_latest);
    }
}
END_TEST

/* --- partial documents */

static void mention(const char *name, const char *version)
{
    mcpr_entry entry = {.kind = MCPR_KIND_SERVER, .namespace_ = "", .name = name, .version = version};

    mcpr_diff_mention(diff, &entry);
}

START_TEST(what_is_not_mentioned_stays)
{
    diff->is_partial = 1;
    store(1, 1, "a/x", "1.0.0", "{1}", 0);
    store(1, 2, "a/x", "2.0.0", "{2}", 1);
    store(2, 3, "a/y", "1.0.0", "{3}", 1);
    store_tombstone(3, 4, "a/z", "1.0.0", 1, 0);
    mention("a/y", "1.0.0");
    feed("a/y", "1.0.0", "{4}");
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->versions->nelts, 1);
    expect("a/y", "1.0.0", MCPR_CHANGE_UPDATE, 1);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 3);
    ck_assert(entry_named("a/x")->alive);
    ck_assert(!entry_named("a/z")->alive);
}
END_TEST

START_TEST(what_is_mentioned_and_not_taken_is_gone)
{
    diff->is_partial = 1;
    store(1, 1, "a/x", "1.0.0", "{1}", 0);
    store(1, 2, "a/x", "2.0.0", "{2}", 1);
    mention("a/x", "2.0.0");
    mention("a/never", "1.0.0");
    mcpr_diff_decide(diff);
    expect("a/x", "2.0.0", MCPR_CHANGE_RETIRE, 0);
    expect("a/x", "1.0.0", MCPR_CHANGE_RELABEL, 1);
    ck_assert_int_eq(diff->versions->nelts, 2);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 1);
    ck_assert_ptr_null(entry_named("a/never"));
}
END_TEST

START_TEST(what_is_new_in_a_partial_document)
{
    diff->is_partial = 1;
    store(1, 1, "a/x", "1.0.0", "{1}", 0);
    store(1, 2, "a/x", "1.5.0", "{2}", 1);
    store_tombstone(2, 3, "a/y", "1.0.0", 1, 0);
    feed("a/x", "1.6.0", "{3}");
    feed("a/x", "1.4.0", "{4}");
    feed("a/y", "1.0.0", "{}");
    feed("a/z", "1.0.0", "{5}");
    mcpr_diff_decide(diff);
    expect("a/x", "1.6.0", MCPR_CHANGE_ADD, 1);
    expect("a/x", "1.5.0", MCPR_CHANGE_RELABEL, 0);
    expect("a/x", "1.4.0", MCPR_CHANGE_ADD, 0);
    expect("a/y", "1.0.0", MCPR_CHANGE_UPDATE, 1);
    expect("a/z", "1.0.0", MCPR_CHANGE_ADD, 1);
    ck_assert(entry_named("a/y")->alive);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 6);
}
END_TEST

/* Neither is newer than the other: the pointer stays. */
START_TEST(equal_versions_do_not_take_the_pointer)
{
    diff->is_partial = 1;
    store(1, 1, "a/x", "1.0.0+a", "{1}", 0);
    store(1, 2, "a/x", "1.0.0+b", "{2}", 1);
    feed("a/x", "1.0.0+c", "{3}");
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->versions->nelts, 1);
    expect("a/x", "1.0.0+c", MCPR_CHANGE_ADD, 0);
}
END_TEST

START_TEST(an_empty_partial_document)
{
    diff->is_partial = 1;
    store(1, 1, "a/x", "1.0.0", "{1}", 1);
    mcpr_diff_decide(diff);
    ck_assert(!mcpr_diff_any(diff));
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 1);
}
END_TEST

/* --- latest */

static const struct {
    const char *versions[4];
    const char *latest;
} latest_rows[] = {
    {{"1.0.0", "2.0.0", "1.5.0"},  "2.0.0"     },
    {{"10.0.0", "9.0.0"},          "10.0.0"    },
    {{"1.0.0", "1.0.0-rc.1"},      "1.0.0"     },
    {{"1.0.0+a", "1.0.0+b"},       "1.0.0+a"   },
    {{"v1.2", "1.3"},              "1.3"       },
    {{"latest", "beta"},           "latest"    },
    {{"2024-01-01", "2024-02-01"}, "2024-02-01"},
};

START_TEST(latest_in_feed_order)
{
    for (int i = 0; i < 4 && latest_rows[_i].versions[i]; i++) {
        feed("a/x", latest_rows[_i].versions[i], "{1}");
    }
    mcpr_diff_decide(diff);
    expect("a/x", latest_rows[_i].latest, MCPR_CHANGE_ADD, 1);
}
END_TEST

START_TEST(latest_is_never_deleted_while_another_lives)
{
    feed("a/x", "1.0.0", "{1}");
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/x", "2.0.0", "{2}", MCPR_STATUS_DELETED),
                     APR_SUCCESS);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/y", "1.0.0", "{1}", MCPR_STATUS_DELETED),
                     APR_SUCCESS);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/y", "2.0.0", "{2}", MCPR_STATUS_DELETED),
                     APR_SUCCESS);
    mcpr_diff_decide(diff);
    expect("a/x", "1.0.0", MCPR_CHANGE_ADD, 1);
    expect("a/x", "2.0.0", MCPR_CHANGE_ADD, 0);
    expect("a/y", "2.0.0", MCPR_CHANGE_ADD, 1);
    ck_assert(entry_named("a/x")->alive);
    ck_assert(!entry_named("a/y")->alive);
}
END_TEST

/* --- duplicates */

START_TEST(equal_duplicates_collapse)
{
    feed("a/x", "1.0.0", "{\"a\":1,\"b\":2}");
    feed("a/x", "1.0.0", "{\"a\":1,\"b\":2}");
    feed("a/x", "1.0.0", "{\"b\":2,\"a\":1}");
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->added, 1);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 1);
}
END_TEST

/* Wide numbers are compared digit by digit, and never rounded. */
START_TEST(duplicates_with_numbers_beyond_64_bits)
{
    static const char one[] = "{\"n\":123456789012345678901234567890,\"r\":0.10,\"s\":\"a\"}";
    static const char other_order[] = "{\"s\":\"a\",\"r\":0.10,\"n\":123456789012345678901234567890}";
    static const char other_digit[] = "{\"s\":\"a\",\"r\":0.10,\"n\":123456789012345678901234567891}";

    feed("a/x", "1.0.0", one);
    feed("a/x", "1.0.0", other_order);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/x", "1.0.0", other_digit, MCPR_STATUS_ACTIVE),
                     APR_EEXIST);
    mcpr_diff_decide(diff);
    ck_assert_int_eq(diff->counts[MCPR_KIND_SERVER], 1);
}
END_TEST

START_TEST(unequal_duplicates_fail)
{
    feed("a/x", "1.0.0", "{\"a\":1}");
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/x", "1.0.0", "{\"a\":2}", MCPR_STATUS_ACTIVE),
                     APR_EEXIST);
    ck_assert_str_eq(diff->duplicate, "failed to upsert servers: duplicate server a/x@1.0.0");
    ck_assert_int_eq(feed_entry(MCPR_KIND_SERVER, "", "a/x", "1.0.0", "{\"a\":1}", MCPR_STATUS_DELETED),
                     APR_EEXIST);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SKILL, "n.s", "aa", "1", "{\"a\":1}", MCPR_STATUS_ACTIVE),
                     APR_SUCCESS);
    ck_assert_int_eq(feed_entry(MCPR_KIND_SKILL, "n.s", "aa", "1", "{\"a\":2}", MCPR_STATUS_ACTIVE),
                     APR_EEXIST);
    ck_assert_str_eq(diff->duplicate, "failed to upsert skills: duplicate skill n.s/aa@1");
}
END_TEST

START_TEST(duplicate_of_a_dropped_text_asks_again)
{
    store(1, 1, "a/x", "1.0.0", "{\"a\":1,\"b\":2}", 1);
    feed("a/x", "1.0.0", "{\"a\":1,\"b\":2}");
    ck_assert_int_eq(
        feed_entry(MCPR_KIND_SERVER, "", "a/x", "1.0.0", "{\"b\":2,\"a\":1}", MCPR_STATUS_ACTIVE),
        APR_EAGAIN);
    diff = mcpr_diff_create(1, pool);
    store(1, 1, "a/x", "1.0.0", "{\"a\":1,\"b\":2}", 1);
    feed("a/x", "1.0.0", "{\"a\":1,\"b\":2}");
    feed("a/x", "1.0.0", "{\"b\":2,\"a\":1}");
    mcpr_diff_decide(diff);
    ck_assert(!mcpr_diff_any(diff));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("diff");
    TCase *changes = unit_case(suite, "changes");
    TCase *latest = unit_case(suite, "latest");
    TCase *duplicates = unit_case(suite, "duplicates");

    tcase_add_checked_fixture(changes, set_up, tear_down);
    tcase_add_checked_fixture(latest, set_up, tear_down);
    tcase_add_checked_fixture(duplicates, set_up, tear_down);
    tcase_add_test(changes, all_new);
    tcase_add_test(changes, nothing_changed);
    tcase_add_test(changes, other_content);
    tcase_add_test(changes, other_status);
    tcase_add_test(changes, other_renderer);
    tcase_add_test(changes, gone);
    tcase_add_test(changes, back_again);
    tcase_add_test(changes, back_after_its_time);
    tcase_add_test(changes, tombstones_stay_and_go);
    tcase_add_test(changes, entry_without_versions);
    tcase_add_test(changes, kinds_and_namespaces_apart);
    tcase_add_test(changes, what_is_not_mentioned_stays);
    tcase_add_test(changes, what_is_mentioned_and_not_taken_is_gone);
    tcase_add_test(changes, what_is_new_in_a_partial_document);
    tcase_add_test(changes, equal_versions_do_not_take_the_pointer);
    tcase_add_test(changes, an_empty_partial_document);
    tcase_add_loop_test(latest, latest_in_feed_order, 0, sizeof latest_rows / sizeof *latest_rows);
    tcase_add_test(latest, latest_is_never_deleted_while_another_lives);
    tcase_add_test(duplicates, equal_duplicates_collapse);
    tcase_add_test(duplicates, duplicates_with_numbers_beyond_64_bits);
    tcase_add_test(duplicates, unequal_duplicates_fail);
    tcase_add_test(duplicates, duplicate_of_a_dropped_text_asks_again);
    return unit_run(suite);
}
