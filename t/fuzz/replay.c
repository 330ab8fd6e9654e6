/*
 * The first life: every target over every file of its kept corpus, as an ordinary program. With a target's
 * name and files as arguments, those alone: that is how a finding is reproduced without libFuzzer.
 */
#include "t/fuzz/fuzz.h"
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void replay_file(const mcpr_fuzz_target *target, const char *path, apr_pool_t *pool)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t len;
    char *bytes;

    /* Said before it is run: the last line of the output then names what crashed. */
    printf("%s: %s\n", target->name, path);
    fflush(stdout);
    if (apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS) {
        fprintf(stderr, "cannot read '%s'\n", path);
        exit(EXIT_FAILURE);
    }
    len = (apr_size_t)info.size;
    bytes = apr_palloc(pool, len + 1);
    mcpr_fuzz_require(len == 0 || apr_file_read_full(file, bytes, len, NULL) == APR_SUCCESS);
    apr_file_close(file);
    mcpr_fuzz_once(target, bytes, len, pool);
}

/* Every file of a folder; how many there were. An absent folder is an error, never "nothing to do". */
static int replay_folder(const mcpr_fuzz_target *target, const char *folder, apr_pool_t *parent)
{
    apr_pool_t *pool, *each;
    apr_dir_t *dir;
    apr_finfo_t info;
    int count = 0;

    apr_pool_create(&pool, parent);
    apr_pool_create(&each, pool);
    if (apr_dir_open(&dir, folder, pool) != APR_SUCCESS) {
        fprintf(stderr, "cannot open the folder '%s'\n", folder);
        exit(EXIT_FAILURE);
    }
    while (apr_dir_read(&info, APR_FINFO_NAME | APR_FINFO_TYPE, dir) == APR_SUCCESS) {
        if (info.filetype == APR_REG) {
            replay_file(target, apr_pstrcat(each, folder, "/", info.name, NULL), each);
            apr_pool_clear(each);
            count++;
        }
    }
    apr_pool_destroy(pool);
    return count;
}

static int replay_all(apr_pool_t *pool)
{
    int targets = 0, inputs = 0;

    for (const mcpr_fuzz_target *target = mcpr_fuzz_targets; target->name; target++, targets++) {
        const char *top = MCPR_TEST_SRCDIR;
        int count =
            replay_folder(target, apr_pstrcat(pool, top, "/t/fuzz/corpus/", target->name, NULL), pool);

        if (target->more_seeds) {
            count += replay_folder(target, apr_pstrcat(pool, top, "/", target->more_seeds, NULL), pool);
        }
        if (count == 0) {
            fprintf(stderr, "%s has no corpus\n", target->name);
            return EXIT_FAILURE;
        }
        inputs += count;
    }
    printf("%d inputs of %d targets\n", inputs, targets);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    const mcpr_fuzz_target *target = argc > 1 ? mcpr_fuzz_find(argv[1]) : NULL;
    apr_pool_t *pool;
    int rc = EXIT_SUCCESS;

    if (argc > 1 && (!target || argc == 2)) {
        fprintf(stderr, "usage: replay [TARGET FILE...]\n");
        return 2;
    }
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return EXIT_FAILURE;
    }
    for (int i = 2; i < argc; i++) {
        replay_file(target, argv[i], pool);
    }
    if (!target) {
        rc = replay_all(pool);
    }
    apr_terminate();
    return rc;
}
