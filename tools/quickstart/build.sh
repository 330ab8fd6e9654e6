# shellcheck shell=bash
# Configure, make, install. Out of tree; again costs what changed.

# build_tree FOLDER LOG OPTION...: a configured and built tree in FOLDER.
build_tree() {
  local tree=$1 log=$2
  shift 2
  mkdir -p "$tree"
  if [ ! -x "$ROOT/configure" ] || [ "$ROOT/configure.ac" -nt "$ROOT/configure" ]; then
    logged "$log" 'autogen.sh' flock "$ROOT/autogen.sh" "$ROOT/autogen.sh"
  fi
  if [ "$(cat "$tree/options" 2>/dev/null)" != "$*" ] || [ ! -f "$tree/Makefile" ]; then
    (cd "$tree" && logged "$log" 'configure' "$ROOT/configure" "$@")
    printf '%s\n' "$*" >"$tree/options"
  fi
  logged "$log" 'make' make -C "$tree" -j "$(nproc)"
}

build_install() {
  step "Building (log: $STATE/log/build.log)"
  : >"$STATE/log/build.log"
  build_tree "$DIR/build" "$STATE/log/build.log" --prefix="$PREFIX" \
    --with-apache-libexecdir="$PREFIX/lib/apache2/modules"
  logged "$STATE/log/build.log" 'make install' make -C "$DIR/build" install
}
