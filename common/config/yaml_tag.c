/*
 * Explicit tags of scalars: !!str, !!int and their like, !!binary.
 */
#include "common/config/yaml.h"
#include "common/util/utf8.h"
#include <apr_base64.h>
#include <string.h>
#include <yaml.h>

static int decode_binary(mcpr_scalar *scalar, apr_pool_t *pool)
{
    char *packed = apr_palloc(pool, scalar->len + 1), *text;
    apr_size_t used = 0, end = scalar->len;

    for (apr_size_t i = 0; i < end; i++) {
        if (!memchr(" \t\r\n", scalar->text[i], 4)) {
            packed[used++] = scalar->text[i];
        }
    }
    packed[used] = '\0';
    if (used % 4 ||
        strspn(packed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != used ||
        (memchr(packed, '=', used) && strcspn(packed, "=") + 2 < used)) {
        return 0;
    }
    text = apr_palloc(pool, (apr_size_t)apr_base64_decode_len(packed) + 1);
    scalar->len = (apr_size_t)apr_base64_decode_binary((unsigned char *)text, packed);
    text[scalar->len] = '\0';
    scalar->text = text;
    return mcpr_utf8_valid(text, scalar->len);
}

int mcpr_yaml_tag(mcpr_scalar *scalar, const char *tag, apr_pool_t *pool)
{
    static const struct {
        const char *tag;
        mcpr_scalar_type type;
    } tags[] = {
        {YAML_NULL_TAG,      MCPR_SCALAR_NULL },
        {YAML_BOOL_TAG,      MCPR_SCALAR_BOOL },
        {YAML_INT_TAG,       MCPR_SCALAR_INT  },
        {YAML_FLOAT_TAG,     MCPR_SCALAR_FLOAT},
        {YAML_TIMESTAMP_TAG, MCPR_SCALAR_DATE }
    };
    mcpr_scalar_type plain = mcpr_scalar_resolve(scalar->text, scalar->len);

    if (strcmp(tag, YAML_DEFAULT_SCALAR_TAG) == 0 || strcmp(tag, "!") == 0) {
        scalar->type = MCPR_SCALAR_TEXT;
        return 1;
    }
    if (strcmp(tag, "tag:yaml.org,2002:binary") == 0) {
        scalar->type = MCPR_SCALAR_TEXT;
        return decode_binary(scalar, pool);
    }
    for (apr_size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcmp(tag, tags[i].tag) == 0) {
            scalar->type = tags[i].type;
            return plain == tags[i].type || (plain == MCPR_SCALAR_INT && tags[i].type == MCPR_SCALAR_FLOAT);
        }
    }
    return 1;
}
