/*
 * The list of problems that readers of untrusted input fill.
 */
#include "common/util/problems.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A problem quotes what it found; what is longer helps nobody. */
#define PLACE_BYTES   512
#define MESSAGE_BYTES 2000

mcpr_problems *mcpr_problems_create(apr_pool_t *pool, int cap)
{
    mcpr_problems *problems = apr_pcalloc(pool, sizeof *problems);

    problems->pool = pool;
    problems->cap = cap;
    problems->list = apr_array_make(pool, 4, sizeof(mcpr_problem));
    return problems;
}

void mcpr_problems_add(mcpr_problems *problems, const char *place, const char *format, ...)
{
    char text[2 * MESSAGE_BYTES];
    mcpr_problem *problem;
    va_list values;

    problems->total++;
    if (problems->list->nelts >= problems->cap) {
        return;
    }
    va_start(values, format);
    if (vsnprintf(text, sizeof text, format, values) < 0) {
        apr_cpystrn(text, format, sizeof text);
    }
    va_end(values);
    place = place ? place : "";
    problem = apr_array_push(problems->list);
    problem->place = mcpr_utf8_clean(place, strlen(place), PLACE_BYTES, problems->pool);
    problem->message = mcpr_utf8_clean(text, strlen(text), MESSAGE_BYTES, problems->pool);
}

int mcpr_problems_none(const mcpr_problems *problems)
{
    return problems->total == 0;
}

static const char *one_line(const mcpr_problem *problem, apr_pool_t *pool)
{
    const char *colon = *problem->place ? ": " : "";

    return apr_pstrcat(pool, problem->place, colon, problem->message, NULL);
}

const char *mcpr_problems_text(const mcpr_problems *problems, const char *prefix, apr_pool_t *pool)
{
    const mcpr_problem *list = (const mcpr_problem *)problems->list->elts;
    int kept = problems->list->nelts;
    apr_array_header_t *lines;

    if (problems->total == 0) {
        return prefix;
    }
    if (problems->total == 1 && kept == 1) {
        return apr_pstrcat(pool, prefix, ": ", one_line(&list[0], pool), NULL);
    }
    lines = apr_array_make(pool, kept + 2, sizeof(const char *));
    APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(pool, "%s with %d errors:", prefix, problems->total);
    for (int i = 0; i < kept; i++) {
        APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(pool, "  %d. %s", i + 1, one_line(&list[i], pool));
    }
    if (kept < problems->total) {
        APR_ARRAY_PUSH(lines, const char *) = apr_psprintf(pool, "  … and %d more", problems->total - kept);
    }
    return apr_array_pstrcat(pool, lines, '\n');
}
