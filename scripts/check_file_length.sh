#!/usr/bin/env bash
# Fails when a source file has 400 lines or more: it wants to be two files.
set -euo pipefail
cd "$(dirname "$0")/.."

find . \( -path ./build -o -path ./.git -o -path ./web/node_modules -o -path ./web/dist -o -path ./web/build \) -prune -o -type f \
  \( -name '*.h' -o -name '*.cpp' -o -name '*.py' -o -name '*.sh' -o -name '*.cmake' \
     -o -name CMakeLists.txt -o -name '*.js' -o -name '*.mjs' -o -name '*.ts' -o -name '*.css' \) \
  ! -path ./src/report/assets/viewer.js ! -path ./src/serve/assets/points.js -print0 |
  xargs -0 awk 'FNR == 400 { print FILENAME ": 400 lines or more"; bad = 1 } END { exit bad }'
