#!/usr/bin/env bash
# Fails when clang-format would change a C++ file. clang-format-14 -i FILE mends it.
set -euo pipefail
cd "$(dirname "$0")/.."

find . \( -path ./build -o -path ./.git -o -path ./web/node_modules \) -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0 |
  xargs -0 clang-format-14 --dry-run -Werror
