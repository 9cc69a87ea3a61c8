#include <gmock/gmock.h>

#include <cmath>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::HasSubstr;

class KinectTest : public LayoutTest {
 protected:
  KinectTest() {
    options_.layout = "kinect";
    options_.unit_per_step = 0.2;  // mm
    Image raw(8, 4);
    Image truth(8, 4);
    Image region(8, 4);
    for (std::size_t i = 0; i < raw.size(); ++i) {
      raw.data()[i] = 1000.0f + static_cast<float>(i);
      truth.data()[i] = 5.0f * (1000.0f + static_cast<float>(i)) + 1.0f;  // 0.2 mm more
      region.data()[i] = 1.0f;
    }
    raw(1, 0) = 0.0f;     // a hole
    region(2, 0) = 2.0f;  // near an edge
    region(3, 0) = 5.0f;  // smooth, but the camera does not see it
    truth(4, 0) = 0.0f;   // not known
    raw(5, 0) = 1100.0f;  // 95 mm off on a smooth surface
    region(6, 0) = 2.0f;
    raw(6, 0) = 1100.0f;  // the same near an edge counts
    PutPicture("a_color.jpg", 8, 4);
    WriteImage(Place("a_depth.png"), raw, SampleType::kUint16);
    WriteImage(Place("a_truth.png"), truth, SampleType::kUint16);
    WriteImage(Place("a_region.png"), region, SampleType::kUint8);
  }
};

TEST_F(KinectTest, ReadsMillimetresAndWhatCounts) {
  const Sample sample = Open()->Read(0);
  EXPECT_FLOAT_EQ(sample.truth(0, 0), 1000.2f);
  EXPECT_FLOAT_EQ((*sample.input)(0, 0), 1000.0f);
  EXPECT_TRUE(std::isnan((*sample.input)(1, 0)));
  EXPECT_FLOAT_EQ(sample.truth(1, 0), 1001.2f);  // holes are measured against the truth
  for (int x = 0; x < 8; ++x) {
    EXPECT_EQ(std::isfinite(sample.truth(x, 0)), x < 3 || x > 5) << x;
    EXPECT_EQ(sample.near_edges(x, 0), x == 2 || x == 6 ? 1.0f : 0.0f) << x;
  }
}

TEST_F(KinectTest, AtAScaleTheInputIsThinnedOut) {
  options_.scale = 2;
  const Sample sample = Open()->Read(0);
  ASSERT_EQ(sample.input->width(), 4);
  ASSERT_EQ(sample.input->height(), 2);
  EXPECT_FLOAT_EQ((*sample.input)(0, 0), 1000.0f);
  EXPECT_FLOAT_EQ((*sample.input)(3, 1), 1022.0f);  // pixel (6, 2)
}

TEST_F(KinectTest, NamesWhatIsMissing) {
  std::filesystem::remove(Path("a_truth.png"));
  EXPECT_THAT(ReadRefusal(), HasSubstr("a_truth.png"));
  std::filesystem::remove(Path("a_region.png"));
  EXPECT_THAT(OpenRefusal(), HasSubstr("NAME_region.png"));
}

}  // namespace
}  // namespace dkn
