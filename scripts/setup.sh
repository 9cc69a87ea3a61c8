#!/usr/bin/env bash
# Installs every Debian package that DKN needs to build, train and test. Safe to run again.
# --runtime-only installs what the library and the command need, and neither LibTorch (1 GB) nor the
# tests' packages; --packages what scripts/packages.sh needs, without LibTorch too, and
# --packages-and-page what its --page needs besides; --aarch64 what scripts/aarch64.sh needs. --peers
# installs, besides everything, the other software that bench/peers times and checks our results by:
# PyTorch for Debian's Python, and ONNX Runtime for node in build/peers.
set -euo pipefail

packages=(
  g++ cmake ninja-build git
  libdnnl-dev opencl-headers ocl-icd-opencl-dev  # oneDNN's CMake file asks for OpenCL
  libhwy-dev nlohmann-json3-dev libeigen3-dev
  libpng-dev libjpeg62-turbo-dev libtiff-dev libopenexr-dev libwebp-dev  # the codecs of dkn::io
  libcairo2-dev pkgconf  # figures
  fonts-dejavu-core fontconfig  # their text; the latter makes the cache of fonts once for all users
  libhdf5-dev libcli11-dev
  libcpp-httplib-dev  # dkn serve and dkn view
  libonnx-dev libprotobuf-dev
)
python=(pybind11-dev python3-dev python3-numpy)  # of the package for Python
page=(emscripten)
command -v npm >/dev/null || page+=(nodejs npm)
if [[ "${1:-}" == "--packages" ]]; then
  packages+=("${python[@]}" python3 dpkg-dev)
elif [[ "${1:-}" == "--packages-and-page" ]]; then
  packages+=("${python[@]}" python3 dpkg-dev "${page[@]}")
elif [[ "${1:-}" == "--aarch64" ]]; then
  packages=(cmake ninja-build pkgconf python3 g++-aarch64-linux-gnu qemu-user-static mmdebstrap)
elif [[ "${1:-}" != "--runtime-only" ]]; then
  packages+=(
    libtorch-dev libopenmpi-dev openmpi-bin
    libgtest-dev libgmock-dev libbenchmark-dev python3
    libopencv-dev  # tests of dkn/opencv.h and of files that others write
    chromium  # opens the HTML report in a test; 400 MB with what it needs, 20 s
    "${python[@]}" dpkg-dev man-db
    python3-pip python3-venv python3-build python3-pytest python3-pil python3-opencv mypy
    python3-distributed  # dkn.distributed
    python3-torch  # what others compute by our networks, and arrays of its own
    clang-14 clang-format-14 libclang-rt-14-dev libomp-14-dev
    "${page[@]}"
  )
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ "$status" == "install ok installed" ]] || missing+=("$package")
done
if [[ ${#missing[@]} -gt 0 ]]; then
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
fi

if [[ "${1:-}" == "--peers" ]]; then
  cd "$(dirname "$0")/.."
  mkdir -p build/peers
  cp bench/peers/package.json build/peers/
  npm install --prefix build/peers --ignore-scripts --no-audit --no-fund --silent
fi
