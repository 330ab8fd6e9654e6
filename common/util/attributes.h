/*
 * Attributes of functions, spelled once.
 */
#ifndef MCPR_UTIL_ATTRIBUTES_H
#define MCPR_UTIL_ATTRIBUTES_H

/** On all that return a status: not looking at it is a compiler warning, in CI an error. */
#define MCPR_MUSTCHECK __attribute__((warn_unused_result))

/** The function takes a printf format as argument `f`, its values from argument `v` on. */
#define MCPR_PRINTF(f, v) __attribute__((format(printf, f, v)))

#endif
