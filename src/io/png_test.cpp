#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "src/io/test_png.h"

namespace dkn {
namespace {

using test_png::Chunk;
using test_png::Data;
using test_png::Header;
using test_png::MakePng;
using ::testing::HasSubstr;

class Png : public FolderTest {
 protected:
  ImageFile Read(const Data& bytes) { return ReadImage(Put("a.png", bytes)); }
  std::string Refusal(const Data& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

TEST_F(Png, GreyKeepsOneChannel) {
  const ImageFile file = Read(MakePng(Header(2, 1, 16, 0), {0, 1, 2, 3, 4}));
  EXPECT_EQ(file.type, SampleType::kUint16);
  ASSERT_EQ(file.image.channels(), 1);
  EXPECT_EQ(file.image(0, 0), 258.0f);
  EXPECT_EQ(file.image(1, 0), 772.0f);
}

TEST_F(Png, AlphaIsDropped) {
  const Image grey = Read(MakePng(Header(2, 1, 8, 4), {0, 10, 128, 20, 0})).image;
  ASSERT_EQ(grey.channels(), 1);
  EXPECT_EQ(grey(0, 0), 10.0f);
  EXPECT_EQ(grey(1, 0), 20.0f);
  const Image colour = Read(MakePng(Header(1, 1, 8, 6), {0, 10, 20, 30, 0})).image;
  ASSERT_EQ(colour.channels(), 3);
  EXPECT_EQ(colour(0, 0, 0), 10.0f);
  EXPECT_EQ(colour(0, 0, 2), 30.0f);
  const ImageFile deep = Read(MakePng(Header(1, 1, 16, 4), {0, 1, 2, 0, 5}));
  EXPECT_EQ(deep.type, SampleType::kUint16);
  ASSERT_EQ(deep.image.channels(), 1);
  EXPECT_EQ(deep.image(0, 0), 258.0f);
}

// Depth of 16 bits that a program has stored as grey and alpha.
TEST_F(Png, GreyAndAlphaMayBeTheBytesOfSixteenBits) {
  const Data depth = MakePng(Header(3, 1, 8, 4), {0, 10, 0, 20, 7, 30, 254});
  const ImageFile file = Read(depth);
  EXPECT_EQ(file.type, SampleType::kUint16);
  ASSERT_EQ(file.image.channels(), 1);
  EXPECT_EQ(file.image(0, 0), 10.0f);
  EXPECT_EQ(file.image(1, 0), 20.0f + 256 * 7);
  EXPECT_EQ(file.image(2, 0), 30.0f + 256 * 254);
  ASSERT_EQ(file.notes.size(), 1u);
  EXPECT_THAT(file.notes[0], HasSubstr("16 bits"));
  // Guides are pictures, and so is what is opaque somewhere.
  EXPECT_EQ(ReadGuide(Put("a.png", depth))(1, 0), 20.0f / 255.0f);
  const ImageFile soft = Read(MakePng(Header(3, 1, 8, 4), {0, 10, 0, 20, 7, 30, 255}));
  EXPECT_EQ(soft.type, SampleType::kUint8);
  EXPECT_EQ(soft.image(1, 0), 20.0f);
  EXPECT_TRUE(soft.notes.empty());
}

TEST_F(Png, PaletteIsExpanded) {
  const Data palette = Chunk("PLTE", {1, 2, 3, 40, 50, 60});
  for (const Data& extra : {Data{}, Chunk("tRNS", {0, 128})}) {
    Data chunks = palette;
    Append(chunks, extra);
    const Image image = Read(MakePng(Header(2, 1, 8, 3), {0, 1, 0}, chunks)).image;
    ASSERT_EQ(image.channels(), 3);
    EXPECT_EQ(image(0, 0, 0), 40.0f);
    EXPECT_EQ(image(0, 0, 2), 60.0f);
    EXPECT_EQ(image(1, 0, 0), 1.0f);
  }
}

// One colour declared transparent changes no value and no channel count.
TEST_F(Png, TransparentColourIsIgnored) {
  const Data grey_key = Chunk("tRNS", {0, 10});
  const Image grey = Read(MakePng(Header(2, 1, 8, 0), {0, 10, 20}, grey_key)).image;
  ASSERT_EQ(grey.channels(), 1);
  EXPECT_EQ(grey(0, 0), 10.0f);
  const Data colour_key = Chunk("tRNS", {0, 10, 0, 20, 0, 30});
  const Image colour = Read(MakePng(Header(1, 1, 8, 2), {0, 10, 20, 30}, colour_key)).image;
  ASSERT_EQ(colour.channels(), 3);
  EXPECT_EQ(colour(0, 0, 1), 20.0f);
}

TEST_F(Png, FewBitsAreStretched) {
  const Image image = Read(MakePng(Header(3, 1, 2, 0), {0, 0b00'01'11'00})).image;
  EXPECT_EQ(image(0, 0), 0.0f);
  EXPECT_EQ(image(1, 0), 85.0f);
  EXPECT_EQ(image(2, 0), 255.0f);
}

TEST_F(Png, RefusesDamage) {
  const Data good = MakePng(Header(2, 1, 8, 0), {0, 10, 20});
  ASSERT_EQ(Refusal(good), "");
  Data flipped = good;
  flipped[good.size() - 20] ^= 1;  // in IDAT
  EXPECT_THAT(Refusal(flipped), HasSubstr("IDAT"));
  flipped = good;
  flipped[good.size() - 13] ^= 1;  // its CRC
  EXPECT_THAT(Refusal(flipped), HasSubstr("IDAT: CRC"));
  Data text = Chunk("tEXt", {'k', 0, 'a'});
  text.back() ^= 1;
  EXPECT_THAT(Refusal(MakePng(Header(2, 1, 8, 0), {0, 10, 20}, text)), HasSubstr("tEXt: CRC"));
  EXPECT_NE(Refusal(MakePng(Header(2, 2, 8, 0), {0, 10, 20})), "");  // a row is missing
  EXPECT_THAT(Refusal(MakePng(Header(0, 1, 8, 0), {0})), HasSubstr("width is zero"));
  EXPECT_THAT(Refusal(MakePng(Header(2, 1, 8, 1), {0, 10, 20})), HasSubstr("Invalid color type"));
  EXPECT_NE(Refusal(MakePng(Header(2, 1, 7, 0), {0, 10, 20})), "");
  EXPECT_THAT(Refusal(MakePng(Chunk("tEXt", {}), {0})), HasSubstr("IHDR"));
}

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// Of compressed text libpng would keep up to 8 MB a chunk: here 780 MB, of a file of 1 MB.
TEST_F(Png, TextIsNotKept) {
  const Data text(7'800'000, 'a');
  uLongf size = compressBound(text.size());
  Data chunk(3 + size);
  chunk[0] = 'k';  // keyword, method
  ASSERT_EQ(compress(chunk.data() + 3, &size, text.data(), text.size()), Z_OK);
  chunk.resize(3 + size);
  Data chunks;
  for (int i = 0; i < 100; ++i) {
    Append(chunks, Chunk("zTXt", chunk));
  }
  const Data file = MakePng(Header(2, 1, 8, 0), {0, 10, 20}, chunks);
  const long before = PeakMegabytes();
  EXPECT_EQ(Read(file).image(1, 0), 20.0f);
  EXPECT_LT(PeakMegabytes(), before + 100);
}

// Seven passes of Adam7: of 2 x 2 pixels passes 1, 6 and 7 have some.
TEST_F(Png, InterlacedRowsAreWhole) {
  Data header;
  AppendInteger(header, 2, 4, true);
  AppendInteger(header, 2, 4, true);
  Append(header, {8, 0, 0, 0, 1});
  const Image image = Read(MakePng(Chunk("IHDR", header), {0, 10, 0, 20, 0, 30, 40})).image;
  EXPECT_EQ(image(0, 0), 10.0f);
  EXPECT_EQ(image(1, 0), 20.0f);
  EXPECT_EQ(image(0, 1), 30.0f);
  EXPECT_EQ(image(1, 1), 40.0f);
}

// The header alone promises 2^62 pixels: refused before anything is allocated.
TEST_F(Png, RefusesHugeSizes) {
  EXPECT_THAT(Refusal(MakePng(Header(0x7FFFFFFF, 0x7FFFFFFF, 8, 0), {0})), HasSubstr("limit"));
  EXPECT_NE(Refusal(MakePng(Header(0xFFFFFFFF, 1, 8, 0), {0})), "");
}

}  // namespace
}  // namespace dkn
