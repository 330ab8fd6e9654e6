libmcpr_la_SOURCES +=
