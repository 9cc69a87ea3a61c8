#!/usr/bin/env bash
# Builds and tests everything from a bare clone: the dev preset (optimised, warnings are errors),
# then the asan preset (clang, address and undefined-behaviour sanitizers, fuzz targets). The last
# line is the sum: "N passed, N failed". --quick leaves the asan preset out.
set -euo pipefail
cd "$(dirname "$0")/.."

presets=(dev asan)
case "${1:-}" in
  "") ;;
  --quick) presets=(dev) ;;
  *) echo "usage: test.sh [--quick]" >&2; exit 2 ;;
esac
jobs=$(nproc)
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# One preset: a build that fails counts as one failed test.
test_preset() {
  if ! { cmake --preset "$1" && cmake --build --preset "$1" --parallel "$jobs"; }; then
    failed=$((failed + 1))
    return
  fi
  local status=0 total bad
  ctest --preset "$1" --parallel "$jobs" | tee "$log" || status=$?
  # ctest ends with "97% tests passed, 1 tests failed out of 34".
  read -r bad total < <(
    sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$log"
    echo "0 0")
  if [[ $status -ne 0 && $bad -eq 0 ]]; then
    bad=1  # ctest itself failed
    total=$((total > 0 ? total : 1))
  fi
  passed=$((passed + total - bad))
  failed=$((failed + bad))
}

scripts/setup.sh
for preset in "${presets[@]}"; do
  test_preset "$preset"
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
