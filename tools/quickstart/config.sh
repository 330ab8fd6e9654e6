# shellcheck shell=bash
# The configuration that is run: made for a catalog, or the one given, completed.

config_write() {
  local out=$STATE/config.yaml
  postgres_sockets
  if [ -n "$CONFIG" ]; then
    case $CONFIG in *.json) out=$STATE/config.json ;; *.yml) out=$STATE/config.yml ;; esac
    PRIVATE_DATABASE=$(/usr/bin/python3 "$ROOT/tools/quickstart/config.py" "$CONFIG" "$out.new" "$SOCKETS") ||
      die "cannot use '$CONFIG' as a configuration"
  else
    PRIVATE_DATABASE=yes
    config_for_catalog >"$out.new"
  fi
  config_check "$out"
  CONFIG_RUN=$out
  printf '%s\n' "$out" >"$STATE/run/config"
}

config_for_catalog() {
  local file=${CATALOG:-$EXAMPLES/example-registry.json}
  file=$(realpath "$file")
  if ! (cd / && as_account test -r "$file"); then
    cp "$file" "$STATE/catalog.json"
    chmod 0644 "$STATE/catalog.json"
    say "   the account $ACCOUNT cannot read $file: a copy is served. Run this again after changing it." >&2
    file=$STATE/catalog.json
  fi
  cat <<EOT
sources:
  - name: catalog
    file:
      path: "$file"
    syncPolicy:
      interval: 10s
registries:
  - name: default
    sources: [catalog]
auth:
  mode: anonymous
EOT
  config_database
}

# config_database: as config.py writes it.
config_database() {
  cat <<EOT
database:
  host: "$SOCKETS"
  port: 5432
  database: registry
  user: registry
  migrationUser: registry_admin
  sslMode: disable
EOT
}

# config_check OUT: puts OUT.new in its place once thv-syncd finds nothing wrong with it.
config_check() {
  local out=$1 tried=${1%.*}.new.${1##*.}
  mv "$out.new" "$tried"
  [ "$(id -u)" -ne 0 ] || chown "root:$GROUP" "$tried"
  chmod 0640 "$tried"
  if ! as_account "$SYNCD" validate --config "$tried" >"$STATE/log/validate.log" 2>&1; then
    die_with_log "$STATE/log/validate.log" "the configuration has problems: ${CONFIG:-$tried}"
  fi
  mv "$tried" "$out"
}
