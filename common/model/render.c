/*
 * Normalisation of documents, and the text that search looks at.
 */
#include "common/model/render.h"
#include "common/model/json_number.h"
#include "common/util/fold.h"
#include <apr_strings.h>

void mcpr_server_complete(json_t *server)
{
    if (json_object_get(server, "$schema") == NULL) {
        json_object_set_new(server, "$schema", json_string(MCPR_SERVER_SCHEMA));
    }
    if (json_object_get(server, "description") == NULL) {
        json_object_set_new(server, "description", json_string(""));
    }
    if (json_object_get(server, "_meta") == NULL) {
        json_object_set_new(server, "_meta", json_object());
    }
}

mcpr_status mcpr_skill_complete(json_t *skill)
{
    static const char *const own[] = {"status", "isLatest", "id", "createdAt", "updatedAt"};
    mcpr_status status = MCPR_STATUS_ACTIVE;
    const char *word = json_string_value(json_object_get(skill, "status"));
    if (word != NULL && !mcpr_status_parse(&status, word)) {
        status = MCPR_STATUS_ACTIVE;
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        json_object_del(skill, own[i]);
    }
    return status;
}

static const char *folded(const json_t *document, const char *key, apr_pool_t *pool)
{
    const json_t *member = json_object_get(document, key);
    return mcpr_json_is_text(member) ? mcpr_fold(json_string_value(member), pool) : "";
}

const char *mcpr_search_text(const json_t *document, apr_pool_t *pool)
{
    return apr_pstrcat(pool, folded(document, "name", pool), MCPR_FOLD_SEPARATOR,
                       folded(document, "title", pool), MCPR_FOLD_SEPARATOR,
                       folded(document, "description", pool), NULL);
}
