#!/usr/bin/env bash
# Tells whether the working tree is slower than a commit: builds both (release), runs `dkn bench` of both in turns
# and compares pair by pair (scripts/compare_benches.py). What else runs on the machine costs rounds, not the verdict.
# usage: bench_check.sh BASE [--rounds N] [--limit SHARE] [argument of dkn bench...]
# By default two networks at 640x480, one second a case: some minutes. Exit status 1 where a case is slower.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -eq 0 || "$1" == -* ]]; then
  sed -n '2,5s/^# //p' "$0" >&2
  exit 2
fi
base=$(git rev-parse --verify --quiet "$1^{commit}") || {
  echo "bench_check.sh: $1 is no commit" >&2
  exit 2
}
shift

# Configures and builds the command of a source tree.
build() {
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
  cmake --build "$2" --target dkn_cli >/dev/null
}

folder=build/bench_check
tree=$folder/base
if [[ ! -d $tree ]]; then
  git worktree prune
  git worktree add --quiet --detach "$tree" "$base"
fi
git -C "$tree" checkout --quiet --detach "$base"
build "$tree" $folder/base_build
build . $folder/new_build
scripts/compare_benches.py $folder/base_build/bin/dkn $folder/new_build/bin/dkn "$@"
