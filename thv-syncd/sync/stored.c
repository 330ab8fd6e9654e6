/*
 * From the JSON of a row to a source. Members are rows of a table; what is absent or empty stays unset.
 */
#include "thv-syncd/sync/stored.h"
#include "common/config/duration.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <stddef.h>
#include <string.h>

#define GIT_PATH      "registry.json"
#define TIMEOUT_SHOWN 64

typedef enum form_of_member { FORM_TEXT, FORM_DURATION } form_of_member;

static const struct {
    mcpr_source_type type;
    const char *object; /* the member it is in, NULL for the block itself */
    const char *member;
    form_of_member form;
    size_t offset;
} members[] = {
    {MCPR_SOURCE_GIT,  NULL,   "repository",   FORM_TEXT,     offsetof(mcpr_config_source, git.repository)   },
    {MCPR_SOURCE_GIT,  NULL,   "branch",       FORM_TEXT,     offsetof(mcpr_config_source, git.branch)       },
    {MCPR_SOURCE_GIT,  NULL,   "tag",          FORM_TEXT,     offsetof(mcpr_config_source, git.tag)          },
    {MCPR_SOURCE_GIT,  NULL,   "commit",       FORM_TEXT,     offsetof(mcpr_config_source, git.commit)       },
    {MCPR_SOURCE_GIT,  NULL,   "path",         FORM_TEXT,     offsetof(mcpr_config_source, git.path)         },
    {MCPR_SOURCE_GIT,  "auth", "username",     FORM_TEXT,     offsetof(mcpr_config_source, git.username)     },
    {MCPR_SOURCE_GIT,  "auth", "passwordFile", FORM_TEXT,     offsetof(mcpr_config_source, git.password_file)},
    {MCPR_SOURCE_API,  NULL,   "endpoint",     FORM_TEXT,     offsetof(mcpr_config_source, api.endpoint)     },
    {MCPR_SOURCE_API,  NULL,   "tokenFile",    FORM_TEXT,     offsetof(mcpr_config_source, api.token_file)   },
    {MCPR_SOURCE_API,  NULL,   "timeout",      FORM_DURATION, offsetof(mcpr_config_source, api.timeout)      },
    {MCPR_SOURCE_FILE, NULL,   "path",         FORM_TEXT,     offsetof(mcpr_config_source, file.path)        },
    {MCPR_SOURCE_FILE, NULL,   "url",          FORM_TEXT,     offsetof(mcpr_config_source, file.url)         },
    {MCPR_SOURCE_FILE, NULL,   "data",         FORM_TEXT,     offsetof(mcpr_config_source, file.data)        },
    {MCPR_SOURCE_FILE, NULL,   "timeout",      FORM_DURATION, offsetof(mcpr_config_source, file.timeout)     },
};

static const struct {
    const char *axis, *which;
    size_t offset;
} lists[] = {
    {"names", "include", offsetof(mcpr_config_filter, names_include)},
    {"names", "exclude", offsetof(mcpr_config_filter, names_exclude)},
    {"tags",  "include", offsetof(mcpr_config_filter, tags_include) },
    {"tags",  "exclude", offsetof(mcpr_config_filter, tags_exclude) },
};

static const struct {
    const char *word;
    mcpr_format format;
} formats[] = {
    {"toolhive", MCPR_FORMAT_TOOLHIVE},
    {"upstream", MCPR_FORMAT_UPSTREAM},
};

/* The object of a column's text; an empty one for NULL. NULL when it is none. New reference. */
static json_t *object_of(const char *text)
{
    json_t *value = text ? json_loads(text, 0, NULL) : json_object();

    if (!json_is_object(value)) {
        json_decref(value);
        return NULL;
    }
    return value;
}

/* The text of a member, NULL when it is absent or empty. */
static const char *text_in(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    return text && *text ? text : NULL;
}

/* The same bounds as in a file (spec sync.md 1). */
static void fill_timeout(mcpr_config_source *source, apr_interval_time_t *field, const char *text,
                         apr_pool_t *pool)
{
    int is_api = source->type == MCPR_SOURCE_API;
    const char *wrong = NULL;
    apr_int64_t nanoseconds;

    if (!mcpr_duration_parse(text, &nanoseconds)) {
        wrong = "no duration";
    } else {
        *field = mcpr_duration_micros(nanoseconds);
        wrong = is_api && (*field <= 0 || *field > MCPR_API_TIMEOUT_MOST)
                    ? "it must be greater than zero and 5m at most"
                    : NULL;
    }
    if (wrong) {
        source->bad_timeout = apr_psprintf(pool, "invalid %stimeout \"%s\": %s", is_api ? "api " : "",
                                           mcpr_utf8_clean(text, strlen(text), TIMEOUT_SHOWN, pool), wrong);
    }
}

static void fill_block(mcpr_config_source *source, const json_t *block, apr_pool_t *pool)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const json_t *in = members[i].object ? json_object_get(block, members[i].object) : block;
        const char *text = members[i].type == source->type ? text_in(in, members[i].member) : NULL;
        char *field = (char *)source + members[i].offset;

        if (text && members[i].form == FORM_TEXT) {
            *(const char **)(void *)field = apr_pstrdup(pool, text);
        } else if (text) {
            fill_timeout(source, (apr_interval_time_t *)(void *)field, text, pool);
        }
    }
}

/* What the configuration file's reader would say of members that are absent. It never leaves out what a
 * source cannot do without: an empty text is for the handler to refuse. */
static void fill_defaults(mcpr_config_source *source)
{
    if (source->type == MCPR_SOURCE_GIT && !source->git.repository) {
        source->git.repository = "";
    }
    if (source->type == MCPR_SOURCE_API && !source->api.endpoint) {
        source->api.endpoint = "";
    }
    source->git.path = source->git.path || source->type != MCPR_SOURCE_GIT ? source->git.path : GIT_PATH;
    source->api.timeout =
        source->api.timeout > 0 || source->type != MCPR_SOURCE_API ? source->api.timeout : MCPR_API_TIMEOUT;
    source->file.timeout = source->file.timeout > 0 || source->type != MCPR_SOURCE_FILE ? source->file.timeout
                                                                                        : MCPR_FILE_TIMEOUT;
}

static int is_absent(const json_t *value)
{
    return !value || json_is_null(value);
}

/* Zero when the array holds anything but texts, or is none. */
static int fill_list(apr_array_header_t *list, const json_t *array, apr_pool_t *pool)
{
    const json_t *one;
    size_t at;

    json_array_foreach(array, at, one)
    {
        if (!json_is_string(one)) {
            return 0;
        }
        APR_ARRAY_PUSH(list, const char *) = apr_pstrdup(pool, json_string_value(one));
    }
    return is_absent(array) || json_is_array(array);
}

/* Zero when it is no filter: what it was meant to keep out must not get in. */
static int fill_filter(mcpr_config_filter *filter, const json_t *from, apr_pool_t *pool)
{
    int good = 1;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *axis = json_object_get(from, lists[i].axis);
        apr_array_header_t *list = apr_array_make(pool, 4, sizeof(const char *));

        good &= is_absent(axis) || json_is_object(axis);
        good &= fill_list(list, json_object_get(axis, lists[i].which), pool);
        *(apr_array_header_t **)(void *)((char *)filter + lists[i].offset) = list;
    }
    return good;
}

static int find_type(const char *word, mcpr_source_type *type)
{
    for (int i = MCPR_SOURCE_GIT; i <= MCPR_SOURCE_KUBERNETES; i++) {
        if (strcmp(mcpr_source_type_name((mcpr_source_type)i), word) == 0) {
            *type = (mcpr_source_type)i;
            return 1;
        }
    }
    return 0;
}

const mcpr_config_source *mcpr_source_stored(const mcpr_source_row *row, const char **error, apr_pool_t *pool)
{
    mcpr_config_source *source = apr_pcalloc(pool, sizeof *source);
    json_t *block = object_of(row->block), *filter = object_of(row->filter);

    *error = NULL;
    source->name = apr_pstrdup(pool, row->name);
    source->interval = row->interval;
    if (!find_type(row->type, &source->type)) {
        *error = apr_psprintf(pool, "source '%s': unknown type '%s'", row->name, row->type);
    }
    if (!block || !filter) {
        source->complaint =
            block ? "the stored filter is no JSON object" : "the stored type block is no JSON object";
    }
    fill_block(source, block, pool);
    fill_defaults(source);
    source->filter.present = row->filter != NULL;
    if (!fill_filter(&source->filter, filter, pool)) {
        source->complaint =
            "the stored filter is none: names and tags hold lists of texts, include and exclude";
    }
    for (size_t i = 0; row->format && i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(row->format, formats[i].word) == 0) {
            source->format = formats[i].format;
        }
    }
    json_decref(block);
    json_decref(filter);
    return *error ? NULL : source;
}
