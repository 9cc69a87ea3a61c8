#include "src/io/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/io/image_files.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

Data MakeNpy(const std::string& header, const Data& values, int version = 1) {
  Data bytes{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
  AppendInteger(bytes, header.size(), version == 1 ? 2 : 4, false);
  Append(bytes, Data(header.begin(), header.end()));
  Append(bytes, values);
  return bytes;
}

std::string Header(const std::string& type, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

ImageFile Parse(const Data& bytes) {
  return ImageFileOf(ParseNpy(bytes, ReadOptions()));
}

std::string Refusal(const Data& bytes) {
  return ErrorText([&] { Parse(bytes); });
}

TEST(Npy, ReadsEachType) {
  const ImageFile bytes = Parse(MakeNpy(Header("|u1", "(1, 2)"), {7, 255}));
  EXPECT_EQ(bytes.type, SampleType::kUint8);
  EXPECT_EQ(bytes.image(1, 0), 255.0f);
  const ImageFile shorts = Parse(MakeNpy(Header("<u2", "(2, 1)"), {1, 2, 3, 4}));
  EXPECT_EQ(shorts.type, SampleType::kUint16);
  EXPECT_EQ(shorts.image(0, 1), 3.0f + 4 * 256);
  const ImageFile floats = Parse(MakeNpy(Header("<f4", "(1, 1, 1)"), {0, 0, 0x80, 0xBF}));
  EXPECT_EQ(floats.type, SampleType::kFloat32);
  EXPECT_EQ(floats.image(0, 0), -1.0f);
}

TEST(Npy, ChannelsAreTheLastDimension) {
  const Image image = Parse(MakeNpy(Header("|u1", "(1, 2, 3)"), {1, 2, 3, 4, 5, 6})).image;
  EXPECT_EQ(image.width(), 2);
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 2), 3.0f);
  EXPECT_EQ(image(1, 0, 0), 4.0f);
}

TEST(Npy, KeysMayComeInAnyOrder) {
  const std::string header = "{\"shape\":(1,1),'fortran_order':False,'descr':'|u1'}";
  for (const int version : {1, 2, 3}) {
    EXPECT_EQ(Parse(MakeNpy(header, {9}, version)).image(0, 0), 9.0f);
  }
}

TEST(Npy, WritesWhatItReads) {
  for (const SampleType type : {SampleType::kUint8, SampleType::kUint16, SampleType::kFloat32}) {
    for (const int channels : {1, 3, 21}) {
      const Image image = Pattern(7, 5, channels, 255);
      const Data bytes = FormatNpy(image, type);
      const ImageFile file = Parse(bytes);
      EXPECT_EQ(file.type, type);
      ExpectEqual(file.image, image);
      const std::size_t values = image.size() * (type == SampleType::kUint8    ? 1
                                                 : type == SampleType::kUint16 ? 2
                                                                               : 4);
      EXPECT_EQ((bytes.size() - values) % 64, 0u);  // as NumPy aligns the values
    }
  }
}

TEST(Npy, ChannelsMayBeWrittenAsSeveralDimensions) {
  const Image image = Pattern(5, 4, 6, 255);
  const Data flat = FormatNpy(image, SampleType::kFloat32);
  const Data deep = FormatNpy(image, SampleType::kFloat32, {2, 3});
  EXPECT_THAT(std::string(deep.begin(), deep.begin() + 128), HasSubstr("'shape': (4, 5, 2, 3), }"));
  const std::ptrdiff_t values = static_cast<std::ptrdiff_t>(4 * image.size());
  EXPECT_EQ(Data(deep.end() - values, deep.end()), Data(flat.end() - values, flat.end()));
  EXPECT_EQ(FormatNpy(image, SampleType::kFloat32, {6}), flat);
  EXPECT_THAT(ErrorText([&] { FormatNpy(image, SampleType::kFloat32, {2, 2}); }), HasSubstr("6"));
  EXPECT_THROW(FormatNpy(image, SampleType::kFloat32, {-2, -3}), Error);
}

TEST(Npy, RefusesOtherTypesAndOrders) {
  const Data values(64);
  EXPECT_THAT(Refusal(MakeNpy(Header("<f8", "(2, 4)"), values)), HasSubstr("float64"));
  EXPECT_THAT(Refusal(MakeNpy(Header(">f4", "(4, 4)"), values)), HasSubstr("big-endian"));
  EXPECT_THAT(Refusal(MakeNpy(Header("<i4", "(4, 4)"), values)), HasSubstr("other elements"));
  EXPECT_THAT(
      Refusal(MakeNpy("{'descr': '|u1', 'fortran_order': True, 'shape': (8, 8), }", values)),
      HasSubstr("Fortran"));
  for (const char* shape : {"()", "(64,)", "(2, 2, 4, 4)"}) {
    EXPECT_THAT(Refusal(MakeNpy(Header("|u1", shape), values)), HasSubstr("dimensions"));
  }
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(8, 8)"), values, 4)), HasSubstr("version 4"));
}

TEST(Npy, RefusesDamagedHeaders) {
  const Data values(4);
  for (const char* header :
       {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'shape': (2, 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)} x",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 2)}",
        "{'descr': |u1, 'fortran_order': False, 'shape': (2, 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, -2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2), 'more': 'x'}"}) {
    EXPECT_THAT(Refusal(MakeNpy(header, values)), HasSubstr("header is damaged")) << header;
  }
  Data cut = MakeNpy(Header("|u1", "(2, 2)"), {});
  cut.resize(30);
  EXPECT_THAT(Refusal(cut), HasSubstr("truncated"));
}

// Products of the shape that overflow 64 bits must not pass for small ones.
TEST(Npy, TheFileSizeIsExact) {
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(2, 2)"), Data(3))), HasSubstr("3 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(2, 2)"), Data(5))), HasSubstr("5 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy(Header("<u2", "(2, 2)"), Data(9))), HasSubstr("9 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(2, 2, 0)"), {})), HasSubstr("0 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(0, 2)"), {})), HasSubstr("2 x 0"));
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(65536, 65536)"), Data(4))), HasSubstr("limit"));
  ReadOptions wide;
  wide.max_pixels = INT64_MAX;
  EXPECT_THROW(
      ParseNpy(MakeNpy(Header("|u1", "(2147483647, 2147483647, 2147483647)"), Data(4)), wide),
      Error);
  EXPECT_THROW(ParseNpy(MakeNpy(Header("<f4", "(1073741824, 2147483647, 4)"), {}), wide), Error);
}

}  // namespace
}  // namespace dkn
