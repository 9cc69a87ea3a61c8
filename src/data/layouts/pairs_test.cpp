#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/data/dataset.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class PairsTest : public FolderTest {
 protected:
  void Touch(const std::string& name) const { Put(name, {'x'}); }
  std::string Refusal(const std::string& folder) const {
    return ErrorText([&] { ListPairs(folder); });
  }
};

TEST_F(PairsTest, SortsByNameAndSkipsOtherFiles) {
  for (const char* name : {"b_color.jpg", "b_depth.png", "a_color.png", "a_depth.png", "README.md",
                           "_color.png", "a_depth.npy"}) {
    Touch(name);
  }
  const std::vector<ImagePair> pairs = ListPairs(Path(""));
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].name, "a");
  EXPECT_EQ(pairs[0].color, Path("a_color.png"));
  EXPECT_EQ(pairs[0].depth, Path("a_depth.png"));
  EXPECT_EQ(pairs[1].name, "b");
  EXPECT_EQ(pairs[1].color, Path("b_color.jpg"));
}

TEST_F(PairsTest, NamesTheMissingHalf) {
  Touch("a_color.png");
  EXPECT_THAT(Refusal(Path("")),
              AllOf(HasSubstr(Path("a_color.png")), HasSubstr("no a_depth.png beside it")));
  Touch("a_depth.png");
  Touch("b_depth.png");
  EXPECT_THAT(Refusal(Path("")), HasSubstr("no b_color.png or .jpg beside it"));
}

TEST_F(PairsTest, RefusesAFolderWithoutPairsAndNoFolder) {
  EXPECT_THAT(Refusal(Path("")), HasSubstr("NAME_depth.png among its 0 files"));
  Touch("picture.png");
  EXPECT_THAT(Refusal(Path("")), HasSubstr("NAME_depth.png among its 1 files (picture.png)"));
  EXPECT_THAT(Refusal(Path("absent")), AllOf(HasSubstr("absent"), HasSubstr("No such file")));
  EXPECT_NE(Refusal(Path("picture.png")), "");
}

TEST_F(PairsTest, ReadsInTheSetsUnit) {
  WriteImage(Path("a_color.png"), RandomImage(4, 3, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  Image depth(4, 3);
  depth(1, 2) = 1000.0f;
  depth(3, 0) = 65535.0f;
  WriteImage(Path("a_depth.png"), depth, SampleType::kUint16);
  DatasetOptions options;
  options.path = Path("");
  options.unit_per_step = 0.2;
  options.invalid = 65535.0f;
  const auto dataset = OpenDataset(options);
  ASSERT_EQ(dataset->size(), 1u);
  EXPECT_EQ(dataset->Name(0), "a");
  EXPECT_THAT(dataset->Files(0), ElementsAre(Path("a_color.png"), Path("a_depth.png")));
  const Sample sample = dataset->Read(0);
  EXPECT_EQ(sample.guide.channels(), 3);
  EXPECT_LE(*std::max_element(sample.guide.data(), sample.guide.data() + 36), 1.0f);
  EXPECT_FLOAT_EQ(sample.truth(1, 2), 200.0f);
  EXPECT_EQ(sample.truth(0, 0), 0.0f);
  EXPECT_TRUE(std::isnan(sample.truth(3, 0)));
  EXPECT_FALSE(sample.input.has_value());
}

TEST_F(PairsTest, ReadNamesTheFileThatIsBad) {
  WriteImage(Path("a_color.png"), Image(4, 3, 3), SampleType::kUint8);
  WriteImage(Path("a_depth.png"), Image(4, 4), SampleType::kUint16);
  WriteImage(Path("b_color.png"), Image(4, 3, 3), SampleType::kUint8);
  Touch("b_depth.png");
  DatasetOptions options;
  options.path = Path("");
  const auto dataset = OpenDataset(options);
  EXPECT_THAT(ErrorText([&] { dataset->Read(0); }),
              AllOf(HasSubstr("a_depth.png: is 4 x 4"), HasSubstr("a_color.png, 4 x 3")));
  EXPECT_THAT(ErrorText([&] { dataset->Read(1); }), HasSubstr("b_depth.png: unknown format"));
}

}  // namespace
}  // namespace dkn
