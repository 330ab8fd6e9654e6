/* Bodies of servers. */
#include "mod_mcp_registry/http/servers_body.h"

#include "common/model/response.h"
#include "mod_mcp_registry/http/cursor.h"
#include <apr_strings.h>
#include <string.h>

#define LITERAL_LEN(s) (sizeof(s) - 1)

static const char list_head[] = "{\"servers\":[";

/* A row's two texts with their lengths, which are asked for once. */
typedef struct piece {
    apr_size_t document, official;
} piece;

static char *put(char *to, const char *text, apr_size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

static apr_size_t measure(piece *p, const mcpr_server_row *row)
{
    p->document = strlen(row->document);
    p->official = strlen(row->official);
    return p->document + p->official + LITERAL_LEN(MCPR_SERVER_RESPONSE_HEAD) +
           LITERAL_LEN(MCPR_SERVER_RESPONSE_MIDDLE) + LITERAL_LEN(MCPR_SERVER_RESPONSE_TAIL);
}

static char *put_row(char *to, const mcpr_server_row *row, const piece *p)
{
    to = put(to, MCPR_SERVER_RESPONSE_HEAD, LITERAL_LEN(MCPR_SERVER_RESPONSE_HEAD));
    to = put(to, row->document, p->document);
    to = put(to, MCPR_SERVER_RESPONSE_MIDDLE, LITERAL_LEN(MCPR_SERVER_RESPONSE_MIDDLE));
    to = put(to, row->official, p->official);
    return put(to, MCPR_SERVER_RESPONSE_TAIL, LITERAL_LEN(MCPR_SERVER_RESPONSE_TAIL));
}

static const char *list_tail(const mcpr_servers *servers, int paged, apr_pool_t *pool)
{
    if (!paged || !servers->more) {
        return apr_psprintf(pool, "],\"metadata\":{\"count\":%d}}", servers->count);
    }
    const mcpr_server_row *last = &servers->rows[servers->count - 1];
    return apr_psprintf(pool, "],\"metadata\":{\"nextCursor\":\"%s\",\"count\":%d}}",
                        mcpr_cursor_encode(last->name, last->version, pool), servers->count);
}

void mcpr_servers_list_body(mcpr_body *body, const mcpr_servers *servers, int paged, apr_pool_t *pool)
{
    const char *tail = list_tail(servers, paged, pool);
    apr_size_t tail_len = strlen(tail), size = LITERAL_LEN(list_head) + tail_len;
    piece *pieces = apr_palloc(pool, sizeof(*pieces) * (apr_size_t)(servers->count + 1));

    for (int i = 0; i < servers->count; i++) {
        size += measure(&pieces[i], &servers->rows[i]) + 1;
    }
    char *text = apr_palloc(pool, size), *to = put(text, list_head, LITERAL_LEN(list_head));
    for (int i = 0; i < servers->count; i++) {
        if (i > 0) {
            *to++ = ',';
        }
        to = put_row(to, &servers->rows[i], &pieces[i]);
    }
    to = put(to, tail, tail_len);
    body->text = text;
    body->len = (apr_size_t)(to - text);
    body->generation = servers->generation;
}

void mcpr_server_body(mcpr_body *body, const mcpr_servers *servers, apr_pool_t *pool)
{
    piece p;
    body->len = measure(&p, servers->rows);
    char *text = apr_palloc(pool, body->len);
    put_row(text, servers->rows, &p);
    body->text = text;
    body->generation = servers->generation;
}
