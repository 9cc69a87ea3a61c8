#include "src/io/pfm.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <system_error>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

bool IsSpace(std::uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

// The next word of the header, at most 32 bytes, and the one space that ends it.
std::string ReadWord(ByteReader& reader) {
  std::uint8_t byte = reader.U8();
  while (IsSpace(byte)) {
    byte = reader.U8();
  }
  std::string word;
  for (; !IsSpace(byte); byte = reader.U8()) {
    word += static_cast<char>(byte);
    if (word.size() > 32) {
      throw Error("the PFM header is damaged: a word of more than 32 bytes");
    }
  }
  return word;
}

template <typename T>
T ReadNumber(ByteReader& reader, const std::string& what) {
  const std::string word = ReadWord(reader);
  T value{};
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data(), end, value);
  if (code != std::errc() || stop != end) {
    throw Error("the PFM header is damaged: its " + what + " is not a number");
  }
  return value;
}

}  // namespace

FrameBuffer ParsePfm(Bytes bytes, const ReadOptions& options) {
  ByteReader header(bytes, std::endian::little);
  const std::string magic = ReadWord(header);
  if (magic != "PF" && magic != "Pf") {
    throw Error("not a PFM file");
  }
  const int channels = magic == "PF" ? 3 : 1;
  const auto width = ReadNumber<std::int64_t>(header, "width");
  const auto height = ReadNumber<std::int64_t>(header, "height");
  CheckSize(width, height, options);
  const auto scale = ReadNumber<double>(header, "scale");
  if (!std::isfinite(scale) || scale == 0.0) {
    throw Error("the PFM header is damaged: its scale is 0 or not finite");
  }
  const std::uint64_t row_size = static_cast<std::uint64_t>(width) * channels * sizeof(float);
  const std::size_t size = header.remaining();
  if (size % row_size != 0 || size / row_size != static_cast<std::uint64_t>(height)) {
    throw Error("the PFM has " + std::to_string(size) + " bytes of pixels, expected " +
                std::to_string(height) + " rows of " + std::to_string(row_size));
  }
  ByteReader data(header.Take(size), scale < 0 ? std::endian::little : std::endian::big);
  FrameBuffer frame(SampleType::kFloat32, static_cast<int>(width), static_cast<int>(height),
                    channels);
  const std::ptrdiff_t row = std::ptrdiff_t{frame.width()} * channels;
  for (std::ptrdiff_t y = frame.height() - 1; y >= 0; --y) {
    std::generate_n(frame.As<float>() + y * row, row,
                    [&] { return std::bit_cast<float>(data.U32()); });
  }
  return frame;
}

std::vector<std::uint8_t> FormatPfm(ConstView image) {
  if (image.empty() || (image.channels != 1 && image.channels != 3)) {
    throw Error("a PFM holds 1 or 3 channels, the image is " + SizeText(image) + " x " +
                std::to_string(image.channels));
  }
  const std::string header = std::string(image.channels == 3 ? "PF" : "Pf") + "\n" +
                             std::to_string(image.width) + " " + std::to_string(image.height) +
                             "\n-1.0\n";
  std::vector<std::uint8_t> bytes(header.begin(), header.end());
  bytes.reserve(bytes.size() + sizeof(float) * image.width * image.height * image.channels);
  for (int y = image.height - 1; y >= 0; --y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        AppendLittleEndian(std::bit_cast<std::uint32_t>(image(x, y, c)), bytes);
      }
    }
  }
  return bytes;
}

}  // namespace dkn
