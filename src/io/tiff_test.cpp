#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dkn/io.h"
#include "src/io/image_codecs.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;

using Tags = std::map<int, std::vector<std::uint32_t>>;

// A TIFF of one page: header, `pixels` from byte 8, tags. All pixels are one strip unless the tags
// say otherwise. Offsets and sizes are LONG, all other values SHORT.
std::vector<std::uint8_t> MakeTiff(Tags tags, const std::vector<std::uint8_t>& pixels,
                                   bool big_endian = false) {
  std::vector<std::uint8_t> bytes = big_endian ? std::vector<std::uint8_t>{'M', 'M', 0, 42}
                                               : std::vector<std::uint8_t>{'I', 'I', 42, 0};
  if (tags.count(324) == 0) {
    tags.emplace(273, std::vector<std::uint32_t>{8});
    tags.emplace(279, std::vector<std::uint32_t>{static_cast<std::uint32_t>(pixels.size())});
  }
  const std::size_t directory = (8 + pixels.size() + 1) / 2 * 2;
  AppendInteger(bytes, directory, 4, big_endian);
  Append(bytes, pixels);
  bytes.resize(directory);
  AppendInteger(bytes, tags.size(), 2, big_endian);
  std::vector<std::uint8_t> apart;  // values that do not fit the tag's own four bytes
  const std::size_t apart_begin = directory + 2 + 12 * tags.size() + 4;
  for (const auto& [tag, values] : tags) {
    AppendInteger(bytes, static_cast<std::uint64_t>(tag), 2, big_endian);
    const bool is_short = tag != 273 && tag != 279 && tag != 324 && tag != 325;
    const int size = is_short ? 2 : 4;
    AppendInteger(bytes, is_short ? 3 : 4, 2, big_endian);
    AppendInteger(bytes, values.size(), 4, big_endian);
    std::vector<std::uint8_t> data;
    for (const std::uint32_t value : values) {
      AppendInteger(data, value, size, big_endian);
    }
    if (data.size() <= 4) {
      data.resize(4);
      Append(bytes, data);
    } else {
      AppendInteger(bytes, apart_begin + apart.size(), 4, big_endian);
      Append(apart, data);
    }
  }
  AppendInteger(bytes, 0, 4, big_endian);
  Append(bytes, apart);
  return bytes;
}

// 2 x 1 pixels, grey, uint8.
Tags Grey() {
  return {{256, {2}}, {257, {1}}, {258, {8}}, {262, {1}}, {277, {1}}};
}
Tags Colour() {
  return {{256, {2}}, {257, {1}}, {258, {8, 8, 8}}, {262, {2}}, {277, {3}}, {284, {1}}};
}
Tags With(Tags tags, int tag, std::vector<std::uint32_t> values) {
  tags[tag] = std::move(values);
  return tags;
}

class Tiff : public FolderTest {
 protected:
  ImageFile Read(const std::vector<std::uint8_t>& bytes) { return ReadImage(Put("a.tif", bytes)); }
  std::string Refusal(const std::vector<std::uint8_t>& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

TEST_F(Tiff, BothByteOrders) {
  for (const bool big : {false, true}) {
    const std::vector<std::uint8_t> two_shorts =
        big ? std::vector<std::uint8_t>{1, 2, 3, 4} : std::vector<std::uint8_t>{2, 1, 4, 3};
    const ImageFile file = Read(MakeTiff(With(Grey(), 258, {16}), two_shorts, big));
    EXPECT_EQ(file.type, SampleType::kUint16);
    EXPECT_EQ(file.image(0, 0), 258.0f);
    EXPECT_EQ(file.image(1, 0), 772.0f);
    EXPECT_EQ(Read(MakeTiff(Grey(), {7, 9}, big)).image(1, 0), 9.0f);
  }
}

TEST_F(Tiff, PaletteIsExpanded) {
  std::vector<std::uint32_t> map(3 * 256);
  for (std::uint32_t i = 0; i < 256; ++i) {
    map[i] = i * 257;
    map[256 + i] = (255 - i) * 257;
    map[512 + i] = 7 * 257;
  }
  const Image image = Read(MakeTiff(With(With(Grey(), 262, {3}), 320, map), {3, 200})).image;
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 3.0f);
  EXPECT_EQ(image(0, 0, 1), 252.0f);
  EXPECT_EQ(image(1, 0, 0), 200.0f);
  EXPECT_EQ(image(1, 0, 2), 7.0f);
}

// Alpha must not touch the colours: neither straight alpha nor premultiplied, at 8 bits nor at 16.
TEST_F(Tiff, AlphaIsDropped) {
  const Tags tags = With(With(With(Colour(), 277, {4}), 258, {8, 8, 8, 8}), 338, {1});
  const std::vector<std::uint8_t> pixels{200, 100, 50, 128, 10, 20, 30, 0};
  const Image image = Read(MakeTiff(tags, pixels)).image;
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 200.0f);
  EXPECT_EQ(image(0, 0, 2), 50.0f);
  EXPECT_EQ(image(1, 0, 1), 20.0f);
  ExpectEqual(Read(MakeTiff(With(tags, 338, {2}), pixels)).image, image);

  const Tags deep = With(With(tags, 258, {16, 16, 16, 16}), 338, {2});
  std::vector<std::uint8_t> wide;
  for (const std::uint8_t value : pixels) {
    AppendInteger(wide, value * 100u, 2, false);
  }
  EXPECT_EQ(Read(MakeTiff(deep, wide)).image(0, 0, 0), 20000.0f);
}

TEST_F(Tiff, RefusesWhatWouldBeAltered) {
  const std::vector<std::uint8_t> pixels(64);
  const auto refusal = [&](const Tags& tags) { return Refusal(MakeTiff(tags, pixels)); };
  EXPECT_THAT(refusal(With(Grey(), 258, {24})), HasSubstr("24 bits"));
  EXPECT_THAT(refusal(With(Colour(), 258, {4, 4, 4})), HasSubstr("4 bits"));
  EXPECT_THAT(refusal(With(Grey(), 339, {3})), HasSubstr("8 bits and format 3"));
  EXPECT_THAT(refusal(With(With(Grey(), 258, {16}), 339, {5})), HasSubstr("format 5"));  // complex
  const Tags four = With(With(Colour(), 277, {4}), 258, {8, 8, 8, 8});
  EXPECT_THAT(refusal(With(four, 262, {5})), HasSubstr("inks of print (CMYK), expected grey"));
  EXPECT_THAT(refusal(With(Colour(), 262, {6})), HasSubstr("Y,Cb,Cr"));
  EXPECT_THAT(refusal(With(Colour(), 262, {8})), HasSubstr("L*a*b*"));
  EXPECT_THAT(refusal(With(With(With(Grey(), 262, {0}), 258, {32}), 339, {3})),
              HasSubstr("floats of which 0 is white"));
  EXPECT_THAT(refusal(With(Colour(), 258, {8, 8, 16})), HasSubstr("BitsPerSample"));
}

TEST_F(Tiff, RefusesDamage) {
  const auto says_library = HasSubstr("the TIFF library says: ");
  EXPECT_THAT(Refusal(MakeTiff(With(Grey(), 273, {0xFFFFFFFF}), {1, 2})), says_library);
  EXPECT_THAT(Refusal(MakeTiff(With(Grey(), 257, {300}), {1, 2})), says_library);
  EXPECT_THAT(Refusal(MakeTiff(With(Grey(), 278, {0}), {1, 2})), says_library);
  EXPECT_THAT(Refusal(MakeTiff(With(Grey(), 256, {0}), {1, 2})), HasSubstr("size is zero"));
  Tags without = Grey();
  without.erase(257);
  EXPECT_THAT(Refusal(MakeTiff(without, {1, 2})), says_library);
  without = Grey();
  without.erase(262);
  EXPECT_THAT(Refusal(MakeTiff(without, {1, 2})), HasSubstr("photometric"));
  EXPECT_THAT(Refusal({'I', 'I', 42, 0, 8, 0, 0, 0}), HasSubstr("truncated"));
}

// As libtiff lays them out: the pixels behind the tags.
TEST_F(Tiff, RefusesTruncatedPixels) {
  const Image image = Pattern(64, 50, 3, 255);
  for (const SampleType type : {SampleType::kUint8, SampleType::kFloat32}) {
    const std::vector<std::uint8_t> good = TiffBytes(FrameOf(image, type));
    ASSERT_EQ(Refusal(good), "");
    for (const std::size_t missing : {std::size_t{1}, good.size() / 2}) {
      const auto end = good.end() - static_cast<std::ptrdiff_t>(missing);
      EXPECT_NE(Refusal(std::vector<std::uint8_t>(good.begin(), end)), "") << missing;
    }
  }
}

// Declared sizes that memory would be taken for, whatever the file holds.
TEST_F(Tiff, RefusesSizesThatTheFileDoesNotFill) {
  const std::vector<std::uint8_t> pixels(512);
  const auto refusal = [&](const Tags& tags) { return Refusal(MakeTiff(tags, pixels)); };
  EXPECT_EQ(refusal(With(Grey(), 278, {32769})), "");  // of strips the image's rows count
  const Tags tiles = With(With(Grey(), 324, {8}), 325, {512});
  EXPECT_THAT(refusal(With(With(tiles, 322, {16384}), 323, {1040})), HasSubstr("16384 x 1040"));
  EXPECT_NE(refusal(With(With(tiles, 322, {0}), 323, {16})), "");
  EXPECT_THAT(refusal(With(Grey(), 259, {34925})), HasSubstr("compression 34925"));  // LZMA
}

// libtiff would copy the values once for every tag.
TEST_F(Tiff, RefusesTagsThatShareTheirValues) {
  Tags tags = Grey();
  for (int tag = 40000; tag < 40004; ++tag) {
    tags[tag] = {1, 2, 3};
  }
  std::vector<std::uint8_t> bytes = MakeTiff(tags, std::vector<std::uint8_t>(1000));
  ASSERT_EQ(Refusal(bytes), "");
  for (std::size_t i = bytes.size() - 24 - 4 - 4 * 12; i < bytes.size() - 24 - 4; i += 12) {
    ASSERT_EQ(bytes[i + 1], 40000 >> 8);
    bytes[i + 4] = 200;  // values,
    bytes[i + 8] = 8;    // from byte 8 on
    bytes[i + 9] = 0;
  }
  EXPECT_THAT(Refusal(bytes), HasSubstr("declare values"));
  // Of BigTIFF too.
  std::vector<std::uint8_t> big{'I', 'I', 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0};
  AppendInteger(big, 1, 8, false);
  AppendInteger(big, 40000 | 16 << 16, 4, false);
  AppendInteger(big, std::uint64_t{1} << 61, 8, false);  // 8 times as much is 0 in 64 bits
  AppendInteger(big, 0, 8, false);
  EXPECT_THAT(Refusal(big), HasSubstr("declare values"));
}

// Several strips, and tiles, as other software writes them.
TEST_F(Tiff, StripsAndTiles) {
  const Tags strips = With(With(With(With(Grey(), 257, {2}), 278, {1}), 273, {8, 10}), 279, {2, 2});
  EXPECT_EQ(Read(MakeTiff(strips, {1, 2, 3, 4})).image(1, 1), 4.0f);

  Tags tiles = With(With(With(With(Grey(), 322, {16}), 323, {16}), 324, {8}), 325, {256});
  std::vector<std::uint8_t> tile(256);
  tile[1] = 77;
  EXPECT_EQ(Read(MakeTiff(tiles, tile)).image(1, 0), 77.0f);
  EXPECT_NE(Refusal(MakeTiff(With(tiles, 325, {100000}), tile)), "");
}

}  // namespace
}  // namespace dkn
