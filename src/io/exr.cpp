#include <iterator>
#include <string>

#include "dkn/error.h"
#include "src/io/container.h"

namespace dkn {
namespace {

// Source: "OpenEXR File Layout" of the OpenEXR project.
constexpr std::uint32_t kTiled = 0x200;
constexpr std::uint32_t kDeep = 0x800;
constexpr std::uint32_t kMultiPart = 0x1000;

std::string ReadName(ByteReader& reader) {
  std::string name;
  for (std::uint8_t byte = reader.U8(); byte != 0; byte = reader.U8()) {
    name += static_cast<char>(byte);
    if (name.size() > 255) {
      throw Error("the EXR header is damaged: a name of more than 255 bytes");
    }
  }
  return name;
}

int ReadChannels(Bytes data) {
  ByteReader reader(data, std::endian::little);
  std::string all;  // sorted, as the format demands
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    const std::uint32_t type = reader.U32();  // 0: uint32, 1: half, 2: float
    reader.Take(4);
    const bool full = reader.U32() == 1 && reader.U32() == 1;
    if ((type != 1 && type != 2) || !full) {
      throw Error("a channel of the EXR is not half or float at full resolution");
    }
    all += name + ",";
  }
  if (all == "B,G,R," || all == "A,B,G,R,") {
    return 3;
  }
  if (all == "Y,") {
    return 1;
  }
  throw Error("the EXR has other channels than R,G,B, R,G,B,A or Y alone");
}

void ReadDataWindow(Bytes data, ImageInfo& info) {
  ByteReader reader(data, std::endian::little);
  std::int64_t corner[4];  // x and y of the first pixel, then of the last
  for (std::int64_t& value : corner) {
    value = static_cast<std::int32_t>(reader.U32());
  }
  info.width = corner[2] - corner[0] + 1;
  info.height = corner[3] - corner[1] + 1;
}

// Rows in one chunk of pixels, for each compression method.
std::int64_t RowsPerChunk(Bytes compression) {
  constexpr std::int64_t kRows[] = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
  ByteReader reader(compression, std::endian::little);
  const std::uint8_t method = reader.U8();
  if (method >= std::size(kRows)) {
    throw Error("EXR compression " + std::to_string(method) + " is unknown");
  }
  return kRows[method];
}

// The reader stands at the table of chunks: the place of each in the file, where it has 4 bytes for
// its first row, 4 for its size, and the pixels.
void CheckChunks(Bytes bytes, ByteReader reader, std::int64_t count) {
  ByteReader chunk(bytes, std::endian::little);
  for (; count > 0; --count) {
    chunk.Seek(reader.U64());
    chunk.Take(4);
    chunk.Take(chunk.U32());
  }
}

}  // namespace

ImageInfo CheckExr(Bytes bytes) {
  ByteReader reader(bytes, std::endian::little);
  reader.Take(4);  // magic number
  const std::uint32_t version = reader.U32();
  if ((version & 0xFF) != 2 || (version & (kDeep | kMultiPart)) != 0) {
    throw Error("the EXR is not a flat image in one part");
  }
  ImageInfo info;
  info.type = SampleType::kFloat32;
  bool window = false;
  std::int64_t rows = 0;
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    ReadName(reader);  // type
    const Bytes data = reader.Take(reader.U32());
    if (name == "channels") {
      info.channels = ReadChannels(data);
    } else if (name == "dataWindow") {
      ReadDataWindow(data, info);
      window = true;
    } else if (name == "compression") {
      rows = RowsPerChunk(data);
    }
  }
  if (info.channels == 0 || !window || rows == 0) {
    throw Error("the EXR header lacks its channels, data window or compression");
  }
  if ((version & kTiled) == 0) {
    CheckChunks(bytes, reader, (info.height + rows - 1) / rows);
  }
  return info;
}

}  // namespace dkn
