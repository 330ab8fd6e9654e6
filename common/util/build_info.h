/*
 * What this build is: the version of configure.ac, the commit, the time of configuring, the compiler.
 */
#ifndef MCPR_UTIL_BUILD_INFO_H
#define MCPR_UTIL_BUILD_INFO_H

extern const char mcpr_version[];    /* "0.1.0" */
extern const char mcpr_commit[];     /* "unknown" outside a checkout */
extern const char mcpr_build_date[]; /* "2026-01-31 12:00:00 UTC" */
extern const char mcpr_compiler[];

#endif
