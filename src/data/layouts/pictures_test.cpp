#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class PicturesLayoutTest : public LayoutTest {
 protected:
  PicturesLayoutTest() {
    options_.layout = "pictures";
    PutPicture("b_flash.png", 4, 3);
    PutPicture("b_noflash.png", 4, 3);
    PutPicture("b_nir.png", 4, 3, 1);
    PutPicture("a_rgb.png", 4, 3);
    PutPicture("a_plain.png", 4, 3);
    PutPicture("a_truth.png", 4, 3, 1);
  }
};

TEST_F(PicturesLayoutTest, TheSplitTellsWhichPictures) {
  const auto flash = Open();
  EXPECT_THAT(NamesOf(*flash), ElementsAre("b"));
  EXPECT_THAT(flash->Files(0), ElementsAre(Path("b_flash.png"), Path("b_noflash.png")));
  const Sample sample = flash->Read(0);
  EXPECT_EQ(sample.truth.channels(), 3);
  const Image stored = ReadImage(Path("b_noflash.png")).image;
  EXPECT_NEAR(sample.truth(2, 1, 2), stored(2, 1, 2) / 255.0f, 1e-6f);
  options_.split = "infrared";
  EXPECT_THAT(Open()->Files(0), ElementsAre(Path("b_nir.png"), Path("b_noflash.png")));
  EXPECT_EQ(Open()->Read(0).guide.channels(), 1);
  options_.split = "plain";
  EXPECT_THAT(Open()->Files(0), ElementsAre(Path("a_rgb.png"), Path("a_plain.png")));
}

TEST_F(PicturesLayoutTest, NamesWhatIsMissing) {
  PutPicture("c_flash.jpg", 4, 3);
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("c_flash.jpg"), HasSubstr("no c_noflash.png")));
  PutPicture("c_noflash.jpg", 4, 3);
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("b", "c"));
  options_.split = "sepia";
  EXPECT_THAT(OpenRefusal(), HasSubstr("flash"));
  options_.split = "plain";
  std::filesystem::remove(Path("a_rgb.png"));
  EXPECT_THAT(OpenRefusal(), HasSubstr("no pair NAME_rgb.png"));
}

}  // namespace
}  // namespace dkn
