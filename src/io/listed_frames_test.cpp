#include "src/io/listed_frames.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "src/core/test_files.h"

namespace dkn {
namespace {

using testing::HasSubstr;

class ListedFramesTest : public FolderTest {
 protected:
  std::vector<FrameFiles> List(const std::vector<ListedFrame>& frames,
                               const std::string& root = "") const {
    return ListedFrames(frames, root, Path("out"), Path("trust"));
  }
};

TEST_F(ListedFramesTest, ResultsHaveTheTargetsNames) {
  const auto frames = List(
      {{Path("g/1.jpg"), Path("t/1.png"), Path("m/1.png")}, {Path("g/1.jpg"), Path("u/2.npz")}});
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].name, Path("t/1.png"));
  EXPECT_EQ(frames[0].guide, Path("g/1.jpg"));
  EXPECT_EQ(frames[0].mask, Path("m/1.png"));
  EXPECT_EQ(frames[0].output, Path("out/1.png"));
  EXPECT_EQ(frames[0].confidence, Path("trust/1.png"));
  EXPECT_EQ(frames[1].mask, "");
  EXPECT_EQ(frames[1].output, Path("out/2.npy"));
}

TEST_F(ListedFramesTest, BelowARootPathsTellFramesApart) {
  const std::vector<ListedFrame> listed = {{Path("g.png"), Path("data/a/1.png")},
                                           {Path("g.png"), Path("data/b/../b/1.png")}};
  EXPECT_THAT(ErrorText([&] { List(listed); }), HasSubstr("two files of results"));
  const auto frames = List(listed, Path("data/"));
  EXPECT_EQ(frames[0].output, Path("out/a/1.png"));
  EXPECT_EQ(frames[1].output, Path("out/b/1.png"));
  EXPECT_THAT(ErrorText([&] { List(listed, Path("dat")); }), HasSubstr("does not lie in"));
}

TEST_F(ListedFramesTest, NothingThatIsReadIsWritten) {
  EXPECT_THAT(ErrorText([&] {
                List({{Path("g.png"), Path("out/1.png")}});
              }),
              HasSubstr("take the place"));
}

TEST_F(ListedFramesTest, AFrameIsMadeOnceAllItsFilesAreThere) {
  for (const char* folder : {"out", "trust"}) {
    std::filesystem::create_directory(Path(folder));
  }
  const FrameFiles frame = List({{Path("g.png"), Path("1.png")}})[0];
  EXPECT_FALSE(IsMade(frame));
  Put("out/1.png", {1});
  EXPECT_FALSE(IsMade(frame));
  Put("trust/1.png", {1});
  EXPECT_TRUE(IsMade(frame));
}

}  // namespace
}  // namespace dkn
