/*
 * The checks of single documents: which rows hold for which kind.
 */
#include "common/model/check.h"
#include "common/model/json_number.h"
#include "common/model/legacy.h"
#include "common/model/rules.h"

int mcpr_check_size(mcpr_json_span document, const char *place, mcpr_problems *problems)
{
    if (document.len > MCPR_DOCUMENT_BYTES) {
        mcpr_problems_add(problems, place, "is larger than %d bytes", MCPR_DOCUMENT_BYTES);
        return 0;
    }
    /* Every value takes a byte: most documents need no counting. */
    if (document.len > MCPR_DOCUMENT_VALUES && mcpr_json_count(document) > MCPR_DOCUMENT_VALUES) {
        mcpr_problems_add(problems, place, "holds more than %d values", MCPR_DOCUMENT_VALUES);
        return 0;
    }
    return 1;
}

static void check_document(json_t *document, const mcpr_rule *rule, const char *place, int types_only,
                           mcpr_problems *problems)
{
    mcpr_check check = {.problems = problems, .types_only = types_only};
    mcpr_place root = mcpr_place_key(NULL, place);
    mcpr_check_value(&check, document, rule, *place != '\0' ? &root : NULL);
}

json_t *mcpr_server_publisher_provided(const json_t *server)
{
    json_t *block = json_object_get(json_object_get(server, "_meta"), MCPR_PUBLISHER_PROVIDED);
    return json_is_object(block) ? block : NULL;
}

/* The block's complaints name the server; where it has no good name, its place must do. */
static void check_publisher_provided(json_t *server, const char *place, mcpr_problems *problems)
{
    json_t *block = mcpr_server_publisher_provided(server), *name = json_object_get(server, "name");
    int is_named = mcpr_json_is_text(name) && mcpr_pattern_server_name.matches(json_string_value(name));
    const char *otherwise = *place != '\0' ? place : "(root)";
    mcpr_check check = {.problems = problems, .server = is_named ? json_string_value(name) : otherwise};
    if (block != NULL) {
        mcpr_check_value(&check, block, &mcpr_rule_publisher_provided, NULL);
    }
}

void mcpr_server_check(json_t *server, const char *place, mcpr_problems *problems)
{
    check_document(server, &mcpr_rule_server, place, 0, problems);
    check_publisher_provided(server, place, problems);
}

void mcpr_server_check_types(json_t *server, const char *place, mcpr_problems *problems)
{
    check_document(server, &mcpr_rule_server, place, 1, problems);
}

void mcpr_skill_check(json_t *skill, const char *place, mcpr_problems *problems)
{
    check_document(skill, &mcpr_rule_skill, place, 0, problems);
}

void mcpr_plugin_check(json_t *plugin, const char *place, mcpr_problems *problems)
{
    check_document(plugin, &mcpr_rule_plugin, place, 0, problems);
}

void mcpr_legacy_check(json_t *entry, int kind, const char *place, mcpr_problems *problems)
{
    const mcpr_rule *rule =
        kind == MCPR_LEGACY_REMOTE ? &mcpr_rule_legacy_remote : &mcpr_rule_legacy_container;
    check_document(entry, rule, place, 0, problems);
}
