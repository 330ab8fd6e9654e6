/*
 * Pool memory that AddressSanitizer sees. APR cuts allocations out of large blocks, so that reading behind
 * one, or after its pool was cleared, looks like any other access. This takes the place of apr_palloc(), from
 * a program or by LD_PRELOAD: each allocation is a malloc() of exactly its size, freed when its pool is
 * cleared or destroyed.
 *
 * What apr_psprintf() makes, and the pools themselves, are still APR's.
 */
#include <apr_pools.h>
#include <pthread.h>
#include <stdlib.h>

/* One allocation; the bytes come behind it. */
typedef struct block {
    _Alignas(16) struct block *next;
} block;

/* All allocations of one pool. Only the thread that uses the pool touches `blocks`; the lock guards the
 * chains. */
typedef struct owner {
    struct owner *next;
    apr_pool_t *pool;
    block *blocks;
} owner;

#define CHAINS 4096
static owner *chains[CHAINS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What the program starts (a shell) is not ours to watch. */
__attribute__((constructor)) static void only_this_program(void)
{
    unsetenv("LD_PRELOAD");
}

static owner **chain_of(const apr_pool_t *pool)
{
    return &chains[(((apr_size_t)pool >> 4) * 2654435761U) % CHAINS];
}

static owner *find(const apr_pool_t *pool)
{
    owner *found;

    pthread_mutex_lock(&lock);
    for (found = *chain_of(pool); found && found->pool != pool; found = found->next) {
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* A cleanup: the pool's first one, hence the last that is run; only then is nothing of the pool in use. */
static apr_status_t release(void *data)
{
    owner *mine = data, **link;

    pthread_mutex_lock(&lock);
    for (link = chain_of(mine->pool); *link != mine; link = &(*link)->next) {
    }
    *link = mine->next;
    pthread_mutex_unlock(&lock);
    while (mine->blocks) {
        block *first = mine->blocks;

        mine->blocks = first->next;
        free(first);
    }
    free(mine);
    return APR_SUCCESS;
}

static owner *make(apr_pool_t *pool)
{
    owner *made = calloc(1, sizeof *made);

    if (!made) {
        abort();
    }
    made->pool = pool;
    pthread_mutex_lock(&lock);
    made->next = *chain_of(pool);
    *chain_of(pool) = made;
    pthread_mutex_unlock(&lock);
    /* Calls apr_palloc() below, which finds the owner now. */
    apr_pool_cleanup_register(pool, made, release, apr_pool_cleanup_null);
    return made;
}

void *apr_palloc(apr_pool_t *pool, apr_size_t size)
{
    owner *mine = find(pool);
    block *made;

    if (!mine) {
        mine = make(pool);
    }
    made = size <= APR_SIZE_MAX - sizeof *made ? malloc(sizeof *made + size) : NULL;
    if (!made) {
        abort();
    }
    made->next = mine->blocks;
    mine->blocks = made;
    return made + 1;
}
