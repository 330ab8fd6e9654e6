/*
 * For tests of the configuration: a folder of its own for each test, and texts loaded as files in it.
 */
#ifndef MCPR_UNIT_LOAD_TEXT_H
#define MCPR_UNIT_LOAD_TEXT_H

#include "common/config/config.h"
#include "t/unit/unit.h"
#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

/** A new folder, removed with its files by text_folder_remove(). */
static inline const char *text_folder(apr_pool_t *pool)
{
    char *folder = apr_pstrdup(pool, "/tmp/mcpr-config-XXXXXX");

    ck_assert_ptr_nonnull(mkdtemp(folder));
    return folder;
}

/** Writes a file into the folder; its path. */
static inline const char *text_file(const char *folder, const char *name, const char *bytes, apr_size_t len,
                                    apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, folder, "/", name, NULL);
    apr_file_t *file;

    ck_assert_int_eq(apr_file_open(&file, path, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE,
                                   APR_FPROT_OS_DEFAULT, pool),
                     APR_SUCCESS);
    ck_assert_int_eq(apr_file_write_full(file, bytes, len, NULL), APR_SUCCESS);
    apr_file_close(file);
    return path;
}

/** Removes the folder and what is in it (files and links, no folders). */
static inline void text_folder_remove(const char *folder, apr_pool_t *pool)
{
    apr_dir_t *dir;
    apr_finfo_t info;

    ck_assert_int_eq(apr_dir_open(&dir, folder, pool), APR_SUCCESS);
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        apr_file_remove(apr_pstrcat(pool, folder, "/", info.name, NULL), pool);
    }
    apr_dir_close(dir);
    ck_assert_int_eq(apr_dir_remove(folder, pool), APR_SUCCESS);
}

/** Loads a YAML text that must be good. */
static inline const mcpr_config *text_load(const char *text, const char *const *env, apr_pool_t *pool)
{
    const char *folder = text_folder(pool);
    const char *path = text_file(folder, "config.yaml", text, strlen(text), pool);
    mcpr_problems *problems = mcpr_problems_create(pool, 50);
    const mcpr_config *config;
    apr_status_t rv = mcpr_config_load(&config, path, env, problems, pool);

    text_folder_remove(folder, pool);
    ck_assert_msg(rv == APR_SUCCESS, "%s", mcpr_problems_text(problems, "refused", pool));
    return config;
}

#endif
