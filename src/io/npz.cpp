#include "src/io/npz.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/io/name_list.h"
#include "src/io/npy.h"
#include "src/io/npy_header.h"

namespace dkn {
namespace {

// Source: "APPNOTE.TXT - .ZIP File Format Specification" of PKWARE, sections 4.3 to 4.5.
constexpr std::uint32_t kLocalMagic = 0x04034b50;
constexpr std::uint32_t kCentralMagic = 0x02014b50;
constexpr std::uint32_t kEndMagic = 0x06054b50;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kMaxComment = 65535;
constexpr std::uint16_t kZip64 = 1;
constexpr std::uint32_t kInZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
// No deflated byte becomes more (RFC 1951: 258 bytes of two bits).
constexpr std::uint64_t kMostGrowth = 1032;
// Bytes of an archive's array for each pixel that the options allow: 4 channels of 8; and of its
// header.
constexpr std::uint64_t kMostPixelBytes = 32;
constexpr std::uint64_t kMaxHeader = 1 << 16;

struct Entry {
  std::string name;  // without .npy
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t stored = 0;  // bytes
  std::uint64_t size = 0;    // bytes when inflated
  std::uint64_t place = 0;   // of its local header
};

// Where the record at the archive's end begins.
std::size_t FindEnd(Bytes bytes) {
  const std::size_t least = bytes.size() - std::min(bytes.size(), kEndSize + kMaxComment);
  for (std::size_t at = bytes.size() - std::min(bytes.size(), kEndSize) + 1; at-- > least;) {
    ByteReader reader(bytes, std::endian::little);
    reader.Seek(at);
    if (reader.remaining() >= kEndSize && reader.U32() == kEndMagic) {
      return at;
    }
  }
  throw Error("the NPZ is truncated: it has no list of its arrays");
}

// Of sizes that 32 bits did not hold an extra field has 64.
void ReadZip64(Bytes extra, Entry& entry) {
  ByteReader reader(extra, std::endian::little);
  while (reader.remaining() > 0) {
    const std::uint16_t kind = reader.U16();
    const Bytes field = reader.Take(reader.U16());
    if (kind == kZip64) {
      ByteReader values(field, std::endian::little);
      for (std::uint64_t* value : {&entry.size, &entry.stored, &entry.place}) {
        if (*value == kInZip64) {
          *value = values.U64();
        }
      }
    }
  }
}

Entry ReadEntry(ByteReader& reader) {
  if (reader.U32() != kCentralMagic) {
    throw Error("the NPZ's list of arrays is damaged");
  }
  Entry entry;
  reader.Take(4);  // versions
  entry.flags = reader.U16();
  entry.method = reader.U16();
  reader.Take(4);  // time
  entry.crc = reader.U32();
  entry.stored = reader.U32();
  entry.size = reader.U32();
  const std::uint16_t name_size = reader.U16();
  const std::uint16_t extra_size = reader.U16();
  const std::uint16_t comment_size = reader.U16();
  reader.Take(8);  // disk and attributes
  entry.place = reader.U32();
  const Bytes name = reader.Take(name_size);
  entry.name.assign(name.begin(), name.end());
  if (entry.name.ends_with(".npy")) {
    entry.name.resize(entry.name.size() - 4);
  }
  ReadZip64(reader.Take(extra_size), entry);
  reader.Take(comment_size);
  return entry;
}

std::vector<Entry> ReadEntries(Bytes bytes) {
  ByteReader reader(bytes, std::endian::little);
  reader.Seek(FindEnd(bytes) + 10);
  const int count = reader.U16();
  reader.U32();  // bytes of the list
  reader.Seek(reader.U32());
  std::vector<Entry> entries;
  for (int i = 0; i < count; ++i) {
    entries.push_back(ReadEntry(reader));
  }
  return entries;
}

const Entry& ChooseEntry(const std::vector<Entry>& entries, const std::string& wanted) {
  std::vector<std::string> names;
  for (const Entry& entry : entries) {
    if (entry.name == wanted || (wanted.empty() && entries.size() == 1)) {
      return entry;
    }
    names.push_back(entry.name);
  }
  throw Error((wanted.empty() ? std::string("the NPZ has ") + std::to_string(names.size()) +
                                    " arrays, expected one, or its name as FILE.npz:NAME"
                              : "the NPZ has no array '" + wanted + "'") +
              NameList(names));
}

// What is stored of it in the archive.
Bytes StoredBytes(Bytes bytes, const Entry& entry) {
  ByteReader reader(bytes, std::endian::little);
  reader.Seek(entry.place);
  if (reader.U32() != kLocalMagic) {
    throw Error("the NPZ is damaged: no array begins at byte " + std::to_string(entry.place));
  }
  reader.Take(22);
  const std::uint16_t name_size = reader.U16();
  const std::uint16_t extra_size = reader.U16();
  reader.Take(name_size);
  reader.Take(extra_size);
  return reader.Take(entry.stored);
}

std::vector<std::uint8_t> Inflate(Bytes stored, std::uint64_t size) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {  // without zlib's own header
    throw MemoryError("no memory to inflate an NPZ");
  }
  constexpr std::uint64_t kMostAtOnce = 1u << 30;
  stream.next_in = const_cast<Bytef*>(stored.data());
  stream.next_out = bytes.data();
  std::uint64_t left_in = stored.size();
  std::uint64_t left_out = bytes.size();
  int code = Z_OK;
  while (code == Z_OK) {
    const auto in = static_cast<uInt>(std::min(left_in, kMostAtOnce));
    const auto out = static_cast<uInt>(std::min(left_out, kMostAtOnce));
    stream.avail_in = in;
    stream.avail_out = out;
    code = inflate(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR where it can go on no more
    left_in -= in - stream.avail_in;
    left_out -= out - stream.avail_out;
  }
  inflateEnd(&stream);
  if (code != Z_STREAM_END || left_in != 0 || left_out != 0) {
    throw Error("the NPZ's array is damaged: it inflates to another size than it says");
  }
  return bytes;
}

std::uint32_t Crc(Bytes bytes) {
  return static_cast<std::uint32_t>(crc32_z(crc32_z(0, nullptr, 0), bytes.data(), bytes.size()));
}

}  // namespace

FrameBuffer ParseNpz(Bytes bytes, const ReadOptions& options) {
  const std::vector<Entry> entries = ReadEntries(bytes);
  const Entry& entry = ChooseEntry(entries, options.name);
  const Bytes stored = StoredBytes(bytes, entry);
  if ((entry.flags & kEncrypted) != 0 || (entry.method != kStored && entry.method != kDeflated)) {
    throw Error("the NPZ's array is encrypted or of compression " + std::to_string(entry.method) +
                ", expected none or 8 (deflate)");
  }
  const bool deflated = entry.method == kDeflated;
  const std::uint64_t growth = deflated ? kMostGrowth : 1;
  if ((!deflated && entry.size != entry.stored) || entry.size / growth > entry.stored ||
      (entry.size - std::min(entry.size, kMaxHeader)) / kMostPixelBytes >
          static_cast<std::uint64_t>(options.max_pixels)) {
    throw Error("the NPZ's array is to have " + std::to_string(entry.size) + " bytes of " +
                std::to_string(entry.stored) + " stored, more than it can or may");
  }
  const std::vector<std::uint8_t> inflated =
      deflated ? Inflate(stored, entry.size) : std::vector<std::uint8_t>();
  const Bytes array = deflated ? Bytes(inflated) : stored;
  if (Crc(array) != entry.crc) {
    throw Error("the NPZ's array is damaged: its check sum is another");
  }
  if (array.size() < kNpyMagic.size() ||
      !std::equal(kNpyMagic.begin(), kNpyMagic.end(), array.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
    throw Error("'" + entry.name + "' of the NPZ is no NPY file");
  }
  return ParseNpy(array, options);
}

}  // namespace dkn
