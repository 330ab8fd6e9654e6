/*
 * URLs in the configuration: whether they are absolute, and their scheme and host.
 */
#ifndef MCPR_CONFIG_URL_H
#define MCPR_CONFIG_URL_H

#include <apr_pools.h>

typedef struct mcpr_url {
    const char *scheme; /* lower case */
    const char *host;   /* as written, without brackets */
} mcpr_url;

/** Takes an absolute URL with a host apart, into `pool`. NULL, or what is wrong with it. */
const char *mcpr_url_parse(mcpr_url *url, const char *text, apr_pool_t *pool);

#endif
