#ifndef DKN_SRC_CORE_BYTES_H_
#define DKN_SRC_CORE_BYTES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dkn/error.h"

namespace dkn {

using Bytes = std::span<const std::uint8_t>;

// Reads unsigned integers from `bytes`, one after the other. Throws Error rather than read beyond
// the end.
class ByteReader {
 public:
  ByteReader(Bytes bytes, std::endian order) : bytes_(bytes), order_(order) {}

  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }

  void Seek(std::uint64_t position) {
    if (position > bytes_.size()) {
      throw Error("the file is truncated");
    }
    position_ = static_cast<std::size_t>(position);
  }
  Bytes Take(std::uint64_t count) {
    if (count > remaining()) {
      throw Error("the file is truncated");
    }
    const Bytes taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }
  std::uint8_t U8() { return Take(1)[0]; }
  std::uint16_t U16() { return static_cast<std::uint16_t>(Unsigned(2)); }
  std::uint32_t U32() { return static_cast<std::uint32_t>(Unsigned(4)); }
  std::uint64_t U64() { return Unsigned(8); }

 private:
  std::uint64_t Unsigned(std::size_t size) {
    const Bytes part = Take(size);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t shift = order_ == std::endian::little ? i : size - 1 - i;
      value |= static_cast<std::uint64_t>(part[i]) << (8 * shift);
    }
    return value;
  }

  Bytes bytes_;
  std::endian order_;
  std::size_t position_ = 0;
};

// An unsigned integer that was read from memory as it is, least significant byte first.
template <typename T>
T FromLittleEndian(T value) {
  if constexpr (std::endian::native == std::endian::little) {
    return value;
  }
  T turned = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    turned = static_cast<T>(turned << 8 | (value >> (8 * i) & 0xff));
  }
  return turned;
}

// Appends an unsigned integer, least significant byte first.
template <typename T>
void AppendLittleEndian(T value, std::vector<std::uint8_t>& bytes) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_BYTES_H_
