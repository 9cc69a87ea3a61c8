#!/usr/bin/env bash
# Installs a build into an empty prefix, builds this folder's project against it and runs that, and
# what README.md and docs/ show.
# Usage: run.sh BUILD_DIR CXX_COMPILER IO, where IO tells whether dkn::io was built (ON or OFF).
set -euo pipefail
build=$1
compiler=$2
io=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >/dev/null
cmake -G Ninja -S "$(dirname "$0")" -B "$work/build" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$work/prefix" -DCONSUMER_IO="$io"
cmake --build "$work/build"
"$work/build/consumer"
# The models are beside a program that is linked to them, and never where the library was built.
source=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
if grep -rlF "$source/models" "$work/prefix/lib"* "$work/prefix/bin"; then
  echo "an installed file names the models of the source tree"
  exit 1
fi
cp "$work/build/consumer_c" "$work/prefix/bin"
env -u DKN_MODELS "$work/prefix/bin/consumer_c"
if [[ $io == ON ]]; then
  "$work/build/consumer_io" "$work/image.png"
  python3 -B "$(dirname "$0")/docs_test.py" "$work/prefix" "$build/bin" "$compiler"
fi
