#!/usr/bin/env bash
# Installs a build into an empty prefix, builds this folder's project against it and runs that, and
# what README.md and docs/ show; then the project with the shared libraries, as BUILD_SHARED_LIBS
# installs them.
# Usage: run.sh BUILD_DIR CXX_COMPILER IO, where IO tells whether dkn::io was built (ON or OFF).
set -euo pipefail
build=$1
compiler=$2
io=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")

# Builds and runs the project with the package in the folder, which has a subfolder prefix.
check_package() {
  local folder=$1 prefix=$1/prefix
  cmake -G Ninja -S "$(dirname "$0")" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" -DCONSUMER_IO="$io"
  cmake --build "$folder/build"
  "$folder/build/consumer"
  # The models are beside a program that is linked to them, and never where the library was built.
  if grep -rlF "$source/models" "$prefix"/lib* "$prefix"/bin; then
    echo "an installed file names the models of the source tree"
    exit 1
  fi
  cp "$folder/build/consumer_c" "$prefix/bin"
  env -u DKN_MODELS "$prefix/bin/consumer_c"
  if [[ $io == ON ]]; then
    "$folder/build/consumer_io" "$folder/image.png"
  fi
}

cmake --install "$build" --prefix "$work/static/prefix" >/dev/null
check_package "$work/static"
if [[ $io == ON ]]; then
  python3 -B "$(dirname "$0")/docs_test.py" "$work/static/prefix" "$build/bin" "$compiler"
fi

for component in libdkn libdkn-dev; do
  cmake --install "$build" --prefix "$work/shared/prefix" --component $component >/dev/null
done
mkdir "$work/shared/prefix/bin"
check_package "$work/shared"
ldd "$work/shared/build/consumer_c" | grep -F "$work/shared/prefix"  # it is the shared one indeed
