/*
 * From JSON text to a tree and back, without losing a digit (json_number.h).
 */
#ifndef MCPR_MODEL_JSON_TEXT_H
#define MCPR_MODEL_JSON_TEXT_H

#include "common/model/json_scan.h"
#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <jansson.h>

/** The value of a span of checked text as a new tree; aborts when there is no memory. */
json_t *mcpr_json_load(mcpr_json_span span);

/**
 * Checks a whole text and parses it: a new tree, or NULL with one problem. For bodies of requests and single
 * documents; a feed is never loaded whole.
 */
MCPR_MUSTCHECK json_t *mcpr_json_parse(const char *data, apr_size_t len, mcpr_problems *problems);

/** A text that grows. Used again and again, it is as large as the largest it held. */
typedef struct mcpr_json_text {
    apr_pool_t *pool;
    char *data; /* not terminated */
    apr_size_t len, size;
} mcpr_json_text;

/** An empty text in `pool`. */
mcpr_json_text mcpr_json_text_create(apr_pool_t *pool);

/** Appends `len` bytes as they are. */
void mcpr_json_append(mcpr_json_text *text, const char *bytes, apr_size_t len);

/** Appends `value` as compact JSON. Only what JSON demands is escaped; wide numbers come back digit by digit.
 */
void mcpr_json_render(mcpr_json_text *text, const json_t *value);

#endif
