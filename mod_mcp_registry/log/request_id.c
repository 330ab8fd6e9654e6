/* Request ids: the client's, made harmless, or our own. */
#include "mod_mcp_registry/log/request_id.h"

#include <apr_general.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <stdatomic.h>
#include <unistd.h>

#define RANDOM_CHARACTERS 10
#define HOST_CAP          64

/* As much this process's own as its number is. The prefix is written before threads start. */
static char prefix[HOST_CAP + 1 + RANDOM_CHARACTERS + 1] = "localhost/0000000000";
static _Atomic unsigned long counter;

void mcpr_request_id_start_child(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[RANDOM_CHARACTERS];
    char host[HOST_CAP];

    if (gethostname(host, sizeof(host)) != 0) {
        apr_cpystrn(host, "localhost", sizeof(host));
    }
    host[sizeof(host) - 1] = '\0';
    /* Uniqueness is all that is asked of it, so a modulus will do. */
    if (apr_generate_random_bytes(random, sizeof(random)) != APR_SUCCESS) {
        return;
    }
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
        random[i] = (unsigned char)letters[random[i] % (sizeof(letters) - 1)];
    }
    apr_snprintf(prefix, sizeof(prefix), "%s/%.*s", host, RANDOM_CHARACTERS, (const char *)random);
}

request_rec *mcpr_request_first(request_rec *r)
{
    while (r->prev) {
        r = r->prev;
    }
    return r;
}

/* httpd joins equal headers with a comma: the first one counts. NULL when nothing printable is left. */
static const char *clients_own(const char *header, apr_pool_t *pool)
{
    char id[MCPR_REQUEST_ID_CAP + 1];
    int len = 0;

    for (; header && *header && *header != ',' && len < MCPR_REQUEST_ID_CAP; header++) {
        if (*header > ' ' ? *header < 0x7f : *header == ' ' && len) {
            id[len++] = *header;
        }
    }
    while (len && id[len - 1] == ' ') {
        len--;
    }
    return len ? apr_pstrmemdup(pool, id, (apr_size_t)len) : NULL;
}

const char *mcpr_request_id(request_rec *r)
{
    request_rec *first = mcpr_request_first(r);
    const char *id = apr_table_get(first->notes, MCPR_REQUEST_ID_NOTE);

    if (!id) {
        id = clients_own(apr_table_get(first->headers_in, "X-Request-Id"), first->pool);
        if (!id) {
            id = apr_psprintf(first->pool, "%s-%06lu", prefix, atomic_fetch_add(&counter, 1) + 1);
        }
        apr_table_setn(first->notes, MCPR_REQUEST_ID_NOTE, id);
    }
    if (r != first) {
        apr_table_setn(r->notes, MCPR_REQUEST_ID_NOTE, id); /* the first one's pool lives longer */
    }
    return id;
}
