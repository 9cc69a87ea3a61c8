#include "src/data/layouts/voc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/data/layouts/test_layouts.h"
#include "src/io/test_png.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class VocTest : public LayoutTest {
 protected:
  VocTest() { options_.layout = "voc"; }
  void PutLabels(const std::string& name) const {
    Place(name);
    Put(name, test_png::PalettePng(3, 2, {0, 1, 20, 255, 7, 15}));
  }
  // A picture and its labels, as the archive has them.
  void PutImage(const std::string& root, const std::string& name) const {
    PutPicture(root + "JPEGImages/" + name + ".jpg", 3, 2);
    PutLabels(root + "SegmentationClass/" + name + ".png");
  }
};

TEST_F(VocTest, ReadsThePalettesIndicesInTheListsOrder) {
  for (const std::string root : {"VOCdevkit/VOC2012/", "VOC2012/", ""}) {
    PutImage(root, "2007_000033");
    PutImage(root, "2007_000032");
    PutImage(root, "2008_000001");
    PutText(root + "ImageSets/Segmentation/val.txt", "2007_000033\r\n2007_000032\n");
    PutText(root + "ImageSets/Segmentation/train.txt", "2008_000001");
    options_.split = "val";
    const auto dataset = Open();
    EXPECT_THAT(NamesOf(*dataset), ElementsAre("2007_000033", "2007_000032"));
    EXPECT_THAT(dataset->Files(1), ElementsAre(Path(root + "JPEGImages/2007_000032.jpg"),
                                               Path(root + "SegmentationClass/2007_000032.png")));
    const Sample sample = dataset->Read(1);
    ASSERT_EQ(sample.truth.channels(), 1);
    EXPECT_EQ(sample.truth(2, 0), 20.0f);
    EXPECT_EQ(sample.truth(1, 1), 7.0f);
    EXPECT_TRUE(std::isnan(sample.truth(0, 1)));  // 255, void
    options_.split = "train";
    EXPECT_THAT(NamesOf(*Open()), ElementsAre("2008_000001"));
  }
}

TEST_F(VocTest, TheAugmentedSplitHasLabelsInGrey) {
  PutImage("", "2008_000007");
  PutText("ImageSets/SegmentationAug/train_aug.txt",
          "/JPEGImages/2008_000007.jpg /SegmentationClassAug/2008_000007.png\n");
  options_.split = "train_aug";
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("SegmentationClassAug"), HasSubstr("train_aug")));
  PutValues("SegmentationClassAug/2008_000007.png", 3, 2, 250.0f, SampleType::kUint8);
  const Sample sample = Open()->Read(0);
  EXPECT_EQ(sample.truth(1, 1), 254.0f);
  EXPECT_TRUE(std::isnan(sample.truth(2, 1)));
  PutText("ImageSets/Segmentation/trainaug.txt", "absent\n");
  PutText("ImageSets/Segmentation/train_aug.txt", "2008_000007\n");  // goes before the others
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("2008_000007"));
}

TEST_F(VocTest, NamesWhatIsMissingOrWrong) {
  PutText("readme.txt", "x");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("no folder JPEGImages"), HasSubstr("readme.txt")));
  PutPicture("JPEGImages/a.jpg", 3, 3);
  EXPECT_THAT(OpenRefusal(), HasSubstr("SegmentationClass: is no folder"));
  PutLabels("SegmentationClass/b.png");
  EXPECT_THAT(OpenRefusal(), HasSubstr("ImageSets/Segmentation/val.txt"));
  PutText("ImageSets/Segmentation/val.txt", "a\n");
  EXPECT_THAT(OpenRefusal(), AllOf(HasSubstr("val.txt"), HasSubstr("no " + Path("")),
                                   HasSubstr("SegmentationClass/a.png")));
  PutText("ImageSets/Segmentation/val.txt", "b\n");
  EXPECT_THAT(OpenRefusal(), HasSubstr("JPEGImages/b.jpg"));
  PutText("ImageSets/Segmentation/val.txt", "a\n");
  PutLabels("SegmentationClass/a.png");
  EXPECT_THAT(ReadRefusal(), AllOf(HasSubstr("a.png: is 3 x 2"), HasSubstr("3 x 3")));
  PutPicture("SegmentationClass/a.png", 3, 3);  // labels that a program has turned into colours
  EXPECT_THAT(ReadRefusal(), AllOf(HasSubstr("a.png"), HasSubstr("in colour")));
}

TEST(ParseImageSet, TakesNamesAndPathsAndRefusesOthers) {
  EXPECT_THAT(ParseImageSet("a\n\n  b  1\r\n/JPEGImages/c.jpg /Labels/c.png"),
              ElementsAre("a", "b", "c"));
  const auto refusal = [](const std::string& text) {
    return ErrorText([&] { ParseImageSet(text); });
  };
  EXPECT_THAT(refusal("a\nb\na\n"), HasSubstr("line 3: 'a' comes twice"));
  EXPECT_THAT(refusal("a\n../..\n"), HasSubstr("line 2: '../..' is no image's name"));
  EXPECT_THAT(refusal("a/\n"), HasSubstr("no image's name"));
  EXPECT_THAT(refusal(std::string("a\0b", 3)), HasSubstr("no image's name"));
  EXPECT_THAT(refusal(" \n\n"), HasSubstr("names no image"));
}

}  // namespace
}  // namespace dkn
