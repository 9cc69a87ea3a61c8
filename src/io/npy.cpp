#include "src/io/npy.h"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dkn/error.h"
#include "dkn/opencv.h"
#include "src/io/npy_header.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

SampleType ReadSampleType(std::string_view type) {
  if (type == "|u1") {
    return SampleType::kUint8;
  }
  if (type == "<u2") {
    return SampleType::kUint16;
  }
  if (type == "<f4") {
    return SampleType::kFloat32;
  }
  const std::string expected = ", expected float32, uint16 or uint8, little-endian";
  if (type == "<f8") {
    throw Error("the NPY holds float64" + expected);
  }
  throw Error((type.starts_with('>') ? "the NPY is big-endian" : "the NPY holds other elements") +
              expected);
}

std::size_t SampleSize(SampleType type) {
  return type == SampleType::kUint8 ? 1 : type == SampleType::kUint16 ? 2 : 4;
}

float ReadSample(ByteReader& reader, SampleType type) {
  switch (type) {
    case SampleType::kUint8:
      return reader.U8();
    case SampleType::kUint16:
      return reader.U16();
    case SampleType::kFloat32:
      break;
  }
  return std::bit_cast<float>(reader.U32());
}

// Calls visit(x, y, c) for every value in the order of the array.
template <typename Visit>
void ForEachSample(int width, int height, int channels, const Visit& visit) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        visit(x, y, c);
      }
    }
  }
}

}  // namespace

ImageFile ParseNpy(Bytes bytes, const ReadOptions& options) {
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
  const std::size_t values = reader.remaining() / SampleSize(type);
  if (channels < 1 || channels > INT32_MAX || reader.remaining() % SampleSize(type) != 0 ||
      values % plane != 0 || values / plane != static_cast<std::uint64_t>(channels)) {
    throw Error("the NPY has " + std::to_string(reader.remaining()) +
                " bytes of values, expected " + std::to_string(plane) + " pixels of " +
                std::to_string(channels) + " x " + std::to_string(SampleSize(type)) + " bytes");
  }
  ImageFile file{Image(), type};
  file.image.Reset(static_cast<int>(shape[1]), static_cast<int>(shape[0]),
                   static_cast<int>(channels));
  ForEachSample(file.image.width(), file.image.height(), file.image.channels(),
                [&](int x, int y, int c) { file.image(x, y, c) = ReadSample(reader, type); });
  return file;
}

std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type) {
  return FormatNpy(image, type,
                   image.channels == 1 ? std::vector<int>{} : std::vector<int>{image.channels});
}

std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type,
                                    const std::vector<int>& channel_shape) {
  if (image.empty()) {
    throw Error("the image is empty");
  }
  std::int64_t channels = 1;
  for (const int size : channel_shape) {
    channels = size > 0 && channels <= image.channels ? channels * size : 0;
  }
  if (channels != image.channels) {
    throw Error("the dimensions of an array's channels do not make up its " +
                std::to_string(image.channels));
  }
  const char* name = type == SampleType::kUint8    ? "|u1"
                     : type == SampleType::kUint16 ? "<u2"
                                                   : "<f4";
  std::string header = std::string("{'descr': '") + name + "', 'fortran_order': False, 'shape': (" +
                       std::to_string(image.height) + ", " + std::to_string(image.width);
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
  bytes.reserve(bytes.size() + SampleSize(type) * image.width * image.height * image.channels);
  ForEachSample(image.width, image.height, image.channels, [&](int x, int y, int c) {
    const float value = image(x, y, c);
    switch (type) {
      case SampleType::kUint8:
        bytes.push_back(ToSample<std::uint8_t>(value, x, y));
        break;
      case SampleType::kUint16:
        AppendLittleEndian(ToSample<std::uint16_t>(value, x, y), bytes);
        break;
      case SampleType::kFloat32:
        AppendLittleEndian(std::bit_cast<std::uint32_t>(value), bytes);
        break;
    }
  });
  return bytes;
}

}  // namespace dkn
