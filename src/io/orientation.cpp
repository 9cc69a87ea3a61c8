#include "src/io/orientation.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "dkn/error.h"
#include "src/io/stored_samples.h"

namespace dkn {

// Source: "Exif 2.32" of CIPA, 4.5 and 4.6.4: a TIFF of its own, whose tag 274 is the orientation.
int ExifOrientation(Bytes segment) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kMagic = "Exif\0\0"sv;
  constexpr std::uint16_t kOrientation = 274;
  constexpr std::uint16_t kShort = 3;
  constexpr int kAsItStands = 1;
  const bool exif = segment.size() > kMagic.size() &&
                    std::equal(kMagic.begin(), kMagic.end(), segment.begin(),
                               [](char a, std::uint8_t b) { return a == static_cast<char>(b); });
  if (!exif) {
    return kAsItStands;
  }
  try {
    const Bytes tiff = segment.subspan(kMagic.size());
    ByteReader reader(tiff, tiff[0] == 'I' ? std::endian::little : std::endian::big);
    reader.Seek(4);
    reader.Seek(reader.U32());
    for (int left = reader.U16(); left > 0; --left) {
      const std::uint16_t tag = reader.U16();
      const std::uint16_t type = reader.U16();
      const std::uint32_t count = reader.U32();
      const std::uint16_t value = reader.U16();
      reader.U16();
      if (tag == kOrientation && type == kShort && count == 1 && 1 <= value && value <= 8) {
        return value;
      }
    }
  } catch (const Error&) {  // the data end before
  }
  return kAsItStands;
}

FrameBuffer Upright(FrameBuffer stored, int orientation, const char* what,
                    const ReadOptions& options) {
  if (orientation == 1) {
    return stored;
  }
  AddNote(options, std::string("its ") + what + ", " + std::to_string(orientation) +
                       ", is applied: it is read as programs show it");
  const bool transposed = orientation >= 5;
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const int width = stored.width();
  const int height = stored.height();
  FrameBuffer upright(stored.type(), transposed ? height : width, transposed ? width : height,
                      stored.channels());
  const std::size_t pixel =
      SampleBytes(stored.type()) * static_cast<std::size_t>(stored.channels());
  std::uint8_t* to = upright.As<std::uint8_t>();
  for (int y = 0; y < upright.height(); ++y) {
    for (int x = 0; x < upright.width(); ++x, to += pixel) {
      const int column = transposed ? y : x;
      const int row = transposed ? x : y;
      const auto from_x = static_cast<std::size_t>(from_right ? width - 1 - column : column);
      const auto from_y = static_cast<std::size_t>(from_bottom ? height - 1 - row : row);
      std::copy_n(
          stored.As<std::uint8_t>() + (from_y * static_cast<std::size_t>(width) + from_x) * pixel,
          pixel, to);
    }
  }
  return upright;
}

}  // namespace dkn
