/*
 * The git source's parts that need no git: what is said to the child, kinds of repositories, password files,
 * the folders of caches.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sources/git_cache.h"
#include "thv-syncd/sources/git_request.h"
#include "thv-syncd/sources/git_url.h"
#include "thv-syncd/sources/secret_file.h"
#include "thv-syncd/sources/source.h"
#include <apr_strings.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static apr_pool_t *pool;
static char folder[64];

static void set_up(void)
{
    pool = unit_pool();
    apr_cpystrn(folder, "/tmp/test_git.XXXXXX", sizeof folder);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void tear_down(void)
{
    ck_assert_int_eq(system(apr_psprintf(pool, "rm -rf '%s'", folder)), 0);
    apr_pool_destroy(pool);
}

static const char *path_of(const char *name)
{
    return apr_psprintf(pool, "%s/%s", folder, name);
}

static void put(const char *path, const char *bytes, apr_size_t len)
{
    FILE *f = fopen(path, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

static int is_there(const char *path)
{
    struct stat is;

    return lstat(path, &is) == 0;
}

/* --- what is said */

START_TEST(requests)
{
    mcpr_git_request sent = {.repository = "http://h/x",
                             .branch = "a\"b\xc3\xa4",
                             .path = "p",
                             .cache = "/c",
                             .document_bytes = 7,
                             .parent = 42};
    mcpr_git_request got;
    const char *text = mcpr_git_request_write(&sent, pool);

    ck_assert_int_eq(mcpr_git_request_read(&got, text, strlen(text), pool), APR_SUCCESS);
    ck_assert_str_eq(got.repository, sent.repository);
    ck_assert_str_eq(got.branch, sent.branch);
    ck_assert_ptr_null(got.tag);
    ck_assert_int_eq(got.document_bytes, 7);
    ck_assert_int_eq(got.parent, 42);

    sent.tag = "\xff";
    ck_assert_ptr_null(mcpr_git_request_write(&sent, pool));
    sent.tag = apr_psprintf(pool, "%*s", MCPR_GIT_REQUEST_MOST, "x");
    ck_assert_ptr_null(mcpr_git_request_write(&sent, pool));
    ck_assert_int_eq(mcpr_git_request_read(&got, "[]", 2, pool), APR_EINVAL);
    ck_assert_int_eq(mcpr_git_request_read(&got, "", 0, pool), APR_EINVAL);
}
END_TEST

START_TEST(answers)
{
    mcpr_git_answer sent = {.error = "a\xff\x01 http://u:p@h/x"}, got;
    const char *text = mcpr_git_answer_write(&sent, pool);

    ck_assert_int_eq(mcpr_git_answer_read(&got, text, strlen(text), pool), APR_SUCCESS);
    ck_assert_str_eq(got.error, "a\xef\xbf\xbd  http://h/x");
    text = "{\"len\":-1}";
    ck_assert_int_eq(mcpr_git_answer_read(&got, text, strlen(text), pool), APR_EINVAL);
    text = "{\"len\":1";
    ck_assert_int_eq(mcpr_git_answer_read(&got, text, strlen(text), pool), APR_EINVAL);
}
END_TEST

/* --- repositories */

static const struct {
    const char *repository;
    mcpr_git_kind kind;
    const char *scheme;
} kinds[] = {
    {"http://h/x",  MCPR_GIT_HTTP,    "http" },
    {"HTTPS://h/x", MCPR_GIT_HTTP,    "https"},
    {"ssh://h/x",   MCPR_GIT_SSH,     "ssh"  },
    {"git@h:x/y",   MCPR_GIT_SSH,     "ssh"  },
    {"git://h/x",   MCPR_GIT_PLAIN,   "git"  },
    {"file:///x",   MCPR_GIT_LOCAL,   "file" },
    {"/x/y:z",      MCPR_GIT_LOCAL,   "file" },
    {"x",           MCPR_GIT_LOCAL,   "file" },
    {"ftp://h/x",   MCPR_GIT_UNKNOWN, "ftp"  },
    {"://h/x",      MCPR_GIT_SSH,     "ssh"  },
};

START_TEST(repositories)
{
    for (apr_size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *scheme;

        ck_assert_msg(mcpr_git_url_kind(kinds[i].repository, &scheme, pool) == kinds[i].kind, "%s",
                      kinds[i].repository);
        ck_assert_str_eq(scheme, kinds[i].scheme);
    }
    ck_assert_str_eq(mcpr_git_url_path("a%20b", pool), "a%20b");
    ck_assert_str_eq(mcpr_git_url_path("file:///a%20b", pool), "/a b");
    ck_assert_str_eq(mcpr_git_url_path("file://localhost/a", pool), "/a");
    ck_assert_ptr_null(mcpr_git_url_path("file://host/a", pool));
    ck_assert_ptr_null(mcpr_git_url_path("file:///a%00b", pool));
}
END_TEST

START_TEST(urls)
{
    const char *user, *password, *scheme;

    ck_assert_str_eq(mcpr_git_url_split("https://u%40x:p%2Fw@h:8443/a/b.git", &user, &password, pool),
                     "https://h:8443/a/b.git");
    ck_assert_str_eq(user, "u@x");
    ck_assert_str_eq(password, "p/w");
    ck_assert_str_eq(mcpr_git_url_split("http://h/a", &user, &password, pool), "http://h/a");
    ck_assert_ptr_null(user);
    ck_assert_ptr_null(mcpr_git_url_split("http://", &user, &password, pool));
    ck_assert_str_eq(mcpr_git_url_origin("https://H/a", &scheme, pool), "H:443");
    ck_assert_str_eq(mcpr_git_url_origin("http://h:80/a", &scheme, pool), "h:80");
    ck_assert_str_eq(scheme, "http");
    ck_assert_str_eq(mcpr_git_url_origin("", &scheme, pool), "");
}
END_TEST

START_TEST(described_without_password)
{
    mcpr_config_source config = {
        .type = MCPR_SOURCE_GIT,
        .git = {.repository = "https://u:hidden@h/x", .tag = "v1", .path = "p.json", .username = "me"}
    };
    json_t *block = mcpr_source_describe(&config);

    ck_assert_str_eq(json_string_value(json_object_get(block, "repository")), "https://h/x");
    ck_assert_str_eq(json_string_value(json_object_get(block, "tag")), "v1");
    ck_assert_ptr_null(json_object_get(block, "branch"));
    json_decref(block);
}
END_TEST

START_TEST(settings_without_sense)
{
    mcpr_config_source config = {
        .type = MCPR_SOURCE_GIT, .git = {.repository = "x", .branch = "a", .tag = "b"}
    };
    mcpr_source_limits limits = {.document_bytes = 1};
    const char *error = NULL;
    mcpr_source *source;

    ck_assert_int_eq(mcpr_source_open(&source, &config, &limits, NULL, &error, pool), APR_EINVAL);
    ck_assert_str_eq(error, "only one of branch, tag, or commit may be specified");
    config.git.tag = "";
    ck_assert_int_eq(mcpr_source_open(&source, &config, &limits, NULL, &error, pool), APR_SUCCESS);
    config.git.repository = "";
    ck_assert_int_eq(mcpr_source_open(&source, &config, &limits, NULL, &error, pool), APR_EINVAL);
    ck_assert_str_eq(error, "git repository URL cannot be empty");
}
END_TEST

/* --- passwords */

static const struct {
    const char *bytes;
    apr_size_t len;
    const char *secret; /* NULL: refused */
} secrets[] = {
    {"a b\n",                            4,  "a b"  },
    {"",                                 0,  ""     },
    {" \t\r\n",                          4,  ""     },
    {"\xe2\x80\xa8x\ny\xc2\xa0\xc2\x85", 10, "x\ny" },
    {"\xa0x",                            2,  "\xa0x"},
    {"a\0b",                             3,  NULL   },
};

START_TEST(secrets_are_trimmed)
{
    for (apr_size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *secret = NULL, *error = NULL;
        apr_status_t status;

        put(path_of("s"), secrets[i].bytes, secrets[i].len);
        status = mcpr_secret_read(&secret, path_of("s"), &error, pool);
        ck_assert_int_eq(status == APR_SUCCESS, secrets[i].secret != NULL);
        if (secrets[i].secret) {
            ck_assert_str_eq(secret, secrets[i].secret);
        }
    }
}
END_TEST

START_TEST(secrets_refused)
{
    const char *secret, *error = NULL;
    char *large = apr_pcalloc(pool, 70000);

    memset(large, 'x', 70000);
    put(path_of("large"), large, 70000);
    ck_assert_int_ne(mcpr_secret_read(&secret, path_of("large"), &error, pool), APR_SUCCESS);
    ck_assert_int_ne(mcpr_secret_read(&secret, path_of("none"), &error, pool), APR_SUCCESS);
    ck_assert_ptr_nonnull(strstr(error, "No such file"));
    ck_assert_int_ne(mcpr_secret_read(&secret, folder, &error, pool), APR_SUCCESS);
    ck_assert_int_eq(mkfifo(path_of("pipe"), 0600), 0);
    ck_assert_int_eq(mcpr_secret_read(&secret, path_of("pipe"), &error, pool), APR_SUCCESS);
    ck_assert_str_eq(secret, "");
    ck_assert_int_eq(chdir(folder), 0);
    put("s", "x", 1);
    ck_assert_int_ne(mcpr_secret_read(&secret, "s", &error, pool), APR_SUCCESS);
    ck_assert_ptr_nonnull(strstr(error, "absolute"));
    ck_assert_int_eq(symlink(path_of("s"), "link"), 0);
    ck_assert_int_eq(mcpr_secret_read(&secret, "link", &error, pool), APR_SUCCESS);
    ck_assert_int_eq(symlink("s", "relative"), 0);
    ck_assert_int_ne(mcpr_secret_read(&secret, "relative", &error, pool), APR_SUCCESS);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* --- caches */

static const char *cache_of(const char *source)
{
    const char *made = NULL, *error = NULL;

    ck_assert_int_eq(mcpr_git_cache_folder(&made, path_of("state"), source, &error, pool), APR_SUCCESS);
    return made;
}

static const char *inside(const char *cache, const char *name)
{
    return apr_psprintf(pool, "%s/%s", cache, name);
}

/* A cache of `url` that looks whole. */
static void fill(const char *cache, const char *url)
{
    int lock, is_whole;

    ck_assert_int_eq(mcpr_git_cache_enter(cache, url, &lock, &is_whole, pool), APR_SUCCESS);
    ck_assert_int_eq(is_whole, 0);
    ck_assert_int_eq(mkdir(inside(cache, "objects"), 0700), 0);
    ck_assert_int_eq(mkdir(inside(cache, "objects/pack"), 0700), 0);
    put(inside(cache, "objects/pack/pack-1.pack"), "x", 1);
    ck_assert_int_eq(mcpr_git_cache_seal(cache, url, pool), APR_SUCCESS);
    close(lock);
}

START_TEST(caches)
{
    const char *cache = cache_of("a");
    int lock, is_whole;

    ck_assert_str_eq(cache, path_of("state/git/a"));
    fill(cache, "u");
    put(inside(cache, "objects/pack/pack_git2_x"), "x", 1);
    ck_assert_int_eq(mcpr_git_cache_enter(cache, "u", &lock, &is_whole, pool), APR_SUCCESS);
    ck_assert_int_eq(is_whole, 1);
    ck_assert(!is_there(inside(cache, "objects/pack/pack_git2_x")));
    ck_assert(is_there(inside(cache, "objects/pack/pack-1.pack")));
    close(lock);
    /* Of another repository nothing stays, and what is outside stays. */
    put(path_of("outside"), "x", 1);
    ck_assert_int_eq(symlink(folder, inside(cache, "objects/link")), 0);
    ck_assert_int_eq(mcpr_git_cache_enter(cache, "v", &lock, &is_whole, pool), APR_SUCCESS);
    ck_assert_int_eq(is_whole, 0);
    ck_assert(!is_there(inside(cache, "objects")));
    ck_assert(is_there(path_of("outside")));
    close(lock);
}
END_TEST

START_TEST(names_of_caches)
{
    ck_assert_ptr_null(strstr(cache_of("../../x"), ".."));
    ck_assert_ptr_null(strchr(cache_of("a b/c") + strlen(path_of("state/git/")), '/'));
    ck_assert_str_ne(cache_of(""), path_of("state/git/"));
}
END_TEST

START_TEST(folders_of_others)
{
    const char *made, *error = NULL;

    ck_assert_int_eq(mkdir(path_of("state"), 0755), 0);
    ck_assert_int_eq(symlink("/tmp", path_of("state/git")), 0);
    ck_assert_int_ne(mcpr_git_cache_folder(&made, path_of("state"), "a", &error, pool), APR_SUCCESS);
    ck_assert_ptr_nonnull(strstr(error, "is not a folder of this user"));
    put(path_of("file"), "", 0);
    ck_assert_int_ne(mcpr_git_cache_folder(&made, path_of("file"), "a", &error, pool), APR_SUCCESS);
}
END_TEST

/* A folder with a cache in it, of somebody who has nothing to do with us. */
static const char *make_victim(void)
{
    const char *file = path_of("victim/git/gone/precious");

    ck_assert_int_eq(mkdir(path_of("victim"), 0700), 0);
    ck_assert_int_eq(mkdir(path_of("victim/git"), 0700), 0);
    ck_assert_int_eq(mkdir(path_of("victim/git/gone"), 0700), 0);
    put(file, "x", 1);
    return file;
}

START_TEST(what_others_put_into_the_temporary_folder)
{
    apr_array_header_t *none = apr_array_make(pool, 1, sizeof(const char *));
    const char *file = make_victim(), *ours;

    ck_assert_int_eq(mkdir(path_of("tmp"), 0700), 0);
    ck_assert_int_eq(setenv("TMPDIR", path_of("tmp"), 1), 0);
    ours = apr_psprintf(pool, "%s/thv-syncd-%ld", path_of("tmp"), (long)geteuid());
    ck_assert_int_eq(symlink(path_of("victim"), ours), 0);
    ck_assert_int_eq(mcpr_git_cache_sweep(NULL, none, pool), APR_SUCCESS);
    ck_assert(is_there(file));
    ck_assert_int_eq(unlink(ours), 0);
    ck_assert_int_eq(mkdir(ours, 0700), 0);
    ck_assert_int_eq(symlink(path_of("victim/git"), inside(ours, "git")), 0);
    ck_assert_int_eq(mcpr_git_cache_sweep(NULL, none, pool), APR_SUCCESS);
    ck_assert_int_eq(mcpr_git_cache_sweep(ours, none, pool), APR_SUCCESS);
    ck_assert(is_there(file));
    /* The same folders, and ours: there it is swept. */
    ck_assert_int_eq(unlink(inside(ours, "git")), 0);
    ck_assert_int_eq(rename(path_of("victim/git"), inside(ours, "git")), 0);
    ck_assert_int_eq(mcpr_git_cache_sweep(NULL, none, pool), APR_SUCCESS);
    ck_assert(!is_there(inside(ours, "git/gone")));
}
END_TEST

START_TEST(sweeping)
{
    apr_array_header_t *names = apr_array_make(pool, 2, sizeof(const char *));
    const char *kept = cache_of("kept"), *gone = cache_of("gone"), *busy = cache_of("busy"), *half;
    int lock;

    APR_ARRAY_PUSH(names, const char *) = "kept";
    APR_ARRAY_PUSH(names, const char *) = "half";
    fill(kept, "u");
    fill(gone, "u");
    fill(busy, "u");
    half = cache_of("half");
    ck_assert_int_eq(mkdir(half, 0700), 0);
    put(inside(half, "HEAD"), "x", 1);
    lock = open(busy, O_RDONLY);
    ck_assert_int_eq(flock(lock, LOCK_EX), 0);
    ck_assert_int_eq(mcpr_git_cache_sweep(path_of("state"), names, pool), APR_SUCCESS);
    ck_assert(is_there(inside(kept, "objects/pack/pack-1.pack")));
    ck_assert(!is_there(gone));
    ck_assert(!is_there(inside(half, "HEAD")));
    ck_assert(is_there(inside(busy, "objects/pack/pack-1.pack")));
    close(lock);
    ck_assert_int_eq(mcpr_git_cache_sweep(path_of("nothing"), names, pool), APR_SUCCESS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("git");
    TCase *cases = unit_case(suite, "git");

    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, requests);
    tcase_add_test(cases, answers);
    tcase_add_test(cases, repositories);
    tcase_add_test(cases, urls);
    tcase_add_test(cases, described_without_password);
    tcase_add_test(cases, settings_without_sense);
    tcase_add_test(cases, secrets_are_trimmed);
    tcase_add_test(cases, secrets_refused);
    tcase_add_test(cases, caches);
    tcase_add_test(cases, names_of_caches);
    tcase_add_test(cases, folders_of_others);
    tcase_add_test(cases, what_others_put_into_the_temporary_folder);
    tcase_add_test(cases, sweeping);
    return unit_run(suite);
}
