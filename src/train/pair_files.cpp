#include "src/train/pair_files.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <string_view>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"

namespace dkn::train {
namespace {

constexpr std::string_view kMagic = "DKNPACK1";
constexpr std::uint32_t kMaxSide = 1 << 14;

}  // namespace

std::vector<RgbdPair> ReadPairs(const std::string& path) {
  return std::filesystem::is_directory(path) ? ReadPairFolder(path) : ReadPack(path);
}

std::vector<RgbdPair> ReadPack(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return InContext(path, [&] { return ParsePack(bytes); });
}

std::vector<RgbdPair> ParsePack(Bytes bytes) {
  ByteReader reader(bytes, std::endian::little);
  const Bytes magic = reader.Take(kMagic.size());
  if (!std::equal(magic.begin(), magic.end(), kMagic.begin())) {
    throw Error("is no pack of training pairs");
  }
  std::vector<RgbdPair> pairs;
  for (std::uint32_t left = reader.U32(); left > 0; --left) {
    const std::uint32_t width = reader.U32();
    const std::uint32_t height = reader.U32();
    const std::uint64_t pixels = std::uint64_t{width} * height;
    if (width > kMaxSide || height > kMaxSide || pixels == 0 || pixels * 5 > reader.remaining()) {
      throw Error("the pack is truncated or holds an impossible size");
    }
    const Bytes rgb = reader.Take(3 * pixels);
    RgbdPair pair{static_cast<int>(width), static_cast<int>(height), {rgb.begin(), rgb.end()}, {}};
    pair.depth.reserve(pixels);
    for (std::uint64_t i = 0; i < pixels; ++i) {
      pair.depth.push_back(reader.U16());
    }
    pairs.push_back(std::move(pair));
  }
  if (reader.remaining() != 0) {
    throw Error("the pack has " + std::to_string(reader.remaining()) + " bytes too many");
  }
  return pairs;
}

void WritePack(const std::string& path, const std::vector<RgbdPair>& pairs) {
  std::vector<std::uint8_t> bytes(kMagic.begin(), kMagic.end());
  AppendLittleEndian(static_cast<std::uint32_t>(pairs.size()), bytes);
  for (const RgbdPair& pair : pairs) {
    AppendLittleEndian(static_cast<std::uint32_t>(pair.width), bytes);
    AppendLittleEndian(static_cast<std::uint32_t>(pair.height), bytes);
    bytes.insert(bytes.end(), pair.rgb.begin(), pair.rgb.end());
    for (const std::uint16_t depth : pair.depth) {
      AppendLittleEndian(depth, bytes);
    }
  }
  WriteFileBytes(path, bytes);
}

RgbdPair CropPair(const RgbdPair& pair, int x, int y, int size) {
  RgbdPair part{size, size, {}, {}};
  const auto crop_planes = [&](const std::vector<std::uint8_t>& planes,
                               std::vector<std::uint8_t>& parts) {
    for (int row = 0; row < 3 * pair.height && !planes.empty(); ++row) {
      if (const int in_plane = row % pair.height; in_plane >= y && in_plane < y + size) {
        const auto from = planes.begin() + static_cast<std::ptrdiff_t>(row) * pair.width + x;
        parts.insert(parts.end(), from, from + size);
      }
    }
  };
  crop_planes(pair.rgb, part.rgb);
  crop_planes(pair.picture, part.picture);
  for (int row = 0; row < size && !pair.depth.empty(); ++row) {
    const auto from = pair.depth.begin() + static_cast<std::ptrdiff_t>(y + row) * pair.width + x;
    part.depth.insert(part.depth.end(), from, from + size);
  }
  return part;
}

std::vector<RgbdPair> CropPairs(const std::vector<RgbdPair>& pairs, int count, int size,
                                std::uint64_t seed) {
  std::vector<CropSampler::Size> sizes;
  for (const RgbdPair& pair : pairs) {
    sizes.push_back({pair.width, pair.height});
  }
  CropSampler sampler(std::move(sizes), size, 8, {/*flip=*/false}, seed);
  std::vector<RgbdPair> parts;
  for (int i = 0; i < count; ++i) {
    const Crop crop = sampler.At(i);
    parts.push_back(CropPair(pairs[crop.image], crop.x, crop.y, size));
  }
  return parts;
}

}  // namespace dkn::train
