#include "src/eval/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "dkn/error.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ListPairsTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::path(testing::TempDir()) / ("dkn_list_pairs_" + test);
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void Touch(const std::string& name) { std::ofstream(folder_ / name) << "x"; }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(ListPairsTest, SortsByNameAndSkipsOtherFiles) {
  for (const char* name : {"b_color.jpg", "b_depth.png", "a_color.png", "a_depth.png", "README.md",
                           "_color.png", "a_depth.npy"}) {
    Touch(name);
  }
  const std::vector<ImagePair> pairs = ListPairs(folder_.string());
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].name, "a");
  EXPECT_EQ(pairs[0].color, Path("a_color.png"));
  EXPECT_EQ(pairs[0].depth, Path("a_depth.png"));
  EXPECT_EQ(pairs[1].name, "b");
  EXPECT_EQ(pairs[1].color, Path("b_color.jpg"));
}

TEST_F(ListPairsTest, NamesTheMissingHalf) {
  Touch("a_color.png");
  EXPECT_THAT([&] { ListPairs(folder_.string()); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr(Path("a_color.png")), HasSubstr("no a_depth.png beside it"))));
  Touch("a_depth.png");
  Touch("b_depth.png");
  EXPECT_THAT([&] { ListPairs(folder_.string()); },
              ThrowsMessage<Error>(HasSubstr("no b_color.png or .jpg beside it")));
}

TEST_F(ListPairsTest, RefusesAFolderWithoutPairsAndNoFolder) {
  Touch("picture.png");
  EXPECT_THAT([&] { ListPairs(folder_.string()); },
              ThrowsMessage<Error>(HasSubstr("NAME_depth.png among its 1 files")));
  EXPECT_THAT([&] { ListPairs(Path("absent")); },
              ThrowsMessage<Error>(AllOf(HasSubstr("absent"), HasSubstr("No such file"))));
  EXPECT_THROW(ListPairs(Path("picture.png")), Error);
}

}  // namespace
}  // namespace dkn
