#include "src/io/npy.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "dkn/error.h"
#include "dkn/frame.h"
#include "src/io/npy_header.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are in the NPY's byte order");

struct NpyType {
  const char* name;
  SampleType type;
};
constexpr NpyType kNpyTypes[] = {{"|u1", SampleType::kUint8},
                                 {"<u2", SampleType::kUint16},
                                 {"<f2", SampleType::kFloat16},
                                 {"<f4", SampleType::kFloat32}};

SampleType ReadSampleType(std::string_view name) {
  for (const NpyType& known : kNpyTypes) {
    if (name == known.name) {
      return known.type;
    }
  }
  const std::string expected = ", expected float32, float16, uint16 or uint8, little-endian";
  if (name == "<f8") {
    throw Error("the NPY holds float64" + expected);
  }
  throw Error((name.starts_with('>') ? "the NPY is big-endian" : "the NPY holds other elements") +
              expected);
}

const char* NpyName(SampleType type) {
  return std::find_if(std::begin(kNpyTypes), std::end(kNpyTypes),
                      [type](const NpyType& known) { return known.type == type; })
      ->name;
}

std::vector<std::uint8_t> Format(const ConstFrame& frame, const std::vector<int>& channel_shape) {
  const PictureRows picture(frame);
  std::string header = std::string("{'descr': '") + NpyName(picture.type()) +
                       "', 'fortran_order': False, 'shape': (" + std::to_string(picture.height()) +
                       ", " + std::to_string(picture.width());
  for (const int size : channel_shape) {
    header += ", " + std::to_string(size);
  }
  header += "), }";
  // Spaces and a newline pad the header, so that the values begin at a multiple of 64 bytes.
  constexpr std::size_t kBefore = kNpyMagic.size() + 4;  // version and length
  header.resize((kBefore + header.size() + 1 + 63) / 64 * 64 - kBefore - 1, ' ');
  header += '\n';

  std::vector<std::uint8_t> bytes(kNpyMagic.begin(), kNpyMagic.end());
  bytes.push_back(1);
  bytes.push_back(0);
  AppendLittleEndian(static_cast<std::uint16_t>(header.size()), bytes);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.reserve(bytes.size() + picture.row_bytes() * static_cast<std::size_t>(picture.height()));
  for (int y = 0; y < picture.height(); ++y) {
    bytes.insert(bytes.end(), picture.Row(y), picture.Row(y) + picture.row_bytes());
  }
  return bytes;
}

}  // namespace

FrameBuffer ParseNpy(Bytes bytes, const ReadOptions& options) {
  ByteReader reader(bytes, std::endian::little);
  const NpyHeader header = ReadNpyHeader(reader);
  const SampleType type = ReadSampleType(header.type);
  const std::vector<std::int64_t>& shape = header.shape;
  if (header.fortran_order) {
    throw Error("the NPY is in Fortran order, expected C order");
  }
  if (shape.size() != 2 && shape.size() != 3) {
    throw Error("the NPY has " + std::to_string(shape.size()) +
                " dimensions, expected [H, W] or [H, W, C]");
  }
  CheckSize(shape[1], shape[0], options);
  const std::int64_t channels = shape.size() == 3 ? shape[2] : 1;
  const auto plane = static_cast<std::uint64_t>(shape[0]) * static_cast<std::uint64_t>(shape[1]);
  const std::size_t size = SampleBytes(type);
  const std::size_t values = reader.remaining() / size;
  if (channels < 1 || channels > INT32_MAX || reader.remaining() % size != 0 ||
      values % plane != 0 || values / plane != static_cast<std::uint64_t>(channels)) {
    throw Error("the NPY has " + std::to_string(reader.remaining()) +
                " bytes of values, expected " + std::to_string(plane) + " pixels of " +
                std::to_string(channels) + " x " + std::to_string(size) + " bytes");
  }
  FrameBuffer frame(type, static_cast<int>(shape[1]), static_cast<int>(shape[0]),
                    static_cast<int>(channels));
  const Bytes samples = reader.Take(reader.remaining());
  std::memcpy(frame.data(), samples.data(), samples.size());
  return frame;
}

std::vector<std::uint8_t> FormatNpy(const ConstFrame& frame) {
  return Format(frame, frame.channels == 1 ? std::vector<int>{} : std::vector<int>{frame.channels});
}

std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type) {
  return FormatNpy(FrameOf(image, type));
}

std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type,
                                    const std::vector<int>& channel_shape) {
  std::int64_t channels = 1;
  for (const int size : channel_shape) {
    channels = size > 0 && channels <= image.channels ? channels * size : 0;
  }
  if (channels != image.channels) {
    throw Error("the dimensions of an array's channels do not make up its " +
                std::to_string(image.channels));
  }
  return Format(FrameOf(image, type), channel_shape);
}

}  // namespace dkn
