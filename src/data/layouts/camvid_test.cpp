#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class CamvidTest : public LayoutTest {
 protected:
  CamvidTest() { options_.layout = "camvid"; }
  void PutPair(const std::string& name) const {
    PutPicture(name + "_color.jpg", 4, 3);
    PutValues(name + "_label.png", 4, 3, 0.0f, SampleType::kUint8);
  }
};

TEST_F(CamvidTest, ReadsLabelsOfTheSplitAndForgetsWhatIsNotLabelled) {
  PutPair("val/b");
  PutPair("val/a");
  PutPair("train/c");
  PutText("train/notes.txt", "x");
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("a", "b"));
  EXPECT_THAT(dataset->Files(1), ElementsAre(Path("val/b_color.jpg"), Path("val/b_label.png")));
  const Sample sample = dataset->Read(0);
  EXPECT_EQ(sample.guide.channels(), 3);
  ASSERT_EQ(sample.truth.channels(), 1);
  EXPECT_FALSE(sample.input);
  EXPECT_EQ(sample.truth(0, 0), 0.0f);
  EXPECT_EQ(sample.truth(2, 2), 10.0f);
  EXPECT_TRUE(std::isnan(sample.truth(3, 2)));  // 11
  options_.split = "train";
  options_.invalid = 4.0f;
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("c"));
  EXPECT_TRUE(std::isnan(Open()->Read(0).truth(0, 1)));
}

TEST_F(CamvidTest, NamesWhatIsMissingOrWrong) {
  PutText("readme.txt", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no folder val"), HasSubstr("(readme.txt)")));
  PutText("val/readme.txt", "x");
  EXPECT_THAT(OpenRefusal(), HasSubstr("no pair NAME_color.jpg"));
  PutPicture("val/a_color.jpg", 4, 3);
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("a_color.jpg"), HasSubstr("has no a_label.png")));
  PutValues("val/a_label.png", 3, 4, 0.0f, SampleType::kUint8);
  EXPECT_THAT(ReadRefusal(), AllOf(HasSubstr("a_label.png: is 3 x 4"), HasSubstr("4 x 3")));
  PutPicture("val/a_label.png", 4, 3);
  EXPECT_THAT(ReadRefusal(), AllOf(HasSubstr("a_label.png"), HasSubstr("in colour")));
  PutValues("val/a_label.png", 4, 3, 250.0f, SampleType::kUint16);
  EXPECT_THAT(ReadRefusal(), AllOf(HasSubstr("a_label.png"), HasSubstr("256, expected 0 to 255")));
  options_.unit_per_step = 2.0;
  EXPECT_THAT(OpenRefusal(), HasSubstr("labels have no unit"));
  options_.split = "night";
  EXPECT_THAT(OpenRefusal(), HasSubstr("no split 'night', expected val, train, test"));
}

}  // namespace
}  // namespace dkn
