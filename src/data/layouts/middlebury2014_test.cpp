#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kCalibration[] =
    "cam0=[4152.073 0 1288.147; 0 4152.073 973.571; 0 0 1]\n"
    "cam1=[4152.073 0 1501.231; 0 4152.073 973.571; 0 0 1]\n"
    "doffs=213.084\nbaseline=176.252\nwidth=2\nheight=1\nndisp=280\n";

class Middlebury2014Test : public LayoutTest {
 protected:
  Middlebury2014Test() { options_.layout = "middlebury2014"; }
  void PutScene(const std::string& scene, const std::string& truth = "disp0.pfm") const {
    PutPicture(scene + "im0.png", 2, 1);
    Image disparity(2, 1);
    disparity(0, 0) = 86.916f;
    disparity(1, 0) = std::numeric_limits<float>::infinity();
    WriteImage(Place(scene + truth), disparity, SampleType::kFloat32);
    PutText(scene + "calib.txt", kCalibration);
  }
};

TEST_F(Middlebury2014Test, ReadsScenesOfEitherArchive) {
  PutScene("Piano/");
  PutScene("Adirondack/", "disp0GT.pfm");
  PutText("readme.txt", "x");
  options_.unit_per_step = 2.0;
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("Adirondack", "Piano"));
  EXPECT_THAT(dataset->Files(0),
              ElementsAre(Path("Adirondack/im0.png"), Path("Adirondack/disp0GT.pfm")));
  const Sample sample = dataset->Read(1);
  EXPECT_FLOAT_EQ(sample.truth(0, 0), 2 * 86.916f);
  EXPECT_TRUE(std::isnan(sample.truth(1, 0)));
}

TEST_F(Middlebury2014Test, OneSceneIsASet) {
  PutScene("");
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("scene"));
}

// 176.252 mm * 4152.073 / (86.916 + 213.084) = 2439.37 mm.
TEST_F(Middlebury2014Test, GivesDepthByTheCalibration) {
  PutScene("Piano/");
  options_.split = "depth";
  EXPECT_THAT(Open()->Files(0), Contains(Path("Piano/calib.txt")));
  const Sample sample = Open()->Read(0);
  EXPECT_NEAR(sample.truth(0, 0), 2439.37, 0.01);
  EXPECT_TRUE(std::isnan(sample.truth(1, 0)));
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"cam0=[1 0 0]\ndoffs=0\n", "calib.txt: holds no line baseline="},
           {"cam0=[x]\ndoffs=0\nbaseline=1\n", "calib.txt: 'cam0' is not a number"},
           {"cam0=[nan 0]\ndoffs=0\nbaseline=1\n", "not more than 0"},
           {"cam0=[0 0]\ndoffs=0\nbaseline=1", "not more than 0"}}) {
    PutText("Piano/calib.txt", text);
    EXPECT_THAT(ReadRefusal(), HasSubstr(expected));
  }
  std::filesystem::remove(Path("Piano/calib.txt"));
  EXPECT_THAT(ReadRefusal(), HasSubstr("calib.txt: cannot be read"));
}

TEST_F(Middlebury2014Test, NamesWhatIsMissing) {
  PutText("Piano/im0.png", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("SCENE/disp0.pfm"), HasSubstr("(Piano)")));
  PutScene("Playroom/");
  std::filesystem::remove(Path("Playroom/im0.png"));
  EXPECT_THAT(OpenRefusal(), HasSubstr("Playroom/disp0.pfm has no im0.png beside it"));
}

}  // namespace
}  // namespace dkn
