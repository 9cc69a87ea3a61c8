#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>

#include "dkn/error.h"
#include "src/io/exr_header.h"

namespace dkn {
namespace {

// Source: "OpenEXR File Layout" of the OpenEXR project.
enum Compression : std::uint8_t { kNone = 0, kRle = 1, kZips = 2, kZip = 3 };

// How many bytes run-length codes expand to, -1 where some are missing. A code is a count below 0,
// and as many bytes as it is below, which are copied; or a count from 0, and a byte, which is
// repeated once more than the count.
std::int64_t RleSize(Bytes bytes) {
  ByteReader reader(bytes, std::endian::little);
  std::int64_t size = 0;
  while (reader.remaining() > 0) {
    const auto count = static_cast<std::int8_t>(reader.U8());
    const std::uint64_t stored = count < 0 ? static_cast<std::uint64_t>(-count) : 1;
    if (stored > reader.remaining()) {
      return -1;
    }
    reader.Take(stored);
    size += count < 0 ? -count : count + 1;
  }
  return size;
}

// How many bytes a zlib stream expands to, counted to a little more than `limit` at most; -1 where
// the stream is damaged.
std::int64_t ZlibSize(Bytes bytes, std::int64_t limit) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) {
    throw MemoryError("no memory to check an EXR");
  }
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());  // of a chunk, 32 bits
  std::int64_t size = 0;
  int code = Z_OK;
  while (code == Z_OK && size <= limit) {
    Bytef block[16384];
    stream.next_out = block;
    stream.avail_out = sizeof(block);
    code = inflate(&stream, Z_NO_FLUSH);
    size += static_cast<std::int64_t>(sizeof(block) - stream.avail_out);
  }
  inflateEnd(&stream);
  return code == Z_STREAM_END || code == Z_OK ? size : -1;
}

// Whether a chunk expands to `size` bytes. Of compressions other than none, RLE and ZIP only a
// chunk without data is refused here: OpenEXR itself refuses data of theirs that end early.
bool HoldsPixels(Bytes chunk, std::uint8_t compression, std::int64_t size) {
  const auto stored = static_cast<std::int64_t>(chunk.size());
  if (stored == size) {  // what does not shrink is stored as it is
    return true;
  }
  if (stored == 0 || compression == kNone) {
    return false;
  }
  if (compression > kZip) {
    return true;
  }
  return stored < size && (compression == kRle ? RleSize(chunk) : ZlibSize(chunk, size)) == size;
}

}  // namespace

void CheckExrChunks(Bytes bytes, const ExrHeader& header, std::size_t index) {
  const ExrPart& part = header.parts[index];
  const std::int64_t width = part.data.width;
  const std::int64_t height = part.data.height;
  ByteReader table(bytes, std::endian::little);
  table.Seek(part.table);
  ByteReader reader(bytes, std::endian::little);
  // The table begins with the chunks of the whole image; smaller copies of it may follow.
  for (std::int64_t y = 0; y < height; y += part.chunk_height) {
    const std::int64_t rows = std::min(part.chunk_height, height - y);
    for (std::int64_t x = 0; x < width; x += part.chunk_width) {
      const std::int64_t columns = std::min(part.chunk_width, width - x);
      const std::uint64_t place = table.U64();
      reader.Seek(place);
      const bool of_part = !header.multi_part || reader.U32() == index;
      reader.Take(part.tiled ? 16 : 4);  // where its pixels are
      const Bytes chunk = reader.Take(reader.U32());
      if (place == 0 ||  // one that has not been written
          !of_part || !HoldsPixels(chunk, part.compression, rows * columns * part.pixel_bytes)) {
        throw Error("the EXR's pixels at x = " + std::to_string(x) + ", y = " + std::to_string(y) +
                    " are missing or damaged");
      }
    }
  }
}

}  // namespace dkn
