#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class TofMarkTest : public LayoutTest {
 protected:
  TofMarkTest() { options_.layout = "tofmark"; }
};

TEST_F(TofMarkTest, ReadsMeasurementAndTruth) {
  PutPicture("Books_intensity.png", 4, 2, 1);
  PutValues("Books_truth.pfm", 4, 2, -1.0f, SampleType::kFloat32);
  PutValues("Books_tof.tif", 2, 1, 0.0f, SampleType::kUint16);
  PutText("Books_truth.txt", "of no picture format");
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("Books"));
  EXPECT_THAT(dataset->Files(0), ElementsAre(Path("Books_intensity.png"), Path("Books_truth.pfm"),
                                             Path("Books_tof.tif")));
  const Sample sample = dataset->Read(0);
  EXPECT_EQ(sample.guide.channels(), 1);
  EXPECT_TRUE(std::isnan(sample.truth(0, 0)));  // -1
  EXPECT_TRUE(std::isnan(sample.truth(1, 0)));  // 0
  EXPECT_EQ(sample.truth(2, 0), 1.0f);
  EXPECT_TRUE(std::isnan((*sample.input)(0, 0)));
  EXPECT_EQ((*sample.input)(1, 0), 1.0f);
}

TEST_F(TofMarkTest, NamesWhatIsMissingOrWrong) {
  PutText("Books.txt", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("NAME_tof"), HasSubstr("(Books.txt)")));
  PutPicture("Devil_truth.png", 4, 2);
  EXPECT_THAT(OpenRefusal(), HasSubstr("Devil_truth has no Devil_intensity.png"));
  PutPicture("Devil_intensity.png", 4, 2);
  EXPECT_THAT(OpenRefusal(), HasSubstr("Devil_truth has no Devil_tof.png"));
  PutPicture("Devil_tof.png", 2, 1);
  EXPECT_THAT(ReadRefusal(), HasSubstr("Devil_truth.png: has 3 channels, expected depth"));
}

}  // namespace
}  // namespace dkn
