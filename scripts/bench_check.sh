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

# Configures and builds the command of a source tree, in the same place of each, so that ccache compiles what both share
# once.
build() (
  cd "$1"
  cmake --preset release >&2
  cmake --build --preset release --target dkn_cli >&2
)

tree=build/bench_check
if [[ ! -e $tree/.git ]]; then
  git worktree prune
  git worktree add --quiet --detach "$tree" "$base"
fi
git -C "$tree" checkout --quiet --detach "$base"
build "$tree"
build .
scripts/compare_benches.py $tree/build/release/bin/dkn build/release/bin/dkn "$@"
