#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "dkn/io.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Format {
  const char* extension;
  SampleType type;
};

constexpr Format kLossless[] = {
    {".png", SampleType::kUint8},   {".png", SampleType::kUint16},  {".tif", SampleType::kUint8},
    {".tiff", SampleType::kUint16}, {".tif", SampleType::kFloat32}, {".exr", SampleType::kFloat32},
    {".pfm", SampleType::kFloat32}, {".npy", SampleType::kUint8},   {".npy", SampleType::kUint16},
    {".npy", SampleType::kFloat32}, {".PNG", SampleType::kUint8},
};

// Whole numbers for integer types; for floats also fractions, tiny, huge and negative values.
Image Values(int width, int height, int channels, SampleType type) {
  Image image = Pattern(width, height, channels, type == SampleType::kUint8 ? 255 : 65535);
  if (type == SampleType::kFloat32) {
    for (std::size_t i = 0; i < image.size(); ++i) {
      image.data()[i] = (image.data()[i] - 30000.0f) / 777.0f;
    }
    image(0, 0) = 1e-38f;
    image(width - 1, height - 1) = -std::numeric_limits<float>::max();
  }
  return image;
}

class ImageIo : public FolderTest {};

TEST_F(ImageIo, LosslessFormatsGiveBackEveryBit) {
  for (const Format& format : kLossless) {
    for (const auto& [width, height] : {std::tuple{1, 1}, {37, 23}, {1, 5}, {64, 2}}) {
      for (const int channels : {1, 3}) {
        SCOPED_TRACE(std::string(format.extension) + " " + std::to_string(width) + " x " +
                     std::to_string(height) + " x " + std::to_string(channels));
        const Image image = Values(width, height, channels, format.type);
        const std::string path = Path(std::string("a") + format.extension);
        WriteImage(path, image, format.type);
        const ImageFile file = ReadImage(path);
        EXPECT_EQ(file.type, format.type);
        ExpectEqual(file.image, image);
      }
    }
  }
}

TEST_F(ImageIo, WritesStridedViews) {
  const Image image = Pattern(40, 30, 3, 255);
  const ConstView crop = image.view().Crop(7, 5, 11, 13);
  for (const char* name : {"a.png", "a.tif", "a.npy"}) {
    WriteImage(Path(name), crop, SampleType::kUint8);
    ExpectEqual(ReadImage(Path(name)).image, crop);
  }
  WriteImage(Path("a.pfm"), crop, SampleType::kFloat32);
  ExpectEqual(ReadImage(Path("a.pfm")).image, crop);
}

TEST_F(ImageIo, FloatsMayBeInvalid) {
  Image image(2, 1);
  image(0, 0) = std::nanf("");
  image(1, 0) = -std::numeric_limits<float>::infinity();
  for (const char* name : {"a.tif", "a.exr", "a.pfm", "a.npy"}) {
    WriteImage(Path(name), image, SampleType::kFloat32);
    const Image back = ReadImage(Path(name)).image;
    EXPECT_TRUE(std::isnan(back(0, 0))) << name;
    EXPECT_EQ(back(1, 0), image(1, 0)) << name;
  }
}

// What cameras and OpenCV hold: B,G,R, rows with gaps, planes; and back in the file's own type.
TEST_F(ImageIo, FramesInAnyLayout) {
  const Image image = Pattern(5, 4, 3, 255);
  const FrameBuffer rgb = FrameOf(image, SampleType::kUint8);
  std::vector<std::uint8_t> bgr(4 * 20);  // rows of 15 bytes, 20 apart
  Frame with_gaps(bgr.data(), SampleType::kUint8, 5, 4, 3);
  with_gaps.order = ChannelOrder::kBgr;
  with_gaps.row_stride = 20;
  ToFrame(image, with_gaps);
  for (const char* name : {"a.png", "a.tif", "a.npy"}) {
    for (const ConstFrame& frame : {rgb.frame(), ConstFrame(with_gaps)}) {
      WriteFrame(Path(name), frame);
      const FrameBuffer back = ReadFrame(Path(name));
      EXPECT_EQ(back.type(), SampleType::kUint8);
      ExpectEqual(ImageOf(back), image);
    }
  }
  for (const char* name : {"a.exr", "a.pfm", "a.tif", "a.npy"}) {
    WriteFrame(Path(name), FrameOf(image.view().Crop(1, 1, 3, 2)));  // planes
    EXPECT_EQ(ReadFrame(Path(name)).type(), SampleType::kFloat32);
    ExpectEqual(ReadImage(Path(name)).image, image.view().Crop(1, 1, 3, 2));
  }
  const FrameBuffer halves = FrameOf(image, SampleType::kFloat16);
  WriteFrame(Path("h.npy"), halves);
  EXPECT_EQ(ReadFrame(Path("h.npy")).type(), SampleType::kFloat16);
  EXPECT_THAT(ErrorText([&] { WriteFrame(Path("h.exr"), halves); }), HasSubstr("float16"));
  EXPECT_THAT(ErrorText([&] { WriteFrame(Path("no.png"), {}); }), HasSubstr("no data"));
}

// The content decides, not the name.
TEST_F(ImageIo, ReadsUnderAnyName) {
  const Image image = Pattern(5, 4, 3, 255);
  for (const char* extension : {".png", ".tif", ".npy"}) {
    WriteImage(Path(std::string("a") + extension), image, SampleType::kUint8);
    ExpectEqual(ReadImage(Put("picture.jpg", Get(Path(std::string("a") + extension)))).image,
                image);
  }
}

TEST_F(ImageIo, RefusesEveryTruncation) {
  for (const Format& format : kLossless) {
    const std::string path = Path(std::string("a") + format.extension);
    WriteImage(path, Values(19, 17, 3, format.type), format.type);
    const std::vector<std::uint8_t> good = Get(path);
    for (std::size_t size = 0; size < good.size(); ++size) {
      const auto end = good.begin() + static_cast<std::ptrdiff_t>(size);
      const std::string cut = Put("cut", std::vector<std::uint8_t>(good.begin(), end));
      EXPECT_THAT(ErrorText([&] { ReadImage(cut); }), StartsWith(cut))
          << format.extension << " cut to " << size << " of " << good.size();
    }
  }
}

// Whatever stands in a file, the reader returns or throws Error, in printable words.
TEST_F(ImageIo, SurvivesEveryDamagedByte) {
  for (const Format& format : kLossless) {
    const std::string path = Path(std::string("a") + format.extension);
    WriteImage(path, Values(5, 3, 3, format.type), format.type);
    const std::vector<std::uint8_t> good = Get(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int value : {0x00, 0x7F, 0xFF}) {
        std::vector<std::uint8_t> bytes = good;
        bytes[i] = static_cast<std::uint8_t>(value);
        const std::string damaged = Put("damaged", bytes);
        ReadOptions options;
        options.max_pixels = 1000000;
        for (const char c : ErrorText([&] { ReadImage(damaged, options); })) {
          ASSERT_TRUE(c >= ' ' && c <= '~') << format.extension << " byte " << i;
        }
      }
    }
  }
}

// A picture of a damaged file may have wrong values, but never what memory held before: the same
// bytes give the same picture, whatever memory is filled with.
TEST_F(ImageIo, EveryPixelComesFromTheFile) {
  const auto read = [](const std::string& path, int fill) {
    mallopt(M_PERTURB, fill);
    std::vector<std::uint8_t> bytes;
    try {
      const FrameBuffer frame = ReadFrame(path);
      bytes.assign(frame.As<std::uint8_t>(), frame.As<std::uint8_t>() + frame.bytes());
    } catch (const Error&) {
    }
    mallopt(M_PERTURB, 0);
    return bytes;
  };
  std::vector<Format> formats(std::begin(kLossless), std::end(kLossless));
  formats.push_back({".jpg", SampleType::kUint8});
  for (const Format& format : formats) {
    const std::string path = Path(std::string("a") + format.extension);
    WriteImage(path, Image(9, 17, 3), format.type);  // zeros: all that shrinks has shrunk
    const std::vector<std::uint8_t> good = Get(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::vector<std::uint8_t> bytes = good;
      bytes[i] ^= 0x10;
      const std::string damaged = Put("damaged", bytes);
      ASSERT_EQ(read(damaged, 0x35), read(damaged, 0x5A)) << format.extension << " byte " << i;
    }
  }
}

TEST_F(ImageIo, RefusesWhatIsNoImageFile) {
  const auto refusal = [](const std::string& path) { return ErrorText([&] { ReadImage(path); }); };
  EXPECT_EQ(refusal(Path("none.png")),
            Path("none.png") + ": cannot be read: No such file or directory");
  EXPECT_THAT(refusal(Path(".")), HasSubstr("folder"));
  EXPECT_THAT(refusal(Put("empty.png", {})), HasSubstr("empty"));
  EXPECT_THAT(refusal(Put("text.png", {'h', 'e', 'l', 'l', 'o'})), HasSubstr("unknown format"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("plain file"));
}

TEST_F(ImageIo, MaxPixelsIsCheckedForEveryFormat) {
  ReadOptions options;
  options.max_pixels = 6 * 7 - 1;
  for (const Format& format : kLossless) {
    const std::string path = Path(std::string("a") + format.extension);
    WriteImage(path, Values(7, 6, 1, format.type), format.type);
    EXPECT_THAT(ErrorText([&] { ReadImage(path, options); }), HasSubstr("limit of 41")) << path;
  }
  WriteImage(Path("a.jpg"), Pattern(7, 6, 1, 255), SampleType::kUint8);
  EXPECT_THAT(ErrorText([&] { ReadImage(Path("a.jpg"), options); }), HasSubstr("limit of 41"));
  options.max_pixels = 6 * 7;
  EXPECT_EQ(ReadImage(Path("a.jpg"), options).image.width(), 7);
}

TEST_F(ImageIo, GuidesAreInUnitRange) {
  Image image(2, 1, 3);
  image(1, 0, 2) = 255.0f;
  WriteImage(Path("a.png"), image, SampleType::kUint8);
  EXPECT_EQ(ReadGuide(Path("a.png"))(1, 0, 2), 1.0f);
  image(0, 0, 1) = 32768.0f;
  WriteImage(Path("b.png"), image, SampleType::kUint16);
  EXPECT_EQ(ReadGuide(Path("b.png"))(1, 0, 2), 255.0f / 65535.0f);
  image(0, 0, 1) = 1023.0f;
  WriteImage(Path("10.png"), image, SampleType::kUint16);
  std::vector<std::string> notes;
  ReadOptions telling;
  telling.notes = &notes;
  EXPECT_EQ(ReadGuide(Path("10.png"), telling)(0, 0, 1), 1.0f);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("10 bits")));
  image(0, 0, 1) = -0.25f;
  image(1, 0, 2) = 1.0f;
  WriteImage(Path("c.pfm"), image, SampleType::kFloat32);
  EXPECT_EQ(ReadGuide(Path("c.pfm"))(0, 0, 1), -0.25f);
  image(1, 0, 1) = std::numeric_limits<float>::infinity();
  WriteImage(Path("d.pfm"), image, SampleType::kFloat32);
  EXPECT_THAT(ErrorText([&] { ReadGuide(Path("d.pfm")); }), HasSubstr("x = 1, y = 0"));
  WriteImage(Path("e.npy"), Image(2, 2, 5), SampleType::kUint8);
  EXPECT_THAT(ErrorText([&] { ReadGuide(Path("e.npy")); }),
              AllOf(HasSubstr("e.npy: "), HasSubstr("has 5 channels")));
  WriteImage(Path("f.npy"), Image(2, 2, 4), SampleType::kUint8);
  EXPECT_EQ(ReadGuide(Path("f.npy")).channels(), 3);
}

TEST_F(ImageIo, IntegersAreRoundedNeverWrapped) {
  const auto write = [&](float value, SampleType type, const char* name) {
    Image image(1, 1);
    image(0, 0) = value;
    return ErrorText([&] { WriteImage(Path(name), image, type); });
  };
  for (const char* name : {"a.png", "a.npy"}) {
    EXPECT_EQ(write(2.5f, SampleType::kUint16, name), "");
    EXPECT_EQ(ReadImage(Path(name)).image(0, 0), 2.0f);  // halves go to even
    EXPECT_EQ(write(65535.4f, SampleType::kUint16, name), "");
    EXPECT_EQ(ReadImage(Path(name)).image(0, 0), 65535.0f);
    EXPECT_EQ(write(-0.4f, SampleType::kUint8, name), "");
    EXPECT_THAT(write(65536.0f, SampleType::kUint16, name), HasSubstr("0..65535"));
    EXPECT_THAT(write(256.0f, SampleType::kUint8, name), HasSubstr("0..255"));
    EXPECT_THAT(write(-1.0f, SampleType::kUint8, name), HasSubstr("x = 0, y = 0"));
    EXPECT_NE(write(std::nanf(""), SampleType::kUint8, name), "");
    EXPECT_NE(write(std::numeric_limits<float>::infinity(), SampleType::kUint16, name), "");
  }
}

TEST_F(ImageIo, WhatIsNotReadIsNamed) {
  const auto refusal = [&](const std::string& content) {
    return ErrorText([&] { ReadFrame(Put("a", {content.begin(), content.end()})); });
  };
  EXPECT_THAT(refusal("GIF89a 0123456789"), HasSubstr("unknown format (it is GIF), expected PNG"));
  EXPECT_THAT(refusal(std::string("\0\0\0\x18", 4) + "ftypheic0000"), HasSubstr("it is HEIC"));
  EXPECT_THAT(refusal(std::string("\0\0\0\x18", 4) + "ftypisom0000"), HasSubstr("it is a video"));
  EXPECT_THAT(refusal("P7\nWIDTH 2\n"), HasSubstr("it is PAM"));
  EXPECT_THAT(refusal("0123456789"), HasSubstr("unknown format, expected PNG"));
}

TEST_F(ImageIo, RefusesTypesThatTheFormatLacks) {
  const auto refusal = [&](const char* name, SampleType type, int channels) {
    return ErrorText([&] { WriteImage(Path(name), Image(2, 2, channels), type); });
  };
  EXPECT_THAT(refusal("a.png", SampleType::kFloat32, 1), HasSubstr("float32"));
  EXPECT_THAT(refusal("a.jpg", SampleType::kUint16, 1), HasSubstr("uint16"));
  EXPECT_THAT(refusal("a.exr", SampleType::kUint8, 1), HasSubstr("uint8"));
  EXPECT_THAT(refusal("a.pfm", SampleType::kUint16, 1), HasSubstr("uint16"));
  EXPECT_THAT(refusal("a.bmp", SampleType::kUint8, 1), HasSubstr("expected .png"));
  EXPECT_THAT(refusal("a", SampleType::kUint8, 1), HasSubstr("expected .png"));
  for (const char* name : {"a.png", "a.jpg"}) {
    EXPECT_THAT(refusal(name, SampleType::kUint8, 2), HasSubstr("1 or 3 channels"));
  }
  for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
    EXPECT_NE(refusal(name, SampleType::kUint8, 0), "");
  }
  EXPECT_TRUE(Names().empty());
}

}  // namespace
}  // namespace dkn
