/*
 * Which version is newer (spec api-registry.md 7): lenient semantic versions, text otherwise.
 */
#ifndef MCPR_MODEL_VERSION_H
#define MCPR_MODEL_VERSION_H

/**
 * Non-zero when `a` is strictly newer than `b`: by SemVer precedence when both parse as
 * `v?N(.N)?(.N)?(-pre)?(+build)?`, by bytes otherwise. The mixed relation is not transitive, so whoever scans
 * a list must keep its order: the first stays unless a later one is newer.
 */
int mcpr_version_newer(const char *a, const char *b);

#endif
