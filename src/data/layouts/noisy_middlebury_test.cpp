#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class NoisyMiddleburyTest : public LayoutTest {
 protected:
  NoisyMiddleburyTest() {
    options_.layout = "noisy_middlebury";
    options_.scale = 4;
  }
  void PutAll() const {
    PutPicture("art_color.png", 9, 8);  // 9 / 4 rounds down
    PutValues("art_depth.png", 9, 8, 1.0f, SampleType::kUint8);
    PutValues("art_lr4_noisy.png", 2, 2, 10.0f, SampleType::kUint8);
    PutValues("art_lr8_noisy.png", 1, 1, 20.0f, SampleType::kUint8);
  }
};

TEST_F(NoisyMiddleburyTest, GivesTheInputOfTheScale) {
  PutAll();
  options_.unit_per_step = 0.5;
  EXPECT_EQ(Open()->Read(0).input->width(), 2);
  options_.scale = 8;
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("art"));
  EXPECT_THAT(dataset->Files(0),
              ElementsAre(Path("art_color.png"), Path("art_depth.png"), Path("art_lr8_noisy.png")));
  const Sample sample = dataset->Read(0);
  EXPECT_FLOAT_EQ(sample.truth(1, 0), 1.0f);
  ASSERT_TRUE(sample.input.has_value());
  EXPECT_FLOAT_EQ((*sample.input)(0, 0), 10.0f);
}

TEST_F(NoisyMiddleburyTest, NamesTheInputThatIsMissing) {
  PutAll();
  options_.scale = 16;
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no input art_lr16_noisy.png"),
                                   HasSubstr("art_lr4_noisy.png, art_lr8_noisy.png")));
  std::filesystem::remove(Path("art_lr4_noisy.png"));
  std::filesystem::remove(Path("art_lr8_noisy.png"));
  EXPECT_THAT(OpenRefusal(), HasSubstr("there are none"));
}

TEST_F(NoisyMiddleburyTest, ChecksTheInputsSize) {
  PutAll();
  PutValues("art_lr4_noisy.png", 3, 2, 10.0f, SampleType::kUint8);
  EXPECT_THAT(ReadRefusal(), HasSubstr("art_lr4_noisy.png: is 3 x 2, expected 1 / 4 of 9 x 8"));
}

TEST(NoisyMiddlebury, ReadsTheSharedSet) {
  DatasetOptions options;
  options.layout = "noisy_middlebury";
  options.path = std::string(DKN_SOURCE_DIR) + "/../shared/data/middlebury2005_noisy";
  options.scale = 8;
  if (!std::filesystem::exists(options.path)) {
    GTEST_SKIP() << options.path << " is not there";
  }
  const auto dataset = OpenDataset(options);
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("dolls", "laundry", "reindeer"));
  const Sample dolls = dataset->Read(0);
  EXPECT_EQ(dolls.truth.width(), 1376);
  EXPECT_EQ(dolls.input->width(), 172);
}

}  // namespace
}  // namespace dkn
