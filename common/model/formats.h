/*
 * The formats of strings (spec formats.md 2.3). They are those of the checkers in use, not those of the RFCs.
 */
#ifndef MCPR_MODEL_FORMATS_H
#define MCPR_MODEL_FORMATS_H

/** Each returns non-zero when `text` has the format. */
int mcpr_format_uri(const char *text);
int mcpr_format_date_time(const char *text);
int mcpr_format_hostname(const char *text);
int mcpr_format_uuid(const char *text);

#endif
