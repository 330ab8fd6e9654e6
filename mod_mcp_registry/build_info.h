/*
 * What this binary is; config.h has it from configure.
 */
#ifndef MCPR_BUILD_INFO_H
#define MCPR_BUILD_INFO_H

#include "config.h"

#define MCPR_VERSION  PACKAGE_VERSION
#define MCPR_COMPILER "C " __VERSION__

#endif
