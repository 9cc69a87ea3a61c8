#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class SintelTest : public LayoutTest {
 protected:
  SintelTest() { options_.layout = "sintel"; }
  void PutDepth(const std::string& name, std::uint32_t width, std::uint32_t height,
                const std::vector<float>& values) const {
    std::vector<std::uint8_t> bytes{'P', 'I', 'E', 'H'};
    AppendLittleEndian(width, bytes);
    AppendLittleEndian(height, bytes);
    for (const float value : values) {
      AppendLittleEndian(std::bit_cast<std::uint32_t>(value), bytes);
    }
    PutText(name, std::string(bytes.begin(), bytes.end()));
  }
};

TEST_F(SintelTest, ReadsFramesOfAllScenes) {
  for (const std::string root : {"", "training/"}) {
    PutDepth(root + "depth/market_2/frame_0001.dpt", 2, 1, {3.5f, 1000.0f});
    PutDepth(root + "depth/alley_1/frame_0002.dpt", 2, 1, {1.0f, 2.0f});
    PutText(root + "depth/README.txt", "no scene");
    PutPicture(root + "final/market_2/frame_0001.png", 2, 1);
    PutPicture(root + "final/alley_1/frame_0002.png", 2, 1);
    const auto dataset = Open();
    EXPECT_THAT(NamesOf(*dataset), ElementsAre("alley_1_frame_0002", "market_2_frame_0001"));
    EXPECT_THAT(dataset->Files(1), ElementsAre(Path(root + "final/market_2/frame_0001.png"),
                                               Path(root + "depth/market_2/frame_0001.dpt")));
    options_.unit_per_step = 100.0;
    options_.invalid = 1000.0f;
    const Sample sample = Open()->Read(1);
    EXPECT_EQ(sample.guide.channels(), 3);
    EXPECT_FLOAT_EQ(sample.truth(0, 0), 350.0f);
    EXPECT_TRUE(std::isnan(sample.truth(1, 0)));
    EXPECT_FALSE(sample.input.has_value());
  }
}

TEST_F(SintelTest, TheSplitIsThePass) {
  PutDepth("depth/alley_1/frame_0001.dpt", 2, 1, {1.0f, 2.0f});
  PutPicture("clean/alley_1/frame_0001.png", 2, 1);
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("frame_0001.dpt has no picture"),
                                   HasSubstr("final/alley_1/frame_0001.png")));
  options_.split = "clean";
  EXPECT_EQ(Open()->size(), 1u);
  options_.split = "albedo";
  EXPECT_THAT(OpenRefusal(), HasSubstr("no split 'albedo', expected final, clean"));
}

TEST_F(SintelTest, RefusesOtherFoldersAndFiles) {
  PutText("final/readme", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no folder depth"), HasSubstr("(final)")));
  PutText("depth/alley_1/frame_0001.png", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no SCENE/frame_NNNN.dpt"), HasSubstr("(alley_1)")));
  PutDepth("depth/alley_1/frame_0001.dpt", 2, 1, {1.0f, 2.0f, 3.0f, 4.0f});  // optical flow
  PutPicture("final/alley_1/frame_0001.png", 2, 1);
  EXPECT_THAT(ReadRefusal(), HasSubstr("frame_0001.dpt: the file holds two values"));
  PutPicture("final/alley_1/frame_0001.png", 3, 1);
  PutDepth("depth/alley_1/frame_0001.dpt", 2, 1, {1.0f, 2.0f});
  EXPECT_THAT(ReadRefusal(), HasSubstr("frame_0001.dpt: is 2 x 1, expected the size of"));
}

}  // namespace
}  // namespace dkn
