/*
 * The second life: the entry points of libFuzzer, which brings main(). One program for all targets; the
 * variable MCPR_FUZZ_TARGET says which. "list" prints the table for t/fuzz/run and ends.
 */
#include "t/fuzz/fuzz.h"
#include <apr_general.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const mcpr_fuzz_target *target;
static apr_pool_t *root;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("MCPR_FUZZ_TARGET");

    (void)argc;
    (void)argv;
    if (name && strcmp(name, "list") == 0) {
        for (target = mcpr_fuzz_targets; target->name; target++) {
            printf("%s %lu%s%s\n", target->name, (unsigned long)target->max_len,
                   target->more_seeds ? " " : "", target->more_seeds ? target->more_seeds : "");
        }
        exit(EXIT_SUCCESS);
    }
    target = mcpr_fuzz_find(name);
    if (!target) {
        fprintf(stderr, "MCPR_FUZZ_TARGET names no target\n");
        exit(2);
    }
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&root, NULL) != APR_SUCCESS) {
        abort();
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mcpr_fuzz_once(target, data, size, root);
    return 0;
}
