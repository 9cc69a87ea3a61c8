#include "src/io/npy.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "dkn/error.h"
#include "dkn/frame.h"
#include "src/io/array_axes.h"
#include "src/io/npy_header.h"
#include "src/io/picture_rows.h"
#include "src/io/size_limit.h"
#include "src/io/stored_samples.h"

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

// What the header calls the type: its byte order, its kind and its bytes.
struct ArrayType {
  StoredType type;
  bool big_endian = false;
};

ArrayType ReadArrayType(std::string_view name) {
  ArrayType array;
  const char order = name.empty() ? '?' : name[0];
  const std::string_view rest = name.substr(std::min<std::size_t>(1, name.size()));
  const bool integer = rest == "u1" || rest == "u2" || rest == "u4" || rest == "u8" ||
                       rest == "i1" || rest == "i2" || rest == "i4" || rest == "i8";
  const bool is_float = rest == "f2" || rest == "f4" || rest == "f8";
  if ((order != '<' && order != '>' && order != '|') || !(integer || is_float || rest == "b1")) {
    throw Error("the NPY holds elements '" + std::string(name) +
                "', expected bool, integers of 8 to 64 bits or floats of 16 to 64");
  }
  array.type.kind = rest[0] == 'f'   ? StoredType::kFloat
                    : rest[0] == 'i' ? StoredType::kSigned
                                     : StoredType::kUnsigned;
  array.type.bytes = rest[1] - '0';
  array.big_endian = order == '>';
  return array;
}

// Values in the processor's byte order, pixel by pixel and row by row, from those of an array in
// another order.
std::vector<std::uint8_t> Reordered(Bytes values, const NpyHeader& header, const ArrayType& array,
                                    const std::vector<std::size_t>& axes) {
  const auto size = static_cast<std::size_t>(array.type.bytes);
  std::vector<std::size_t> steps(header.shape.size());  // bytes from a place to the next
  std::size_t step = size;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t axis = header.fortran_order ? i : steps.size() - 1 - i;
    steps[axis] = step;
    step *= static_cast<std::size_t>(header.shape[axis]);
  }
  const auto length = [&](std::size_t i) {
    return i < axes.size() ? static_cast<std::size_t>(header.shape[axes[i]]) : std::size_t{1};
  };
  const std::size_t channel_step = axes.size() > 2 ? steps[axes[2]] : 0;
  std::vector<std::uint8_t> ordered(values.size());
  std::uint8_t* to = ordered.data();
  for (std::size_t y = 0; y < length(0); ++y) {
    for (std::size_t x = 0; x < length(1); ++x) {
      for (std::size_t c = 0; c < length(2); ++c, to += size) {
        const std::uint8_t* const from =
            values.data() + y * steps[axes[0]] + x * steps[axes[1]] + c * channel_step;
        if (array.big_endian) {
          std::reverse_copy(from, from + size, to);
        } else {
          std::copy(from, from + size, to);
        }
      }
    }
  }
  return ordered;
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
  const ArrayType array = ReadArrayType(header.type);
  const ArrayAxes found = FindAxes(header.shape, "the NPY");
  if (found.channels_first) {
    throw Error("the NPY has the dimensions " + ShapeText(header.shape) +
                ", which seem to be [C, H, W]; expected [H, W, C]");
  }
  const std::vector<std::size_t>& axes = found.left;
  const std::int64_t height = header.shape[axes[0]];
  const std::int64_t width = header.shape[axes[1]];
  const std::int64_t channels = axes.size() == 3 ? header.shape[axes[2]] : 1;
  CheckSize(width, height, options);
  const auto plane = static_cast<std::uint64_t>(height) * static_cast<std::uint64_t>(width);
  const auto size = static_cast<std::size_t>(array.type.bytes);
  const std::size_t values = reader.remaining() / size;
  if (channels < 1 || channels > INT32_MAX || reader.remaining() % size != 0 ||
      values % plane != 0 || values / plane != static_cast<std::uint64_t>(channels)) {
    throw Error("the NPY has " + std::to_string(reader.remaining()) +
                " bytes of values, expected " + std::to_string(plane) + " pixels of " +
                std::to_string(channels) + " x " + std::to_string(size) + " bytes");
  }
  const FrameShape shape{static_cast<int>(width), static_cast<int>(height),
                         static_cast<int>(channels)};
  const Bytes samples = reader.Take(reader.remaining());
  if (!header.fortran_order && (!array.big_endian || size == 1)) {
    return FrameOfSamples(samples, array.type, shape, options);
  }
  return FrameOfSamples(Reordered(samples, header, array, axes), array.type, shape, options);
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
