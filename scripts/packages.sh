#!/usr/bin/env bash
# From a bare clone to Debian packages in build/packages: installs what is missing, builds, packs.
# With --train dkn-train too, which needs LibTorch (1 GB) to build and to run; with --page dkn-web, the
# page that `dkn serve` shows, which needs Emscripten and npm to build.
set -euo pipefail
cd "$(dirname "$0")/.."

train=OFF
page=
setup=--packages
for option in "$@"; do
  case "$option" in
    --train) train=ON setup="" ;;
    --page) page=yes ;;
    *) echo "usage: packages.sh [--train] [--page]" >&2; exit 2 ;;
  esac
done
if [[ -n "$page" && -n "$setup" ]]; then
  setup=--packages-and-page
fi
scripts/setup.sh $setup
cmake --preset package -DDKN_BUILD_TRAIN=$train >/dev/null
cmake --build --preset package
rm -rf build/package/web/dist
if [[ -n "$page" ]]; then
  build=$PWD/build/package
  (cd web && npm ci --ignore-scripts --no-audit --no-fund --silent &&
    DKN=$build/bin/dkn DKN_WEB_WASM=$build/web/wasm DKN_WEB_DIST=$build/web/dist npm run --silent build)
fi
rm -rf build/packages
cpack --config build/package/CPackConfig.cmake -B build/packages >/dev/null
rm -rf build/packages/_CPack_Packages
ls build/packages
