#ifndef DKN_SRC_IO_TEST_PNG_H_
#define DKN_SRC_IO_TEST_PNG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "src/io/test_files.h"

// PNG files made byte by byte, for tests of what WriteImage never writes.
namespace dkn::test_png {

using Data = std::vector<std::uint8_t>;

// Bit by bit, as ISO 3309 defines it.
inline std::uint32_t SlowCrc(const Data& data) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : data) {
    for (int bit = 0; bit < 8; ++bit) {
      const std::uint32_t mix = (crc ^ (byte >> bit)) & 1;
      crc = (crc >> 1) ^ (mix * 0xEDB88320u);
    }
  }
  return ~crc;
}

inline Data Chunk(const std::string& type, const Data& data) {
  Data body(type.begin(), type.end());
  Append(body, data);
  Data bytes;
  AppendInteger(bytes, data.size(), 4, true);
  Append(bytes, body);
  AppendInteger(bytes, SlowCrc(body), 4, true);
  return bytes;
}

// A zlib stream of one stored block.
inline Data Stored(const Data& data) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  Data bytes{0x78, 0x01, 0x01};
  AppendInteger(bytes, data.size(), 2, false);
  AppendInteger(bytes, ~data.size() & 0xFFFF, 2, false);
  Append(bytes, data);
  AppendInteger(bytes, b << 16 | a, 4, true);
  return bytes;
}

inline Data Header(std::uint32_t width, std::uint32_t height, int depth, int colour) {
  Data data;
  AppendInteger(data, width, 4, true);
  AppendInteger(data, height, 4, true);
  Append(data, {static_cast<std::uint8_t>(depth), static_cast<std::uint8_t>(colour), 0, 0, 0});
  return Chunk("IHDR", data);
}

// `rows`: the bytes of all rows, each after its filter byte 0. `extra`: chunks before the pixels.
inline Data MakePng(const Data& header, const Data& rows, const Data& extra = {}) {
  Data bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  Append(bytes, header);
  Append(bytes, extra);
  Append(bytes, Chunk("IDAT", Stored(rows)));
  Append(bytes, Chunk("IEND", {}));
  return bytes;
}

// 8 bits an index, whose colours are those of Pascal VOC's first few labels, over and over.
inline Data PalettePng(int width, int height, const Data& indices) {
  Data palette;
  for (int i = 0; i < 256; ++i) {
    const auto on = [i](int bit) { return static_cast<std::uint8_t>((i >> bit & 1) * 128); };
    Append(palette, {on(0), on(1), on(2)});
  }
  Data rows;
  for (int y = 0; y < height; ++y) {
    const auto row = indices.begin() + static_cast<std::ptrdiff_t>(y) * width;
    rows.push_back(0);
    Append(rows, Data(row, row + width));
  }
  return MakePng(
      Header(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 8, 3), rows,
      Chunk("PLTE", palette));
}

}  // namespace dkn::test_png

#endif  // DKN_SRC_IO_TEST_PNG_H_
