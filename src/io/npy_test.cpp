#include "src/io/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <utility>
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

// Values of `size` bytes in either byte order.
Data Integers(const std::vector<std::int64_t>& values, int size, bool big_endian = false) {
  Data bytes;
  for (const std::int64_t value : values) {
    AppendInteger(bytes, static_cast<std::uint64_t>(value), size, big_endian);
  }
  return bytes;
}

struct Told {
  ImageFile file;
  std::vector<std::string> notes;
};

Told ParseTelling(const Data& bytes) {
  std::vector<std::string> notes;
  ReadOptions options;
  options.notes = &notes;
  ImageFile file = ImageFileOf(ParseNpy(bytes, options));
  return {std::move(file), std::move(notes)};
}

TEST(Npy, OtherIntegersBecomeThoseThatHoldThem) {
  for (const int size : {1, 2, 4, 8}) {
    for (const std::string kind : {"i", "u"}) {
      for (const bool big : {false, true}) {
        const std::string type = (big ? ">" : "<") + kind + std::to_string(size);
        SCOPED_TRACE(type);
        const auto [file, notes] =
            ParseTelling(MakeNpy(Header(type, "(1, 3)"), Integers({0, 7, 127}, size, big)));
        EXPECT_EQ(file.type, size == 1 ? SampleType::kUint8 : SampleType::kUint16);
        EXPECT_EQ(file.image(1, 0), 7.0f);
        EXPECT_EQ(file.image(2, 0), 127.0f);
        EXPECT_THAT(notes, ::testing::IsEmpty());
      }
    }
  }
  EXPECT_EQ(Parse(MakeNpy(Header("<i4", "(1, 2)"), Integers({0, 65535}, 4))).image(1, 0), 65535.0f);
}

TEST(Npy, IntegersThatDoNotFitAreToldAndBecomeFloats) {
  for (const std::string type : {"<i2", ">i2"}) {
    const auto [file, notes] =
        ParseTelling(MakeNpy(Header(type, "(1, 2)"), Integers({-1, 300}, 2, type[0] == '>')));
    EXPECT_EQ(file.type, SampleType::kFloat32);
    EXPECT_EQ(file.image(0, 0), -1.0f);
    EXPECT_EQ(file.image(1, 0), 300.0f);
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_THAT(notes[0], HasSubstr("int16"));
    EXPECT_THAT(notes[0], ::testing::Not(HasSubstr("rounded")));
  }
  EXPECT_EQ(Parse(MakeNpy(Header("|i1", "(1, 1)"), {0x80})).image(0, 0), -128.0f);
  EXPECT_EQ(Parse(MakeNpy(Header("<u4", "(1, 1)"), Integers({65536}, 4))).image(0, 0), 65536.0f);
  const auto [wide, notes] =
      ParseTelling(MakeNpy(Header("<i8", "(1, 2)"), Integers({(1 << 24) + 1, INT64_MIN}, 8)));
  EXPECT_EQ(wide.image(0, 0), 16777216.0f);
  EXPECT_EQ(wide.image(1, 0), -9223372036854775808.0f);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0], HasSubstr("rounded"));
  const Data most(8, 0xFF);
  EXPECT_EQ(Parse(MakeNpy(Header("<u8", "(1, 1)"), most)).image(0, 0), 18446744073709551616.0f);
}

TEST(Npy, Doubles) {
  const auto doubles = [](const std::vector<double>& values, bool big) {
    std::vector<std::int64_t> bits;
    for (const double value : values) {
      bits.push_back(std::bit_cast<std::int64_t>(value));
    }
    return Integers(bits, 8, big);
  };
  for (const bool big : {false, true}) {
    const std::string type = big ? ">f8" : "<f8";
    const auto exact = ParseTelling(MakeNpy(Header(type, "(1, 2)"), doubles({0.5, NAN}, big)));
    EXPECT_EQ(exact.file.type, SampleType::kFloat32);
    EXPECT_EQ(exact.file.image(0, 0), 0.5f);
    EXPECT_TRUE(std::isnan(exact.file.image(1, 0)));
    EXPECT_THAT(exact.notes, ::testing::IsEmpty());
    const auto told = ParseTelling(MakeNpy(Header(type, "(1, 2)"), doubles({0.1, 1e300}, big)));
    EXPECT_EQ(told.file.image(0, 0), 0.1f);
    EXPECT_TRUE(std::isnan(told.file.image(1, 0)));
    ASSERT_EQ(told.notes.size(), 2u);
    EXPECT_THAT(told.notes[0], HasSubstr("float64 values are rounded"));
    EXPECT_THAT(told.notes[1], HasSubstr("holes"));
  }
}

TEST(Npy, BigEndianFloatsAndBool) {
  EXPECT_EQ(Parse(MakeNpy(Header(">f4", "(1, 1)"), {0xBF, 0x80, 0, 0})).image(0, 0), -1.0f);
  const ImageFile half = Parse(MakeNpy(Header(">f2", "(1, 1)"), {0x3C, 0}));
  EXPECT_EQ(half.type, SampleType::kFloat16);
  EXPECT_EQ(half.image(0, 0), 1.0f);
  const ImageFile mask = Parse(MakeNpy(Header("|b1", "(1, 2)"), {0, 1}));
  EXPECT_EQ(mask.type, SampleType::kUint8);
  EXPECT_EQ(mask.image(1, 0), 1.0f);
}

TEST(Npy, FortranOrder) {
  const auto header = [](const std::string& type, const std::string& shape) {
    return "{'descr': '" + type + "', 'fortran_order': True, 'shape': " + shape + ", }";
  };
  const Image grey = Parse(MakeNpy(header("|u1", "(2, 3)"), {1, 2, 3, 4, 5, 6})).image;
  EXPECT_EQ(grey(0, 1), 2.0f);
  EXPECT_EQ(grey(1, 0), 3.0f);
  EXPECT_EQ(grey(2, 1), 6.0f);
  const Image colour = Parse(MakeNpy(header(">u2", "(1, 2, 2, 3)"),
                                     Integers({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, true)))
                           .image;
  ASSERT_EQ(colour.channels(), 3);
  EXPECT_EQ(colour(1, 0, 0), 2.0f);
  EXPECT_EQ(colour(0, 1, 2), 9.0f);
}

TEST(Npy, AxesOfLengthOneDoNotCount) {
  struct Case {
    const char* shape;
    int height, width, channels;
  };
  for (const Case& expected :
       {Case{"(1, 6, 8)", 6, 8, 1}, Case{"(6, 8, 1)", 6, 8, 1}, Case{"(1, 1, 6, 8)", 6, 8, 1},
        Case{"(6, 1, 8)", 6, 8, 1}, Case{"(1, 6, 8, 1)", 6, 8, 1}, Case{"(1, 4, 4, 3)", 4, 4, 3},
        Case{"(1, 16, 3)", 1, 16, 3}, Case{"(1, 48, 1)", 1, 48, 1}, Case{"(1, 48)", 1, 48, 1},
        Case{"(48, 1)", 48, 1, 1}, Case{"(1, 1, 48)", 1, 48, 1}, Case{"(4, 4, 3)", 4, 4, 3}}) {
    SCOPED_TRACE(expected.shape);
    const Image image = Parse(MakeNpy(Header("|u1", expected.shape), Data(48))).image;
    EXPECT_EQ(image.height(), expected.height);
    EXPECT_EQ(image.width(), expected.width);
    EXPECT_EQ(image.channels(), expected.channels);
  }
}

TEST(Npy, RefusesWhatSeemsToHaveItsChannelsFirst) {
  for (const char* shape : {"(3, 8, 10)", "(1, 3, 8, 10)", "(2, 8, 15)"}) {
    EXPECT_THAT(Refusal(MakeNpy(Header("|u1", shape), Data(240))), HasSubstr(shape)) << shape;
  }
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(21, 30, 300)"), Data(189000))), HasSubstr("C, H, W"));
  EXPECT_EQ(Refusal(MakeNpy(Header("|u1", "(6, 8, 21)"), Data(1008))), "");
  EXPECT_EQ(Refusal(MakeNpy(Header("|u1", "(3, 4, 5)"), Data(60))), "");
}

TEST(Npy, RefusesOtherTypes) {
  const Data values(64);
  for (const char* type : {"<c8", "|S4", "<U1", "<f1", "<f16", "<i3", "|O", "u1", "", "<M8[s]"}) {
    EXPECT_THAT(Refusal(MakeNpy(Header(type, "(4, 4)"), values)), HasSubstr("expected bool"))
        << type;
  }
  for (const char* shape : {"()", "(64,)", "(2, 2, 4, 4)"}) {
    EXPECT_THAT(Refusal(MakeNpy(Header("|u1", shape), values)),
                AllOf(HasSubstr("dimensions"), HasSubstr(shape)));
  }
  EXPECT_THAT(Refusal(MakeNpy(Header("|u1", "(8, 8)"), values, 4)), HasSubstr("version 4"));
}

TEST(Npy, RefusesDamagedHeaders) {
  const Data values(4);
  for (const char* header :
       {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1', 'shape': (2, 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)} x",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 2)}", "{'descr': [",
        "{'descr': [], 'fortran_order': False, 'shape': (2, 2)}", "{'descr': [('x",
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

// Clouds of points, as ROS and PCL give them.
TEST(Npy, RecordsAreToldByTheirFields) {
  const Data values(24);
  EXPECT_THAT(
      Refusal(MakeNpy("{'descr': [('x', '<f4'), ('ring', '<u2', (2,)), (\"t\", '<f4')], "
                      "'fortran_order': False, 'shape': (2,), }",
                      values)),
      HasSubstr("the NPY holds records of the fields x, ring, t, expected an array of numbers; "
                "numpy.save('one.npy', array['x']) saves one field"));
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
