#!/usr/bin/env bash
# Compiles the library, the command and the unit tests for 64-bit ARM (a Raspberry Pi, a Jetson) by
# Debian's cross compiler, with the ARM libraries of Debian in build/aarch64-root, and runs the tests
# of core, imaging, net and io under qemu. That is a hundred times as slow as the processor: tests of
# whole images are left out. aarch64.sh --all runs every unit test, for hours.
set -euo pipefail
cd "$(dirname "$0")/.."

programs='^dkn_(core|imaging|net|io)_test$'
tests='-*Property*:*Bits*:*AgreesWithTheDirectAlgorithm:MachineTest.Smaller*'
case "${1:-}" in
  "") ;;
  --all) programs='^dkn_'; tests='*' ;;
  *) echo "usage: aarch64.sh [--all]" >&2; exit 2 ;;
esac

root=build/aarch64-root
libraries=(
  libc6-dev libstdc++-12-dev libgomp1
  libdnnl-dev opencl-headers ocl-icd-opencl-dev libhwy-dev nlohmann-json3-dev libeigen3-dev
  libpng-dev libjpeg62-turbo-dev libtiff-dev libopenexr-dev libwebp-dev libcairo2-dev
  libhdf5-dev libcli11-dev libcpp-httplib-dev libonnx-dev libprotobuf-dev
  libgtest-dev libgmock-dev libopencv-dev
)
scripts/setup.sh --aarch64
if [[ ! -e "$root/complete" ]]; then
  rm -rf "$root"
  mkdir -p build
  include=$(IFS=,; echo "${libraries[*]}")
  mmdebstrap --quiet --variant=extract --arch=arm64 --include="$include" bookworm "$root" http://deb.debian.org/debian
  # As Debian's alternatives do where packages are installed; OpenCV, of the tests, needs them.
  for library in blas lapack; do
    ln -s "$library/lib$library.so.3" "$root/usr/lib/aarch64-linux-gnu/lib$library.so.3"
  done
  touch "$root/complete"
fi
cmake --preset aarch64
cmake --build --preset aarch64 --parallel "$(nproc)"
GTEST_FILTER="$tests" ctest --preset aarch64 --tests-regex "$programs" --parallel "$(nproc)"
