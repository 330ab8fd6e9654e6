# shellcheck shell=bash
# The private httpd with the module. It includes the files of conf/ as they are installed, so they are tried too.

httpd_pid() { pid_of "$STATE/run/httpd.pid" "$HTTPD_CONF"; }

httpd_conf() {
  local apxs modules
  apxs=$(command -v apxs2 || command -v apxs)
  modules=$("$apxs" -q LIBEXECDIR)
  cat <<EOT
ServerRoot "$STATE/httpd"
ServerName 127.0.0.1
PidFile "$STATE/run/httpd.pid"
DefaultRuntimeDir "$STATE/httpd"
LoadModule mpm_event_module "$modules/mod_mpm_event.so"
LoadModule authz_core_module "$modules/mod_authz_core.so"
LoadModule reqtimeout_module "$modules/mod_reqtimeout.so"
LoadModule mcp_registry_module "$MODULE"
Include "$EXAMPLES/mcp_registry.conf"
$([ "$(id -u)" -ne 0 ] || printf 'User %s\nGroup %s' "$ACCOUNT" "$GROUP")
ServerLimit 4
StartServers 2
ThreadsPerChild 25
MaxRequestWorkers 100
ErrorLog "$STATE/log/httpd-error.log"
LogLevel warn mcp_registry:info
LogFormat "%a %t \"%r\" %>s %b %{ms}T ms" quickstart
CustomLog "$STATE/log/httpd-access.log" quickstart
MCPRegistryConfig "$CONFIG_RUN"
EOT
  httpd_vhost "$PORT" mcp-registry
  httpd_vhost $((PORT + 1)) mcp-registry-operations
}

httpd_vhost() {
  cat <<EOT
Listen 127.0.0.1:$1
<VirtualHost 127.0.0.1:$1>
    Include "$PREFIX/share/mod_mcp_registry/vhost-settings.conf"
    <Location "/">
        SetHandler $2
        Require all granted
    </Location>
</VirtualHost>
EOT
}

httpd_start() {
  local log=$STATE/log/httpd-error.log pid now
  step "httpd (log: $log)"
  HTTPD=$(command -v apache2 || echo /usr/sbin/apache2)
  httpd_conf >"$HTTPD_CONF"
  now=$(mark "$MODULE" "$HTTPD_CONF" "$CONFIG_RUN")
  if pid=$(httpd_pid); then
    if [ "$(cat "$STATE/run/httpd.mark" 2>/dev/null)" = "$now" ]; then
      say "   runs already (pid $pid)"
      return
    fi
    stop_pid httpd "$pid"
  fi
  for port in "$PORT" $((PORT + 1)); do
    ! port_taken "$port" || die "somebody else listens on 127.0.0.1:$port: say --port N"
  done
  (cd / && "$HTTPD" -f "$HTTPD_CONF" -k start >>"$log" 2>&1 </dev/null) ||
    die_with_log "$log" 'httpd does not start'
  await 10 httpd_pid >/dev/null || die_with_log "$log" 'httpd did not start'
  printf '%s\n' "$now" >"$STATE/run/httpd.mark"
  printf '%s\n' "$PORT" >"$STATE/run/port"
  say "   started (pid $(httpd_pid))"
}

httpd_stop() {
  local pid
  if pid=$(httpd_pid); then stop_pid httpd "$pid"; fi
  rm -f "$STATE/run/httpd.mark"
}
