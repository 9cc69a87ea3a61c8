#!/usr/bin/env bash
# From a bare clone to Debian packages in build/packages: installs what is missing, builds, packs.
# With --train dkn-train too, which needs LibTorch (1 GB) to build and to run.
set -euo pipefail
cd "$(dirname "$0")/.."

train=OFF
setup=--packages
case "${1:-}" in
  "") ;;
  --train) train=ON setup="" ;;
  *) echo "usage: packages.sh [--train]" >&2; exit 2 ;;
esac
scripts/setup.sh $setup
cmake --preset package -DDKN_BUILD_TRAIN=$train >/dev/null
cmake --build --preset package
rm -rf build/packages
cpack --config build/package/CPackConfig.cmake -B build/packages >/dev/null
rm -rf build/packages/_CPack_Packages
ls build/packages
