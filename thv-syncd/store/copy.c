/*
 * The writer of COPY's binary format: a buffer that is sent when it is full enough.
 */
#include "thv-syncd/store/copy.h"
#include "thv-syncd/store/connection_int.h"
#include <stdlib.h>
#include <string.h>

#define SEND_BYTES (256 * 1024)
/* PostgreSQL counts microseconds from 2000-01-01. */
#define PG_EPOCH APR_INT64_C(946684800000000)

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
#define SIGNATURE_BYTES 19

struct mcpr_copy {
    mcpr_db *db;
    int fields;
    char *data; /* malloc'd: it grows to the largest row and is freed at the end */
    apr_size_t len, size;
};

static void append(mcpr_copy *copy, const void *data, apr_size_t len)
{
    if (copy->size - copy->len < len) {
        copy->size = (copy->len + len) * 2;
        copy->data = realloc(copy->data, copy->size);
        if (!copy->data) {
            abort(); /* as APR does when memory is out */
        }
    }
    memcpy(copy->data + copy->len, data, len);
    copy->len += len;
}

static void append_number(mcpr_copy *copy, apr_uint64_t value, int bytes)
{
    unsigned char out[8];

    for (int i = 0; i < bytes; i++) {
        out[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
    }
    append(copy, out, (apr_size_t)bytes);
}

static apr_status_t free_buffer(void *data)
{
    mcpr_copy *copy = data;

    free(copy->data);
    copy->data = NULL;
    copy->len = copy->size = 0;
    return APR_SUCCESS;
}

/* What the server does not take yet must not pile up: libpq would move all of it with every further piece. */
static apr_status_t flush(mcpr_db *db)
{
    int left;

    while ((left = PQflush(db->conn)) > 0) {
        apr_status_t status = mcpr_db_wait(db, 1);

        if (status != APR_SUCCESS) {
            return status;
        }
    }
    return left == 0 ? mcpr_pulse_beat(db->pulse) : mcpr_db_failed(db, NULL);
}

static apr_status_t send_buffer(mcpr_copy *copy)
{
    mcpr_db *db = copy->db;
    int sent;

    if (!db->conn) {
        return MCPR_ELOST;
    }
    while ((sent = PQputCopyData(db->conn, copy->data, (int)copy->len)) == 0) {
        apr_status_t status = mcpr_db_wait(db, 1);

        if (status != APR_SUCCESS) {
            return status;
        }
    }
    copy->len = 0;
    return sent > 0 ? flush(db) : mcpr_db_failed(db, NULL);
}

apr_status_t mcpr_copy_begin(mcpr_copy **copy, mcpr_db *db, enum mcpr_sql_daemon_id id, int fields,
                             apr_pool_t *pool)
{
    mcpr_copy *self = apr_pcalloc(pool, sizeof *self);
    apr_status_t status;
    PGresult *result;

    *copy = self;
    self->db = db;
    self->fields = fields;
    if (!db->conn) {
        return MCPR_ELOST;
    }
    if (!PQsendQuery(db->conn, mcpr_sql_daemon[id].text)) {
        return mcpr_db_failed(db, NULL);
    }
    status = mcpr_db_next(db, &result);
    if (status != APR_SUCCESS) {
        mcpr_db_cancel(db);
        return status;
    }
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        status = mcpr_db_failed(db, result);
        PQclear(result);
        mcpr_db_cancel(db);
        return mcpr_db_ended(db, status);
    }
    PQclear(result);
    apr_pool_cleanup_register(pool, self, free_buffer, apr_pool_cleanup_null);
    append(self, signature, SIGNATURE_BYTES);
    return APR_SUCCESS;
}

apr_status_t mcpr_copy_row(mcpr_copy *copy)
{
    apr_status_t status = copy->len >= SEND_BYTES ? send_buffer(copy) : APR_SUCCESS;

    append_number(copy, (apr_uint64_t)copy->fields, 2);
    return status;
}

void mcpr_copy_null(mcpr_copy *copy)
{
    append_number(copy, 0xffffffffu, 4);
}

void mcpr_copy_bool(mcpr_copy *copy, int value)
{
    append_number(copy, 1, 4);
    append_number(copy, value ? 1 : 0, 1);
}

void mcpr_copy_int2(mcpr_copy *copy, int value)
{
    append_number(copy, 2, 4);
    append_number(copy, (apr_uint64_t)value, 2);
}

void mcpr_copy_int4(mcpr_copy *copy, apr_int32_t value)
{
    append_number(copy, 4, 4);
    append_number(copy, (apr_uint64_t)value, 4);
}

void mcpr_copy_int8(mcpr_copy *copy, apr_int64_t value)
{
    append_number(copy, 8, 4);
    append_number(copy, (apr_uint64_t)value, 8);
}

void mcpr_copy_time(mcpr_copy *copy, apr_time_t value)
{
    if (value) {
        mcpr_copy_int8(copy, value - PG_EPOCH);
    } else {
        mcpr_copy_null(copy);
    }
}

void mcpr_copy_text(mcpr_copy *copy, const char *text)
{
    if (text) {
        mcpr_copy_bytes(copy, text, strlen(text));
    } else {
        mcpr_copy_null(copy);
    }
}

void mcpr_copy_bytes(mcpr_copy *copy, const void *data, apr_size_t len)
{
    append_number(copy, len, 4);
    append(copy, data, len);
}

apr_status_t mcpr_copy_end(mcpr_copy *copy)
{
    mcpr_db *db = copy->db;
    apr_status_t status, outcome = APR_SUCCESS;
    PGresult *result;
    int sent;

    append_number(copy, 0xffff, 2);
    status = send_buffer(copy);
    while (status == APR_SUCCESS && (sent = PQputCopyEnd(db->conn, NULL)) != 1) {
        status = sent < 0 ? mcpr_db_failed(db, NULL) : mcpr_db_wait(db, 1);
    }
    while (status == APR_SUCCESS && (status = mcpr_db_next(db, &result)) == APR_SUCCESS && result) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && outcome == APR_SUCCESS) {
            outcome = mcpr_db_failed(db, result);
        }
        PQclear(result);
    }
    if (status != APR_SUCCESS) {
        mcpr_copy_abort(copy);
        return status;
    }
    free_buffer(copy);
    return mcpr_db_ended(db, outcome);
}

void mcpr_copy_abort(mcpr_copy *copy)
{
    mcpr_db_cancel(copy->db);
    free_buffer(copy);
}
