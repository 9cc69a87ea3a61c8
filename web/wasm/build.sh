#!/usr/bin/env bash
# Compiles the library for the page: build.sh FOLDER. A compiler's launcher, as ccache, is taken from
# CMAKE_CXX_COMPILER_LAUNCHER in the environment.
set -euo pipefail
source=$(dirname "$(realpath "$0")")
# Debian's Emscripten asks for a JavaScript package of Debian, which node of another origin does not see.
export NODE_PATH="${NODE_PATH:+$NODE_PATH:}/usr/share/nodejs"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if [[ ! -f "$1/CMakeCache.txt" ]]; then
  emcmake cmake -S "$source" -B "$1" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
fi
cmake --build "$1" -j "${JOBS:-2}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
