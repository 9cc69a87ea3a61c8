#include "src/io/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/io/test_png.h"

namespace dkn {
namespace {

using test_png::Chunk;
using test_png::Data;
using test_png::Header;
using test_png::MakePng;
using test_png::PalettePng;
using testing::AllOf;
using testing::HasSubstr;

class Labels : public FolderTest {
 protected:
  Image Read(const Data& bytes) { return ReadLabels(Put("a.png", bytes)); }
  std::string Refusal(const Data& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

TEST_F(Labels, ArePalettesIndices) {
  const Image labels = Read(PalettePng(3, 2, {0, 1, 20, 255, 7, 128}));
  ASSERT_EQ(labels.channels(), 1);
  EXPECT_EQ(labels(0, 0), 0.0f);
  EXPECT_EQ(labels(1, 0), 1.0f);
  EXPECT_EQ(labels(2, 0), 20.0f);
  EXPECT_EQ(labels(0, 1), 255.0f);
  EXPECT_EQ(labels(2, 1), 128.0f);
}

TEST_F(Labels, OfFewBitsAreNeitherStretchedNorCoalesced) {
  const Data palette = Chunk("PLTE", Data(12, 9));
  for (const int kind : {0, 3}) {
    const Image labels =
        Read(MakePng(Header(3, 1, 2, kind), {0, 0b00'01'11'00}, kind == 3 ? palette : Data{}));
    ASSERT_EQ(labels.channels(), 1);
    EXPECT_EQ(labels(0, 0), 0.0f);
    EXPECT_EQ(labels(1, 0), 1.0f);
    EXPECT_EQ(labels(2, 0), 3.0f);
  }
}

TEST_F(Labels, TransparentColoursOfAPaletteChangeNothing) {
  Data chunks = Chunk("PLTE", {1, 2, 3, 40, 50, 60});
  Append(chunks, Chunk("tRNS", {0, 128}));
  const Image labels = Read(MakePng(Header(2, 1, 8, 3), {0, 1, 0}, chunks));
  ASSERT_EQ(labels.channels(), 1);
  EXPECT_EQ(labels(0, 0), 1.0f);
}

TEST_F(Labels, MayBeGreyOfEightOrSixteenBits) {
  EXPECT_EQ(Read(MakePng(Header(2, 1, 8, 0), {0, 11, 255}))(1, 0), 255.0f);
  EXPECT_EQ(Read(MakePng(Header(2, 1, 16, 0), {0, 0, 11, 0, 255}))(1, 0), 255.0f);
  EXPECT_THAT(Refusal(MakePng(Header(2, 1, 16, 0), {0, 0, 11, 1, 0})),
              AllOf(HasSubstr("a.png"), HasSubstr("x 1, y 0 is 256, expected 0 to 255")));
}

TEST_F(Labels, AreInNoOtherPicture) {
  EXPECT_THAT(Refusal(MakePng(Header(1, 1, 8, 2), {0, 1, 2, 3})),
              AllOf(HasSubstr("a.png"), HasSubstr("in colour, expected labels")));
  EXPECT_THAT(Refusal(MakePng(Header(1, 1, 8, 4), {0, 1, 2})), HasSubstr("grey and alpha"));
  EXPECT_THAT(Refusal(MakePng(Header(1, 1, 8, 3), {0, 1})), HasSubstr("PLTE"));
  EXPECT_THAT(Refusal({'G', 'I', 'F', '8'}), HasSubstr("a.png"));
  EXPECT_THAT(Refusal(MakePng(Header(0x7FFFFFFF, 0x7FFFFFFF, 8, 0), {0})), HasSubstr("limit"));
  EXPECT_THAT(ErrorText([&] { ReadLabels(Path("absent.png")); }), HasSubstr("absent.png"));
}

}  // namespace
}  // namespace dkn
