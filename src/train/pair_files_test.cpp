#include "src/train/pair_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "dkn/error.h"
#include "src/core/file.h"

namespace dkn::train {
namespace {

RgbdPair MakePair(int width, int height, int seed) {
  RgbdPair pair{width, height, {}, {}};
  for (int i = 0; i < 3 * width * height; ++i) {
    pair.rgb.push_back(static_cast<std::uint8_t>((i * 7 + seed) % 256));
  }
  for (int i = 0; i < width * height; ++i) {
    pair.depth.push_back(static_cast<std::uint16_t>((i * 31 + seed) % 65536));
  }
  return pair;
}

class PackTest : public testing::Test {
 protected:
  ~PackTest() override { std::filesystem::remove(path_); }
  const std::string path_ = testing::TempDir() + "pair_files_test.pack";
};

TEST_F(PackTest, PairsGoToAPackAndBack) {
  WritePack(path_, {MakePair(5, 3, 1), MakePair(2, 7, 2)});
  const auto pairs = ReadPairs(path_);
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[1].width, 2);
  EXPECT_EQ(pairs[1].height, 7);
  EXPECT_EQ(pairs[0].rgb, MakePair(5, 3, 1).rgb);
  EXPECT_EQ(pairs[1].depth, MakePair(2, 7, 2).depth);
}

TEST_F(PackTest, RefusesWhatIsNoWholePack) {
  WritePack(path_, {MakePair(5, 3, 1)});
  const auto bytes = ReadFileBytes(path_);
  const auto refuses = [&](std::vector<std::uint8_t> changed) {
    WriteFileBytes(path_, changed);
    EXPECT_THROW(ReadPack(path_), Error);
  };
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    refuses({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
  }
  auto changed = bytes;
  changed.push_back(0);
  refuses(changed);
  changed = bytes;
  changed[0] = 'X';
  refuses(changed);
  changed = bytes;
  changed[15] = 0xff;  // a width beyond any image
  refuses(changed);
}

TEST_F(PackTest, CropsAreParts) {
  const std::vector<RgbdPair> pairs = {MakePair(40, 32, 1), MakePair(24, 24, 2)};
  const auto parts = CropPairs(pairs, 6, 16, 1);
  ASSERT_EQ(parts.size(), 6u);
  for (const RgbdPair& part : parts) {
    bool found = false;
    for (const RgbdPair& pair : pairs) {
      for (int y = 0; y + 16 <= pair.height; y += 8) {
        for (int x = 0; x + 16 <= pair.width; x += 8) {
          bool equal = true;
          for (int i = 0; i < 256 && equal; ++i) {
            const int at = (y + i / 16) * pair.width + x + i % 16;
            equal = part.depth[i] == pair.depth[at] &&
                    part.rgb[512 + i] == pair.rgb[2 * pair.width * pair.height + at];
          }
          found = found || equal;
        }
      }
    }
    EXPECT_TRUE(found);
  }
}

TEST(CropPairTest, PicturesAreCroppedWithTheirGuide) {
  RgbdPair pair = MakePair(7, 5, 3);
  pair.depth.clear();
  pair.picture = MakePair(7, 5, 90).rgb;
  const RgbdPair part = CropPair(pair, 2, 1, 3);
  EXPECT_TRUE(part.depth.empty());
  ASSERT_EQ(part.rgb.size(), 27u);
  ASSERT_EQ(part.picture.size(), 27u);
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 9; ++i) {
      const int at = 35 * c + (1 + i / 3) * 7 + 2 + i % 3;
      EXPECT_EQ(part.rgb[9 * c + i], pair.rgb[at]);
      EXPECT_EQ(part.picture[9 * c + i], pair.picture[at]);
    }
  }
}

}  // namespace
}  // namespace dkn::train
