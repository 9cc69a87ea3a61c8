#include "src/io/frame_files.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "src/core/test_files.h"
#include "src/io/own_guides.h"

namespace dkn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(FramePattern, WritesNumbersWithLeadingZeros) {
  EXPECT_EQ(FramePattern("a_%04d.png").Path(7), "a_0007.png");
  EXPECT_EQ(FramePattern("a_%04d.png").Path(12345), "a_12345.png");
  EXPECT_EQ(FramePattern("dir/%d").Path(0), "dir/0");
  EXPECT_EQ(FramePattern("%01dd.png").Path(3), "3d.png");
  EXPECT_EQ(FramePattern("x%09d").Path(1), "x000000001");
}

TEST(FramePattern, RefusesAllElseThatPrintfTakes) {
  for (const char* text :
       {"",          "a.png",    "%",    "a%",        "%s.png", "%n",  "%4d.png",       "%00d",
        "%010d.png", "%-4d.png", "%04i", "%ld",       "%04",    "%0d", "%04d_%04d.png", "%%d.png",
        "100%.png",  "%*d",      "%1$d", "%04d/a.png"}) {
    EXPECT_THAT(ErrorText([&] { FramePattern pattern(text); }), HasSubstr("is no pattern")) << text;
  }
}

class FrameFilesTest : public FolderTest {
 protected:
  void PutAll(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
      Put(name, {1});
    }
  }
};

TEST_F(FrameFilesTest, ExistingNumbersAreThoseOfThePattern) {
  PutAll({"d_0010.png", "d_0002.png", "d_12345.png", "d_00003.png", "d_3.png", "d_.png",
          "e_0004.png", "d_0005.jpg", "d_0006.png.png", "d_-001.png", "d_99999999999.png",
          "d_000a.png"});
  EXPECT_THAT(FramePattern(Path("d_%04d.png")).Numbers(), ElementsAre(2, 10, 12345));
  EXPECT_THAT(ErrorText([&] { FramePattern(Path("absent/%d.png")).Numbers(); }),
              HasSubstr("absent"));
}

TEST_F(FrameFilesTest, AFileWithAPercentSignIsAFile) {
  EXPECT_TRUE(IsFramePattern(Path("a%d.png")));
  PutAll({"a%d.png"});
  EXPECT_FALSE(IsFramePattern(Path("a%d.png")));
  EXPECT_FALSE(IsFramePattern(Path("a.png")));
}

TEST_F(FrameFilesTest, PatternsGiveWhatExistsOrWhatIsAskedFor) {
  PutAll({"rgb_1.png", "rgb_3.png", "depth_1.png", "depth_2.png", "depth_3.png"});
  const auto targets = [&](std::optional<int> first, std::optional<int> last) {
    std::vector<std::string> names;
    for (const FrameFiles& frame : PatternFrames(
             {Path("rgb_%d.png"), Path("depth_%d.png"), Path("o_%02d.png")}, first, last)) {
      names.push_back(frame.name);
    }
    return names;
  };
  EXPECT_THAT(targets({}, {}), ElementsAre("depth_1.png", "depth_2.png", "depth_3.png"));
  EXPECT_THAT(targets(2, {}), ElementsAre("depth_2.png", "depth_3.png"));
  EXPECT_THAT(targets({}, 2), ElementsAre("depth_1.png", "depth_2.png"));
  EXPECT_THAT(targets(3, 5), ElementsAre("depth_3.png", "depth_4.png", "depth_5.png"));
  EXPECT_THAT(ErrorText([&] { targets(4, {}); }), HasSubstr("depth_%d.png"));
  EXPECT_THAT(ErrorText([&] { targets(5, 4); }), HasSubstr("first"));
  EXPECT_THAT(ErrorText([&] { targets(0, 2'000'000'000); }), HasSubstr("too many"));
  const FrameFiles frame =
      PatternFrames({Path("rgb_%d.png"), Path("depth_%d.png"), Path("o_%02d.png"), Path("c%d.npy")},
                    1, 1)
          .at(0);
  EXPECT_EQ(frame.guide, Path("rgb_1.png"));
  EXPECT_EQ(frame.target, Path("depth_1.png"));
  EXPECT_EQ(frame.output, Path("o_01.png"));
  EXPECT_EQ(frame.confidence, Path("c1.npy"));
}

TEST_F(FrameFilesTest, OnePictureMayGuideAllFrames) {
  PutAll({"rgb.png", "d/1.png", "d/2.png"});
  EXPECT_EQ(PatternFrames({Path("rgb.png"), Path("d/%d.png"), Path("o%d.png")}, {}, {}).at(1).guide,
            Path("rgb.png"));
  const auto frames = FolderFrames({Path("rgb.png"), Path("d"), Path("o")});
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].guide, Path("rgb.png"));
  EXPECT_EQ(frames[1].problem, "");
}

TEST_F(FrameFilesTest, FoldersAreMatchedByStem) {
  PutAll({"rgb/b.jpg", "rgb/a.PNG", "rgb/extra.png", "rgb/c.txt", "rgb/.d.png", "depth/a.png",
          "depth/b.npy", "depth/c.png", "depth/notes.txt", "depth/.hidden.png"});
  std::filesystem::create_directory(Path("depth/folder.png"));
  const auto frames = FolderFrames({Path("rgb"), Path("depth"), Path("out"), Path("sure")});
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].guide, Path("rgb/a.PNG"));
  EXPECT_EQ(frames[0].output, Path("out/a.png"));
  EXPECT_EQ(frames[0].confidence, Path("sure/a.png"));
  EXPECT_EQ(frames[1].guide, Path("rgb/b.jpg"));
  EXPECT_EQ(frames[1].target, Path("depth/b.npy"));
  EXPECT_EQ(frames[1].problem, "");
  EXPECT_THAT(frames[2].problem, HasSubstr("named c "));
}

TEST_F(FrameFilesTest, MasksAreOneForAllOrOneForEach) {
  PutAll({"rgb.png", "depth/a.png", "depth/b.png", "mask/b.npy", "mask.png", "m_1.png", "d_1.png"});
  const FrameNames names{Path("rgb.png"), Path("depth"), Path("out")};
  EXPECT_EQ(FolderFrames(names).at(1).mask, "");
  EXPECT_EQ(FolderFrames(names, Path("mask.png")).at(1).mask, Path("mask.png"));
  const auto frames = FolderFrames(names, Path("mask"));
  EXPECT_THAT(frames.at(0).problem, HasSubstr("mask: has no mask named a "));
  EXPECT_EQ(frames.at(1).mask, Path("mask/b.npy"));
  EXPECT_EQ(frames.at(1).problem, "");
  const FrameNames patterns{Path("rgb.png"), Path("d_%d.png"), Path("o_%d.png")};
  EXPECT_EQ(PatternFrames(patterns, {}, {}, Path("m_%d.png")).at(0).mask, Path("m_1.png"));
  EXPECT_EQ(PatternFrames(patterns, {}, {}, Path("mask.png")).at(0).mask, Path("mask.png"));
  EXPECT_EQ(PatternFrames(patterns, {}, {}).at(0).mask, "");
  EXPECT_THAT(ErrorText([&] {
                FolderFrames({Path("rgb.png"), Path("depth"), Path("mask")}, Path("mask/a.png"));
              }),
              HasSubstr("take the place"));
}

TEST_F(FrameFilesTest, FoldersThatAreUnclearAreRefused) {
  PutAll({"rgb/a.png", "two/a.png", "two/a.npy", "depth/a.png"});
  std::filesystem::create_directory(Path("empty"));
  const auto refusal = [&](const char* guide, const char* target, const char* output) {
    return ErrorText([&] { FolderFrames({Path(guide), Path(target), Path(output)}); });
  };
  EXPECT_EQ(refusal("rgb", "depth", "out"), "");
  EXPECT_THAT(refusal("rgb", "two", "out"), HasSubstr("a.npy and a.png"));
  EXPECT_THAT(refusal("two", "depth", "out"), HasSubstr("a.npy and a.png"));
  EXPECT_THAT(refusal("rgb", "empty", "out"), HasSubstr("no image"));
  EXPECT_THAT(refusal("rgb", "absent", "out"), HasSubstr("absent"));
  EXPECT_THAT(refusal("rgb", "depth", "depth/../depth"), HasSubstr("folder of their own"));
  EXPECT_THAT(refusal("rgb", "depth", "rgb"), HasSubstr("folder of their own"));
}

TEST_F(FrameFilesTest, NothingIsMadeInThePlaceOfAnotherFile) {
  PutAll({"rgb/1.png", "depth/1.png", "depth/11.png", "out/1.png"});
  std::filesystem::create_directory_symlink(Path("depth"), Path("link"));
  const auto pattern = [&](const char* guide, const char* target, const char* output,
                           const char* confidence) {
    return ErrorText([&] {
      PatternFrames({Path(guide), Path(target), Path(output), Path(confidence)}, {}, {});
    });
  };
  const auto folder = [&](const char* guide, const char* output, const char* confidence) {
    return ErrorText([&] {
      FolderFrames({Path(guide), Path("depth"), Path(output), Path(confidence)});
    });
  };
  EXPECT_EQ(pattern("rgb/1.png", "depth/%d.png", "o%d.png", "c%d.png"), "");
  EXPECT_EQ(folder("rgb", "o", "c"), "");
  for (const char* taken :
       {"depth/%d.png", "depth/../depth/%d.png", "link/%d.png", "depth/1%d.png", "rgb/%d.png"}) {
    EXPECT_THAT(pattern("rgb/1.png", "depth/%d.png", taken, "c%d.png"), HasSubstr("take the place"))
        << taken;
    EXPECT_THAT(pattern("rgb/1.png", "depth/%d.png", "o%d.png", taken), HasSubstr("take the place"))
        << taken;
  }
  EXPECT_THAT(pattern("rgb/1.png", "depth/%d.png", "o%d.png", "./o%d.png"), HasSubstr("two files"));
  EXPECT_THAT(pattern("rgb/1.png", "depth/%d.png", "o%d.png", "o1%d.png"), HasSubstr("two files"));
  EXPECT_THAT(folder("out/1.png", "out", "c"), HasSubstr("take the place"));
  EXPECT_THAT(folder("out/1.png", "o", "out"), HasSubstr("take the place"));
  for (const char* taken : {"o", "o/", "x/../o", "depth", "rgb", "link"}) {
    EXPECT_THAT(folder("rgb", "o", taken), HasSubstr("confidences need a folder of their own"))
        << taken;
  }
}

// Files count, not their names: links lead to what they lead to, there or not.
TEST_F(FrameFilesTest, LinksAreTheirFiles) {
  PutAll({"rgb/1.png", "depth/1.png"});
  std::filesystem::create_symlink("depth/1.png", Path("link.png"));
  std::filesystem::create_symlink("new.png", Path("dangling.png"));
  std::filesystem::create_hard_link(Path("rgb/1.png"), Path("hard.png"));
  EXPECT_TRUE(SameFile(Path("link.png"), Path("depth/1.png")));
  EXPECT_TRUE(SameFile(Path("dangling.png"), Path("new.png")));
  EXPECT_TRUE(SameFile(Path("hard.png"), Path("rgb/1.png")));
  EXPECT_FALSE(SameFile(Path("hard.png"), Path("depth/1.png")));
  std::filesystem::create_symlink("depth/1.png", Path("o1.png"));
  EXPECT_THAT(
      ErrorText([&] {
        PatternFrames({Path("rgb/1.png"), Path("depth/%d.png"), Path("o%d.png"), ""}, {}, {});
      }),
      HasSubstr("take the place"));
}

TEST_F(FrameFilesTest, OneThingIsNotGuideAndTarget) {
  PutAll({"rgb/1.png", "rgb/2.png", "render/1.exr", "both/1.npz"});
  std::filesystem::create_directory_symlink(Path("rgb"), Path("link"));
  const auto folders = [&](const char* guide, const char* target) {
    return ErrorText([&] { FolderFrames({Path(guide), Path(target), Path("o")}); });
  };
  EXPECT_THAT(folders("rgb", "rgb"), HasSubstr("1.png: is guide and target at once"));
  EXPECT_THAT(folders("link", "rgb"), HasSubstr("guide and target at once"));
  EXPECT_THAT(folders("both:a", "both:a"), HasSubstr("guide and target at once"));
  EXPECT_EQ(folders("both:a", "both:b"), "");
  EXPECT_EQ(folders("render", "render"), "");  // colours and depth
  EXPECT_THAT(
      ErrorText([&] {
        PatternFrames({Path("rgb/%d.png"), Path("link/%d.png"), Path("o%d.png"), ""}, {}, {});
      }),
      HasSubstr("guide and target at once"));
  const std::vector<float> values = {1.0f, 2.0f, 3.0f, 4.0f};
  const ConstFrame colours(values.data(), SampleType::kFloat32, 2, 1);
  const ConstFrame depth(values.data() + 2, SampleType::kFloat32, 2, 1);
  const FrameNames names{Path("render/1.exr"), Path("render/1.exr"), Path("o.npy")};
  CheckGuideIsNoTarget(names, colours, depth);
  EXPECT_THAT(ErrorText([&] { CheckGuideIsNoTarget(names, colours, colours); }),
              HasSubstr("FILE:NAME"));
}

// What is read and not written gives files that are.
TEST_F(FrameFilesTest, ResultsHaveEndingsThatAreWritten) {
  PutAll({"rgb/1.bmp", "rgb/2.PPM", "depth/1.npz", "depth/2.pgm"});
  const std::vector<FrameFiles> frames =
      FolderFrames({Path("rgb"), Path("depth"), Path("o"), Path("c")});
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].output, Path("o/1.npy"));
  EXPECT_EQ(frames[0].confidence, Path("c/1.npy"));
  EXPECT_EQ(frames[1].guide, Path("rgb/2.PPM"));
  EXPECT_EQ(frames[1].output, Path("o/2.png"));
}

TEST_F(FrameFilesTest, NamesOfWhatIsInTheFiles) {
  PutAll({"rgb/1.exr", "depth/1.npz"});
  const std::vector<FrameFiles> folder =
      FolderFrames({Path("rgb:RGB"), Path("depth:left"), Path("o"), ""});
  ASSERT_EQ(folder.size(), 1u);
  EXPECT_EQ(folder[0].name, "1.npz");
  EXPECT_EQ(folder[0].guide, Path("rgb/1.exr:RGB"));
  EXPECT_EQ(folder[0].target, Path("depth/1.npz:left"));
  EXPECT_EQ(folder[0].output, Path("o/1.npy"));
  const std::vector<FrameFiles> pattern = PatternFrames(
      {Path("rgb/%d.exr:RGB"), Path("depth/%d.npz:left"), Path("o/%d.npy"), ""}, {}, {});
  ASSERT_EQ(pattern.size(), 1u);
  EXPECT_EQ(pattern[0].guide, Path("rgb/1.exr:RGB"));
  EXPECT_EQ(pattern[0].target, Path("depth/1.npz:left"));
  EXPECT_TRUE(SameFile(Path("depth/1.npz:left"), Path("depth/1.npz")));
  EXPECT_THAT(ErrorText([&] {
                PatternFrames(
                    {Path("rgb/%d.exr:RGB"), Path("depth/%d.npz:left"), Path("depth/%d.npz"), ""},
                    {}, {});
              }),
              HasSubstr("take the place"));
}

}  // namespace
}  // namespace dkn
