# shellcheck shell=bash
# The private PostgreSQL: its own cluster and Unix socket, no TCP. Who connects is known by the account (peer):
# registry_admin owns the tables and migrates, registry reads and syncs and has only what it was granted.

postgres_bin() {
  local version=''
  [ ! -f "$DATA/PG_VERSION" ] || version=$(cat "$DATA/PG_VERSION")
  PG=$(find "/usr/lib/postgresql/" -mindepth 2 -maxdepth 2 -path "*/${version:-*}/bin" | sort -V | tail -n 1)
  [ -n "$PG" ] || die "no PostgreSQL ${version:+$version }under /usr/lib/postgresql"
}

postgres_initdb() {
  rm -rf "$DATA.new"
  logged "$STATE/log/postgres.log" 'initdb' as_account "$PG/initdb" -D "$DATA.new" -U registry_admin \
    --encoding=UTF8 --no-locale --auth=peer
  as_account tee "$DATA.new/pg_hba.conf" >/dev/null <<<'local all all peer map=quickstart'
  printf 'quickstart %s registry\nquickstart %s registry_admin\nquickstart root registry_admin\n' \
    "$ACCOUNT" "$ACCOUNT" | as_account tee "$DATA.new/pg_ident.conf" >/dev/null
  mv "$DATA.new" "$DATA"
}

# postgres_sockets: the path of a Unix socket holds 107 bytes at most.
postgres_sockets() {
  if [ ${#SOCKETS} -gt 88 ]; then
    SOCKETS=$(mktemp -d /tmp/mcp-registry-pg.XXXXXX)
    printf '%s\n' "$SOCKETS" >"$STATE/run/sockets"
    say "   $STATE is too long a path for a Unix socket: it is in $SOCKETS"
  fi
  mkdir -p "$SOCKETS"
  chmod 0700 "$SOCKETS"
  [ "$(id -u)" -ne 0 ] || chown "$ACCOUNT:$GROUP" "$SOCKETS"
}

postgres_running() { as_account "$PG/pg_ctl" -D "$DATA" status >/dev/null 2>&1; }

postgres_start() {
  step "PostgreSQL (log: $STATE/log/postgres.log)"
  postgres_bin
  touch "$STATE/log/postgres.log"
  [ "$(id -u)" -ne 0 ] || chown "$ACCOUNT:$GROUP" "$STATE/log/postgres.log"
  (cd / && postgres_run)
}

postgres_run() {
  [ -f "$DATA/PG_VERSION" ] || postgres_initdb
  if postgres_running; then
    say "   runs already"
    return
  fi
  logged "$STATE/log/postgres.log" 'start' as_account "$PG/pg_ctl" -D "$DATA" -w -t 60 \
    -l "$STATE/log/postgres.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$SOCKETS' -c unix_socket_permissions=0700" start
}

postgres_sql() { as_account "$PG/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$SOCKETS" -U registry_admin -d postgres -c "$1"; }

# postgres_prepare: database, tables, and the login that has only the granted rights.
postgres_prepare() {
  cd /
  if [ -z "$(postgres_sql "select 1 from pg_database where datname = 'registry'")" ]; then
    postgres_sql 'create database registry encoding UTF8 template template0'
  fi
  logged "$STATE/log/migrate.log" 'migrations' as_account "$SYNCD" migrate up --config "$CONFIG_RUN" --yes
  if [ -z "$(postgres_sql "select 1 from pg_roles where rolname = 'registry'")" ]; then
    # The password is never used (peer), so nobody needs to know it.
    head -c 24 /dev/urandom | base64 | as_account "$SYNCD" prime-db registry --config "$CONFIG_RUN" \
      >>"$STATE/log/migrate.log" 2>&1 || die_with_log "$STATE/log/migrate.log" "prime-db failed"
  fi
  cd "$HERE" || exit
}

postgres_stop() {
  [ -f "$DATA/PG_VERSION" ] || return 0
  postgres_bin
  if (cd / && postgres_running); then
    (cd / && as_account "$PG/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null)
    say "   PostgreSQL stopped"
  fi
}
