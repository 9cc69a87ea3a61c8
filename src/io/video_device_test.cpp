#include "src/io/video_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/io/image_codecs.h"
#include "src/io/test_camera.h"
#include "src/io/video_format.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Role = VideoDevice::Role;
using Waiting = VideoDevice::Waiting;

constexpr const char* kPath = "/dev/video7";
constexpr int kNoWake = -1;

class VideoDeviceTest : public ::testing::Test {
 protected:
  TestCamera& Camera() { return video_.cameras[kPath]; }
  std::unique_ptr<VideoDevice> Open(Role role, const std::string& wanted = "") {
    std::optional<RawStream> stream;
    if (!wanted.empty()) {
      stream = ParseRawFormat("1x1:" + wanted).guide;
    }
    return std::make_unique<VideoDevice>(kPath, role, stream, video_);
  }
  std::string Refusal(Role role, const std::string& wanted = "") {
    return ErrorText([&] { Open(role, wanted); });
  }

  TestVideo video_;
};

TEST_F(VideoDeviceTest, GivesDepthRowByRow) {
  Camera().modes = {{V4L2_PIX_FMT_Z16, 3, 2, 10, 20}};  // rows of 6 bytes, 10 apart
  Camera().frames.push_back({Bytes16({1, 2, 3, 99, 99, 4, 5, 60000, 99, 99})});
  const auto device = Open(Role::kTarget);
  EXPECT_EQ(device->stream().Text(), "3x2,gray16le");
  std::vector<std::uint8_t> frame;
  ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
  EXPECT_EQ(frame, Bytes16({1, 2, 3, 4, 5, 60000}));
  EXPECT_FALSE(device->Next(frame, kNoWake, Waiting::kNot));
}

TEST_F(VideoDeviceTest, BytesAreTurnedWhereTheCameraIsBigEndian) {
  Camera().modes = {{V4L2_PIX_FMT_Y16_BE, 1, 1, 2, 2}};
  Camera().frames.push_back({{0x12, 0x34}});
  const auto device = Open(Role::kTarget);
  std::vector<std::uint8_t> frame;
  ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
  EXPECT_EQ(frame, Bytes16({0x1234}));
}

TEST_F(VideoDeviceTest, ColoursBecomeRgb) {
  Camera().modes = {{V4L2_PIX_FMT_NV12, 2, 2, 4, 12}};  // rows of 2 bytes, 4 apart
  Camera().frames.push_back({{16, 235, 0, 0, 126, 126, 0, 0, 128, 128, 0, 0}});
  const auto device = Open(Role::kGuide);
  std::vector<std::uint8_t> frame;
  ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
  ASSERT_EQ(frame.size(), 12u);
  EXPECT_EQ(frame[0], 0);    // black, at limited range
  EXPECT_EQ(frame[3], 255);  // white
  EXPECT_EQ(frame[6], frame[9]);
}

TEST_F(VideoDeviceTest, MotionJpegIsDecodedAndDamagedPicturesAreLost) {
  FrameBuffer grey(SampleType::kUint8, 8, 8, 3);
  std::fill_n(grey.As<std::uint8_t>(), grey.bytes(), std::uint8_t{200});
  const std::vector<std::uint8_t> jpeg = JpegBytes(grey);
  Camera().modes = {{V4L2_PIX_FMT_MJPEG, 8, 8, 0, 4000}};
  Camera().frames.push_back({jpeg});
  Camera().when_waited = [&](TestCamera& camera) { camera.frames.push_back({jpeg}); };
  const auto device = Open(Role::kGuide);
  std::vector<std::uint8_t> frame;
  ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
  EXPECT_EQ(frame.size(), 192u);
  EXPECT_NEAR(frame[0], 200, 2);
  Camera().frames.push_back({{jpeg.begin(), jpeg.begin() + 30}});
  EXPECT_FALSE(device->Next(frame, kNoWake, Waiting::kNot));
  EXPECT_EQ(device->lost(), 1);
  EXPECT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
}

TEST_F(VideoDeviceTest, TheNewestFrameIsTakenAndBuffersGoBack) {
  Camera().modes = {{V4L2_PIX_FMT_Z16, 1, 1, 2, 2}};
  const auto device = Open(Role::kTarget);
  std::vector<std::uint8_t> frame;
  for (std::uint16_t i = 0; i < 20; ++i) {
    Camera().frames.push_back({Bytes16({static_cast<std::uint16_t>(10 * i)})});
    Camera().frames.push_back({Bytes16({static_cast<std::uint16_t>(10 * i + 1)})});
    ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
    EXPECT_EQ(frame, Bytes16({static_cast<std::uint16_t>(10 * i + 1)}));
  }
  EXPECT_EQ(device->lost(), 20);
  EXPECT_EQ(Camera().queue.size(), 3u);
}

TEST_F(VideoDeviceTest, ShortAndDamagedFramesAreLost) {
  Camera().modes = {{V4L2_PIX_FMT_Z16, 2, 1, 4, 4}};
  Camera().frames.push_back({{1, 0}});
  Camera().frames.push_back({Bytes16({1, 2}), V4L2_BUF_FLAG_ERROR});
  Camera().when_waited = [](TestCamera& camera) { camera.frames.push_back({Bytes16({3, 4})}); };
  const auto device = Open(Role::kTarget);
  std::vector<std::uint8_t> frame;
  ASSERT_TRUE(device->Next(frame, kNoWake, Waiting::kForFrame));
  EXPECT_EQ(frame, Bytes16({3, 4}));
  EXPECT_EQ(device->lost(), 2);
}

TEST_F(VideoDeviceTest, AFormatThatSuitsIsChosen) {
  Camera().modes = {{V4L2_PIX_FMT_GREY, 4, 4, 4, 16},
                    {v4l2_fourcc('I', 'N', 'Z', 'I'), 4, 4, 8, 32},
                    {V4L2_PIX_FMT_Z16, 4, 2, 8, 16}};
  EXPECT_EQ(Open(Role::kTarget)->stream().Text(), "4x2,gray16le");
  EXPECT_EQ(Open(Role::kGuide)->stream().Text(), "4x4,gray");
}

TEST_F(VideoDeviceTest, WhatIsAskedForIsSet) {
  Camera().modes = {{V4L2_PIX_FMT_YUYV, 4, 4, 8, 32},
                    {V4L2_PIX_FMT_YUYV, 2, 2, 4, 8},
                    {V4L2_PIX_FMT_RGB24, 2, 2, 6, 12}};
  EXPECT_EQ(Open(Role::kGuide)->stream().Text(), "4x4,yuyv422");
  EXPECT_EQ(Open(Role::kGuide, "2x2,rgb24")->stream().Text(), "2x2,rgb24");
  EXPECT_EQ(Open(Role::kGuide, "2x2,yuyv422")->stream().Text(), "2x2,yuyv422");
  EXPECT_THAT(Refusal(Role::kGuide, "6x6,yuyv422"),
              AllOf(HasSubstr("6x6,yuyv422"), HasSubstr("offers YUYV"), HasSubstr("RGB3")));
  EXPECT_THAT(Refusal(Role::kTarget), HasSubstr("gives no depth of 16 bits"));
}

TEST_F(VideoDeviceTest, FailuresNameTheDevice) {
  EXPECT_THAT(ErrorText([&] { VideoDevice("/dev/video9", Role::kGuide, std::nullopt, video_); }),
              HasSubstr("/dev/video9: cannot be opened"));
  Camera().modes = {{V4L2_PIX_FMT_Z16, 2, 1, 4, 4}};
  Camera().capabilities = V4L2_CAP_VIDEO_OUTPUT;
  EXPECT_THAT(Refusal(Role::kTarget), HasSubstr("/dev/video7: gives no frames"));
  Camera().capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  Camera().busy = true;
  EXPECT_THAT(Refusal(Role::kTarget), HasSubstr("another program has it"));
  Camera().busy = false;
  Camera().fails_to_stream = true;
  EXPECT_THAT(Refusal(Role::kTarget), HasSubstr("does not begin to stream"));
  EXPECT_FALSE(Camera().open);
  EXPECT_EQ(Camera().mapped, 0);
}

TEST_F(VideoDeviceTest, ACameraThatGoesOrFallsSilentIsTold) {
  Camera().modes = {{V4L2_PIX_FMT_Z16, 2, 1, 4, 4}};
  const auto device = Open(Role::kTarget);
  std::vector<std::uint8_t> frame;
  EXPECT_THAT(ErrorText([&] { device->Next(frame, kNoWake, Waiting::kForFrame); }),
              HasSubstr("/dev/video7: gave no frame for 5 s"));
  Camera().when_waited = [](TestCamera& camera) { camera.gone = true; };
  EXPECT_THAT(ErrorText([&] { device->Next(frame, kNoWake, Waiting::kForFrame); }),
              HasSubstr("/dev/video7: has gone"));
}

TEST_F(VideoDeviceTest, MemoryIsGivenBackAtTheEnd) {
  Camera().modes = {{V4L2_PIX_FMT_Z16, 2, 1, 4, 4}};
  {
    const auto device = Open(Role::kTarget);
    EXPECT_TRUE(Camera().streams);
    EXPECT_EQ(Camera().mapped, 3);
  }
  EXPECT_FALSE(Camera().streams);
  EXPECT_EQ(Camera().mapped, 0);
  EXPECT_FALSE(Camera().open);
}

TEST(SystemVideoCallsTest, FilesAndAbsentNamesAreNoCameras) {
  EXPECT_FALSE(SystemVideoCalls().IsDevice("/dev/null"));
  EXPECT_FALSE(SystemVideoCalls().IsDevice("/dev/video_absent"));
  EXPECT_FALSE(SystemVideoCalls().IsDevice("."));
}

TEST(VideoCodeTextTest, IsReadable) {
  EXPECT_EQ(VideoCodeText(V4L2_PIX_FMT_YUYV), "YUYV");
  EXPECT_EQ(VideoCodeText(V4L2_PIX_FMT_Y16_BE), "Y16 -BE");
}

}  // namespace
}  // namespace dkn
