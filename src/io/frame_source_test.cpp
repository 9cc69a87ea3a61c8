#include "src/io/frame_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/io/test_camera.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;

class FrameSourceTest : public FolderTest {
 protected:
  std::string PutImage(const std::string& name, int width, int height, int channels, int add,
                       SampleType type) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    Image image = Pattern(width, height, channels, 200);
    image(0, 0) = static_cast<float>(add);
    WriteImage(Path(name), image, type);
    return Path(name);
  }
  void PutPair(int number) const {
    const std::string digits = std::to_string(number);
    PutImage("rgb/" + digits + ".png", 8, 6, 3, number, SampleType::kUint8);
    PutImage("depth/" + digits + ".png", 4, 3, 1, number, SampleType::kUint16);
  }
  std::unique_ptr<FrameSource> Open(const std::string& guide, const std::string& target,
                                    const FileTask& task = {}, const std::string& raw = "") {
    return OpenFrameSource({guide, target, ""}, task, raw, std::nullopt, std::nullopt, video_);
  }
  static int FirstValue(const HeldFrame& frame) {
    return static_cast<int>(ImageOf(frame.frame())(0, 0));
  }
  TestVideo video_;
};

TEST_F(FrameSourceTest, AFolderIsReadInOrderAndAgain) {
  PutPair(1);
  PutPair(2);
  const auto source = Open(Path("rgb"), Path("depth"));
  EXPECT_EQ(source->frames(), 2);
  EXPECT_FALSE(source->MayBeEmpty());
  SourceFrame frame;
  for (int round = 0; round < 2; ++round) {
    for (int number = 1; number <= 2; ++number) {
      ASSERT_TRUE(source->Next(frame));
      EXPECT_EQ(frame.name, std::to_string(number) + ".png");
      EXPECT_EQ(FirstValue(frame.guide), number);
      EXPECT_EQ(FirstValue(frame.target), number);
      EXPECT_TRUE(frame.mask.empty());
    }
    EXPECT_FALSE(source->Next(frame));
    EXPECT_TRUE(source->Rewind());
  }
}

TEST_F(FrameSourceTest, PatternsAndOneGuideForAll) {
  PutPair(1);
  PutPair(2);
  const auto source = Open(Path("rgb/1.png"), Path("depth/%d.png"));
  SourceFrame first;
  SourceFrame second;
  ASSERT_TRUE(source->Next(first));
  ASSERT_TRUE(source->Next(second));
  EXPECT_TRUE(first.guide.IsSame(second.guide));
  EXPECT_FALSE(first.target.IsSame(second.target));
}

TEST_F(FrameSourceTest, ABadFileEndsNothing) {
  for (const int number : {1, 2, 3}) {
    PutPair(number);
  }
  Put("depth/2.png", {1, 2, 3});
  std::filesystem::remove(Path("rgb/3.png"));
  const auto source = Open(Path("rgb"), Path("depth"));
  EXPECT_TRUE(source->GoesOn());
  SourceFrame frame;
  ASSERT_TRUE(source->Next(frame));
  EXPECT_THAT(ErrorText([&] { source->Next(frame); }), HasSubstr("depth/2.png"));
  EXPECT_EQ(frame.name, "1.png");
  EXPECT_THAT(ErrorText([&] { source->Next(frame); }), HasSubstr("3.png: "));
  EXPECT_FALSE(source->Next(frame));
}

TEST_F(FrameSourceTest, OnePairWithAMask) {
  PutPair(1);
  FileTask task;
  task.mask = PutImage("mask.png", 4, 3, 1, 0, SampleType::kUint8);
  const auto source = Open(Path("rgb/1.png"), Path("depth/1.png"), task);
  SourceFrame frame;
  ASSERT_TRUE(source->Next(frame));
  EXPECT_EQ(frame.mask.frame().width, 4);
  EXPECT_EQ(frame.files.target, Path("depth/1.png"));
  EXPECT_FALSE(source->Next(frame));
  task.mask = PutImage("mask8.png", 8, 6, 1, 0, SampleType::kUint8);
  EXPECT_THAT(ErrorText([&] { Open(Path("rgb/1.png"), Path("depth/1.png"), task)->Next(frame); }),
              HasSubstr("mask8.png"));
}

TEST_F(FrameSourceTest, RawFilesHoldGuidesTooAndBeginAnew) {
  Put("depth.raw", Bytes16({1, 2, 3, 4}));
  Put("rgb.raw", {10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25});
  const auto source = Open(Path("rgb.raw"), Path("depth.raw"), {}, "2x1:2x1,bgr24");
  EXPECT_TRUE(source->MayBeEmpty());
  SourceFrame frame;
  ASSERT_TRUE(source->Next(frame));
  EXPECT_EQ(FirstValue(frame.guide), 12);  // B,G,R
  ASSERT_TRUE(source->Next(frame));
  EXPECT_EQ(frame.name, "frame 2");
  EXPECT_EQ(FirstValue(frame.target), 3);
  EXPECT_FALSE(source->Next(frame));
  ASSERT_TRUE(source->Rewind());
  ASSERT_TRUE(source->Next(frame));
  EXPECT_EQ(FirstValue(frame.target), 1);
}

TEST_F(FrameSourceTest, CamerasGiveTheirNewestFrames) {
  TestCamera& depth = video_.cameras["/dev/video2"];
  depth.modes = {{V4L2_PIX_FMT_Z16, 2, 1, 4, 4}};
  depth.when_waited = [](TestCamera& camera) { camera.frames.push_back({Bytes16({7, 8})}); };
  TestCamera& colours = video_.cameras["/dev/video0"];
  colours.modes = {{V4L2_PIX_FMT_RGB24, 2, 1, 6, 6}};
  colours.frames.push_back({{1, 1, 1, 1, 1, 1}});
  colours.frames.push_back({{9, 9, 9, 9, 9, 9}});
  const auto source = Open("/dev/video0", "/dev/video2");
  EXPECT_TRUE(source->IsLive());
  EXPECT_FALSE(source->Rewind());
  EXPECT_EQ(source->CameraRaw(), "2x1:2x1");
  SourceFrame first;
  SourceFrame second;
  ASSERT_TRUE(source->Next(first));
  EXPECT_EQ(FirstValue(first.guide), 9);
  EXPECT_EQ(FirstValue(first.target), 7);
  ASSERT_TRUE(source->Next(second));  // no new picture: the one before guides
  EXPECT_TRUE(second.guide.IsSame(first.guide));
}

TEST_F(FrameSourceTest, WhatIsNoSourceIsRefused) {
  PutPair(1);
  video_.cameras["/dev/video0"].modes = {{V4L2_PIX_FMT_RGB24, 2, 1, 6, 6}};
  EXPECT_THAT(ErrorText([&] { Open("/dev/video0", Path("depth/1.png")); }),
              HasSubstr("expected depth from a camera too"));
  EXPECT_THAT(ErrorText([&] { Open(Path("rgb/1.png"), "/dev/video0"); }),
              HasSubstr("gives no depth"));
  EXPECT_NE(ErrorText([&] { Open(Path("rgb/1.png"), Path("rgb/1.png")); }), "");
  EXPECT_NE(ErrorText([&] { Open(Path("rgb"), Path("absent_%d.png")); }), "");
  EXPECT_THAT(ErrorText([&] {
                OpenFrameSource({Path("rgb"), Path("depth"), ""}, {}, "", 1, std::nullopt, video_);
              }),
              HasSubstr("--first"));
}

}  // namespace
}  // namespace dkn
