#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/train/pair_files.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

class PictureFolderTest : public testing::Test {
 protected:
  PictureFolderTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~PictureFolderTest() override { fs::remove_all(folder_); }

  // Values of 8 bits: 10 times the column, 1 more in each row, `first` more at all, and 50 more in
  // each channel.
  void Write(const std::string& name, int channels, int first) const {
    Image image(4, 3, channels);
    for (int c = 0; c < channels; ++c) {
      for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 4; ++x) {
          image(x, y, c) = static_cast<float>(first + 50 * c + 10 * x + y);
        }
      }
    }
    WriteImage(folder_ + "/" + name, image, SampleType::kUint8);
  }

  const std::string folder_ = testing::TempDir() + "picture_folder_test";
};

TEST_F(PictureFolderTest, PicturesGuideWhatTheyShow) {
  Write("a_flash.png", 3, 100);
  Write("a_noflash.png", 3, 2);
  Write("a_nir.png", 1, 60);
  const auto pairs = ReadPictures(folder_, {"flash", "infrared"});
  ASSERT_EQ(pairs.size(), 2u);
  for (const RgbdPair& pair : pairs) {
    EXPECT_EQ(pair.width, 4);
    EXPECT_EQ(pair.height, 3);
    EXPECT_TRUE(pair.depth.empty());
    ASSERT_EQ(pair.picture.size(), 36u);
    EXPECT_EQ(pair.picture[2 * 12 + 4 + 3], 2 + 100 + 30 + 1);
    ASSERT_EQ(pair.rgb.size(), 36u);
  }
  EXPECT_EQ(pairs[0].rgb[2 * 12 + 4 + 3], 100 + 100 + 30 + 1);
  EXPECT_EQ(pairs[1].rgb[2 * 12 + 4 + 3], 60 + 30 + 1);  // of one channel, all alike
}

TEST_F(PictureFolderTest, RefusesFoldersWithoutThem) {
  Write("a_flash.png", 3, 100);
  EXPECT_THROW(ReadPictures(folder_, {"flash"}), Error);
  Write("a_noflash.png", 3, 2);
  EXPECT_NO_THROW(ReadPictures(folder_, {"flash"}));
  EXPECT_THROW(ReadPictures(folder_, {"infrared"}), Error);
  EXPECT_THROW(ReadPictures(folder_, {"ultraviolet"}), Error);
}

}  // namespace
}  // namespace dkn::train
