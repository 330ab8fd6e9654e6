/* Generations: one slot a database in shared memory, one flag a process. */
#include "mod_mcp_registry/store/generation.h"

#include <apr_shm.h>
#include <apr_strings.h>
#include <stdatomic.h>
#include <string.h>

#define KEY_SIZE 96

/* Change MCPR_GENERATION_LAYOUT with it. A slot is written by the parent before it forks (key) and by anybody
 * after (the two numbers). */
typedef struct slot {
    char key[KEY_SIZE];
    _Atomic apr_uint64_t history;
    _Atomic apr_uint64_t number;
} slot;

struct mcpr_generation_table {
    slot *slots; /* MCPR_GENERATION_SLOTS, in shared memory */
};

struct mcpr_generation {
    slot *shared;
    _Atomic int known; /* this process's watcher is connected */
    _Atomic apr_uint64_t epoch;
};

apr_status_t mcpr_generation_table_create(mcpr_generation_table **created, apr_pool_t *pool)
{
    apr_shm_t *shm;
    apr_size_t size = sizeof(slot) * MCPR_GENERATION_SLOTS;
    apr_status_t rv = apr_shm_create(&shm, size, NULL, pool);
    if (rv == APR_SUCCESS) {
        *created = apr_palloc(pool, sizeof(**created));
        (*created)->slots = apr_shm_baseaddr_get(shm);
        memset((*created)->slots, 0, size);
    }
    return rv;
}

apr_status_t mcpr_generation_open(mcpr_generation **opened, mcpr_generation_table *table, const char *key,
                                  apr_pool_t *pool)
{
    for (int i = 0; i < MCPR_GENERATION_SLOTS; i++) {
        slot *s = &table->slots[i];
        if (*s->key == '\0') {
            apr_cpystrn(s->key, key, KEY_SIZE);
        }
        if (strncmp(s->key, key, KEY_SIZE - 1) == 0) {
            *opened = apr_pcalloc(pool, sizeof(**opened));
            (*opened)->shared = s;
            return APR_SUCCESS;
        }
    }
    return APR_ENOSPC;
}

int mcpr_generation_now(const mcpr_generation *generation, mcpr_stamp *stamp)
{
    stamp->epoch =
        atomic_load(&generation->epoch); /* first: a loss from here on makes the stamp an old one */
    if (!atomic_load(&generation->known)) {
        return 0;
    }
    stamp->history = atomic_load(&generation->shared->history);
    stamp->number = atomic_load(&generation->shared->number);
    return 1;
}

void mcpr_generation_raise(mcpr_generation *generation, apr_uint64_t number)
{
    apr_uint64_t held = atomic_load(&generation->shared->number);
    while (held < number && !atomic_compare_exchange_weak(&generation->shared->number, &held, number)) {
    }
}

apr_uint64_t mcpr_generation_held(const mcpr_generation *generation)
{
    return atomic_load(&generation->shared->number);
}

void mcpr_generation_connected(mcpr_generation *generation, apr_uint64_t before, apr_uint64_t number)
{
    if (number < before) {
        atomic_fetch_add(&generation->shared->history, 1);
        atomic_compare_exchange_strong(&generation->shared->number, &before, number);
    }
    mcpr_generation_raise(generation, number);
    atomic_store(&generation->known, 1);
}

void mcpr_generation_lost(mcpr_generation *generation)
{
    atomic_store(&generation->known, 0);
    atomic_fetch_add(&generation->epoch, 1);
}
