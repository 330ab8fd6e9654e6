/*
 * Places in documents, as text.
 */
#include "common/model/place.h"
#include <apr_strings.h>
#include <string.h>

#define KEY_BYTES 200

mcpr_place mcpr_place_key(const mcpr_place *parent, const char *key)
{
    return (mcpr_place){.parent = parent, .key = key, .key_len = strlen(key)};
}

mcpr_place mcpr_place_index(const mcpr_place *parent, apr_size_t index)
{
    return (mcpr_place){.parent = parent, .index = index};
}

const char *mcpr_place_text(const mcpr_place *place, apr_pool_t *pool)
{
    const char *text = NULL;
    for (; place != NULL; place = place->parent) {
        apr_size_t len = place->key_len < KEY_BYTES ? place->key_len : KEY_BYTES;
        const char *step = place->key != NULL ? apr_pstrmemdup(pool, place->key, len)
                                              : apr_psprintf(pool, "%" APR_SIZE_T_FMT, place->index);
        text = text != NULL ? apr_pstrcat(pool, step, ".", text, NULL) : step;
    }
    return text != NULL ? text : "(root)";
}
