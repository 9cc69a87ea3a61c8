#!/usr/bin/env bash
# Builds the page and runs its tests in Chromium: run.sh BUILD-FOLDER DKN. Skips itself, with 77, where
# there is no npm; scripts/setup.sh installs it, with Emscripten and Chromium.
set -euo pipefail
build=$(realpath "$1")
export DKN=$(realpath "$2")
cd "$(dirname "$0")/../../web"

if ! command -v npm >/dev/null; then
  echo "skipped: there is no npm, which scripts/setup.sh installs"
  exit 77
fi
lock=$(sha256sum package-lock.json)
if [[ "$(cat node_modules/.dkn_lock 2>/dev/null)" != "$lock" ]]; then
  npm ci --ignore-scripts --no-audit --no-fund --silent
  echo "$lock" >node_modules/.dkn_lock
fi
export DKN_WEB_WASM="$build/web/wasm" DKN_WEB_DIST="$build/web/dist"
npm run --silent build
npm run --silent check
npm test --silent
