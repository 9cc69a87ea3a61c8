#include <algorithm>
#include <array>
#include <string>

#include "dkn/error.h"
#include "src/io/container.h"

namespace dkn {
namespace {

constexpr std::uint32_t ChunkType(const char (&name)[5]) {
  std::uint32_t type = 0;
  for (int i = 0; i < 4; ++i) {
    type = type << 8 | static_cast<std::uint8_t>(name[i]);
  }
  return type;
}

constexpr std::uint64_t kMaxText = 1 << 27;  // bytes

// Source: PNG specification, third edition, annex D (the CRC of ISO 3309).
constexpr std::array<std::uint32_t, 256> CrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit) {
      c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    }
    table[n] = c;
  }
  return table;
}

std::uint32_t Crc(Bytes bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = CrcTable();
  std::uint32_t c = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) {
    c = kTable[(c ^ byte) & 0xFF] ^ (c >> 8);
  }
  return ~c;
}

// Bytes that libpng may inflate a chunk to and keep. zlib expands at most 1032 times, and
// libpng 1.6 stops at 8 MB a chunk, but not at any sum.
std::uint64_t InflatedSize(std::uint32_t type, std::uint64_t length) {
  const bool text = type == ChunkType("zTXt") || type == ChunkType("iTXt");
  return text ? std::min<std::uint64_t>(length * 1032, 8'000'000) : 0;
}

ImageInfo ReadHeader(Bytes data) {
  ByteReader reader(data, std::endian::big);
  ImageInfo info;
  info.width = reader.U32();
  info.height = reader.U32();
  const int depth = reader.U8();
  const int colour = reader.U8();
  switch (colour) {
    case 0:  // grey
    case 4:  // grey, alpha
      info.channels = 1;
      break;
    case 2:  // R,G,B
    case 3:  // palette
    case 6:  // R,G,B, alpha
      info.channels = 3;
      break;
    default:
      throw Error("PNG colour type " + std::to_string(colour) + " is unknown");
  }
  info.type = depth == 16 ? SampleType::kUint16 : SampleType::kUint8;
  return info;
}

}  // namespace

ImageInfo CheckPng(Bytes bytes) {
  ByteReader reader(bytes, std::endian::big);
  reader.Take(8);  // signature
  ImageInfo info;
  bool pixels = false;
  std::uint64_t text = 0;
  for (bool first = true;; first = false) {
    const std::uint32_t length = reader.U32();
    const std::size_t start = reader.position();
    const std::uint32_t type = reader.U32();
    const Bytes data = reader.Take(length);
    if (reader.U32() != Crc(bytes.subspan(start, 4 + data.size()))) {
      throw Error("the PNG chunk at byte " + std::to_string(start) + " is damaged (CRC)");
    }
    text += InflatedSize(type, length);
    if (text > kMaxText) {
      throw Error("the PNG holds compressed text (zTXt or iTXt chunks) that could expand to " +
                  std::to_string(text) + " bytes or more, expected at most " +
                  std::to_string(kMaxText));
    }
    if (first != (type == ChunkType("IHDR")) || (first && length != 13)) {
      throw Error("a PNG begins with one IHDR chunk of 13 bytes, this one does not");
    }
    if (first) {
      info = ReadHeader(data);
    } else if (type == ChunkType("IDAT")) {
      pixels = true;
    } else if (type == ChunkType("IEND")) {
      break;
    }
  }
  if (!pixels) {
    throw Error("the PNG holds no pixels (no IDAT chunk)");
  }
  return info;
}

}  // namespace dkn
