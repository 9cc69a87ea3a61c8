#!/usr/bin/env bash
# What takes too long for scripts/test.sh: each fuzz target for a minute (or SECONDS), the tests
# under the thread sanitizer, and twenty times as many cases of the tests of properties. The last line
# is the sum: "N passed, N failed". Fuzz targets keep what they learn in build/asan/tests/fuzz/corpus,
# and put an input that breaks one beside it.
# Usage: nightly.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: nightly.sh [SECONDS]" >&2; exit 2; }
jobs=$(nproc)
passed=0
failed=0

# Runs a command and counts it.
count() {
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $*"
  fi
}

build() {
  cmake --preset "$1" && cmake --build --preset "$1" --parallel "$jobs"
}

# One target, as tests/fuzz/CMakeLists.txt runs it; what it prints is shown where it fails.
fuzz() {
  local name=$1 folder=build/asan/tests/fuzz log
  log=$(mktemp)
  if ! "build/asan/bin/${name}_fuzz" -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=1024 \
      -artifact_prefix="$folder/${name}_" "$folder/corpus/$name" "$folder/seeds/$name" \
      >"$log" 2>&1; then
    tail -60 "$log"
    rm "$log"
    return 1
  fi
  echo "$name: $(grep -o '^Done [0-9]* runs' "$log")"
  rm "$log"
}

scripts/setup.sh
count build asan
count ctest --preset asan -R make_fuzz_seeds
running=()
for target in build/asan/bin/*_fuzz; do
  if [[ ${#running[@]} -ge $jobs ]]; then
    count wait "${running[0]}"
    running=("${running[@]:1}")
  fi
  fuzz "$(basename "$target" _fuzz)" &
  running+=($!)
done
for process in "${running[@]}"; do
  count wait "$process"
done

count build tsan
count ctest --preset tsan --parallel 1
count build dev
for program in dkn imaging pipeline; do
  DKN_TEST_TRIALS=20 count "build/dev/bin/dkn_${program}_test" --gtest_filter='*Property*' \
    --gtest_brief=1
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
