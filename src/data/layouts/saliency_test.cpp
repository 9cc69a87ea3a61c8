#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class SaliencyTest : public LayoutTest {
 protected:
  SaliencyTest() { options_.layout = "saliency"; }
  void PutMask(const std::string& name, int channels) const {
    Image mask(4, 3, channels);
    for (int c = 0; c < channels; ++c) {
      mask(1, 2, c) = 255.0f;
      mask(0, 0, c) = 51.0f;
    }
    WriteImage(Place(name), mask, SampleType::kUint8);
  }
};

TEST_F(SaliencyTest, ReadsMasksFromZeroToOne) {
  for (const std::string folders : {"DUT-OMRON-image/ pixelwiseGT-new-PNG/", "images/ masks/"}) {
    const std::string pictures = folders.substr(0, folders.find(' '));
    const std::string masks = folders.substr(folders.find(' ') + 1);
    PutPicture(pictures + "sun.jpg", 4, 3);
    PutMask(masks + "sun.png", masks == "masks/" ? 3 : 1);  // grey as colour is grey
    const auto dataset = Open();
    EXPECT_THAT(NamesOf(*dataset), ElementsAre("sun"));
    EXPECT_THAT(dataset->Files(0),
                ElementsAre(Path(pictures + "sun.jpg"), Path(masks + "sun.png")));
    const Sample sample = dataset->Read(0);
    EXPECT_EQ(sample.truth.channels(), 1);
    EXPECT_EQ(sample.truth(1, 2), 1.0f);
    EXPECT_EQ(sample.truth(0, 0), 0.2f);
    EXPECT_EQ(sample.truth(3, 0), 0.0f);
  }
}

TEST_F(SaliencyTest, PicturesAndMasksMayShareTheFolder) {
  PutPicture("a.jpg", 4, 3);
  PutMask("a.png", 1);
  PutPicture("b.jpg", 4, 3);
  PutMask("b.png", 1);
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("a", "b"));
}

TEST_F(SaliencyTest, NamesMayTellWhichIsTheMask) {
  PutPicture("a_color.jpg", 4, 3);
  PutMask("a_saliency.png", 1);
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("a"));
  EXPECT_EQ(dataset->Read(0).truth(1, 2), 1.0f);
  PutPicture("b_color.jpg", 4, 3);
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("b_color.jpg has no mask"), HasSubstr("b_saliency")));
}

TEST_F(SaliencyTest, NamesWhatIsMissingOrWrong) {
  PutText("readme.txt", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no NAME.jpg"), HasSubstr("(readme.txt)")));
  PutPicture("images/a.jpg", 4, 3);
  EXPECT_THAT(OpenRefusal(), HasSubstr("a.jpg has no mask"));
  PutPicture("masks/a.png", 4, 3);
  EXPECT_THAT(ReadRefusal(), HasSubstr("a.png: is a colour picture, expected a grey mask"));
}

}  // namespace
}  // namespace dkn
