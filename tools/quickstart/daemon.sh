# shellcheck shell=bash
# thv-syncd: started once, and again when its binary or its configuration is another one.

daemon_pid() { pid_of "$STATE/run/thv-syncd.pid" "$SYNCD"; }

daemon_start() {
  local log=$STATE/log/thv-syncd.log pid now begin
  step "thv-syncd (log: $log)"
  now=$(mark "$SYNCD" "$CONFIG_RUN")
  if pid=$(daemon_pid); then
    if [ "$(cat "$STATE/run/thv-syncd.mark" 2>/dev/null)" = "$now" ]; then
      say "   runs already (pid $pid)"
      return
    fi
    stop_pid thv-syncd "$pid"
  fi
  # Paths in a configuration are relative to where this was called from, if the account can be there at all.
  if (cd / && as_account test -x "$HERE"); then cd "$HERE" || exit; else cd /; fi
  begin=$(($(wc -c 2>/dev/null <"$log" || echo 0) + 1))
  date -u +%Y-%m-%dT%H:%M:%SZ >"$STATE/run/since"
  (exec "${AS_ACCOUNT[@]}" "$SYNCD" run --config "$CONFIG_RUN" >>"$log" 2>&1 </dev/null) &
  pid=$!
  disown
  cd "$HERE" || exit
  printf '%s\n' "$pid" >"$STATE/run/thv-syncd.pid"
  await 5 daemon_pid >/dev/null || die_with_log "$log" 'thv-syncd did not start'
  await 30 daemon_reconciled "$log" "$begin" || die_with_log "$log" 'thv-syncd did not get ready'
  # Whatever was due or not: what is served from here on is what the sources hold now.
  kill -USR1 "$pid"
  printf '%s\n' "$now" >"$STATE/run/thv-syncd.mark"
  say "   started (pid $pid)"
}

# daemon_reconciled LOG BEGIN: it says so in what it logged since, or has died.
daemon_reconciled() {
  [[ $(tail -c "+$2" "$1") == *'Sources and registries are those of the configuration'* ]] || ! daemon_pid >/dev/null
}

daemon_stop() {
  local pid
  if pid=$(daemon_pid); then stop_pid thv-syncd "$pid"; fi
  rm -f "$STATE/run/thv-syncd.pid" "$STATE/run/thv-syncd.mark"
}
