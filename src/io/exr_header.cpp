#include "src/io/exr_header.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

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

// The channels of a part; sets the bytes of a pixel of all.
std::vector<ExrChannel> ReadChannels(Bytes data, std::int64_t& pixel_bytes) {
  ByteReader reader(data, std::endian::little);
  std::vector<ExrChannel> channels;
  pixel_bytes = 0;
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    const std::uint32_t type = reader.U32();
    reader.Take(4);
    const bool full = reader.U32() == 1 && reader.U32() == 1;
    if (type > 2 || !full) {
      throw Error("channel " + name +
                  " of the EXR is not uint32, half or float at full resolution");
    }
    channels.push_back({name, static_cast<ExrType>(type)});
    pixel_bytes += channels.back().type == ExrType::kHalf ? 2 : 4;
  }
  if (reader.remaining() != 0) {
    throw Error("the EXR header is damaged: bytes after the last channel");
  }
  return channels;
}

struct Tile {
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool one_level = false;
};

Tile ReadTile(Bytes data) {
  ByteReader reader(data, std::endian::little);
  Tile tile;
  tile.width = reader.U32();
  tile.height = reader.U32();
  tile.one_level = (reader.U8() & 0xF) == 0;
  return tile;
}

ExrWindow ReadWindow(Bytes data) {
  ByteReader reader(data, std::endian::little);
  std::int64_t corner[4];  // x and y of the first pixel, then of the last
  for (std::int64_t& value : corner) {
    value = static_cast<std::int32_t>(reader.U32());
  }
  return {corner[0], corner[1], corner[2] - corner[0] + 1, corner[3] - corner[1] + 1};
}

// Rows in one chunk of pixels that is no tile.
std::int64_t RowsPerChunk(std::uint8_t compression) {
  constexpr std::int64_t kRows[] = {1, 1, 1, 16, 32, 16, 32, 32, 32, 256};
  if (compression >= std::size(kRows)) {
    throw Error("EXR compression " + std::to_string(compression) + " is unknown");
  }
  return kRows[compression];
}

// What the attributes of one part say.
struct Attributes {
  ExrPart part;
  Tile tile;
  std::string type;          // of the part
  std::int64_t chunks = -1;  // that it says to have
  std::set<std::string> names;
};

void TakeAttribute(const std::string& name, const std::string& type, Bytes data,
                   Attributes& attributes) {
  ExrPart& part = attributes.part;
  if (type == "chlist") {
    std::int64_t pixel_bytes = 0;
    std::vector<ExrChannel> channels = ReadChannels(data, pixel_bytes);
    if (name == "channels") {
      part.channels = std::move(channels);
      part.pixel_bytes = pixel_bytes;
    }
  } else if (name == "dataWindow") {
    part.data = ReadWindow(data);
  } else if (name == "displayWindow") {
    part.display = ReadWindow(data);
  } else if (name == "compression") {
    part.compression = ByteReader(data, std::endian::little).U8();
  } else if (name == "tiles") {
    attributes.tile = ReadTile(data);
  } else if (name == "name" && type == "string") {
    part.name.assign(data.begin(), data.end());
  } else if (name == "type" && type == "string") {
    attributes.type.assign(data.begin(), data.end());
  } else if (name == "chunkCount" && type == "int") {
    attributes.chunks = ByteReader(data, std::endian::little).U32();
  }
}

// Up to the empty name that ends them.
Attributes ReadAttributes(ByteReader& reader) {
  Attributes attributes;
  std::size_t start = reader.position();
  for (std::string name = ReadName(reader); !name.empty(); name = ReadName(reader)) {
    const std::string type = ReadName(reader);
    const Bytes data = reader.Take(reader.U32());
    CheckAttributeSize(type, data, start);
    if (!attributes.names.insert(name).second) {  // OpenEXR would put some of them together
      throw Error("the EXR header has two attributes of one name, the second at byte " +
                  std::to_string(start));
    }
    TakeAttribute(name, type, data, attributes);
    start = reader.position();
  }
  return attributes;
}

// The part, with the sizes that OpenEXR takes memory for checked.
ExrPart CheckPart(const Attributes& attributes, bool tiled, const ReadOptions& options) {
  ExrPart part = attributes.part;
  const Tile& tile = attributes.tile;
  const auto& names = attributes.names;
  part.tiled = tiled;
  if (part.channels.empty() || names.count("dataWindow") == 0 || names.count("compression") == 0 ||
      (tiled && (tile.width == 0 || tile.height == 0))) {
    throw Error("the EXR header lacks its channels, data window, compression or size of tiles");
  }
  const std::int64_t rows = RowsPerChunk(part.compression);
  CheckSize(part.data.width, part.data.height, options);
  if (names.count("displayWindow") == 0) {
    part.display = part.data;
  }
  CheckSize(part.display.width, part.display.height, options);
  part.chunk_width = tiled ? tile.width : part.data.width;
  part.chunk_height = tiled ? tile.height : rows;
  // OpenEXR keeps a whole row of tiles in memory.
  CheckBlock(std::max(part.chunk_width, part.data.width), part.chunk_height, part.data.width,
             part.data.height);
  return part;
}

// How many chunks a part of a file of several has. Throws Error where it says another number, and
// for kinds that have more of them than those of the whole image.
std::int64_t CheckChunkCount(const Attributes& attributes, const ExrPart& part) {
  const auto parts_of = [](std::int64_t size, std::int64_t step) {
    return (size + step - 1) / step;
  };
  const std::int64_t chunks =
      parts_of(part.data.width, part.chunk_width) * parts_of(part.data.height, part.chunk_height);
  if ((part.tiled && !attributes.tile.one_level) || attributes.chunks != chunks) {
    throw Error("part '" + part.name + "' of the EXR has tiles of several levels, or another " +
                "number of chunks than its size needs");
  }
  return chunks;
}

ExrHeader ReadParts(ByteReader& reader, const ReadOptions& options) {
  ExrHeader header;
  header.multi_part = true;
  std::vector<std::int64_t> chunks;
  for (Attributes attributes = ReadAttributes(reader); !attributes.names.empty();
       attributes = ReadAttributes(reader)) {
    const bool tiled = attributes.type == "tiledimage";
    if (attributes.part.name.empty() || (!tiled && attributes.type != "scanlineimage")) {
      throw Error("a part of the EXR has no name, or is not a flat image");
    }
    header.parts.push_back(CheckPart(attributes, tiled, options));
    chunks.push_back(CheckChunkCount(attributes, header.parts.back()));
  }
  if (header.parts.empty()) {
    throw Error("the EXR has no part");
  }
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    header.parts[i].table = reader.position();
    reader.Take(8 * static_cast<std::uint64_t>(chunks[i]));
  }
  return header;
}

}  // namespace

ExrHeader CheckExrHeader(Bytes bytes, const ReadOptions& options) {
  ByteReader reader(bytes, std::endian::little);
  reader.Take(4);  // magic number
  const std::uint32_t version = reader.U32();
  const bool tiled = (version & kTiled) != 0;
  const bool multi_part = (version & kMultiPart) != 0;
  if ((version & 0xFF) != 2 || (version & kDeep) != 0 || (tiled && multi_part)) {
    throw Error("the EXR is deep or of another version, expected flat images of version 2");
  }
  if (multi_part) {
    return ReadParts(reader, options);
  }
  const Attributes attributes = ReadAttributes(reader);
  ExrHeader header;
  header.parts.push_back(CheckPart(attributes, tiled, options));
  header.parts[0].name.clear();
  header.parts[0].table = reader.position();
  return header;
}

}  // namespace dkn
