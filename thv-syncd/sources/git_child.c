/*
 * The child's life: bounds, request, the commit, the file, the answer. It dies with the daemon.
 */
#include "thv-syncd/sources/git_child.h"
#include "thv-syncd/sources/git_cache.h"
#include "thv-syncd/sources/git_http.h"
#include "thv-syncd/sources/git_url.h"
#include "thv-syncd/sources/git_work.h"
#include "thv-syncd/sources/secret_file.h"
#include <apr_strings.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEMORY_MOST   ((apr_int64_t)1 << 30) /* beside the file itself, which is there up to four times */
#define DOCUMENT_MOST ((apr_int64_t)1 << 50) /* for that sum: no machine has so much */
#define WINDOW_BYTES  ((size_t)32 << 20)     /* of a pack, mapped */
#define MAPPED_BYTES  ((size_t)256 << 20)

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

/* --- bounds */

static void limit(int what, apr_int64_t most)
{
    struct rlimit both = {.rlim_cur = (rlim_t)most, .rlim_max = (rlim_t)most};

    (void)setrlimit(what, &both);
}

/* What a hostile repository could make grow: memory, and the files of the cache. */
static void set_limits(const mcpr_git_request *request)
{
    if (!IS_SANITIZED) { /* a sanitizer's own memory is beyond any bound */
        limit(RLIMIT_DATA,
              MEMORY_MOST +
                  4 * (request->document_bytes < DOCUMENT_MOST ? request->document_bytes : DOCUMENT_MOST));
    }
    (void)signal(SIGXFSZ, SIG_IGN);
    limit(RLIMIT_FSIZE, 2 * request->received_bytes);
    limit(RLIMIT_CORE, 0);
}

/* Non-zero when the daemon lives, and we will die with it. */
static int is_tied(const mcpr_git_request *request)
{
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && (!request->parent || getppid() == request->parent);
}

/* The settings of this account's git are not ours. */
static int start_libgit2(void)
{
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL};
    int result = git_libgit2_init() < 0;

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        result |= git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    }
    result |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW_BYTES);
    result |= git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, MAPPED_BYTES);
    return result;
}

/* --- the work */

static mcpr_git_outcome open_cache(mcpr_git_work *work, int is_whole)
{
    git_repository_init_options options;
    const char *folder = work->request->cache;

    if (is_whole && git_repository_open_bare(&work->repository, folder) == 0) {
        return MCPR_GIT_DONE;
    }
    (void)git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_REINIT;
    options.mode = 0700;
    if (mcpr_git_cache_empty(folder) != APR_SUCCESS ||
        git_repository_init_ext(&work->repository, folder, &options) != 0) {
        return mcpr_git_clone_failed(work, apr_pstrcat(work->pool, "no cache: ", mcpr_git_reason(), NULL));
    }
    if (mcpr_git_cache_seal(folder, work->url, work->pool) != APR_SUCCESS) {
        return mcpr_git_clone_failed(work, "no cache: its seal cannot be written");
    }
    return MCPR_GIT_DONE;
}

static mcpr_git_outcome once(mcpr_git_work *work, int is_whole)
{
    mcpr_git_outcome outcome = open_cache(work, is_whole);

    outcome = outcome == MCPR_GIT_DONE ? mcpr_git_remote_fetch(work) : outcome;
    return outcome == MCPR_GIT_DONE ? mcpr_git_tree_read(work) : outcome;
}

/* A cache that is not as it should be is made anew, once. */
static mcpr_git_outcome from_remote(mcpr_git_work *work)
{
    int lock = -1, is_whole = 0;
    char text[128];
    apr_status_t status = mcpr_git_cache_enter(work->request->cache, work->url, &lock, &is_whole, work->pool);
    mcpr_git_outcome outcome;

    if (status != APR_SUCCESS) {
        return mcpr_git_clone_failed(
            work, apr_psprintf(work->pool, "no cache: %s", apr_strerror(status, text, sizeof text)));
    }
    outcome = once(work, is_whole);
    if (outcome == MCPR_GIT_DAMAGED) {
        git_repository_free(work->repository);
        work->repository = NULL;
        outcome = once(work, 0);
    }
    close(lock); /* what was read is in memory */
    return outcome;
}

static mcpr_git_outcome from_local(mcpr_git_work *work)
{
    const char *path = mcpr_git_url_path(work->request->repository, work->pool);
    mcpr_git_outcome outcome;

    if (!path) {
        return mcpr_git_clone_failed(work, "not the URL of a local path");
    }
    outcome = mcpr_git_local_find(work, path);
    return outcome == MCPR_GIT_DONE ? mcpr_git_tree_read(work) : outcome;
}

/* The configured name and password, else those of the URL, which goes on without them. */
static mcpr_git_outcome credentials(mcpr_git_work *work, mcpr_git_kind kind, mcpr_git_http *http)
{
    const mcpr_git_request *request = work->request;
    const char *error = NULL;

    work->url = request->repository;
    if (kind == MCPR_GIT_HTTP) {
        work->url = mcpr_git_url_split(request->repository, &http->username, &http->password, work->pool);
    }
    if (!work->url) {
        return mcpr_git_clone_failed(work, "the URL of the repository is malformed");
    }
    http->password = http->username && !http->password ? "" : http->password;
    if (!request->username) {
        return MCPR_GIT_DONE;
    }
    if (kind == MCPR_GIT_SSH) {
        return mcpr_git_clone_failed(work, "invalid auth method: a password cannot be used with ssh");
    }
    http->username = request->username;
    if (mcpr_secret_read(&http->password, request->password_file ? request->password_file : "", &error,
                         work->pool) != APR_SUCCESS) {
        work->error =
            apr_pstrcat(work->pool, "failed to get git password: failed to read git password: ", error, NULL);
        return MCPR_GIT_FAILED;
    }
    return MCPR_GIT_DONE;
}

static mcpr_git_outcome do_work(mcpr_git_work *work, mcpr_git_http *http)
{
    const char *scheme;
    mcpr_git_kind kind = mcpr_git_url_kind(work->request->repository, &scheme, work->pool);
    mcpr_git_outcome outcome;

    if (kind == MCPR_GIT_UNKNOWN || (kind == MCPR_GIT_SSH && !(git_libgit2_features() & GIT_FEATURE_SSH))) {
        return mcpr_git_clone_failed(work, apr_psprintf(work->pool, "unsupported scheme \"%s\"", scheme));
    }
    if (kind != MCPR_GIT_LOCAL && !work->request->cache) {
        return mcpr_git_clone_failed(work, "no cache");
    }
    outcome = credentials(work, kind, http);
    if (outcome != MCPR_GIT_DONE) {
        return outcome;
    }
    return kind == MCPR_GIT_LOCAL ? from_local(work) : from_remote(work);
}

/* --- in and out */

static apr_status_t read_request(mcpr_git_request *request, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, MCPR_GIT_REQUEST_MOST + 1);
    apr_size_t len = 0;
    ssize_t got;

    do {
        got = read(STDIN_FILENO, text + len, MCPR_GIT_REQUEST_MOST + 1 - len);
        len += got > 0 ? (apr_size_t)got : 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    return mcpr_git_request_read(request, text, len, pool);
}

static int write_all(const char *bytes, apr_size_t len)
{
    while (len > 0) {
        ssize_t done = write(STDOUT_FILENO, bytes, len);

        if (done < 0 && errno != EINTR) {
            return 1;
        }
        bytes += done > 0 ? done : 0;
        len -= done > 0 ? (apr_size_t)done : 0;
    }
    return 0;
}

static int answer(const mcpr_git_work *work, mcpr_git_outcome outcome)
{
    mcpr_git_answer said = {0};
    const char *line;

    if (outcome == MCPR_GIT_DONE) {
        said.len = (apr_int64_t)git_blob_rawsize(work->blob);
    } else {
        said.error = work->error;
    }
    line = mcpr_git_answer_write(&said, work->pool);
    return write_all(line, strlen(line)) ||
           (work->blob && write_all(git_blob_rawcontent(work->blob), (apr_size_t)said.len));
}

int mcpr_git_child_run(apr_pool_t *pool)
{
    mcpr_git_request request;
    mcpr_git_work work = {.request = &request, .pool = pool};
    mcpr_git_http http = {.pool = pool};
    int result;

    if (read_request(&request, pool) != APR_SUCCESS || !request.repository || !request.path ||
        !is_tied(&request)) {
        return 1;
    }
    set_limits(&request);
    http.received_most = request.received_bytes;
    if (start_libgit2() != 0 || mcpr_git_http_install(&http) != APR_SUCCESS) {
        return 1;
    }
    result = answer(&work, do_work(&work, &http));
    git_blob_free(work.blob);
    git_repository_free(work.repository);
    git_libgit2_shutdown();
    return result;
}
