/*
 * Requests and answers as JSON, by the rows of their members.
 */
#include "thv-syncd/sources/git_request.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_MOST 1024

typedef enum kind { KIND_TEXT, KIND_NUMBER } kind;

typedef struct member {
    const char *name;
    kind kind;
    size_t offset;
} member;

#define COUNT(rows)    (sizeof(rows) / sizeof *(rows))
#define REQUEST(field) offsetof(mcpr_git_request, field)
#define ANSWER(field)  offsetof(mcpr_git_answer, field)

static const member request_members[] = {
    {"repository",     KIND_TEXT,   REQUEST(repository)    },
    {"branch",         KIND_TEXT,   REQUEST(branch)        },
    {"tag",            KIND_TEXT,   REQUEST(tag)           },
    {"commit",         KIND_TEXT,   REQUEST(commit)        },
    {"path",           KIND_TEXT,   REQUEST(path)          },
    {"username",       KIND_TEXT,   REQUEST(username)      },
    {"password_file",  KIND_TEXT,   REQUEST(password_file) },
    {"cache",          KIND_TEXT,   REQUEST(cache)         },
    {"document_bytes", KIND_NUMBER, REQUEST(document_bytes)},
    {"received_bytes", KIND_NUMBER, REQUEST(received_bytes)},
    {"parent",         KIND_NUMBER, REQUEST(parent)        },
};

static const member answer_members[] = {
    {"error", KIND_TEXT,   ANSWER(error)},
    {"len",   KIND_NUMBER, ANSWER(len)  },
};

/* NULL when a text is no UTF-8. */
static const char *write_all(const member *rows, size_t count, const void *from, apr_pool_t *pool)
{
    json_t *all = json_object();
    char *text = NULL;
    const char *copy = NULL;
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        const void *field = (const char *)from + rows[i].offset;
        const char *value = rows[i].kind == KIND_TEXT ? *(const char *const *)field : NULL;

        if (rows[i].kind == KIND_NUMBER) {
            failed |= json_object_set_new(all, rows[i].name, json_integer(*(const apr_int64_t *)field));
        } else if (value) {
            failed |= json_object_set_new(all, rows[i].name, json_string(value));
        }
    }
    if (!failed) {
        text = json_dumps(all, JSON_COMPACT);
        copy = text ? apr_pstrdup(pool, text) : NULL;
    }
    free(text);
    json_decref(all);
    return copy;
}

static apr_status_t read_all(const member *rows, size_t count, void *to, const char *text, apr_size_t len,
                             apr_pool_t *pool)
{
    json_t *all = json_loadb(text, len, 0, NULL);

    if (!json_is_object(all)) {
        json_decref(all);
        return APR_EINVAL;
    }
    for (size_t i = 0; i < count; i++) {
        void *field = (char *)to + rows[i].offset;
        const json_t *value = json_object_get(all, rows[i].name);

        if (rows[i].kind == KIND_NUMBER) {
            *(apr_int64_t *)field = json_integer_value(value);
        } else {
            *(const char **)field =
                json_is_string(value) ? apr_pstrdup(pool, json_string_value(value)) : NULL;
        }
    }
    json_decref(all);
    return APR_SUCCESS;
}

const char *mcpr_git_request_write(const mcpr_git_request *request, apr_pool_t *pool)
{
    const char *text = write_all(request_members, COUNT(request_members), request, pool);

    return text && strlen(text) <= MCPR_GIT_REQUEST_MOST ? text : NULL;
}

apr_status_t mcpr_git_request_read(mcpr_git_request *request, const char *text, apr_size_t len,
                                   apr_pool_t *pool)
{
    *request = (mcpr_git_request){0};
    return read_all(request_members, COUNT(request_members), request, text, len, pool);
}

const char *mcpr_git_answer_write(const mcpr_git_answer *answer, apr_pool_t *pool)
{
    mcpr_git_answer clean = *answer;

    if (clean.error) {
        clean.error = mcpr_utf8_clean(clean.error, strlen(clean.error), ERROR_MOST, pool);
    }
    return apr_pstrcat(pool, write_all(answer_members, COUNT(answer_members), &clean, pool), "\n", NULL);
}

apr_status_t mcpr_git_answer_read(mcpr_git_answer *answer, const char *text, apr_size_t len, apr_pool_t *pool)
{
    *answer = (mcpr_git_answer){0};
    if (read_all(answer_members, COUNT(answer_members), answer, text, len, pool) != APR_SUCCESS) {
        return APR_EINVAL;
    }
    if (answer->error) {
        answer->error = mcpr_utf8_clean(answer->error, strlen(answer->error), ERROR_MOST, pool);
    }
    return answer->error || answer->len >= 0 ? APR_SUCCESS : APR_EINVAL;
}
