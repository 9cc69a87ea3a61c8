#include "src/io/dpt.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>

#include "dkn/error.h"
#include "src/io/size_limit.h"

namespace dkn {

FrameBuffer ParseDpt(Bytes bytes, const ReadOptions& options) {
  ByteReader reader(bytes, std::endian::little);
  if (std::bit_cast<float>(reader.U32()) != 202021.25f) {
    throw Error("not a DPT file");
  }
  const auto width = static_cast<std::int32_t>(reader.U32());
  const auto height = static_cast<std::int32_t>(reader.U32());
  CheckSize(width, height, options);
  const auto pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (reader.remaining() == 2 * pixels * sizeof(float)) {
    throw Error("the file holds two values a pixel: optical flow (.flo), expected depth (.dpt)");
  }
  if (reader.remaining() != pixels * sizeof(float)) {
    throw Error("the DPT has " + std::to_string(reader.remaining()) +
                " bytes of pixels, expected " + std::to_string(pixels) + " x " +
                std::to_string(sizeof(float)));
  }
  FrameBuffer frame(SampleType::kFloat32, width, height);
  std::generate_n(frame.As<float>(), pixels, [&] { return std::bit_cast<float>(reader.U32()); });
  return frame;
}

}  // namespace dkn
