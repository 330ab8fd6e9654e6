# shellcheck shell=bash
# The Debian packages, by purpose. apache2-bin rather than apache2: it brings httpd without starting a service.

BUILD_PACKAGES=(
  gcc libc6-dev make autoconf automake libtool pkg-config file # the build
  apache2-bin apache2-dev libapr1-dev libaprutil1-dev libaprutil1-dbd-pgsql # httpd, APR
  postgresql libpq-dev # the store
  libjansson-dev libyaml-dev libicu-dev libssl-dev libcurl4-openssl-dev libgit2-dev libxxhash-dev zlib1g-dev libsystemd-dev
  ca-certificates # libcurl reads no https without them
  python3 python3-yaml curl # this script
)
TEST_PACKAGES=(apache2 check python3-psycopg2 python3-pytest python3-pytest-xdist clang-format clang-tidy shellcheck xz-utils git
  clang libclang-rt-14-dev valgrind) # libFuzzer, memcheck

packages_need() {
  local missing=() name as_root=()
  command -v dpkg-query >/dev/null || die "this is not a Debian: install the counterparts of: $*"
  for name; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  step "Installing ${#missing[@]} Debian packages"
  say "   ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "run this as root, or install: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  local log
  log=$(mktemp "${TMPDIR:-/tmp}/mcp-registry-apt.XXXXXX")
  # A broken third-party list is no reason to stop: what is needed may be there all the same.
  "${as_root[@]}" apt-get update >>"$log" 2>&1 </dev/null || say '   apt-get update reports problems; going on'
  logged "$log" 'apt-get install' "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
  rm -f "$log"
}
