/* mod_status: the figures are gathered first, then printed in the form that was asked for. */
#include "mod_mcp_registry/api/status.h"

#include "common/util/utf8.h"
#include "mod_mcp_registry/instance.h"
#include <apr_strings.h>
#include <http_main.h>
#include <http_protocol.h>
#include <mod_status.h>
#include <unistd.h>

#define LABEL_CAP 1024

/* What is shown of one instance. */
typedef struct figures {
    const mcpr_instance *instance;
    mcpr_page_cache_figures cache; /* zeros without a cache */
    apr_uint64_t generation;
    int known;
    apr_pool_t *pool;
} figures;

static const char *number(const figures *f, apr_uint64_t n)
{
    return apr_psprintf(f->pool, "%" APR_UINT64_T_FMT, n);
}

static const char *show_database(const figures *f)
{
    const char *label = f->instance->connection.label;
    return mcpr_utf8_clean(label, strlen(label), LABEL_CAP, f->pool);
}

static const char *show_known(const figures *f)
{
    return f->known ? "1" : "0";
}

static const char *show_generation(const figures *f)
{
    return number(f, f->generation);
}

static const char *show_limit(const figures *f)
{
    return number(f, f->instance->cache ? (apr_uint64_t)f->instance->settings->cache_bytes : 0);
}

static const char *show_bytes(const figures *f)
{
    return number(f, f->cache.bytes);
}

static const char *show_pages(const figures *f)
{
    return number(f, f->cache.pages);
}

static const char *show_hits(const figures *f)
{
    return number(f, f->cache.hits);
}

static const char *show_misses(const figures *f)
{
    return number(f, f->cache.misses);
}

static const char *show_evictions(const figures *f)
{
    return number(f, f->cache.evictions);
}

static const char *show_connections(const figures *f)
{
    return number(f, (apr_uint64_t)f->instance->connection.max);
}

static const struct {
    const char *key;     /* of the machine form */
    const char *heading; /* of the page */
    const char *(*show)(const figures *);
} rows[] = {
    {"Database",        "Database",                         show_database   },
    {"GenerationKnown", "Generation known",                 show_known      },
    {"Generation",      "Generation",                       show_generation },
    {"CacheLimit",      "Page cache, most bytes (0: none)", show_limit      },
    {"CacheBytes",      "Page cache, bytes",                show_bytes      },
    {"CachePages",      "Page cache, pages",                show_pages      },
    {"CacheHits",       "Page cache, hits",                 show_hits       },
    {"CacheMisses",     "Page cache, misses",               show_misses     },
    {"CacheEvictions",  "Page cache, evictions",            show_evictions  },
    {"ConnectionsMax",  "Connections, at most",             show_connections},
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static figures gather(const mcpr_instance *instance, apr_pool_t *pool)
{
    figures f = {.instance = instance, .pool = pool};
    mcpr_stamp stamp;

    f.known = instance->generation && mcpr_generation_now(instance->generation, &stamp);
    f.generation = f.known                ? stamp.number
                   : instance->generation ? mcpr_generation_held(instance->generation)
                                          : 0;
    if (instance->cache) {
        mcpr_page_cache_read_figures(instance->cache, &f.cache);
    }
    return f;
}

static void print_lines(request_rec *r, const figures *f, int index)
{
    for (size_t i = 0; i < ROWS; i++) {
        ap_rprintf(r, "MCPRegistry[%d]%s: %s\n", index, rows[i].key, rows[i].show(f));
    }
}

/* AP_STATUS_NOTABLE asks for a page without tables. */
static void print_page(request_rec *r, const figures *f, int flags)
{
    int plain = flags & AP_STATUS_NOTABLE;

    ap_rprintf(r, "<h2>MCP registry</h2>\n<p>Page cache and connections are those of process %ld.</p>\n%s\n",
               (long)getpid(), plain ? "<ul>" : "<table border=\"1\">");
    for (size_t i = 0; i < ROWS; i++) {
        ap_rprintf(r, plain ? "<li>%s: %s</li>\n" : "<tr><th align=\"left\">%s</th><td>%s</td></tr>\n",
                   rows[i].heading, ap_escape_html(r->pool, rows[i].show(f)));
    }
    ap_rputs(plain ? "</ul>\n" : "</table>\n", r);
}

int mcpr_status_hook(request_rec *r, int flags)
{
    int index = 0;

    for (server_rec *s = ap_server_conf; s; s = s->next) {
        const mcpr_instance *instance = mcpr_settings_of(s)->instance;
        if (!instance || instance->server != s || !instance->store) {
            continue; /* none, or one that an earlier server has shown */
        }
        figures f = gather(instance, r->pool);
        if (flags & AP_STATUS_SHORT) {
            print_lines(r, &f, index);
        } else {
            print_page(r, &f, flags);
        }
        index++;
    }
    return OK;
}
