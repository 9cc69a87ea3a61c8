#include "src/io/exr_header.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "dkn/error.h"
#include "src/io/size_limit.h"

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

struct TypeSize {
  std::string_view type;
  std::uint32_t size;  // bytes
};

// Of attributes of these types OpenEXR 3.1 reads this many bytes, whatever size the header
// declares, and takes what follows for the next attribute.
constexpr TypeSize kTypeSizes[] = {{"box2f", 16},
                                   {"box2i", 16},
                                   {"chromaticities", 32},
                                   {"compression", 1},
                                   {"deepImageState", 1},
                                   {"double", 8},
                                   {"envmap", 1},
                                   {"float", 4},
                                   {"int", 4},
                                   {"keycode", 28},
                                   {"lineOrder", 1},
                                   {"m33d", 72},
                                   {"m33f", 36},
                                   {"m44d", 128},
                                   {"m44f", 64},
                                   {"rational", 8},
                                   {"tiledesc", 9},
                                   {"timecode", 8},
                                   {"v2d", 16},
                                   {"v2f", 8},
                                   {"v2i", 8},
                                   {"v3d", 24},
                                   {"v3f", 12},
                                   {"v3i", 12}};

// Throws Error unless OpenEXR sees the end of the attribute, which begins at byte `start` of the
// file, where its declared size puts it. Otherwise it would read sizes, and take memory for them,
// where we saw none.
void CheckAttributeSize(std::string_view type, Bytes data, std::size_t start) {
  const auto* known = std::find_if(std::begin(kTypeSizes), std::end(kTypeSizes),
                                   [&](const TypeSize& entry) { return entry.type == type; });
  const std::string where = "the EXR attribute at byte " + std::to_string(start);
  if (known != std::end(kTypeSizes) && data.size() != known->size) {
    throw Error(where + " is of type " + std::string(known->type) + " and " +
                std::to_string(data.size()) + " bytes, expected " + std::to_string(known->size));
  }
  if (type == "floatvector" && data.size() % 4 != 0) {
    throw Error(where + " is a list of floats of " + std::to_string(data.size()) +
                " bytes, expected a multiple of 4");
  }
  if (type == "idmanifest") {  // OpenEXR 3.1 reads 4 bytes too many
    throw Error(where + " lists the IDs of a deep image, expected a flat image");
  }
}

struct Channels {
  int count = 0;
  std::int64_t pixel_bytes = 0;
};

Channels ReadChannels(Bytes data) {
  ByteReader reader(data, std::endian::little);
  Channels channels;
  std::string all;  // sorted, as the format demands
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    const std::uint32_t type = reader.U32();  // 0: uint32, 1: half, 2: float
    reader.Take(4);
    const bool full = reader.U32() == 1 && reader.U32() == 1;
    if ((type != 1 && type != 2) || !full) {
      throw Error("a channel of the EXR is not half or float at full resolution");
    }
    all += name + ",";
    channels.pixel_bytes += type == 1 ? 2 : 4;
  }
  if (reader.remaining() != 0) {
    throw Error("the EXR header is damaged: bytes after the last channel");
  }
  channels.count = all == "B,G,R," || all == "A,B,G,R," ? 3 : all == "Y," ? 1 : 0;
  if (channels.count == 0) {
    throw Error("the EXR has other channels than R,G,B, R,G,B,A or Y alone");
  }
  return channels;
}

struct Tile {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

Tile ReadTile(Bytes data) {
  ByteReader reader(data, std::endian::little);
  Tile tile;
  tile.width = reader.U32();
  tile.height = reader.U32();
  return tile;
}

struct Window {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

Window ReadDataWindow(Bytes data) {
  ByteReader reader(data, std::endian::little);
  std::int64_t corner[4];  // x and y of the first pixel, then of the last
  for (std::int64_t& value : corner) {
    value = static_cast<std::int32_t>(reader.U32());
  }
  return {corner[2] - corner[0] + 1, corner[3] - corner[1] + 1};
}

// Rows in one chunk of pixels that is no tile.
std::int64_t RowsPerChunk(std::uint8_t compression) {
  constexpr std::int64_t kRows[] = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
  if (compression >= std::size(kRows)) {
    throw Error("EXR compression " + std::to_string(compression) + " is unknown");
  }
  return kRows[compression];
}

}  // namespace

ExrHeader CheckExrHeader(Bytes bytes, const ReadOptions& options) {
  ByteReader reader(bytes, std::endian::little);
  reader.Take(4);  // magic number
  const std::uint32_t version = reader.U32();
  if ((version & 0xFF) != 2 || (version & (kDeep | kMultiPart)) != 0) {
    throw Error("the EXR is not a flat image in one part");
  }
  ExrHeader header;
  header.tiled = (version & kTiled) != 0;
  Window window;
  Tile tile;
  std::set<std::string> names;
  std::size_t start = reader.position();
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    const std::string type = ReadName(reader);
    const Bytes data = reader.Take(reader.U32());
    CheckAttributeSize(type, data, start);
    if (!names.insert(name).second) {  // OpenEXR would put some of them together
      throw Error("the EXR header has two attributes of one name, the second at byte " +
                  std::to_string(start));
    }
    if (type == "chlist") {
      const Channels channels = ReadChannels(data);
      if (name == "channels") {
        header.channels = channels.count;
        header.pixel_bytes = channels.pixel_bytes;
      }
    } else if (name == "dataWindow") {
      window = ReadDataWindow(data);
    } else if (name == "compression") {
      header.compression = ByteReader(data, std::endian::little).U8();
    } else if (name == "tiles" && header.tiled) {
      tile = ReadTile(data);
    }
    start = reader.position();
  }
  if (header.channels == 0 || names.count("dataWindow") == 0 || names.count("compression") == 0 ||
      (header.tiled && (tile.width == 0 || tile.height == 0))) {
    throw Error("the EXR header lacks its channels, data window, compression or size of tiles");
  }
  const std::int64_t rows = RowsPerChunk(header.compression);
  CheckSize(window.width, window.height, options);
  header.width = static_cast<int>(window.width);
  header.height = static_cast<int>(window.height);
  header.chunk_width = header.tiled ? tile.width : window.width;
  header.chunk_height = header.tiled ? tile.height : rows;
  header.size = reader.position();
  // OpenEXR keeps a whole row of tiles in memory.
  CheckBlock(std::max(header.chunk_width, window.width), header.chunk_height, window.width,
             window.height);
  return header;
}

}  // namespace dkn
