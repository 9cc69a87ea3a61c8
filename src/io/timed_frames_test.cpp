#include "src/io/timed_frames.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "src/core/test_files.h"

namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(TimeInName, SecondsWithAPoint) {
  EXPECT_EQ(TimeInName("1305031102.175304"), 1305031102 * kSecond + 175304000);
  EXPECT_EQ(TimeInName("0.5"), kSecond / 2);
  EXPECT_EQ(TimeInName("depth_1305031102.175304_raw"), 1305031102 * kSecond + 175304000);
  EXPECT_EQ(TimeInName("cam0-12.25"), 12 * kSecond + kSecond / 4);
  EXPECT_EQ(TimeInName("1.0000000019"), kSecond + 1);
  EXPECT_EQ(TimeInName("1305031102_175304000"), 1305031102 * kSecond + 175304000);
  EXPECT_EQ(TimeInName("1305031102-5"), 1305031102 * kSecond + kSecond / 2);
}

TEST(TimeInName, UnitsOfWholeNumbers) {
  EXPECT_EQ(TimeInName("1403636579763555584"), 1403636579763555584);
  EXPECT_EQ(TimeInName("1403636579763555"), 1403636579763555000);
  EXPECT_EQ(TimeInName("1403636579763"), 1403636579763000000);
  EXPECT_EQ(TimeInName("1403636579"), 1403636579 * kSecond);
  EXPECT_EQ(TimeInName("0042"), 42 * kSecond);
  EXPECT_EQ(TimeInName("12_0042"), 42 * kSecond);
}

TEST(TimeInName, NoneWhereNoneIsTold) {
  for (const char* name :
       {"", "depth", ".", "99999999999999999999", "99999999999", "9999999999.5"}) {
    EXPECT_EQ(TimeInName(name), std::nullopt) << name;
  }
}

TEST(Associations, TwoFilesOfALine) {
  const auto pairs = ParseAssociations(
      "# time rgb time depth\n\n1.1 rgb/1.1.png 1.2 depth/1.2.png\r\n"
      "a.jpg\tb.png 0 0 1\n3,c.jpg,3,d.exr");
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].first, "rgb/1.1.png");
  EXPECT_EQ(pairs[0].second, "depth/1.2.png");
  EXPECT_EQ(pairs[1].second, "b.png");
  EXPECT_EQ(pairs[2].first, "c.jpg");
  EXPECT_THAT(ErrorText([&] { ParseAssociations("a.png b.png\n1 a.png\n"); }),
              HasSubstr("line 2: expected two names of images"));
  EXPECT_THAT(ErrorText([&] { ParseAssociations("a.png b.png c.png"); }), HasSubstr("found 3"));
}

TEST(TimeList, TimesAndFiles) {
  const auto files = ParseTimes("# times\n1.5 rgb/a.png\n2 rgb/b.png more\n");
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].time, kSecond * 3 / 2);
  EXPECT_EQ(files[1].file, "rgb/b.png");
  for (const char* text : {"a.png 1.5", "1.5", "1.5 a.txt", "x1 a.png"}) {
    EXPECT_THAT(ErrorText([&] { ParseTimes(text); }), HasSubstr("line 1: expected a time"));
  }
}

class TimedFramesTest : public FolderTest {
 protected:
  void PutAll(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
      Put(name, {1});
    }
  }
  void PutText(const std::string& name, const std::string& text) const {
    Put(name, {text.begin(), text.end()});
  }
  FrameNames Names(const std::string& guide, const std::string& target) const {
    return {Path(guide), Path(target), Path("out")};
  }
  std::vector<std::string> Timed(const std::string& guide, const std::string& target,
                                 double max_time) {
    FrameNames names = Names(guide, target);
    names.pairing.max_time = max_time;
    return Pairs(TimedFrames(names, notes_));
  }
  std::vector<std::string> Associated(const std::string& guide, const std::string& target,
                                      const std::string& list) {
    FrameNames names = Names(guide, target);
    names.pairing.associations = Path(list);
    return Pairs(AssociatedFrames(names, notes_));
  }
  // "guide target", both without the test's folder.
  std::vector<std::string> Pairs(const std::vector<FrameFiles>& frames) {
    std::vector<std::string> pairs;
    for (const FrameFiles& frame : frames) {
      const auto inside = [&](const std::string& path) {
        return std::filesystem::path(path).lexically_relative(Path("")).string();
      };
      pairs.push_back(inside(frame.guide) + " " + inside(frame.target));
      EXPECT_EQ(frame.output, Path("out/" + frame.name));
    }
    return pairs;
  }

  std::vector<FileNote> notes_;
};

TEST_F(TimedFramesTest, EachTargetHasTheNearestGuide) {
  PutAll({"rgb/1.000.png", "rgb/1.030.png", "rgb/1.060.png", "rgb/5.0.png", "depth/1.016.png",
          "depth/1.031.png", "depth/1.045.png", "depth/0.5.png", "depth/9.png"});
  EXPECT_THAT(Timed("rgb", "depth", 0.02),
              ElementsAre("rgb/1.030.png depth/1.016.png", "rgb/1.030.png depth/1.031.png",
                          "rgb/1.030.png depth/1.045.png"));
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_EQ(notes_[0].file, Path("depth/0.5.png"));
  EXPECT_EQ(notes_[0].files, 2);
  EXPECT_EQ(notes_[0].note, "has no guide within 0.02 s and was left out");
  EXPECT_EQ(Timed("rgb", "depth", 0.002).size(), 1u);
  EXPECT_THAT(ErrorText([&] { Timed("rgb", "depth", 0.0005); }),
              HasSubstr("no target has a guide within 0.0005 s; the nearest is 0.001 s away"));
}

// Not a nanosecond more, at times that no float holds exactly.
TEST_F(TimedFramesTest, TheLimitItselfIsWithin) {
  PutAll({"rgb/1305031102.175304.png", "depth/1305031102.195304.png",
          "depth/1305031102.155303999.png"});
  EXPECT_THAT(Timed("rgb", "depth", 0.02),
              ElementsAre("rgb/1305031102.175304.png depth/1305031102.195304.png"));
}

TEST_F(TimedFramesTest, NanosecondsAndSecondsMeet) {
  PutAll({"rgb/1403636579763555584.png", "depth/1403636579.763.png"});
  EXPECT_EQ(Timed("rgb", "depth", 0.001).size(), 1u);
  PutAll({"depth/label.png"});
  EXPECT_THAT(ErrorText([&] { Timed("rgb", "depth", 0.001); }),
              HasSubstr("depth/label.png: its name tells no time"));
}

TEST_F(TimedFramesTest, ListsTellTimesToo) {
  PutAll({"rgb/a.png", "rgb/b.png", "depth/c.png"});
  PutText("rgb.txt", "# color images\n1.0 rgb/a.png\n1.1 rgb/b.png\n");
  PutText("depth.txt", "1.09 depth/c.png\n");
  EXPECT_THAT(Timed("rgb.txt", "depth.txt", 0.02), ElementsAre("rgb/b.png depth/c.png"));
  PutText("depth.txt", "depth/c.png\n");
  EXPECT_THAT(ErrorText([&] { Timed("rgb.txt", "depth.txt", 0.02); }),
              HasSubstr("depth.txt: line 1: expected a time"));
  EXPECT_THAT(ErrorText([&] { Timed("rgb/a.png", "depth", 0.02); }), HasSubstr("is no folder"));
}

TEST_F(TimedFramesTest, AssociationsInEitherOrder) {
  PutAll({"rgb/1.1.png", "rgb/2.1.png", "depth/1.2.png", "depth/2.2.png", "depth/3.2.png"});
  PutText("rgb_first.txt",
          "1.1 rgb/1.1.png 1.2 depth/1.2.png\n2.1 rgb/2.1.png 2.2 depth/2.2.png\n");
  PutText("depth_first.txt",
          "1.2 depth/1.2.png 1.1 rgb/1.1.png\n2.2 depth/2.2.png 2.1 rgb/2.1.png\n");
  for (const char* list : {"rgb_first.txt", "depth_first.txt"}) {
    notes_.clear();
    EXPECT_THAT(Associated("rgb", "depth", list),
                ElementsAre("rgb/1.1.png depth/1.2.png", "rgb/2.1.png depth/2.2.png"));
    ASSERT_EQ(notes_.size(), 1u);
    EXPECT_EQ(notes_[0].file, Path("depth/3.2.png"));
    EXPECT_THAT(notes_[0].note, HasSubstr("is in no line of"));
  }
}

// Where names are the same, the folders' tell.
TEST_F(TimedFramesTest, AssociationsOfEqualNames) {
  PutAll({"rgb/1.png", "depth/1.png"});
  PutText("list.txt", "1 ./depth/1.png 1 ./rgb/1.png\n");
  EXPECT_THAT(Associated("rgb/", "depth", "list.txt"), ElementsAre("rgb/1.png depth/1.png"));
  PutText("bare.txt", "1 1.png 1 1.png\n");
  EXPECT_THAT(Associated("rgb", "depth", "bare.txt"), ElementsAre("rgb/1.png depth/1.png"));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(TimedFramesTest, AssociationsThatAreUnclearAreRefused) {
  PutAll({"rgb/1.png", "depth/1.png"});
  PutText("bad.txt", "1 rgb/1.png\n");
  PutText("twice.txt", "rgb/1.png depth/1.png\nrgb/1.png depth/1.png\n");
  PutText("none.txt", "# nothing\n");
  const auto refusal = [&](const char* guide, const char* list) {
    return ErrorText([&] { Associated(guide, "depth", list); });
  };
  EXPECT_THAT(refusal("rgb", "bad.txt"), HasSubstr("bad.txt: line 1"));
  EXPECT_THAT(refusal("rgb", "twice.txt"), HasSubstr("two files of results"));
  EXPECT_THAT(refusal("rgb", "none.txt"), HasSubstr("names no frame"));
  EXPECT_THAT(refusal("rgb", "absent.txt"), HasSubstr("absent.txt"));
  EXPECT_THAT(refusal("rgb/1.png", "twice.txt"), HasSubstr("is no folder"));
}

}  // namespace
}  // namespace dkn
