#include "src/data/layouts/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Refusal(const std::string& text) {
  return ErrorText([&] { ParseManifest(text); });
}

TEST(Manifest, ReadsQuotedFieldsAndEmptyTargets) {
  const auto rows = ParseManifest(
      "\xEF\xBB\xBFguide,target,truth\r\n"
      "a.png,b.png,c.png\r\n"
      "\n"
      "\"a, \"\"b\"\".png\",,\"c d.png\"");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[0].target, "b.png");
  EXPECT_EQ(rows[0].truth, "c.png");
  EXPECT_EQ(rows[1].line, 4);
  EXPECT_EQ(rows[1].guide, "a, \"b\".png");
  EXPECT_EQ(rows[1].target, "");
  EXPECT_EQ(rows[1].truth, "c d.png");
}

TEST(Manifest, ErrorsTellTheLine) {
  const std::string header = "guide,target,truth\n";
  EXPECT_THAT(Refusal(""), HasSubstr("line 1: expected guide,target,truth"));
  EXPECT_THAT(Refusal("guide,truth\na,b\n"), HasSubstr("line 1"));
  EXPECT_THAT(Refusal(header + "\n\n"), HasSubstr("the file ends"));
  EXPECT_THAT(Refusal(header + "a,b,c\na,b\n"), HasSubstr("line 3: has 2 fields"));
  EXPECT_THAT(Refusal(header + "a,b,c,\n"), HasSubstr("line 2: has 4 fields"));
  EXPECT_THAT(Refusal(header + ",b,c\n"), HasSubstr("line 2: names no guide"));
  EXPECT_THAT(Refusal(header + "a,b,\n"), HasSubstr("line 2: names no truth"));
  EXPECT_THAT(Refusal(header + "\"a,b,c\n"), HasSubstr("line 2: a quote is not closed"));
  EXPECT_THAT(Refusal(header + "a,b,\"c\"\"\n"), HasSubstr("line 2: a quote is not closed"));
  EXPECT_THAT(Refusal(header + "\"a\"b,c,d\n"), HasSubstr("line 2: text behind a quoted"));
  EXPECT_THAT(Refusal(header + "a\"b,c,d\n"), HasSubstr("line 2: a quote inside"));
}

class ManifestTest : public LayoutTest {
 protected:
  ManifestTest() {
    options_.layout = "manifest";
    options_.path = Path("sets/list.csv");
    PutPicture("sets/guides/a.png", 4, 2);
    PutPicture("sets/other/a.png", 4, 2);
    PutValues("truth.pfm", 4, 2, 1.0f, SampleType::kFloat32);
    PutValues("sets/in put.png", 2, 1, 7.0f, SampleType::kUint8);
  }
};

TEST_F(ManifestTest, PathsAreRelativeToTheFile) {
  PutText("sets/list.csv",
          "guide,target,truth\n"
          "guides/a.png,,../truth.pfm\n"
          "other/a.png,\"in put.png\"," +
              Path("truth.pfm") + "\n");
  options_.unit_per_step = 2.0;
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("a", "a_3"));  // names are unique
  EXPECT_FALSE(dataset->Read(0).input.has_value());
  EXPECT_EQ(dataset->Files(0).size(), 2u);
  const Sample sample = dataset->Read(1);
  EXPECT_EQ(sample.truth(1, 0), 4.0f);
  EXPECT_EQ((*sample.input)(0, 0), 14.0f);
  EXPECT_THAT(dataset->Files(1),
              ElementsAre(Path("sets/other/a.png"), Path("truth.pfm"), Path("sets/in put.png")));
}

TEST_F(ManifestTest, FilesThatAreNotThereAreNamedWithTheLine) {
  PutText("sets/list.csv", "guide,target,truth\nguides/a.png,none.png,../truth.pfm\n");
  EXPECT_THAT(OpenRefusal(),
              AllOf(HasSubstr("list.csv: line 2: the target"), HasSubstr("none.png is not there")));
  PutText("sets/list.csv", "guide,target,truth\nguides/a.png\n");
  EXPECT_THAT(OpenRefusal(), HasSubstr("list.csv: line 2: has 1 fields"));
  PutPicture("sets/guides/a.png", 5, 2);
  PutText("sets/list.csv", "guide,target,truth\nguides/a.png,,../truth.pfm\n");
  EXPECT_THAT(ReadRefusal(), HasSubstr("truth.pfm: is 4 x 2, expected the size of"));
}

}  // namespace
}  // namespace dkn
