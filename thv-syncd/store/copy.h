/*
 * COPY … FROM STDIN in the binary format: the caller says the fields of each row, in the statement's order.
 */
#ifndef THV_SYNCD_STORE_COPY_H
#define THV_SYNCD_STORE_COPY_H

#include "thv-syncd/store/connection.h"
#include <apr_time.h>

typedef struct mcpr_copy mcpr_copy;

/** Starts a COPY statement with `fields` columns. *copy lives in `pool`. */
MCPR_MUSTCHECK apr_status_t mcpr_copy_begin(mcpr_copy **copy, mcpr_db *db, enum mcpr_sql_daemon_id id,
                                            int fields, apr_pool_t *pool);

/** Starts a row; exactly `fields` of the functions below follow. Sends what has piled up. */
MCPR_MUSTCHECK apr_status_t mcpr_copy_row(mcpr_copy *copy);

void mcpr_copy_null(mcpr_copy *copy);
void mcpr_copy_bool(mcpr_copy *copy, int value);
void mcpr_copy_int2(mcpr_copy *copy, int value);
void mcpr_copy_int4(mcpr_copy *copy, apr_int32_t value);
void mcpr_copy_int8(mcpr_copy *copy, apr_int64_t value);
/** A timestamptz; 0 is NULL. */
void mcpr_copy_time(mcpr_copy *copy, apr_time_t value);
/** A text or the word of an enum; NULL is NULL. */
void mcpr_copy_text(mcpr_copy *copy, const char *text);
void mcpr_copy_bytes(mcpr_copy *copy, const void *data, apr_size_t len);

/** Ends it: the rows are in when this returns APR_SUCCESS. */
MCPR_MUSTCHECK apr_status_t mcpr_copy_end(mcpr_copy *copy);

/** Gives it up after a failure elsewhere: the transaction can only be rolled back then. */
void mcpr_copy_abort(mcpr_copy *copy);

#endif
