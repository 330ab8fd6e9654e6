/*
 * What the daemon asks of the process that fetches from git, and what that one answers.
 *
 * Both travel over pipes: the request as one JSON object, the answer as one line of JSON followed by the
 * bytes of the file. The child reads the password file itself; a password that is part of the repository's
 * URL is in the request, and in nothing that is stored or logged.
 */
#ifndef THV_SYNCD_SOURCES_GIT_REQUEST_H
#define THV_SYNCD_SOURCES_GIT_REQUEST_H

#include "common/util/attributes.h"
#include <apr_pools.h>

/** The most bytes of a request, so that a pipe takes it whole; and of the answer's first line. */
#define MCPR_GIT_REQUEST_MOST 32768
#define MCPR_GIT_ANSWER_MOST  16384

/** The most that one fetch may receive (spec sync.md 5). */
#define MCPR_GIT_RECEIVED_MOST ((apr_int64_t)1 << 30)

/** What to fetch. Texts are UTF-8; NULL when not given. */
typedef struct mcpr_git_request {
    const char *repository;            /* URL or path */
    const char *branch, *tag, *commit; /* at most one */
    const char *path;                  /* of the file in the repository */
    const char *username, *password_file;
    const char *cache;          /* the folder of this source's cache; not for a local repository */
    apr_int64_t document_bytes; /* the most bytes of the file */
    apr_int64_t received_bytes; /* the most bytes of the transfer */
    apr_int64_t parent;         /* whose child it is: it ends with it */
} mcpr_git_request;

/** What came of it: an error, or `len` bytes that follow. */
typedef struct mcpr_git_answer {
    const char *error; /* NULL for success */
    apr_int64_t len;   /* of the file */
} mcpr_git_answer;

/** The request as text, in `pool`. NULL when it is no UTF-8 or longer than MCPR_GIT_REQUEST_MOST. */
const char *mcpr_git_request_write(const mcpr_git_request *request, apr_pool_t *pool);

/** Reads a request; its texts are in `pool`. APR_EINVAL for anything else. */
MCPR_MUSTCHECK apr_status_t mcpr_git_request_read(mcpr_git_request *request, const char *text, apr_size_t len,
                                                  apr_pool_t *pool);

/** The first line of the answer, newline included, in `pool`. */
const char *mcpr_git_answer_write(const mcpr_git_answer *answer, apr_pool_t *pool);

/** Reads that line; texts in `pool`. APR_EINVAL for anything else. */
MCPR_MUSTCHECK apr_status_t mcpr_git_answer_read(mcpr_git_answer *answer, const char *text, apr_size_t len,
                                                 apr_pool_t *pool);

#endif
