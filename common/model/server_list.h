/*
 * A page of an API's list of servers (spec sync.md 6):
 * {"servers":[{"server":{…},"_meta":{…}}],"metadata":{…}}.
 *
 * A page is opened as a whole: its text, its shape, where the next one is. Its servers are then read one at a
 * time, held only while they are visited. They are checked for the types of their members alone.
 */
#ifndef MCPR_MODEL_SERVER_LIST_H
#define MCPR_MODEL_SERVER_LIST_H

#include "common/model/json_text.h"
#include "common/model/model.h"
#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <jansson.h>

/** The longest cursor, in bytes: it has to fit into a URL. */
#define MCPR_CURSOR_BYTES 8192

typedef struct mcpr_server_list {
    mcpr_json_span servers;
    apr_size_t count;
    const char *next_cursor; /* NULL when this is the last page */
} mcpr_server_list;

/** One server and what the registry says about it. All of it is gone when the visit returns. */
typedef struct mcpr_listed_server {
    apr_size_t index;
    json_t *server;
    mcpr_status status;
    const char *status_message; /* NULL when none */
} mcpr_listed_server;

/** Takes one server; may keep a reference to the tree. Returns 0 to end the reading. */
typedef int mcpr_server_visit(void *baton, const mcpr_listed_server *listed);

/**
 * Opens a page. `data` has to stay while the list is read; the cursor is in `pool`. Returns 0 with one
 * problem when it is no page.
 */
MCPR_MUSTCHECK int mcpr_server_list_open(mcpr_server_list *list, const char *data, apr_size_t len,
                                         mcpr_problems *problems, apr_pool_t *pool);

/**
 * Reads the servers. Those that are wrong are in `problems` with their place ("servers.3.server.name") and
 * are not visited; those without a name are in `warnings` and are left out. A status that is none of the
 * specification's counts as active, with a warning. `pool` is for scratch.
 */
void mcpr_server_list_read(const mcpr_server_list *list, mcpr_server_visit *visit, void *baton,
                           mcpr_problems *problems, mcpr_problems *warnings, apr_pool_t *pool);

/** A server of a list as compact JSON, appended to `text`: a page made of these reads the same. */
void mcpr_server_list_render(mcpr_json_text *text, const mcpr_listed_server *listed);

#endif
