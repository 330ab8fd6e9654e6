#!/bin/sh
# Makes ./configure out of configure.ac. Needs autoconf, automake, libtool and pkg-config.
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force "$@"
