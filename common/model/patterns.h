/*
 * The patterns of the formats, each with the complaint about what does not match (spec formats.md 2 and 3).
 *
 * A handful of patterns, matched by hand: anchored at both ends, ASCII classes.
 */
#ifndef MCPR_MODEL_PATTERNS_H
#define MCPR_MODEL_PATTERNS_H

typedef struct mcpr_pattern {
    int (*matches)(const char *text);
    const char *complaint;
} mcpr_pattern;

extern const mcpr_pattern mcpr_pattern_uri;
extern const mcpr_pattern mcpr_pattern_date_time;
extern const mcpr_pattern mcpr_pattern_hostname;
extern const mcpr_pattern mcpr_pattern_uuid;
extern const mcpr_pattern mcpr_pattern_server_name;
extern const mcpr_pattern mcpr_pattern_three_numbers;
extern const mcpr_pattern mcpr_pattern_http_url;
extern const mcpr_pattern mcpr_pattern_sha256;
extern const mcpr_pattern mcpr_pattern_icon_size;
extern const mcpr_pattern mcpr_pattern_tool;
extern const mcpr_pattern mcpr_pattern_tag;
extern const mcpr_pattern mcpr_pattern_skill_name;
extern const mcpr_pattern mcpr_pattern_kubernetes_name;
extern const mcpr_pattern mcpr_pattern_path;
extern const mcpr_pattern mcpr_pattern_allowed_host;
extern const mcpr_pattern mcpr_pattern_variable;
extern const mcpr_pattern mcpr_pattern_not_latest;
extern const mcpr_pattern mcpr_pattern_image;

#endif
