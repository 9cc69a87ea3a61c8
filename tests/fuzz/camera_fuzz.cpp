#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dkn/placement.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or cameras between which depth can be moved.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const dkn::CameraPair cameras = dkn::ParseCameraPair(std::string(data, data + size));
    const dkn::Intrinsics view = dkn::RegisteredCamera(cameras.depth, cameras.color);
    if (view.width > cameras.color.width || view.height > cameras.color.height) {
      __builtin_trap();
    }
    const dkn::Intrinsics depth_camera = dkn::ResizedTo(cameras.depth, 5, 4);
    dkn::Image depth(5, 4);
    for (std::size_t i = 0; i < depth.size(); ++i) {
      depth.data()[i] = std::ldexp(1.0f, 6 * static_cast<int>(i) - 60);
    }
    const dkn::Image registered = dkn::RegisterDepth(depth, depth_camera, cameras.depth_to_color,
                                                     dkn::ResizedTo(cameras.color, 7, 3));
    if (std::any_of(registered.data(), registered.data() + registered.size(),
                    [](float value) { return value < 0.0f || std::isinf(value); })) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
