/* The only file that includes config.h: httpd's headers define some of its names otherwise. */
#include "common/util/build_info.h"

#include "config.h"

const char mcpr_version[] = PACKAGE_VERSION;
const char mcpr_commit[] = MCPR_COMMIT;
const char mcpr_build_date[] = MCPR_BUILD_DATE;
const char mcpr_compiler[] = "C " __VERSION__;
