#include <webp/decode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/io/image_codecs.h"
#include "src/io/orientation.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

// The content of the file's first chunk of this name, empty where there is none. RIFF: after 12
// bytes follow chunks of a name, a size (little-endian) and that many bytes, and one more where the
// size is odd.
Bytes FindChunk(Bytes file, std::string_view name) {
  constexpr std::size_t kHeader = 8;
  Bytes left = file.size() > 12 ? file.subspan(12) : Bytes();
  while (left.size() >= kHeader) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      size |= std::size_t{left[4 + i]} << (8 * i);
    }
    const Bytes content = left.subspan(kHeader);
    if (size > content.size()) {
      break;
    }
    if (std::equal(name.begin(), name.end(), left.begin(),
                   [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
      return content.first(size);
    }
    left = content.subspan(std::min(content.size(), size + size % 2));
  }
  return {};
}

// EXIF as JPEG holds it, which begins with a mark of its own; in WebP some programs write that, and
// the format's description does not.
int OrientationOf(Bytes file) {
  constexpr std::string_view kMark{"Exif\0\0", 6};
  const Bytes exif = FindChunk(file, "EXIF");
  std::vector<std::uint8_t> segment(kMark.begin(), kMark.end());
  const bool marked =
      exif.size() >= kMark.size() && std::equal(segment.begin(), segment.end(), exif.begin());
  segment.insert(segment.end(), exif.begin() + (marked ? kMark.size() : 0), exif.end());
  return ExifOrientation(segment);
}

}  // namespace

FrameBuffer DecodeWebp(Bytes bytes, const ReadOptions& options) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) {
    throw Error(status == VP8_STATUS_NOT_ENOUGH_DATA ? "the WebP is truncated"
                                                     : "the WebP's header is damaged");
  }
  if (features.has_animation != 0) {
    throw Error("the WebP is an animation, expected one picture");
  }
  CheckSize(features.width, features.height, options);
  FrameBuffer frame(SampleType::kUint8, features.width, features.height, 3);
  const auto row_bytes =
      static_cast<int>(frame.bytes() / static_cast<std::size_t>(features.height));
  if (WebPDecodeRGBInto(bytes.data(), bytes.size(), frame.As<std::uint8_t>(), frame.bytes(),
                        row_bytes) == nullptr) {
    throw Error("the WebP is damaged or truncated");
  }
  return Upright(std::move(frame), OrientationOf(bytes), kExifOrientation, options);
}

}  // namespace dkn
