/*
 * An API's list as a feed: what its source has gathered page by page, read as one large page. Nothing is
 * asked of the servers but the types of their members (spec formats.md 2.9); an empty list is fine.
 */
#include "common/model/feed_reader.h"
#include "common/model/server_list.h"
#include <apr_strings.h>

static int deliver(void *baton, const mcpr_listed_server *listed)
{
    mcpr_feed_reader *reader = baton;
    if (!mcpr_feed_count(reader)) {
        return 0;
    }
    const char *name = json_string_value(json_object_get(listed->server, "name"));
    const char *place = apr_psprintf(reader->scratch, "server %.256s", name);
    reader->server_status = listed->status;
    reader->server_message = listed->status_message;
    int more = mcpr_feed_deliver(reader, MCPR_KIND_SERVER, json_incref(listed->server), place);
    apr_pool_clear(reader->scratch);
    return more;
}

void mcpr_feed_read_list(mcpr_feed_reader *reader, const char *data, apr_size_t len)
{
    mcpr_server_list list;
    if (!mcpr_server_list_open(&list, data, len, reader->problems, reader->pool)) {
        reader->status = APR_EINVAL;
        return;
    }
    mcpr_server_list_read(&list, deliver, reader, reader->problems, reader->warnings, reader->pool);
}
