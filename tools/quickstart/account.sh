# shellcheck shell=bash
# Which account runs things, and where the state is. PostgreSQL refuses to run as root, and nothing else here needs
# to: root hands everything to www-data, which every Debian has and which owns nothing of value.

account_choose() {
  if [ "$(id -u)" -eq 0 ]; then ACCOUNT=www-data; else ACCOUNT=$(id -un); fi
  GROUP=$(id -gn "$ACCOUNT")
  account_prefix /
}

# account_prefix HOME: what goes before a command, so that the account runs it. Each of these executes the next one,
# so the process that starts is the process that runs.
account_prefix() {
  AS_ACCOUNT=(env)
  if [ "$(id -u)" -eq 0 ]; then
    AS_ACCOUNT=(env HOME="$1" setpriv --reuid "$ACCOUNT" --regid "$GROUP" --init-groups --)
  fi
}

as_account() { "${AS_ACCOUNT[@]}" "$@"; }

state_open() {
  mkdir -p "$DIR" || die "cannot make '$DIR'"
  DIR=$(cd "$DIR" && pwd)
  STATE=$DIR/state
  [ ! -s "$DIR/elsewhere" ] || STATE=$(cat "$DIR/elsewhere")
  if [ ! -d "$STATE" ] && ! (cd / && as_account test -x "$DIR"); then
    STATE=$(mktemp -d /var/tmp/mcp-registry.XXXXXX)
    printf '%s\n' "$STATE" >"$DIR/elsewhere"
    say "The account $ACCOUNT cannot enter $DIR, so the state is in $STATE (written down in $DIR/elsewhere)."
  fi
  mkdir -p "$STATE/pg" "$STATE/log" "$STATE/run" "$STATE/httpd"
  if [ "$(id -u)" -eq 0 ]; then
    chmod 0755 "$STATE"
    chown "$ACCOUNT:$GROUP" "$STATE/pg" "$STATE/run"
  fi
  state_paths
  account_prefix "$STATE"
  password_file
}

# state_find: for status and stop, which make nothing.
state_find() {
  [ -d "$DIR" ] || die "nothing has been started in '$DIR'"
  DIR=$(cd "$DIR" && pwd)
  STATE=$DIR/state
  [ ! -s "$DIR/elsewhere" ] || STATE=$(cat "$DIR/elsewhere")
  [ -d "$STATE/run" ] || die "nothing has been started in '$DIR'"
  account_choose
  state_paths
}

state_paths() {
  PREFIX=$STATE/prefix
  SYNCD=$PREFIX/sbin/thv-syncd
  MODULE=$PREFIX/lib/apache2/modules/mod_mcp_registry.so
  EXAMPLES=$PREFIX/share/doc/mod_mcp_registry/examples
  DATA=$STATE/pg/data
  SOCKETS=$STATE/pg/sock
  [ ! -s "$STATE/run/sockets" ] || SOCKETS=$(cat "$STATE/run/sockets")
  CONFIG_RUN=$(cat "$STATE/run/config" 2>/dev/null || true)
  HTTPD_CONF=$STATE/httpd/httpd.conf
}

# password_file: libpq wants its password file owned and readable by who connects; root's own is neither, so the
# account gets a copy that nobody else can read.
password_file() {
  local from=${PGPASSFILE:-$HOME/.pgpass}
  [ "$(id -u)" -eq 0 ] && [ -f "$from" ] || return 0
  install -m 0600 -o "$ACCOUNT" -g "$GROUP" "$from" "$STATE/run/pgpass"
  export PGPASSFILE=$STATE/run/pgpass
}
