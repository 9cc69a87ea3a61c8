#include "src/io/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "dkn/io.h"
#include "src/io/image_files.h"
#include "src/io/npy.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

Data Deflate(const Data& bytes) {
  Data deflated(bytes.size() + 100);
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = deflated.data();
  stream.avail_out = static_cast<uInt>(deflated.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  deflated.resize(stream.total_out);
  deflateEnd(&stream);
  return deflated;
}

struct Part {
  std::string name;
  Data bytes;
  bool deflated = false;
  std::uint64_t size = 0;  // that the archive tells; 0: the true one
  bool zip64 = false;
  std::uint16_t flags = 0;
};

// An archive as numpy.savez and numpy.savez_compressed write it.
Data MakeNpz(const std::vector<Part>& parts) {
  Data bytes;
  Data list;
  for (const Part& part : parts) {
    const Data stored = part.deflated ? Deflate(part.bytes) : part.bytes;
    const std::uint64_t size = part.size != 0 ? part.size : part.bytes.size();
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, part.bytes.data(), static_cast<uInt>(part.bytes.size())));
    const std::size_t place = bytes.size();
    const auto append_sizes = [&](Data& to) {
      AppendInteger(to, part.zip64 ? 0xFFFFFFFF : stored.size(), 4, false);
      AppendInteger(to, part.zip64 ? 0xFFFFFFFF : size, 4, false);
      AppendInteger(to, part.name.size(), 2, false);
      AppendInteger(to, part.zip64 ? 20 : 0, 2, false);
    };
    const auto append_names = [&](Data& to) {
      Append(to, Data(part.name.begin(), part.name.end()));
      if (part.zip64) {
        AppendInteger(to, 1, 2, false);
        AppendInteger(to, 16, 2, false);
        AppendInteger(to, size, 8, false);
        AppendInteger(to, stored.size(), 8, false);
      }
    };
    const auto append_common = [&](Data& to) {
      AppendInteger(to, part.flags, 2, false);
      AppendInteger(to, part.deflated ? 8 : 0, 2, false);
      AppendInteger(to, 0, 4, false);
      AppendInteger(to, crc, 4, false);
    };
    Append(bytes, {'P', 'K', 3, 4, 20, 0});
    append_common(bytes);
    append_sizes(bytes);
    append_names(bytes);
    Append(bytes, stored);
    Append(list, {'P', 'K', 1, 2, 20, 0, 20, 0});
    append_common(list);
    append_sizes(list);
    Append(list, Data(10));
    AppendInteger(list, place, 4, false);
    append_names(list);
  }
  const std::size_t place = bytes.size();
  Append(bytes, list);
  Append(bytes, {'P', 'K', 5, 6, 0, 0, 0, 0});
  AppendInteger(bytes, parts.size(), 2, false);
  AppendInteger(bytes, parts.size(), 2, false);
  AppendInteger(bytes, list.size(), 4, false);
  AppendInteger(bytes, place, 4, false);
  AppendInteger(bytes, 0, 2, false);
  return bytes;
}

class Npz : public FolderTest {
 protected:
  const Image image_ = Pattern(9, 7, 1, 65535);
  const Data npy_ = FormatNpy(image_, SampleType::kUint16);
  const Image other_ = Pattern(5, 4, 3, 255);
  const Data other_npy_ = FormatNpy(other_, SampleType::kUint8);

  static std::string Refusal(const Data& bytes, const std::string& name = "") {
    ReadOptions options;
    options.name = name;
    return ErrorText([&] { ParseNpz(bytes, options); });
  }
};

TEST_F(Npz, ReadsTheOnlyArray) {
  for (const bool deflated : {false, true}) {
    for (const bool zip64 : {false, true}) {
      const ImageFile file =
          ReadImage(Put("a.npz", MakeNpz({{"arr_0.npy", npy_, deflated, 0, zip64}})));
      EXPECT_EQ(file.type, SampleType::kUint16);
      ExpectEqual(file.image, image_);
    }
  }
}

TEST_F(Npz, ReadsTheArrayThatTheNameTells) {
  const std::string path =
      Put("a.npz", MakeNpz({{"depth.npy", npy_}, {"rgb.npy", other_npy_, true}}));
  ExpectEqual(ReadImage(path + ":depth").image, image_);
  ExpectEqual(ReadImage(path + ":rgb").image, other_);
  ReadOptions options;
  options.name = "rgb";
  ExpectEqual(ReadImage(path, options).image, other_);
  EXPECT_THAT(ErrorText([&] { ReadImage(path); }),
              AllOf(HasSubstr("a.npz: "), HasSubstr("2 arrays"), HasSubstr("FILE.npz:NAME"),
                    HasSubstr("there are depth, rgb")));
  EXPECT_THAT(ErrorText([&] { ReadImage(path + ":deep"); }),
              AllOf(HasSubstr("no array 'deep'"), HasSubstr("there are depth, rgb")));
  // A file of the whole name comes first.
  Put("a.npz:rgb", npy_);
  ExpectEqual(ReadImage(path + ":rgb").image, image_);
  EXPECT_THAT(ErrorText([&] { ReadImage(Put("b.npy", npy_) + ":x"); }), HasSubstr("has no 'x'"));
  EXPECT_THAT(ErrorText([&] { ReadImage(Path("absent.npz:x")); }), HasSubstr("cannot be read"));
}

TEST_F(Npz, RefusesDamagedArchives) {
  const Data good = MakeNpz({{"a.npy", npy_, true}});
  ASSERT_EQ(Refusal(good), "");
  for (std::size_t size = 4; size < good.size(); ++size) {
    EXPECT_NE(Refusal(Data(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "")
        << size;
  }
  // Each byte of the array and of what its list tells of sizes and places.
  for (const std::size_t place : {std::size_t{60}, good.size() - 6, good.size() - 22 - 51 + 16,
                                  good.size() - 22 - 51 + 20, good.size() - 22 - 51 + 24}) {
    Data other = good;
    other[place] ^= 0x11;
    EXPECT_NE(Refusal(other), "") << place;
  }
  EXPECT_THAT(Refusal(MakeNpz({{"a.txt", Data(100, 'x')}})), HasSubstr("is no NPY file"));
  EXPECT_THAT(Refusal(MakeNpz({{"a.npy", npy_, false, 0, false, 1}})), HasSubstr("encrypted"));
  EXPECT_THAT(Refusal(MakeNpz({})), HasSubstr("0 arrays"));
}

// 100 kB that would become 100 MB and more.
TEST_F(Npz, RefusesWhatWouldTakeMemory) {
  const Data zeros(100'000'000);
  ReadOptions small;
  small.max_pixels = 1000;
  const Data bomb = MakeNpz({{"a.npy", zeros, true}});
  ASSERT_LT(bomb.size(), 200'000u);
  EXPECT_THAT(ErrorText([&] { ParseNpz(bomb, small); }), HasSubstr("more than it can or may"));
  EXPECT_THAT(Refusal(MakeNpz({{"a.npy", npy_, true, 1u << 31}})), HasSubstr("more than it can"));
  EXPECT_THAT(Refusal(MakeNpz({{"a.npy", npy_, true, npy_.size() + 1}})),
              HasSubstr("another size"));
  EXPECT_THAT(Refusal(MakeNpz({{"a.npy", npy_, true, npy_.size() - 1}})),
              HasSubstr("another size"));
}

}  // namespace
}  // namespace dkn
