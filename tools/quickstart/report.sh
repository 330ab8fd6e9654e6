# shellcheck shell=bash
# Waiting until the catalog answers, and saying what there is: real counts, never promises.

answers() { curl -fsS -o /dev/null --max-time 5 "$1" 2>/dev/null; }

catalog() { /usr/bin/python3 "$ROOT/tools/quickstart/catalog.py" "$@"; }

synced() {
  as_account "$SYNCD" status --json --config "$CONFIG_RUN" 2>/dev/null | catalog synced "$(cat "$STATE/run/since")"
}

# settled: nothing more is to be waited for, for better or worse.
settled() { synced || ! daemon_pid >/dev/null; }

report_ready() {
  local base=http://127.0.0.1:$PORT operations=http://127.0.0.1:$((PORT + 1)) registries
  step 'Waiting for the catalog'
  await 30 answers "$operations/readiness" ||
    die_with_log "$STATE/log/httpd-error.log" "$operations/readiness does not say ready"
  (cd / && await 60 settled) || die_with_log "$STATE/log/thv-syncd.log" 'the sources are not synced after 60 s'
  daemon_pid >/dev/null || die_with_log "$STATE/log/thv-syncd.log" 'thv-syncd has stopped'
  registries=$(cd / && as_account cat "$CONFIG_RUN" | catalog registries)
  while read -r name; do
    await 30 answers "$base/registry/$name/v0.1/servers?limit=1" ||
      die_with_log "$STATE/log/httpd-error.log" "$base/registry/$name/v0.1/servers does not answer"
  done <<<"$registries"
  (cd / && as_account "$SYNCD" status --config "$CONFIG_RUN") || true
  report_next "$base" "$operations" "$registries"
}

report_next() {
  local base=$1 operations=$2 registries=$3 first=''
  step 'It answers'
  while read -r name; do
    [ -n "$first" ] || first=$name
    say "   $(catalog count "$base/registry/$name")"
  done <<<"$registries"
  cat <<EOT

Try next:
   curl '$base/registry/$first/v0.1/servers?limit=3'
   curl '$base/registry/$first/v0.1/servers?search=file&version=latest'
   $(catalog example "$base/registry/$first")
   curl $operations/readiness

The configuration that runs: $CONFIG_RUN
./quickstart status and ./quickstart stop$([ "$DIR" = "$ROOT/.run" ] || printf ' --dir %s' "$DIR") do what they say.
EOT
}

report_status() {
  local pid port
  port=$(cat "$STATE/run/port" 2>/dev/null || echo '?')
  if [ -f "$DATA/PG_VERSION" ]; then
    postgres_bin
    if (cd / && postgres_running); then say "PostgreSQL  runs, sockets in $SOCKETS"; else say 'PostgreSQL  stopped'; fi
  fi
  if pid=$(daemon_pid); then say "thv-syncd   runs (pid $pid)"; else say 'thv-syncd   stopped'; fi
  if pid=$(httpd_pid); then
    say "httpd       runs (pid $pid): http://127.0.0.1:$port, operations http://127.0.0.1:$((port + 1))"
  else
    say 'httpd       stopped'
  fi
  if pid=$(daemon_pid); then
    say ''
    (cd / && as_account "$SYNCD" status --config "$CONFIG_RUN")
  fi
}
