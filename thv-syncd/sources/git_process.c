/*
 * Starting, hearing and ending the child. posix_spawn, since the daemon has threads; nothing here blocks
 * longer than a slice of the pulse.
 */
#include "thv-syncd/sources/git_process.h"
#include "common/util/clock.h"
#include "config.h"
#include <apr_strings.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICE_MS   100
#define REAP_SLICE apr_time_from_msec(5)
#define REAP_MOST  apr_time_from_sec(2)

typedef struct child {
    pid_t pid;
    int fd; /* its answer */
    const mcpr_pulse *pulse;
    int status; /* of waitpid */
} child;

/* What of our environment the child sees: nothing that is secret. A name ending in '_' is a prefix. */
static const char *const passed_on[] = {
    "HOME",       "PATH",          "TMPDIR",       "LANG",          "LC_",          "TZ",        "HTTP_PROXY",
    "http_proxy", "HTTPS_PROXY",   "https_proxy",  "NO_PROXY",      "no_proxy",     "ALL_PROXY", "all_proxy",
    "SSL_CERT_",  "SSH_AUTH_SOCK", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
};

static int is_passed_on(const char *variable)
{
    for (apr_size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
        apr_size_t len = strlen(passed_on[i]);

        if (strncmp(variable, passed_on[i], len) == 0 &&
            (passed_on[i][len - 1] == '_' || variable[len] == '=')) {
            return 1;
        }
    }
    return 0;
}

static char **environment(apr_pool_t *pool)
{
    apr_size_t count = 0, used = 0;
    char **some;

    while (environ[count]) {
        count++;
    }
    some = apr_pcalloc(pool, (count + 1) * sizeof *some);
    for (apr_size_t i = 0; i < count; i++) {
        if (is_passed_on(environ[i])) {
            some[used++] = environ[i];
        }
    }
    return some;
}

/* What else the daemon has open, the transfers of its other threads above all, is not the child's. */
static void close_others(posix_spawn_file_actions_t *actions)
{
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
    posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
#else
    DIR *open_ones = opendir("/proc/self/fd");
    struct dirent *one;

    while (open_ones && (one = readdir(open_ones)) != NULL) {
        if (atoi(one->d_name) > STDERR_FILENO) { /* one that is closed meanwhile does no harm */
            posix_spawn_file_actions_addclose(actions, atoi(one->d_name));
        }
    }
    if (open_ones) {
        closedir(open_ones);
    }
#endif
}

static int spawn(child *self, const int in[2], const int out[2], apr_pool_t *pool)
{
    char *const words[] = {apr_pstrdup(pool, "thv-syncd"), apr_pstrdup(pool, MCPR_GIT_COMMAND), NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int reason;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    close_others(&actions);
    posix_spawnattr_init(&attributes);
    /* A group of its own: what is typed at the terminal is for the daemon, which ends its children itself.
     * What a service manager sends to all of us is for it too: the child keeps these signals blocked, as our
     * threads have them. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    reason = posix_spawn(&self->pid, "/proc/self/exe", &actions, &attributes, words, environment(pool));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return reason;
}

static void close_both(const int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
}

/* Starts the child and gives it the request, which a pipe takes whole. Returns an errno. */
static int start(child *self, const char *request, apr_pool_t *pool)
{
    apr_size_t len = strlen(request);
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    int reason = 0;

    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        reason = errno;
        close_both(in);
        return reason;
    }
    if (write(in[1], request, len) != (ssize_t)len) {
        reason = EPIPE;
    }
    if (reason == 0) {
        reason = spawn(self, in, out, pool);
    }
    close_both(in);
    close(out[1]);
    self->fd = out[0];
    if (reason != 0) {
        close(out[0]);
    }
    return reason;
}

static int is_gone(child *self)
{
    apr_time_t until = mcpr_clock() + REAP_MOST;

    while (waitpid(self->pid, &self->status, WNOHANG) == 0) {
        if (mcpr_clock() > until) {
            return 0;
        }
        apr_sleep(REAP_SLICE);
    }
    return 1;
}

/* A child that has said all ends on its own; any other is killed. */
static void end(child *self, int is_done)
{
    close(self->fd);
    if (!is_done || !is_gone(self)) {
        kill(self->pid, SIGKILL);
        /* One that hangs in the kernel stays a zombie: better than a daemon that hangs with it. */
        (void)is_gone(self);
    }
}

/* Reads up to `most` bytes; *got is 0 at the end. */
static apr_status_t hear(child *self, char *buffer, apr_size_t most, apr_size_t *got)
{
    for (;;) {
        struct pollfd wait = {.fd = self->fd, .events = POLLIN};
        apr_status_t status = mcpr_pulse_beat(self->pulse);
        ssize_t count;

        if (status != APR_SUCCESS) {
            return status;
        }
        if (poll(&wait, 1, SLICE_MS) <= 0) {
            continue;
        }
        count = read(self->fd, buffer, most);
        if (count >= 0) {
            *got = (apr_size_t)count;
            return APR_SUCCESS;
        }
        if (errno != EINTR) {
            return APR_FROM_OS_ERROR(errno);
        }
    }
}

static apr_status_t free_data(void *data)
{
    free(data);
    return APR_SUCCESS;
}

/* The file, whose first `have` bytes came with the line. */
static apr_status_t hear_document(child *self, const char *begin, apr_size_t have, apr_size_t len,
                                  mcpr_document *document, apr_pool_t *pool)
{
    char *data = malloc(len + 1);
    apr_status_t status = APR_SUCCESS;
    apr_size_t got = 1;

    if (!data) {
        return APR_ENOMEM;
    }
    apr_pool_cleanup_register(pool, data, free_data, apr_pool_cleanup_null);
    if (have > len) {
        return APR_EINVAL;
    }
    memcpy(data, begin, have);
    while (have < len && got && status == APR_SUCCESS) {
        status = hear(self, data + have, len - have, &got);
        have += status == APR_SUCCESS ? got : 0;
    }
    if (status == APR_SUCCESS && have < len) {
        return APR_EOF;
    }
    document->data = data;
    document->len = len;
    return status;
}

/* The whole answer. APR_EOF and APR_EINVAL: the child ended early, or talks nonsense. */
static apr_status_t hear_answer(child *self, const mcpr_git_request *request, mcpr_git_answer *answer,
                                mcpr_document *document, apr_pool_t *pool)
{
    char *line = apr_palloc(pool, MCPR_GIT_ANSWER_MOST);
    const char *end_of_line = NULL;
    apr_size_t have = 0;

    while (!end_of_line) {
        apr_size_t got = 0;
        apr_status_t status = hear(self, line + have, MCPR_GIT_ANSWER_MOST - have, &got);

        if (status != APR_SUCCESS) {
            return status;
        }
        if (got == 0) { /* the end, or a line that is too long */
            return APR_EOF;
        }
        end_of_line = memchr(line + have, '\n', got);
        have += got;
    }
    if (mcpr_git_answer_read(answer, line, (apr_size_t)(end_of_line - line), pool) != APR_SUCCESS) {
        return APR_EINVAL;
    }
    if (answer->error) {
        return APR_SUCCESS;
    }
    if (answer->len > request->document_bytes) {
        return APR_EINVAL;
    }
    end_of_line++;
    return hear_document(self, end_of_line, have - (apr_size_t)(end_of_line - line), (apr_size_t)answer->len,
                         document, pool);
}

/* Why there is no answer, or only half of one. */
static const char *silence(const child *self, apr_status_t status, apr_pool_t *pool)
{
    char text[128];

    if (status == APR_EOF && WIFSIGNALED(self->status)) {
        return apr_psprintf(pool, "the process that fetches was ended by signal %d (%s)",
                            WTERMSIG(self->status), strsignal(WTERMSIG(self->status)));
    }
    if (status == APR_EOF) {
        return apr_psprintf(pool, "the process that fetches ended early, with status %d",
                            WEXITSTATUS(self->status));
    }
    return apr_psprintf(pool, "the process that fetches: %s", apr_strerror(status, text, sizeof text));
}

apr_status_t mcpr_git_process_run(const mcpr_git_request *request, const mcpr_pulse *pulse,
                                  mcpr_document *document, const char **error, apr_pool_t *pool)
{
    const char *text = mcpr_git_request_write(request, pool);
    child self = {.pulse = pulse};
    mcpr_git_answer answer = {0};
    apr_status_t status;
    int reason;

    if (!text) {
        *error = "the settings of the source are too long, or no UTF-8";
        return APR_EINVAL;
    }
    reason = start(&self, text, pool);
    if (reason != 0) {
        *error = apr_psprintf(pool, "the process that fetches could not be started: %s", strerror(reason));
        return APR_FROM_OS_ERROR(reason);
    }
    status = hear_answer(&self, request, &answer, document, pool);
    end(&self, status == APR_SUCCESS || status == APR_EOF);
    if (status != APR_SUCCESS) {
        *error = silence(&self, status, pool);
        return status;
    }
    *error = answer.error;
    return answer.error ? APR_EGENERAL : APR_SUCCESS;
}
