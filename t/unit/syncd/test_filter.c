/*
 * Filters between reader and diff, and the hash of settings that notices a change of one.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/filter.h"
#include <apr_strings.h>
#include <string.h>

static apr_pool_t *pool;
static mcpr_config_filter config;
static int passed;

static void set_up(void)
{
    pool = unit_pool();
    passed = 0;
    config = (mcpr_config_filter){.present = 1,
                                  .names_include = apr_array_make(pool, 2, sizeof(const char *)),
                                  .names_exclude = apr_array_make(pool, 2, sizeof(const char *)),
                                  .tags_include = apr_array_make(pool, 2, sizeof(const char *)),
                                  .tags_exclude = apr_array_make(pool, 2, sizeof(const char *))};
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
}

static apr_status_t count(void *baton, const mcpr_entry *entry)
{
    (void)baton;
    (void)entry;
    passed++;
    return APR_SUCCESS;
}

static int passes(mcpr_kind kind, const char *namespace_, const char *name, const char *json)
{
    json_t *tree = json_loads(json, 0, NULL);
    mcpr_entry entry = {.kind = kind, .namespace_ = namespace_, .name = name, .version = "1", .json = tree};
    mcpr_filter *filter = mcpr_filter_create(&config, count, NULL, pool);

    passed = 0;
    ck_assert_ptr_nonnull(tree);
    ck_assert_int_eq(mcpr_filter_take(filter, &entry), APR_SUCCESS);
    ck_assert_int_eq(filter->dropped, !passed);
    json_decref(tree);
    return passed;
}

static int server_passes(const char *name)
{
    return passes(MCPR_KIND_SERVER, "", name, "{}");
}

START_TEST(names)
{
    ck_assert(server_passes("com.a/x"));
    APR_ARRAY_PUSH(config.names_include, const char *) = "com.a/*";
    ck_assert(server_passes("com.a/x"));
    ck_assert(!server_passes("com.b/x"));
    APR_ARRAY_PUSH(config.names_exclude, const char *) = "*/x";
    ck_assert(!server_passes("com.a/x"));
    ck_assert(server_passes("com.a/y"));
    ck_assert(passes(MCPR_KIND_SKILL, "com.a", "y", "{}"));
    ck_assert(!passes(MCPR_KIND_SKILL, "com.b", "y", "{}"));
}
END_TEST

#define TAGGED(tags)                                                                                   \
    "{\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":{\"io.x\":{\"https://img\":{" \
    "\"tags\":" tags "}}}}}"

START_TEST(tags)
{
    APR_ARRAY_PUSH(config.tags_include, const char *) = "web";
    ck_assert(passes(MCPR_KIND_SERVER, "", "a/b", TAGGED("[\"db\",\"web\"]")));
    ck_assert(!passes(MCPR_KIND_SERVER, "", "a/b", TAGGED("[\"Web\"]")));
    ck_assert(!passes(MCPR_KIND_SERVER, "", "a/b", TAGGED("\"web\"")));
    ck_assert(!passes(MCPR_KIND_SERVER, "", "a/b", TAGGED("[1,null,{\"web\":1}]")));
    ck_assert(!passes(MCPR_KIND_SERVER, "", "a/b", "{\"tags\":[\"web\"]}"));
    ck_assert_msg(passes(MCPR_KIND_SKILL, "com.a", "y", "{}"), "tags are for servers only");
    APR_ARRAY_PUSH(config.tags_exclude, const char *) = "old";
    ck_assert(!passes(MCPR_KIND_SERVER, "", "a/b", TAGGED("[\"old\",\"web\"]")));
}
END_TEST

START_TEST(invalid_patterns_drop_what_reaches_them)
{
    APR_ARRAY_PUSH(config.names_include, const char *) = "com.a/*";
    APR_ARRAY_PUSH(config.names_include, const char *) = "[";
    APR_ARRAY_PUSH(config.names_include, const char *) = "com.c/*";
    ck_assert(server_passes("com.a/x"));
    ck_assert(!server_passes("com.c/x"));
    APR_ARRAY_PUSH(config.names_exclude, const char *) = "[";
    ck_assert(!server_passes("com.a/x"));
}
END_TEST

START_TEST(every_invalid_pattern_is_named)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    const mcpr_problem *found;

    APR_ARRAY_PUSH(config.names_include, const char *) = "com.a/[a-z0-9]";
    APR_ARRAY_PUSH(config.names_include, const char *) = "com.a/*";
    APR_ARRAY_PUSH(config.names_exclude, const char *) = "[";
    mcpr_filter_check(&config, "f: ", "mine: ", problems);
    ck_assert_int_eq(problems->total, 2);
    found = (const mcpr_problem *)problems->list->elts;
    ck_assert_str_eq(found[0].place, "f: filter.names.include");
    ck_assert_str_eq(found[0].message,
                     "mine: invalid pattern 'com.a/[a-z0-9]': expected close range character");
    ck_assert_str_eq(found[1].place, "f: filter.names.exclude");
    ck_assert_str_eq(found[1].message, "mine: invalid pattern '[': syntax error in pattern");
    config.present = 0;
    mcpr_filter_check(&config, "f: ", "mine: ", problems);
    ck_assert_int_eq(problems->total, 2);
}
END_TEST

START_TEST(settings_hash_moves_with_what_matters)
{
    mcpr_config_source source = {
        .name = "s", .type = MCPR_SOURCE_FILE, .file = {.path = "/a"}, .interval = 5};
    const char *before, *again;

    source.filter = config;
    before = apr_pstrdup(pool, mcpr_settings_hash(&source, pool));
    source.interval = 7;
    source.name = "t";
    again = mcpr_settings_hash(&source, pool);
    ck_assert_str_eq(before, again);
    source.format = MCPR_FORMAT_UPSTREAM;
    ck_assert_str_ne(before, mcpr_settings_hash(&source, pool));
    source.format = MCPR_FORMAT_AUTO;
    source.file.path = "/b";
    ck_assert_str_ne(before, mcpr_settings_hash(&source, pool));
    source.file.path = "/a";
    APR_ARRAY_PUSH(source.filter.tags_include, const char *) = "x";
    ck_assert_str_ne(before, mcpr_settings_hash(&source, pool));
}
END_TEST

static const struct {
    const char *data, *settings;
    int tombstones_due, abandoned;
    const char *reason, *trigger;
} decisions[] = {
    {NULL, NULL, 0, 0, "registry-not-ready",  "interval"},
    {"d2", "s",  0, 0, "source-data-changed", "interval"},
    {"d",  "s2", 0, 0, "filter-changed",      "settings"},
    {"d",  NULL, 0, 0, "filter-changed",      "settings"},
    {"d",  "s",  1, 0, "tombstones-expired",  "interval"},
    {"d",  "s",  0, 0, NULL,                  "interval"},
    {"d",  "s",  0, 1, "registry-not-ready",  "interval"},
};

START_TEST(decision)
{
    mcpr_source_state state = {.data_hash = decisions[_i].data,
                               .settings_hash = decisions[_i].settings,
                               .tombstones_due = decisions[_i].tombstones_due,
                               .abandoned = decisions[_i].abandoned};
    const char *trigger = "interval";

    ck_assert_pstr_eq(mcpr_decide(&state, "d", "s", &trigger), decisions[_i].reason);
    ck_assert_str_eq(trigger, decisions[_i].trigger);
}
END_TEST

/* What a worker read at "9" and finds when it has the lock again. */
static const struct {
    mcpr_source_state now;
    int undisturbed;
} later[] = {
    {{.phase = "complete", .started_at = "1", .ended_at = "2", .data_hash = "d"},  1}, /* as it was */
    {{.phase = "syncing", .started_at = "9", .ended_at = "2", .data_hash = "d"},   1}, /* its claim */
    {{.phase = "complete", .started_at = "9", .ended_at = "10", .data_hash = "e"}, 1}, /* its write */
    {{.phase = "failed", .started_at = "9", .ended_at = "10", .data_hash = "d"},   1}, /* its failure */
    {{.phase = "syncing", .started_at = "11", .ended_at = "2", .data_hash = "d"},  0}, /* another's claim */
    {{.phase = "complete", .started_at = "1", .ended_at = "12", .data_hash = "d"}, 0}, /* another's look */
    {{.phase = "complete", .started_at = "1", .ended_at = "2", .data_hash = "e"},  0},
    {{.phase = "complete", .ended_at = "2", .data_hash = "d"},                     0},
};

START_TEST(disturbance)
{
    const mcpr_source_state before = {
        .now = "9", .phase = "complete", .started_at = "1", .ended_at = "2", .data_hash = "d"};

    ck_assert_int_eq(mcpr_state_undisturbed(&before, &later[_i].now), later[_i].undisturbed);
}
END_TEST

START_TEST(what_was_never_read_is_no_measure)
{
    const mcpr_source_state nothing = {0}, now = {.phase = "failed"};

    ck_assert(!mcpr_state_undisturbed(&nothing, &now));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filter");
    TCase *tcase = unit_case(suite, "filter");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, names);
    tcase_add_test(tcase, tags);
    tcase_add_test(tcase, invalid_patterns_drop_what_reaches_them);
    tcase_add_test(tcase, every_invalid_pattern_is_named);
    tcase_add_test(tcase, settings_hash_moves_with_what_matters);
    tcase_add_loop_test(tcase, decision, 0, sizeof decisions / sizeof *decisions);
    tcase_add_loop_test(tcase, disturbance, 0, sizeof later / sizeof *later);
    tcase_add_test(tcase, what_was_never_read_is_no_measure);
    return unit_run(suite);
}
