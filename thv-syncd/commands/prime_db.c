/*
 * thv-syncd prime-db USERNAME: the application's login, with the rights that the first migration grants.
 */
#include "thv-syncd/commands/command.h"
#include <apr_strings.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define GROUP          "toolhive_registry_server"
#define PASSWORD_BYTES 4096

/* A name or a text as SQL has it: inside `quote`, which is doubled. */
static const char *quoted(const char *text, char quote, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, strlen(text) * 2 + 3), *end = out;

    *end++ = quote;
    for (; *text; text++) {
        if (*text == quote) {
            *end++ = quote;
        }
        *end++ = *text;
    }
    *end++ = quote;
    *end = '\0';
    return out;
}

/* `text` with the one place called `name` filled. */
static const char *filled(const char *text, const char *name, const char *value, apr_pool_t *pool)
{
    const char *at = strstr(text, name);

    return at ? apr_pstrcat(pool, apr_pstrndup(pool, text, (apr_size_t)(at - text)), value, at + strlen(name),
                            NULL)
              : text;
}

static const char *grant_text(const char *login, apr_pool_t *pool)
{
    return filled(mcpr_sql_daemon[MCPR_SQL_PRIME_GRANT].text, "{login}", quoted(login, '"', pool), pool);
}

/* Each place is looked for in the statement, never in a value that went in before. */
static const char *login_text(const char *login, const char *password, apr_pool_t *pool)
{
    const char *text = mcpr_sql_daemon[MCPR_SQL_PRIME_LOGIN].text, *at = strstr(text, "{password}");
    const char *head = apr_pstrndup(pool, text, (apr_size_t)(at - text));

    return apr_pstrcat(pool, filled(head, "{login}", quoted(login, '"', pool), pool),
                       filled(at, "{password}", quoted(password, '\'', pool), pool), NULL);
}

static const char *trimmed(const char *text, apr_pool_t *pool)
{
    const char *end;

    text += strspn(text, " \t\r\n");
    for (end = text + strlen(text); end > text && strchr(" \t\r\n", end[-1]); end--) {
    }
    return apr_pstrndup(pool, text, (apr_size_t)(end - text));
}

/* How the terminal was, for whoever ends us at the prompt. */
static struct termios shown;

static void show_again(int signal_number)
{
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    (void)raise(signal_number); /* its handler is the default again */
}

/* A line that is not shown while it is typed, however that ends. */
static const char *read_hidden(apr_pool_t *pool)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    const struct sigaction restore = {.sa_handler = show_again, .sa_flags = SA_RESETHAND};
    struct sigaction before[sizeof ends / sizeof *ends];
    struct termios hidden = shown;
    const char *line;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        sigaction(ends[i], &restore, &before[i]);
    }
    fputs("Password: ", stderr);
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    line = mcpr_command_line(pool);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        sigaction(ends[i], &before[i], NULL);
    }
    fputs("\n", stderr);
    return line && *line ? line : NULL;
}

/* Hidden from a terminal, all of standard input otherwise. NULL when there is none. */
static const char *read_password(apr_pool_t *pool)
{
    char buffer[PASSWORD_BYTES];
    size_t len;

    if (tcgetattr(STDIN_FILENO, &shown) == 0) {
        return read_hidden(pool);
    }
    len = fread(buffer, 1, sizeof buffer - 1, stdin);
    buffer[len] = '\0';
    return strlen(buffer) == len && feof(stdin) ? trimmed(buffer, pool) : NULL;
}

static int dry_run(const char *login, const char *password, apr_pool_t *pool)
{
    puts("-- where it is missing:");
    fputs(mcpr_sql_daemon[MCPR_SQL_PRIME_GROUP].text, stdout);
    puts("-- where it is missing; a login that exists keeps its password:");
    fputs(login_text(login, password, pool), stdout);
    fputs(grant_text(login, pool), stdout);
    return MCPR_EXIT_OK;
}

/* Is there such a role, and may it log in? */
static apr_status_t role_is_there(mcpr_db *db, const char *role, int *there, int *may_login, apr_pool_t *pool)
{
    mcpr_rows *rows = NULL;
    apr_status_t status = mcpr_db_run(db, MCPR_SQL_ROLE_EXISTS, &rows, pool, MCPR_ARGS(role));

    *there = status == APR_SUCCESS && mcpr_rows_true(rows, 0, 0);
    *may_login = status == APR_SUCCESS && mcpr_rows_true(rows, 0, 1);
    return status;
}

static apr_status_t make_login(mcpr_db *db, const char *login, const char *password, apr_pool_t *pool)
{
    const char *verifier = *password ? mcpr_db_password_verifier(db, login, password, pool) : password;

    return verifier ? mcpr_db_script(db, login_text(login, verifier, pool)) : MCPR_EDB;
}

static apr_status_t prime(mcpr_db *db, const char *login, const char *password, int *left, apr_pool_t *pool)
{
    int there = 0, may_login = 0, group_there = 0, unused;
    apr_status_t status = mcpr_db_begin(db);

    status = status == APR_SUCCESS ? role_is_there(db, GROUP, &group_there, &unused, pool) : status;
    status = status == APR_SUCCESS ? role_is_there(db, login, &there, &may_login, pool) : status;
    if (status == APR_SUCCESS && !group_there) {
        status = mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_PRIME_GROUP].text);
    }
    if (status == APR_SUCCESS && !there) {
        status = make_login(db, login, password, pool);
    }
    status = status == APR_SUCCESS ? mcpr_db_script(db, grant_text(login, pool)) : status;
    status = status == APR_SUCCESS ? mcpr_db_commit(db) : status;
    *left = there;
    if (status == APR_SUCCESS && there && !may_login) {
        fprintf(stderr, "thv-syncd: %s is a role that may not log in\n", login);
    }
    if (status != APR_SUCCESS) {
        mcpr_db_rollback(db);
    }
    return status;
}

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const char *login = APR_ARRAY_IDX(options->words, 0, const char *);
    const char *password = read_password(pool);
    const mcpr_config *config;
    mcpr_db *db;
    int left;

    if (!password) {
        fputs("thv-syncd: a password is needed, on one line or from standard input\n", stderr);
        return MCPR_EXIT_FAILED;
    }
    if (options->dry_run) {
        return dry_run(login, password, pool);
    }
    config = mcpr_command_config(options, pool);
    db = config ? mcpr_command_connect(config, MCPR_USE_MIGRATE, pool) : NULL;
    if (!db) {
        return MCPR_EXIT_FAILED;
    }
    if (prime(db, login, password, &left, pool) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: %s\n", mcpr_db_error(db));
        return MCPR_EXIT_FAILED;
    }
    printf("%s is a member of %s.\n", login, GROUP);
    if (left) {
        printf("The login existed: its password was left as it is.\n");
    }
    return MCPR_EXIT_OK;
}

const mcpr_command mcpr_command_prime_db = {
    .name = "prime-db",
    .help = "Make the login of the application and grant it its rights",
    .usage = "prime-db USERNAME --config FILE [--dry-run]",
    .more =
        "  --config FILE     the configuration; database.migrationUser connects\n"
        "  --dry-run         print the statements, password included, and do nothing\n"
        "\n"
        "The password comes from the terminal or from standard input. A login that exists keeps its own.\n",
    .allowed = " --config --dry-run ",
    .needs_config = 1,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
