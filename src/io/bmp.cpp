#include "src/io/bmp.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

// Source: "Bitmap Storage" of Microsoft's documentation: BITMAPFILEHEADER, BITMAPINFOHEADER and
// what BITMAPV4HEADER and BITMAPV5HEADER add to it.
struct Header {
  std::uint32_t pixels = 0;  // the byte where they begin
  std::uint32_t size = 0;    // bytes of the header from byte 14 on
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool top_down = false;  // the first row is the top one
  std::uint16_t bits = 0;
  std::uint32_t compression = 0;
  std::uint32_t colours = 0;
};

constexpr std::uint32_t kNone = 0;
constexpr std::uint32_t kMasks = 3;
constexpr std::size_t kBeforeHeader = 14;
constexpr std::uint32_t kLeastHeader = 40;

Header ReadHeader(ByteReader& reader) {
  Header header;
  reader.Take(10);  // magic, size of the file, two numbers of programs
  header.pixels = reader.U32();
  header.size = reader.U32();
  if (header.size < kLeastHeader) {
    throw Error("the BMP's header has " + std::to_string(header.size) +
                " bytes, expected 40 or more");
  }
  header.width = static_cast<std::int32_t>(reader.U32());
  const std::int64_t height = static_cast<std::int32_t>(reader.U32());
  header.top_down = height < 0;
  header.height = std::abs(height);
  reader.U16();  // planes
  header.bits = reader.U16();
  header.compression = reader.U32();
  reader.Take(12);  // size of the pixels, resolution
  header.colours = reader.U32();
  reader.U32();  // colours that matter
  return header;
}

// Where a header tells which bits of a pixel are which colour, only B,G,R in this order are read.
void CheckMasks(ByteReader& reader) {
  if (reader.U32() != 0xFF0000 || reader.U32() != 0xFF00 || reader.U32() != 0xFF) {
    throw Error("the BMP has its colours in other bits than 8 of each of B,G,R");
  }
}

using Palette = std::vector<std::array<std::uint8_t, 3>>;  // R,G,B

Palette ReadPalette(Bytes bytes, const Header& header) {
  ByteReader reader(bytes, std::endian::little);
  reader.Seek(kBeforeHeader + std::uint64_t{header.size});
  const std::uint32_t most = 1u << header.bits;
  const std::uint32_t count = header.colours == 0 ? most : std::min(header.colours, most);
  Palette palette;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes colour = reader.Take(4);
    palette.push_back({colour[2], colour[1], colour[0]});
  }
  return palette;
}

bool IsGrey(const Palette& palette) {
  return std::all_of(palette.begin(), palette.end(), [](const std::array<std::uint8_t, 3>& colour) {
    return colour[0] == colour[1] && colour[1] == colour[2];
  });
}

// Pixels of `bits` each; the first of several in a byte stands in the high bits.
void CopyRow(const std::uint8_t* from, std::size_t width, std::size_t bits, const Palette& palette,
             int channels, std::uint8_t* to) {
  for (std::size_t x = 0; x < width; ++x, to += channels) {
    const std::uint8_t* const byte = from + x * bits / 8;
    if (bits > 8) {
      std::reverse_copy(byte, byte + 3, to);
      continue;
    }
    const std::size_t colour = *byte >> (8 - bits - x * bits % 8) & ((1u << bits) - 1);
    if (colour >= palette.size()) {
      throw Error("the BMP has a pixel of colour " + std::to_string(colour) + " of " +
                  std::to_string(palette.size()));
    }
    std::copy_n(palette[colour].begin(), channels, to);
  }
}

}  // namespace

FrameBuffer ParseBmp(Bytes bytes, const ReadOptions& options) {
  ByteReader reader(bytes, std::endian::little);
  const Header header = ReadHeader(reader);
  const bool known =
      header.compression == kNone || (header.compression == kMasks && header.bits == 32);
  const bool indexed = header.bits == 1 || header.bits == 4 || header.bits == 8;
  if (!known || (!indexed && header.bits != 24 && header.bits != 32)) {
    throw Error("the BMP has pixels of " + std::to_string(header.bits) + " bits and compression " +
                std::to_string(header.compression) + ", expected 1, 4, 8, 24 or 32 bits without");
  }
  CheckSize(header.width, header.height, options);
  if (header.compression == kMasks) {
    CheckMasks(reader);
  }
  const Palette palette = indexed ? ReadPalette(bytes, header) : Palette();
  const auto width = static_cast<std::size_t>(header.width);
  const std::size_t row_bytes = (width * header.bits + 31) / 32 * 4;
  reader.Seek(header.pixels);
  const auto height = static_cast<std::size_t>(header.height);
  if (height > reader.remaining() / row_bytes) {
    throw Error("the file is truncated");
  }
  const Bytes pixels = reader.Take(row_bytes * height);
  const int channels = indexed && IsGrey(palette) ? 1 : 3;
  FrameBuffer frame(SampleType::kUint8, static_cast<int>(width), static_cast<int>(header.height),
                    channels);
  const std::size_t to_row = width * static_cast<std::size_t>(channels);
  for (std::size_t y = 0; y < height; ++y) {
    CopyRow(pixels.data() + y * row_bytes, width, header.bits, palette, channels,
            frame.As<std::uint8_t>() + (header.top_down ? y : height - 1 - y) * to_row);
  }
  return frame;
}

}  // namespace dkn
