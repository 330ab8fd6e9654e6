/*
 * What describes the API: the OpenAPI documents, as YAML and as JSON, and the page for humans.
 */
#ifndef MCPR_OPENAPI_DOCUMENTS_H
#define MCPR_OPENAPI_DOCUMENTS_H

#include "mod_mcp_registry/http/page.h"

/** Immutable. */
typedef struct mcpr_documents {
    mcpr_document consumer_yaml, consumer_json; /* of one registry; paths are relative to its root */
    mcpr_document server_yaml, server_json;     /* of everything under a mount */
    mcpr_document root;                         /* the page at the mount itself */
} mcpr_documents;

/**
 * Makes the documents in `pool`: the JSON form is the YAML read and written again, so the two say the same.
 * APR_EGENERAL when a text is no YAML (and the build is broken).
 */
MCPR_MUSTCHECK apr_status_t mcpr_documents_make(const mcpr_documents **made, apr_pool_t *pool);

#endif
