#!/usr/bin/env bash
# From a bare clone to a picture: installs what is missing, builds, upsamples the example's depth 8x
# and draws it beside the truth.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh --runtime-only
cmake --preset release >/dev/null
cmake --build --preset release

dkn=build/release/bin/dkn
out=build/demo
mkdir -p "$out"
"$dkn" upsample examples/room_rgb.png examples/room_depth.png -o "$out/room_upsampled.png"
"$dkn" compare examples/room_rgb.png examples/room_depth.png "$out/room_upsampled.png" \
  --truth examples/room_truth.png -o "$out/demo.png"
echo "(in millimetres, for depths of 2 to 6 metres)"
echo "Depth:   $PWD/$out/room_upsampled.png"
echo "Picture: $PWD/$out/demo.png"
