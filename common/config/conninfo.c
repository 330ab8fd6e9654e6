/*
 * The database block as a libpq connection string.
 */
#include "common/config/conninfo.h"
#include <apr_strings.h>
#include <string.h>

/* Always quoted: then empty values, spaces and '=' need no rule of their own. */
static const char *quoted(const char *value, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, 2 * strlen(value) + 3);
    char *out = text;

    *out++ = '\'';
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\') {
            *out++ = '\\';
        }
        *out++ = *value;
    }
    *out++ = '\'';
    *out = '\0';
    return text;
}

const char *mcpr_conninfo(const mcpr_config_database *database, mcpr_conninfo_role role,
                          const char *application_name, int connect_timeout, const char *options,
                          apr_pool_t *pool)
{
    int migrating = role == MCPR_CONNINFO_MIGRATION;
    const char *password = migrating ? database->migration_password : database->password;
    const struct {
        const char *keyword, *value;
    } parts[] = {
        {"host",                   database->host},
        {"port",                   apr_itoa(pool,  database->port)},
        {"dbname",                        database->database                              },
        {"user",                        migrating ? database->migration_user : database->user  },
        {"password",                        password && *password ? password : NULL                          },
        {"sslmode",                        database->ssl_mode   },
        {"application_name",                        application_name                 },
        {"connect_timeout",                        connect_timeout > 0 ? apr_itoa(pool,     connect_timeout) : NULL},
        {"options", options          },
    };
    apr_array_header_t *words = apr_array_make(pool, 9, sizeof(const char *));

    for (apr_size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].value) {
            APR_ARRAY_PUSH(words, const char *) =
                apr_pstrcat(pool, parts[i].keyword, "=", quoted(parts[i].value, pool), NULL);
        }
    }
    return apr_array_pstrcat(pool, words, ' ');
}
