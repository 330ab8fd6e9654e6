# shellcheck shell=bash
# Saying, failing, waiting, and processes in the background.

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
die() {
  printf 'quickstart: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf 'quickstart: %s\n\n' "$*" >&2
  usage >&2
  exit 2
}

# die_with_log FILE TEXT: the end of a log is what one looks for first.
die_with_log() {
  local file=$1
  shift
  if [ -s "$file" ]; then
    printf '\n--- the end of %s\n' "$file" >&2
    tail -n 30 "$file" >&2
    printf -- '---\n' >&2
  fi
  die "$*"
}

# logged FILE TEXT COMMAND...: runs a command that talks a lot; shows its output only if it fails.
logged() {
  local file=$1 what=$2 began=$SECONDS
  shift 2
  printf '   %s ... ' "$what"
  if "$@" >>"$file" 2>&1 </dev/null; then
    printf 'done (%d s)\n' $((SECONDS - began))
  else
    printf 'failed\n'
    die_with_log "$file" "$what failed; the whole log is $file"
  fi
}

# await SECONDS COMMAND...: true as soon as the command is, false when the time is over.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# pid_of FILE WORD: the pid in the file, if that process lives and was started with this word. Pids are used again
# by others, so the number alone says nothing.
pid_of() {
  local pid
  pid=$(head -n 1 "$1" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$2" || return 1
  printf '%s\n' "$pid"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# stop_pid NAME PID: asks, waits, and says so if it must insist.
stop_pid() {
  kill -TERM "$2" 2>/dev/null || true
  if ! await 30 gone "$2"; then
    say "   $1 (pid $2) does not stop; killing it"
    kill -KILL "$2" 2>/dev/null || true
  fi
  say "   $1 stopped"
}

# mark FILE...: a fingerprint of what a process was started from. Another one means: restart.
mark() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

# port_taken N: somebody listens there.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
