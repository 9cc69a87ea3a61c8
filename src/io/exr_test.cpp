#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

class Exr : public FolderTest {
 protected:
  ImageFile Read(const Data& bytes) { return ReadImage(Put("a.exr", bytes)); }
  std::string Refusal(const Data& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

Data Encode(const cv::Mat& mat, const std::vector<int>& parameters = {}) {
  Data bytes;
  cv::imencode(".exr", mat, bytes, parameters);
  return bytes;
}

// Position of `text` in the file.
std::size_t Find(const Data& bytes, const std::string& text) {
  const auto found = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
  EXPECT_NE(found, bytes.end());
  return static_cast<std::size_t>(found - bytes.begin());
}

Data Words(const std::vector<std::uint32_t>& values) {
  Data bytes;
  for (const std::uint32_t value : values) {
    AppendInteger(bytes, value, 4, false);
  }
  return bytes;
}

void AppendText(Data& bytes, const std::string& text) {
  Append(bytes, Data(text.begin(), text.end()));
  bytes.push_back(0);
}

// As it stands in a header. The declared size may lie.
Data Attribute(const std::string& name, const std::string& type, const Data& value,
               std::size_t size) {
  Data bytes;
  AppendText(bytes, name);
  AppendText(bytes, type);
  AppendInteger(bytes, size, 4, false);
  Append(bytes, value);
  return bytes;
}
Data Attribute(const std::string& name, const std::string& type, const Data& value) {
  return Attribute(name, type, value, value.size());
}

struct Layout {
  std::uint32_t width = 2;
  std::uint8_t compression = 0;
  std::uint32_t tile_width = 0;  // 0: no tiles
  std::uint32_t tile_height = 0;
};

// One row of grey pixels 0, 1, 2, ... in one chunk, stored plainly whatever the layout says.
// Attributes `extra` come before the others.
Data MakeExr(const Layout& layout, const Data& extra = {}) {
  const bool tiled = layout.tile_width != 0;
  Data bytes = Words({0x01312F76, tiled ? 0x202u : 2u});
  Append(bytes, extra);
  Append(bytes, Attribute("channels", "chlist",
                          {'Y', 0, 2, 0, 0, 0, 0, 0, 0, 0,  //
                           1, 0, 0, 0, 1, 0, 0, 0, 0}));
  Append(bytes, Attribute("compression", "compression", {layout.compression}));
  const Data window = Words({0, 0, layout.width - 1, 0});
  Append(bytes, Attribute("dataWindow", "box2i", window));
  Append(bytes, Attribute("displayWindow", "box2i", window));
  Append(bytes, Attribute("lineOrder", "lineOrder", {0}));
  const Data one = Words({std::bit_cast<std::uint32_t>(1.0f)});
  Append(bytes, Attribute("pixelAspectRatio", "float", one));
  Append(bytes, Attribute("screenWindowCenter", "v2f", Words({0, 0})));
  Append(bytes, Attribute("screenWindowWidth", "float", one));
  if (tiled) {
    Data tiles = Words({layout.tile_width, layout.tile_height});
    tiles.push_back(0);  // one level
    Append(bytes, Attribute("tiles", "tiledesc", tiles));
  }
  bytes.push_back(0);
  AppendInteger(bytes, bytes.size() + 8, 8, false);  // place of the chunk
  Append(bytes, Words(tiled ? std::vector<std::uint32_t>(4) : std::vector<std::uint32_t>(1)));
  AppendInteger(bytes, 4 * layout.width, 4, false);
  for (std::uint32_t x = 0; x < layout.width; ++x) {
    Append(bytes, Words({std::bit_cast<std::uint32_t>(static_cast<float>(x))}));
  }
  return bytes;
}

TEST_F(Exr, HalfBecomesFloat) {
  const Image image = Pattern(5, 3, 3, 1000);  // whole numbers up to 2048 are exact in half
  const ImageFile file =
      Read(Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_TYPE, cv::IMWRITE_EXR_TYPE_HALF}));
  EXPECT_EQ(file.type, SampleType::kFloat32);
  ExpectEqual(file.image, image);
}

TEST_F(Exr, AlphaIsDropped) {
  const Image image = Read(Encode(cv::Mat(2, 3, CV_32FC4, cv::Scalar(3, 2, 1, 0.5)))).image;
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 1.0f);
  EXPECT_EQ(image(2, 1, 2), 3.0f);
}

TEST_F(Exr, EveryCompressionWhole) {
  const Image image = Pattern(21, 70, 1, 1000);
  for (int method = 0; method <= 9; ++method) {
    const Data good = Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_COMPRESSION, method});
    ASSERT_EQ(Refusal(good), "") << method;
    EXPECT_THAT(Refusal(Data(good.begin(), good.end() - 1)), HasSubstr("truncated")) << method;
  }
}

TEST_F(Exr, RefusesOtherKinds) {
  const Data good = Encode(cv::Mat(2, 3, CV_32FC3, cv::Scalar::all(1)));
  Data other = good;
  other[5] |= 0x08;
  EXPECT_THAT(Refusal(other), HasSubstr("is deep"));
  other = good;
  other[5] |= 0x10;  // of several parts, which have names
  EXPECT_THAT(Refusal(other), HasSubstr("no name"));
  other = good;
  // The list of channels: its type, its size in 4 bytes, the first name.
  const std::size_t channels = Find(good, std::string("chlist\0", 7)) + 11;
  other[channels] = 'D';
  EXPECT_THAT(Refusal(other), HasSubstr("there are D, G, R"));
  other = Encode(cv::Mat(2, 3, CV_32FC1, cv::Scalar(1)));
  other[Find(other, std::string("chlist\0", 7)) + 11] = 'Z';  // OpenCV 4.6 would give zeros
  EXPECT_EQ(Read(other).image(2, 1), 1.0f);
  other = good;
  other[channels + 2] = 3;  // no type
  EXPECT_THAT(Refusal(other), HasSubstr("channel B of the EXR is not uint32, half or float"));
  other = good;
  other[channels + 10] = 2;  // every second column
  EXPECT_THAT(Refusal(other), HasSubstr("full resolution"));
  other = good;
  other[Find(good, std::string("box2i\0", 6)) + 6 + 4 + 11] = 0x7F;  // last column
  EXPECT_THAT(Refusal(other), HasSubstr("limit"));
}

// OpenEXR takes as many bytes of a value as its type has, so the header must say the same. Were a
// size here not OpenEXR's, it would not find the attributes that follow.
TEST_F(Exr, AttributesHaveTheSizeOfTheirType) {
  const std::vector<std::pair<std::string, std::size_t>> sizes = {
      {"box2f", 16},
      {"box2i", 16},
      {"chromaticities", 32},
      {"compression", 1},
      {"double", 8},
      {"envmap", 1},
      {"float", 4},
      {"deepImageState", 1},
      {"lineOrder", 1},
      {"int", 4},
      {"m33d", 72},
      {"m33f", 36},
      {"m44d", 128},
      {"m44f", 64},
      {"keycode", 28},
      {"v2d", 16},
      {"v2f", 8},
      {"v2i", 8},
      {"v3d", 24},
      {"v3f", 12},
      {"v3i", 12},
      {"rational", 8},
      {"tiledesc", 9},
      {"timecode", 8},
  };
  for (const auto& entry : sizes) {
    const std::string& type = entry.first;
    const std::size_t size = entry.second;
    SCOPED_TRACE(type);
    // A key code has ranges.
    const Data value = type == "keycode" ? Words({0, 0, 0, 0, 0, 4, 64}) : Data(size);
    EXPECT_EQ(Read(MakeExr({}, Attribute("note", type, value))).image(1, 0), 1.0f);
    for (const std::size_t wrong : {size - 1, size + 1}) {
      EXPECT_THAT(Refusal(MakeExr({}, Attribute("note", type, Data(wrong)))),
                  HasSubstr("attribute at byte 8 is of type " + type + " and " +
                            std::to_string(wrong) + " bytes, expected " + std::to_string(size)));
    }
  }
}

TEST_F(Exr, AttributesOfVaryingSize) {
  Data all = Attribute("a", "string", {'t', 'e', 'x', 't'});
  Append(all, Attribute("b", "stringvector", {1, 0, 0, 0, 'x', 0, 0, 0, 0}));
  Append(all, Attribute("c", "floatvector", Data(8)));
  Append(all, Attribute("d", "preview", {1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4}));
  Append(all, Attribute("e", "ofSomeProgram", {1, 2, 3}));
  Append(all, Attribute("f", "ofSomeProgram", {}));
  EXPECT_EQ(Read(MakeExr({}, all)).image(1, 0), 1.0f);
}

TEST_F(Exr, RefusesDamagedHeaders) {
  const auto refusal = [&](const Data& extra) { return Refusal(MakeExr({}, extra)); };
  EXPECT_THAT(refusal(Attribute("a", "ofSomeProgram", {}, 0x61686300)), HasSubstr("truncated"));
  EXPECT_THAT(refusal(Attribute("a", "ofSomeProgram", {}, 0xFFFFFFFF)), HasSubstr("truncated"));
  EXPECT_THAT(refusal(Attribute("a", "string", {}, 10000)), HasSubstr("truncated"));
  EXPECT_THAT(refusal(Attribute("a", "floatvector", Data(7))), HasSubstr("multiple of 4"));
  EXPECT_THAT(refusal(Attribute("a", "idmanifest", Data(16))), HasSubstr("deep image"));
  Data channels{'Y', 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
  channels.push_back(0);
  EXPECT_THAT(refusal(Attribute("a", "chlist", channels)), HasSubstr("last channel"));
  EXPECT_THAT(refusal(Data(300, 'a')), HasSubstr("more than 255 bytes"));
  Data endless = Words({0x01312F76, 2});
  Append(endless, Attribute("a", "string", {'x'}));
  EXPECT_THAT(Refusal(endless), HasSubstr("truncated"));
}

TEST_F(Exr, Tiles) {
  EXPECT_EQ(Read(MakeExr({2, 0, 2, 1})).image(1, 0), 1.0f);
  EXPECT_EQ(Read(MakeExr({2, 0, 64, 64})).image(1, 0), 1.0f);  // larger than the image
  EXPECT_THAT(Refusal(MakeExr({2, 0, 64, 0})), HasSubstr("size of tiles"));
}

// OpenEXR would give what its memory held before for the pixels that a chunk lacks.
TEST_F(Exr, RefusesChunksThatLackPixels) {
  const Image image = Pattern(21, 70, 3, 1000);
  for (const int method : {0, 1, 2, 3}) {  // none, RLE, ZIPS, ZIP
    const Data good = Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_COMPRESSION, method});
    Data wider = good;
    const std::size_t window = Find(good, std::string("dataWindow\0box2i\0", 17)) + 17 + 4;
    ++wider[window + 8];  // the last column
    EXPECT_THAT(Refusal(wider), HasSubstr("x = 0, y = 0 are missing")) << method;
    Data higher = good;
    ++higher[window + 12];  // the last row, 69 of 70; of blocks of 16 the last has 6 rows
    EXPECT_NE(Refusal(higher), "") << method;
  }
  for (int method = 0; method <= 9; ++method) {
    Data empty = Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_COMPRESSION, method});
    // The header ends behind the value of the last attribute, then comes the place of the chunk.
    const std::size_t end = Find(empty, std::string("screenWindowWidth\0float\0", 24)) + 24 + 9;
    const std::size_t chunk = empty[end] + 256u * empty[end + 1];
    std::fill_n(empty.begin() + static_cast<std::ptrdiff_t>(chunk + 4), 4, 0);  // its size
    EXPECT_THAT(Refusal(empty), HasSubstr("y = 0 are missing")) << method;
  }
  Data unwritten = MakeExr({});
  unwritten[unwritten.size() - 24] = unwritten[unwritten.size() - 23] = 0;  // the chunk's place
  EXPECT_THAT(Refusal(unwritten), HasSubstr("y = 0 are missing"));
}

TEST_F(Exr, RefusesTwoAttributesOfOneName) {
  const Data window = Attribute("dataWindow", "box2i", Words({0, 0, 1, 0}));
  EXPECT_THAT(Refusal(MakeExr({}, window)), HasSubstr("two attributes of one name"));
}

// Only those of the name "channels" are the image's.
TEST_F(Exr, OtherListsOfChannelsDoNotMatter) {
  Data channels;
  for (const char name : {'B', 'G', 'R'}) {
    Append(channels, {static_cast<std::uint8_t>(name), 0, 2, 0, 0, 0, 0, 0, 0, 0});
    Append(channels, {1, 0, 0, 0, 1, 0, 0, 0});
  }
  channels.push_back(0);
  const Image image = Read(MakeExr({}, Attribute("note", "chlist", channels))).image;
  EXPECT_EQ(image.channels(), 1);
  EXPECT_EQ(image(1, 0), 1.0f);
}

// For a few pixels OpenEXR would take gigabytes.
TEST_F(Exr, RefusesHugeTilesAndChunks) {
  EXPECT_THAT(Refusal(MakeExr({2, 0, 1 << 15, (1 << 14) - 1})), HasSubstr("32768 x 16383"));
  EXPECT_THAT(Refusal(MakeExr({1 << 15, 0, 1 << 15, 8191})), HasSubstr("32768 x 8191"));
  EXPECT_THAT(Refusal(MakeExr({1 << 15, 0, 1, 8191})), HasSubstr("32768 x 8191"));  // in a row
  EXPECT_THAT(Refusal(MakeExr({(1 << 16) + 1, 9})), HasSubstr("65537 x 256"));
  const Image wide = Read(MakeExr({(1 << 16) + 1, 0})).image;
  EXPECT_EQ(wide(1 << 16, 0), 65536.0f);
}

}  // namespace
}  // namespace dkn
