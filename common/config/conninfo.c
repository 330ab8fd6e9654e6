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

/* How soon the kernel finds out that a host is gone: half a minute of silence, three questions, and a minute
 * for what was sent. A limit for sending has to leave room for a server that does not read for a while. */
#define KEEPALIVES_IDLE     "30"
#define KEEPALIVES_INTERVAL "10"
#define KEEPALIVES_COUNT    "3"
#define TCP_USER_TIMEOUT    "60000" /* ms */

/* Not a folder with a Unix socket, nor one in the abstract name space. */
static int is_network_host(const char *host)
{
    return *host != '\0' && *host != '/' && *host != '@';
}

const char *mcpr_conninfo(const mcpr_config_database *database, mcpr_conninfo_role role,
                          const char *application_name, int connect_timeout, const char *options,
                          apr_pool_t *pool)
{
    int network = is_network_host(database->host), migrating = role == MCPR_CONNINFO_MIGRATION;
    const char *password = migrating ? database->migration_password : database->password;
    const char *port = apr_itoa(pool, database->port), *timeout = apr_itoa(pool, connect_timeout);
    const struct {
        const char *keyword, *value;
    } parts[] = {
        {"host",                database->host                                       },
        {"port",                port                                                 },
        {"dbname",              database->database                                   },
        {"user",                migrating ? database->migration_user : database->user},
        {"password",            password && *password ? password : NULL              },
        {"sslmode",             database->ssl_mode                                   },
        {"application_name",    application_name                                     },
        {"connect_timeout",     connect_timeout > 0 ? timeout : NULL                 },
        {"client_encoding",     "UTF8"                                               },
        {"keepalives_idle",     network ? KEEPALIVES_IDLE : NULL                     },
        {"keepalives_interval", network ? KEEPALIVES_INTERVAL : NULL                 },
        {"keepalives_count",    network ? KEEPALIVES_COUNT : NULL                    },
        {"tcp_user_timeout",    network ? TCP_USER_TIMEOUT : NULL                    },
        {"options",             options                                              },
    };
    apr_array_header_t *words = apr_array_make(pool, sizeof parts / sizeof *parts, sizeof(const char *));

    for (apr_size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].value) {
            APR_ARRAY_PUSH(words, const char *) =
                apr_pstrcat(pool, parts[i].keyword, "=", quoted(parts[i].value, pool), NULL);
        }
    }
    return apr_array_pstrcat(pool, words, ' ');
}
