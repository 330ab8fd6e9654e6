/*
 * The words of the model: what kinds of entries there are and which states a version can be in.
 */
#ifndef MCPR_MODEL_MODEL_H
#define MCPR_MODEL_MODEL_H

/** The kinds of entries, in the order in which a feed is written. */
typedef enum mcpr_kind { MCPR_KIND_SERVER, MCPR_KIND_SKILL, MCPR_KIND_PLUGIN } mcpr_kind;
#define MCPR_KINDS 3

/** The state of a version. Servers never are archived. */
typedef enum mcpr_status {
    MCPR_STATUS_ACTIVE,
    MCPR_STATUS_DEPRECATED,
    MCPR_STATUS_ARCHIVED,
    MCPR_STATUS_DELETED
} mcpr_status;

/** "server", "skill", "plugin": the words of the database and of the API's paths. */
const char *mcpr_kind_name(mcpr_kind kind);

/** "active", "deprecated", "archived", "deleted". */
const char *mcpr_status_name(mcpr_status status);

/** Reads such a word in any letter case into *status. Returns 0 when it is none. */
int mcpr_status_parse(mcpr_status *status, const char *word);

#endif
