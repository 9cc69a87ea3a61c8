#!/usr/bin/env bash
# Installs every Debian package that DKN needs to build, train and test. Safe to run again.
# --runtime-only installs what the library and the command need, and neither LibTorch (1 GB) nor the
# tests' packages.
set -euo pipefail

packages=(
  g++ cmake ninja-build git
  libdnnl-dev opencl-headers ocl-icd-opencl-dev  # oneDNN's CMake file asks for OpenCL
  libhwy-dev nlohmann-json3-dev
  libopencv-dev libcli11-dev
  libonnx-dev libprotobuf-dev
)
if [[ "${1:-}" != "--runtime-only" ]]; then
  packages+=(
    libtorch-dev
    libgtest-dev libgmock-dev libbenchmark-dev python3
    clang-14 clang-format-14 libclang-rt-14-dev libomp-14-dev
  )
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ "$status" == "install ok installed" ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  exit 0
fi

as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "setup.sh: please install as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "setup.sh: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
