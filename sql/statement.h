/*
 * The SQL that a binary carries: what sql/embed.awk makes of the files under sql/.
 */
#ifndef MCPR_SQL_STATEMENT_H
#define MCPR_SQL_STATEMENT_H

/** A named statement; the name is that of its file. */
typedef struct mcpr_sql_statement {
    const char *name;
    const char *text;
} mcpr_sql_statement;

/** A migration: sql/schema/NNNN_name.up.sql and .down.sql. */
typedef struct mcpr_sql_migration {
    int version;
    const char *name;
    const char *up;
    const char *down;
} mcpr_sql_migration;

/** All migrations in order; the last one has version 0. */
extern const mcpr_sql_migration mcpr_sql_migrations[];

#endif
