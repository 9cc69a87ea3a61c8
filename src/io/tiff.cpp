#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "dkn/error.h"
#include "src/io/container.h"

namespace dkn {
namespace {

// Tags of TIFF 6.0 (Adobe, 1992).
enum Tag : std::uint16_t {
  kImageWidth = 256,
  kImageLength = 257,
  kBitsPerSample = 258,
  kCompression = 259,
  kPhotometric = 262,
  kStripOffsets = 273,
  kOrientation = 274,
  kSamplesPerPixel = 277,
  kRowsPerStrip = 278,
  kStripByteCounts = 279,
  kPlanarConfiguration = 284,
  kTileWidth = 322,
  kTileLength = 323,
  kTileOffsets = 324,
  kTileByteCounts = 325,
  kExtraSamples = 338,
  kSampleFormat = 339,
};

constexpr std::uint32_t kGrey = 1, kRgb = 2, kPalette = 3;  // values of kPhotometric

// Bytes of one value of a type of TIFF 6.0, or of BigTIFF from type 16; 0 for a type that libtiff
// skips.
std::uint32_t TypeSize(std::uint16_t type) {
  constexpr std::uint32_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < std::size(kSizes) ? kSizes[type] : 0;
}

std::string TagText(Tag tag) {
  return "TIFF tag " + std::to_string(tag);
}

// The first page's tags. Values are read from the file when asked for, never copied.
class Directory {
 public:
  explicit Directory(Bytes bytes)
      : bytes_(bytes), order_(bytes[0] == 'I' ? std::endian::little : std::endian::big) {
    ByteReader reader(bytes_, order_);
    reader.Seek(4);
    reader.Seek(reader.U32());
    std::uint64_t total = 0;  // libtiff copies the values of every tag, also where tags share them
    for (int left = reader.U16(); left > 0; --left) {
      const std::uint16_t tag = reader.U16();
      Field field;
      field.type = reader.U16();
      field.count = reader.U32();
      field.position = reader.position();
      total += static_cast<std::uint64_t>(field.count) * TypeSize(field.type);
      if (static_cast<std::uint64_t>(field.count) * field.Size() > 4) {
        field.position = reader.U32();
      } else {
        reader.Take(4);
      }
      fields_.emplace(tag, field);
    }
    reader.U32();  // where the next page is
    if (total > bytes_.size()) {
      throw Error("the TIFF's tags declare values of " + std::to_string(total) +
                  " bytes, more than the file has");
    }
  }

  std::uint32_t Count(Tag tag) const {
    const auto found = fields_.find(tag);
    return found == fields_.end() ? 0 : found->second.count;
  }
  // Value `index` of a tag that must be there.
  std::uint32_t Value(Tag tag, std::uint32_t index = 0) const {
    const auto found = fields_.find(tag);
    if (found == fields_.end() || index >= found->second.count) {
      throw Error(TagText(tag) + " is missing or too short");
    }
    const Field& field = found->second;
    if (field.Size() == 0) {
      throw Error(TagText(tag) + " is of type " + std::to_string(field.type) +
                  ", expected an integer of 1, 2 or 4 bytes");
    }
    ByteReader reader(bytes_, order_);
    reader.Seek(field.position + static_cast<std::uint64_t>(index) * field.Size());
    return field.type == 1 ? reader.U8() : field.type == 3 ? reader.U16() : reader.U32();
  }
  std::uint32_t ValueOr(Tag tag, std::uint32_t absent) const {
    return Count(tag) == 0 ? absent : Value(tag);
  }

 private:
  struct Field {
    std::uint16_t type = 0;
    std::uint32_t count = 0;
    std::uint64_t position = 0;

    // Bytes of one value: BYTE, SHORT, LONG; 0 for types that no tag we read may have.
    std::uint32_t Size() const { return type == 1 ? 1 : type == 3 ? 2 : type == 4 ? 4 : 0; }
  };

  Bytes bytes_;
  std::endian order_;
  std::map<std::uint16_t, Field> fields_;
};

SampleType ReadSampleType(const Directory& tags) {
  const std::uint32_t bits = tags.ValueOr(kBitsPerSample, 1);
  for (std::uint32_t i = 1; i < tags.Count(kBitsPerSample); ++i) {
    if (tags.Value(kBitsPerSample, i) != bits) {
      throw Error("the TIFF has samples of different size");
    }
  }
  const std::uint32_t format = tags.ValueOr(kSampleFormat, 1);  // 1: unsigned, 3: float
  if (format == 1 && bits == 8) {
    return SampleType::kUint8;
  }
  if (format == 1 && bits == 16) {
    return SampleType::kUint16;
  }
  if (format == 3 && bits == 32) {
    return SampleType::kFloat32;
  }
  throw Error("the TIFF has samples of " + std::to_string(bits) + " bits and format " +
              std::to_string(format) + ", expected uint8, uint16 or float32");
}

ImageInfo ReadInfo(const Directory& tags) {
  ImageInfo info;
  info.width = tags.Value(kImageWidth);
  info.height = tags.Value(kImageLength);
  info.type = ReadSampleType(tags);
  const std::uint32_t samples = tags.ValueOr(kSamplesPerPixel, 1);
  const std::uint32_t colour = tags.Value(kPhotometric);
  const bool palette = colour == kPalette && samples == 1 && info.type == SampleType::kUint8;
  if (colour == kGrey && samples == 1) {
    info.channels = 1;
  } else if (palette || (colour == kRgb && (samples == 3 || samples == 4))) {
    info.channels = 3;
  } else {
    throw Error("the TIFF has " + std::to_string(samples) + " channels of photometric kind " +
                std::to_string(colour) + ", expected grey, R,G,B, R,G,B,alpha or 8-bit palette");
  }
  if (samples == 4 && info.type == SampleType::kUint8 && tags.ValueOr(kExtraSamples, 0) == 2) {
    // OpenCV 4.6 reads uint8 through libtiff's RGBA interface, which multiplies colours by alpha.
    throw Error("the TIFF is 8-bit with straight alpha, expected premultiplied or no alpha");
  }
  if (samples > 1 && tags.ValueOr(kPlanarConfiguration, 1) != 1) {
    throw Error("the TIFF stores its channels apart, expected interleaved ones");
  }
  if (tags.ValueOr(kOrientation, 1) != 1) {
    throw Error("the TIFF is stored rotated or mirrored (tag 274), expected upright");
  }
  return info;
}

std::uint64_t DivideUp(std::uint64_t a, std::uint64_t b) {
  return (a + b - 1) / b;
}

void CheckCompression(const Directory& tags) {
  // None, LZW, JPEG, Deflate, PackBits, Deflate's old number, LERC, Zstandard, WebP.
  constexpr std::uint32_t kKnown[] = {1, 5, 7, 8, 32773, 32946, 34887, 50000, 50001};
  const std::uint32_t compression = tags.ValueOr(kCompression, 1);
  if (std::find(std::begin(kKnown), std::end(kKnown), compression) == std::end(kKnown)) {
    // Not LZMA: the data decide how much memory its decoder takes, up to 4 GB.
    throw Error(
        "TIFF compression " + std::to_string(compression) +
        " is not read, expected none, LZW, JPEG, Deflate, PackBits, LERC, Zstandard or WebP");
  }
}

// Fills in info's block.
void CheckData(Bytes bytes, const Directory& tags, ImageInfo& info) {
  // libtiff takes a file with a size of tiles for tiled, and has one list for strips and tiles.
  const bool tiled = tags.Count(kTileWidth) > 0 || tags.Count(kTileLength) > 0;
  if (tags.Count(tiled ? kStripOffsets : kTileOffsets) > 0) {
    throw Error("the TIFF mixes tags of strips and of tiles");
  }
  const Tag offsets = tiled ? kTileOffsets : kStripOffsets;
  const Tag sizes = tiled ? kTileByteCounts : kStripByteCounts;
  const auto width = static_cast<std::uint64_t>(info.width);
  const auto height = static_cast<std::uint64_t>(info.height);
  const std::uint64_t part_width = tiled ? tags.Value(kTileWidth) : width;
  const std::uint64_t part_height =
      tiled ? tags.Value(kTileLength) : tags.ValueOr(kRowsPerStrip, UINT32_MAX);
  if (part_width == 0 || part_height == 0) {
    throw Error("the TIFF has tiles or strips of size 0");
  }
  const bool one_strip = !tiled && part_height == UINT32_MAX;
  info.block_width = static_cast<std::int64_t>(part_width);
  info.block_height = one_strip ? info.height : static_cast<std::int64_t>(part_height);
  const std::uint64_t parts = DivideUp(width, part_width) * DivideUp(height, part_height);
  if (tags.Count(offsets) != parts || tags.Count(sizes) != parts) {
    throw Error("the TIFF lists " + std::to_string(tags.Count(offsets)) + " offsets and " +
                std::to_string(tags.Count(sizes)) + " sizes of strips or tiles, expected " +
                std::to_string(parts));
  }
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < parts; ++i) {
    const std::uint64_t size = tags.Value(sizes, i);
    if (tags.Value(offsets, i) + size > bytes.size()) {
      throw Error("the file is truncated");
    }
    total += size;
  }
  const std::uint64_t bits = tags.ValueOr(kBitsPerSample, 1);
  const bool compressed = tags.ValueOr(kCompression, 1) != 1;
  const std::uint64_t row = width * tags.ValueOr(kSamplesPerPixel, 1) * bits / 8;
  if (total == 0 || (!compressed && total / row < height)) {
    throw Error("the TIFF holds fewer bytes of pixels than its size needs");
  }
}

}  // namespace

ImageInfo CheckTiff(Bytes bytes) {
  const Directory tags(bytes);
  ImageInfo info = ReadInfo(tags);
  CheckCompression(tags);
  if (info.width > 0 && info.height > 0) {
    CheckData(bytes, tags, info);
  }
  return info;
}

}  // namespace dkn
