#include <ImfChannelList.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfMultiPartOutputFile.h>
#include <ImfOutputFile.h>
#include <ImfOutputPart.h>
#include <ImfPartType.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dkn/io.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Data = std::vector<std::uint8_t>;
using Labels = std::vector<std::string>;

const Imath::Box2i kWindow(Imath::V2i(0, 0), Imath::V2i(4, 2));

// What MakePart writes at a pixel of its channel number `c`.
float Value(int x, int y, std::size_t c) {
  return static_cast<float>(x + 10 * y) + 100.0f * static_cast<float>(c);
}

Imf::Header HeaderOf(const Labels& names, Imf::PixelType type, const Imath::Box2i& display,
                     const Imath::Box2i& data) {
  Imf::Header header(display, data);
  for (const std::string& name : names) {
    header.channels().insert(name, Imf::Channel(type));
  }
  return header;
}

// Writes the channels' values to a file or part.
template <typename File>
void WriteTo(File& file, const Labels& names, Imf::PixelType type, const Imath::Box2i& data) {
  const int width = data.max.x - data.min.x + 1;
  const int height = data.max.y - data.min.y + 1;
  const auto plane = static_cast<std::size_t>(width * height);
  std::vector<float> floats(plane * names.size());
  std::vector<std::uint32_t> integers(floats.size());
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const int x = static_cast<int>(i % static_cast<std::size_t>(width));
    const int y = static_cast<int>(i % plane) / width;
    floats[i] = Value(x, y, i / plane);
    integers[i] = static_cast<std::uint32_t>(floats[i]);
  }
  std::vector<std::uint16_t> halves;
  for (const float value : floats) {
    halves.push_back(Imath::half(value).bits());
  }
  Imf::FrameBuffer slices;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const void* first = type == Imf::UINT   ? static_cast<const void*>(&integers[c * plane])
                        : type == Imf::HALF ? static_cast<const void*>(&halves[c * plane])
                                            : static_cast<const void*>(&floats[c * plane]);
    const std::size_t size = type == Imf::HALF ? 2 : 4;
    slices.insert(names[c], Imf::Slice::Make(type, first, data, size,
                                             size * static_cast<std::size_t>(width)));
  }
  file.setFrameBuffer(slices);
  file.writePixels(height);
}

class ExrChannels : public FolderTest {
 protected:
  // A file of 5 x 3 pixels, or of other windows.
  std::string Write(const Labels& names, Imf::PixelType type = Imf::FLOAT,
                    const Imath::Box2i& display = kWindow,
                    const Imath::Box2i& data = kWindow) const {
    const std::string path = Path("a.exr");
    Imf::OutputFile file(path.c_str(), HeaderOf(names, type, display, data), 0);
    WriteTo(file, names, type, data);
    return path;
  }
  std::string WriteParts(const std::vector<std::pair<std::string, Labels>>& parts) const {
    std::vector<Imf::Header> headers;
    for (const auto& [name, channels] : parts) {
      headers.push_back(HeaderOf(channels, Imf::FLOAT, kWindow, kWindow));
      headers.back().setName(name);
      headers.back().setType(Imf::SCANLINEIMAGE);
      headers.back().compression() = Imf::ZIP_COMPRESSION;
    }
    const std::string path = Path("parts.exr");
    Imf::MultiPartOutputFile file(path.c_str(), headers.data(), static_cast<int>(headers.size()),
                                  false, 0);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Imf::OutputPart part(file, static_cast<int>(i));
      WriteTo(part, parts[i].second, Imf::FLOAT, kWindow);
    }
    return path;
  }
  static std::string Refusal(const std::string& path) {
    return ErrorText([&] { ReadImage(path); });
  }
};

// The channels' number is their place among the names as they were written.
void ExpectChannel(const ImageFile& file, std::size_t number) {
  ASSERT_EQ(file.image.channels(), 1);
  ASSERT_EQ(file.image.width(), 5);
  ASSERT_EQ(file.image.height(), 3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 5; ++x) {
      ASSERT_EQ(file.image(x, y), Value(x, y, number));
    }
  }
}

TEST_F(ExrChannels, OneChannelOfAnyName) {
  for (const char* name :
       {"Z", "V", "R", "Y", "depth.Z", "ViewLayer.Depth.Z", "ViewLayer.Depth.V", "distance", "A"}) {
    for (const Imf::PixelType type : {Imf::FLOAT, Imf::HALF, Imf::UINT}) {
      SCOPED_TRACE(std::string(name) + " " + std::to_string(type));
      const ImageFile file = ReadImage(Write({name}, type));
      EXPECT_EQ(file.type, type == Imf::UINT ? SampleType::kUint16 : SampleType::kFloat32);
      ExpectChannel(file, 0);
      EXPECT_THAT(file.notes, IsEmpty());
    }
  }
  ExpectChannel(ReadImage(Write({"A", "Z"})), 1);
}

TEST_F(ExrChannels, ColoursOfALayer) {
  const Image image = ReadImage(Write({"View.B", "View.R", "View.A", "View.G"})).image;
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(2, 1, 0), Value(2, 1, 1));
  EXPECT_EQ(image(2, 1, 1), Value(2, 1, 3));
  EXPECT_EQ(image(2, 1, 2), Value(2, 1, 0));
}

TEST_F(ExrChannels, GuidesAreTheColoursTargetsTheDepth) {
  const std::string path = Write({"R", "G", "B", "A", "Z", "N.X", "N.Y", "N.Z"});
  const ImageFile depth = ReadImage(path);
  ExpectChannel(depth, 4);
  ASSERT_EQ(depth.notes.size(), 1u);
  EXPECT_THAT(depth.notes[0],
              AllOf(HasSubstr("Z is read"), HasSubstr("there are N.X, N.Y, N.Z, RGB, Z")));
  const Image guide = ReadGuide(path);
  ASSERT_EQ(guide.channels(), 3);
  EXPECT_EQ(guide(2, 1, 1), Value(2, 1, 1) / 255.0f);
}

// Names are a stranger's: nothing of them may reach a terminal as it is.
TEST_F(ExrChannels, NotesCanBePrinted) {
  const std::string path = Write({"\x1b[2J", "Z"});
  const ImageFile file = ReadImage(path);
  ASSERT_EQ(file.notes.size(), 1u);
  EXPECT_THAT(file.notes[0], AllOf(HasSubstr("[2J"), Not(HasSubstr("\x1b"))));
}

TEST_F(ExrChannels, ANameChooses) {
  const std::string path = Write({"R", "G", "B", "a.Z", "b.Z", "A"});
  EXPECT_THAT(Refusal(path), AllOf(HasSubstr("a.exr: "), HasSubstr("FILE.exr:CHANNEL"),
                                   HasSubstr("there are RGB, a.Z, b.Z")));
  ExpectChannel(ReadImage(path + ":a.Z"), 3);
  ExpectChannel(ReadImage(path + ":b.Z"), 4);
  ExpectChannel(ReadImage(path + ":b"), 4);
  ExpectChannel(ReadImage(path + ":G"), 1);
  ExpectChannel(ReadImage(path + ":A"), 5);
  EXPECT_EQ(ReadImage(path + ":RGB").image.channels(), 3);
  EXPECT_THAT(ReadImage(path + ":a.Z").notes, IsEmpty());
  EXPECT_THAT(Refusal(path + ":c"), AllOf(HasSubstr("no 'c'"), HasSubstr("a.Z, b.Z")));
  const std::string normals = Write({"N.X", "N.Y", "N.Z"});
  EXPECT_THAT(Refusal(normals), HasSubstr("there are N.X, N.Y, N.Z"));
  EXPECT_THAT(Refusal(normals + ":N"), HasSubstr("several channels"));
  ExpectChannel(ReadImage(normals + ":N.Z"), 2);
}

TEST_F(ExrChannels, Parts) {
  const std::string path = WriteParts({{"rgba", {"R", "G", "B", "A"}}, {"depth", {"Z"}}});
  ExpectChannel(ReadImage(path), 0);
  ExpectChannel(ReadImage(path + ":depth"), 0);
  ExpectChannel(ReadImage(path + ":depth.Z"), 0);
  ExpectChannel(ReadImage(path + ":rgba.B"), 2);
  EXPECT_EQ(ReadImage(path + ":rgba").image(3, 2, 1), Value(3, 2, 1));
  EXPECT_EQ(ReadGuide(path).channels(), 3);
  const std::string stereo = WriteParts({{"left", {"Z"}}, {"right", {"Z", "W"}}});
  EXPECT_THAT(Refusal(stereo), HasSubstr("there are left.Z, right.W, right.Z"));
  EXPECT_THAT(Refusal(stereo + ":Z"), HasSubstr("several"));
  ExpectChannel(ReadImage(stereo + ":right.W"), 1);
  const Data good = Get(path);
  for (std::size_t size = 8; size < good.size(); size += 3) {
    const Data cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    // The first part's pixels may be whole.
    EXPECT_NE(Refusal(Put("cut.exr", cut) + ":depth"), "") << size;
  }
}

TEST_F(ExrChannels, RefusesDamagedParts) {
  const std::string path = WriteParts({{"rgba", {"R", "G", "B", "A"}}, {"depth", {"Z"}}});
  const Data good = Get(path);
  const auto after = [&](const std::string& text) {
    return static_cast<std::size_t>(
        std::search(good.begin(), good.end(), text.begin(), text.end()) - good.begin() +
        static_cast<std::ptrdiff_t>(text.size()));
  };
  Data other = good;
  other[after(std::string("chunkCount\0int\0", 15)) + 4] = 2;
  EXPECT_THAT(Refusal(Put("b.exr", other)), HasSubstr("another number of chunks"));
  other = good;
  other[after(std::string("type\0string\0", 12)) + 4] = 'S';
  EXPECT_THAT(Refusal(Put("b.exr", other)), HasSubstr("not a flat image"));
  other = good;
  // The last chunk: its part, its row, its size and 15 values or what they shrink to.
  std::size_t chunk = good.size();
  for (std::size_t i = good.size() - 80; i + 12 <= good.size(); ++i) {
    const bool begins =
        good[i] == 1 && std::all_of(good.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                    good.begin() + static_cast<std::ptrdiff_t>(i) + 8,
                                    [](std::uint8_t byte) { return byte == 0; });
    chunk = begins ? std::min(chunk, i) : chunk;
  }
  ASSERT_LT(chunk, good.size());
  other[chunk] = 0;
  EXPECT_THAT(Refusal(Put("b.exr", other)), HasSubstr("missing or damaged"));
}

Imath::Box2i Box(int left, int top, int right, int bottom) {
  return Imath::Box2i(Imath::V2i(left, top), Imath::V2i(right, bottom));
}

TEST_F(ExrChannels, TheDisplayWindowIsThePicture) {
  const std::string inside = Write({"Z"}, Imf::FLOAT, Box(-1, -1, 8, 8), Box(1, 2, 5, 4));
  const ImageFile file = ReadImage(inside);
  ASSERT_EQ(file.image.width(), 10);
  ASSERT_EQ(file.image.height(), 10);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 10; ++x) {
      const bool stored = 2 <= x && x < 7 && 3 <= y && y < 6;
      const float value = file.image(x, y);
      ASSERT_TRUE(stored ? value == Value(x - 2, y - 3, 0) : std::isnan(value)) << x << " " << y;
    }
  }
  ASSERT_EQ(file.notes.size(), 1u);
  EXPECT_THAT(file.notes[0], AllOf(HasSubstr("5 x 3 at (1, 2)"), HasSubstr("10 x 10 at (-1, -1)"),
                                   HasSubstr("holes")));
  EXPECT_THAT(ErrorText([&] { ReadGuide(inside); }), HasSubstr("a guide needs all"));
  const ImageFile integers = ReadImage(Write({"Z"}, Imf::UINT, Box(0, 0, 5, 2), Box(0, 0, 4, 2)));
  EXPECT_EQ(integers.type, SampleType::kUint16);
  EXPECT_EQ(integers.image(4, 2), Value(4, 2, 0));
  EXPECT_EQ(integers.image(5, 2), 0.0f);
}

TEST_F(ExrChannels, WhatLiesOutsideTheDisplayWindowIsCutOff) {
  const std::string overscan =
      Write({"R", "G", "B"}, Imf::HALF, Box(0, 0, 4, 2), Box(-2, -1, 6, 3));
  const ImageFile file = ReadImage(overscan);
  ASSERT_EQ(file.image.width(), 5);
  ASSERT_EQ(file.image.height(), 3);
  EXPECT_EQ(file.image(0, 0, 2), Value(2, 1, 2));
  EXPECT_EQ(file.image(4, 2, 0), Value(6, 3, 0));
  EXPECT_THAT(file.notes, IsEmpty());
  EXPECT_EQ(ReadGuide(overscan).width(), 5);
  EXPECT_THAT(Refusal(Write({"Z"}, Imf::FLOAT, Box(0, 0, 4, 4), Box(5, 0, 9, 4))),
              HasSubstr("none of them is seen"));
}

}  // namespace
}  // namespace dkn
