# shellcheck shell=bash
# ./quickstart test: what CI runs. Every part runs even if one fails, and the last line counts them all.

suite_run() {
  packages_need "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  STATE=$DIR
  local tree=$DIR/test log=$DIR/test.log
  PASSED=0 FAILED=0 SKIPPED=0
  : >"$log"
  step "Building with warnings as errors (log: $log)"
  build_tree "$tree" "$log" --enable-werror
  logged "$log" 'make check programs' make -C "$tree" -j "$(nproc)" check TESTS=
  suite_check "$tree"
  suite_part "$tree" check-valgrind
  suite_part "$tree" check-sanitize
  suite_part "$tree" check-fuzz
  suite_part "$tree" format-check
  suite_part "$tree" lint
  # What is asked of the tarball is that it is complete; its programs are those tested above.
  MCPR_PROGRAMS_TESTED='make check' suite_part "$tree" distcheck
  step 'Result'
  printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [ "$FAILED" -eq 0 ]
}

# suite_check TREE: automake keeps each test's output in a file; the counts are on its "# PASS:" lines.
suite_check() {
  local out=$DIR/test-check.log
  step 'make check'
  make -C "$1" check 2>&1 </dev/null | tee "$out" | grep -E '^(PASS|FAIL|SKIP|XFAIL|ERROR): ' || true
  suite_logs "$1"
  PASSED=$(suite_count PASS "$out") SKIPPED=$(suite_count SKIP "$out")
  FAILED=$(($(suite_count FAIL "$out") + $(suite_count ERROR "$out")))
  if [ $((PASSED + FAILED)) -eq 0 ]; then
    tail -n 40 "$out"
    FAILED=1
  fi
  [ "$FAILED" -eq 0 ] || cat "$1/test-suite.log" 2>/dev/null || true
}

suite_count() { awk -v "key=# $1:" 'index($0, key) == 1 { n = $NF } END { print n + 0 }' "$2"; }

# suite_logs TREE: the closing line of each test program, and why a test was skipped.
suite_logs() {
  local trs log
  find "$1/t" -name '*.trs' | sort | while read -r trs; do
    log=${trs%.trs}.log
    printf '   %-40s %s\n' "${log#"$1"/}" "$(grep -vE '^(PASS|FAIL|SKIP|ERROR) ' "$log" | grep . | tail -n 1)"
  done
}

suite_part() {
  local began=$SECONDS out=$DIR/test-$2.log
  step "make $2 (log: $out)"
  if make -C "$1" "$2" >"$out" 2>&1 </dev/null; then
    say "   passed ($((SECONDS - began)) s)"
    PASSED=$((PASSED + 1))
  else
    tail -n 60 "$out"
    say "   failed ($((SECONDS - began)) s)"
    FAILED=$((FAILED + 1))
  fi
}
