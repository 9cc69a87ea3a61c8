#include "src/io/npy_array.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>

#include "dkn/error.h"
#include "src/core/bytes.h"
#include "src/core/in_context.h"
#include "src/io/npy_header.h"

namespace dkn {
namespace {

constexpr std::size_t kMaxHeader = 1 << 16;  // bytes; NumPy writes 128

// The first bytes of the file, at most kMaxHeader. Sets `size` to the file's.
std::vector<std::uint8_t> ReadBeginning(const std::string& path, std::uint64_t& size) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) {
    throw Error(path + ": " + (code ? code.message() : "is not a plain file"));
  }
  size = std::filesystem::file_size(path, code);
  std::ifstream stream(path, std::ios::binary);
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(size, kMaxHeader));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (code || !stream) {
    throw Error(path + ": cannot be read");
  }
  return bytes;
}

// The product of the lengths; throws Error when more than `limit`, or 0.
std::uint64_t CountValues(const std::vector<std::int64_t>& shape, std::uint64_t limit) {
  std::uint64_t count = 1;
  for (const std::int64_t length : shape) {
    if (length == 0 || static_cast<std::uint64_t>(length) > limit / count) {
      throw Error("the file holds " + std::to_string(limit) +
                  " values, its header promises another number");
    }
    count *= static_cast<std::uint64_t>(length);
  }
  return count;
}

double ReadValue(ByteReader& reader, const std::string& type) {
  if (type == "|u1") {
    return reader.U8();
  }
  if (type == "<u2") {
    return reader.U16();
  }
  return type == "<f4" ? std::bit_cast<float>(reader.U32()) : std::bit_cast<double>(reader.U64());
}

}  // namespace

NpyArray::NpyArray(const std::string& path) : path_(path) {
  std::uint64_t size = 0;
  const std::vector<std::uint8_t> bytes = ReadBeginning(path, size);
  InContext(path, [&] {
    if (bytes.size() < kNpyMagic.size() ||
        !std::equal(kNpyMagic.begin(), kNpyMagic.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
      throw Error("is not an NPY file");
    }
    ByteReader reader(bytes, std::endian::little);
    NpyHeader header = ReadNpyHeader(reader);
    shape_ = std::move(header.shape);
    type_ = std::move(header.type);
    values_begin_ = reader.position();
    value_size_ = type_ == "|u1"   ? 1
                  : type_ == "<u2" ? 2
                  : type_ == "<f4" ? 4
                  : type_ == "<f8" ? 8
                                   : 0;
    full_scale_ = value_size_ == 1 ? 255.0 : value_size_ == 2 ? 65535.0 : 1.0;
    if (value_size_ == 0 || header.fortran_order) {
      throw Error("expected uint8, uint16, float32 or float64, little-endian and in C order");
    }
    const std::uint64_t limit = (size - values_begin_) / value_size_;
    count_ = CountValues(shape_, limit);
    if (count_ * value_size_ != size - values_begin_) {
      throw Error("has " + std::to_string(size - values_begin_) + " bytes of values, expected " +
                  std::to_string(count_) + " x " + std::to_string(value_size_));
    }
  });
}

std::string NpyArray::ShapeText() const {
  std::string text = "[";
  for (const std::int64_t length : shape_) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  }
  return text + "]";
}

std::vector<double> NpyArray::Read(std::uint64_t first, std::size_t count) const {
  if (first > count_ || count > count_ - first) {
    throw Error(path_ + ": has " + std::to_string(count_) + " values, expected " +
                std::to_string(count) + " from " + std::to_string(first));
  }
  std::vector<std::uint8_t> bytes(count * value_size_);
  std::ifstream stream(path_, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(values_begin_ + first * value_size_));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!stream) {
    throw Error(path_ + ": cannot be read");
  }
  ByteReader reader(bytes, std::endian::little);
  std::vector<double> values(count);
  std::generate(values.begin(), values.end(), [&] { return ReadValue(reader, type_); });
  return values;
}

}  // namespace dkn
