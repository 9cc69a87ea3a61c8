#include "dkn/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const Intrinsics kDepthCamera = {64, 48, 60.0, 60.0, 31.5, 23.5};

Image Plane(int width, int height, float z) {
  Image depth(width, height);
  std::fill_n(depth.data(), depth.size(), z);
  return depth;
}

TEST(RegisterDepth, OfTheSameCameraIsTheDepth) {
  Image depth(64, 48);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      depth(x, y) = 1000.0f + static_cast<float>(10 * x + y);
    }
  }
  depth(5, 6) = 0.0f;
  depth(7, 8) = std::numeric_limits<float>::quiet_NaN();
  depth(9, 10) = -3.0f;
  const Image registered = RegisterDepth(depth, kDepthCamera, {}, kDepthCamera);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      const bool hole = (x == 5 && y == 6) || (x == 7 && y == 8) || (x == 9 && y == 10);
      if (hole) {
        EXPECT_TRUE(std::isnan(registered(x, y)));
      } else {
        EXPECT_EQ(registered(x, y), depth(x, y)) << x << ", " << y;
      }
    }
  }
}

// 1000 mm away, 50 mm to the right of the depth camera: everything moves left by 60 * 50 / 1000 = 3
// pixels, and the right 3 columns see nothing.
TEST(RegisterDepth, MovesByTheBaseline) {
  RigidTransform transform;
  transform.rows[3] = -50.0;
  Image depth = Plane(64, 48, 1000.0f);
  depth(20, 10) = 990.0f;
  const Image registered = RegisterDepth(depth, kDepthCamera, transform, kDepthCamera);
  EXPECT_EQ(registered(17, 10), 990.0f);
  EXPECT_EQ(registered(60, 10), 1000.0f);
  for (int x = 61; x < 64; ++x) {
    EXPECT_TRUE(std::isnan(registered(x, 10)));
  }
  transform.rows[11] = -100.0;  // and 100 mm ahead
  EXPECT_EQ(RegisterDepth(depth, kDepthCamera, transform, kDepthCamera)(30, 20), 900.0f);
}

// A quarter turn about the optical axis, of square pictures: x' = -y, y' = x.
TEST(RegisterDepth, TurnsByTheRotation) {
  const Intrinsics square = {32, 32, 40.0, 40.0, 15.5, 15.5};
  Image depth = Plane(32, 32, 500.0f);
  depth(4, 7) = 400.0f;
  const RigidTransform turn = {{0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0}};
  const Image registered = RegisterDepth(depth, square, turn, square);
  EXPECT_EQ(registered(31 - 7, 4), 400.0f);
  EXPECT_EQ(std::count(registered.data(), registered.data() + registered.size(), 400.0f), 1);
}

// A near bar before a far wall: the bar moves further, over the wall, and uncovers a strip of it.
TEST(RegisterDepth, TheNearestCountsAndWhatIsUncoveredIsAHole) {
  Image depth = Plane(64, 48, 3000.0f);
  for (int y = 0; y < 48; ++y) {
    for (int x = 30; x < 36; ++x) {
      depth(x, y) = 500.0f;
    }
  }
  RigidTransform transform;
  transform.rows[3] = -50.0;  // 6 pixels at 500, 1 at 3000
  const Image registered = RegisterDepth(depth, kDepthCamera, transform, kDepthCamera);
  for (int x = 24; x < 30; ++x) {
    EXPECT_EQ(registered(x, 20), 500.0f) << x;
  }
  EXPECT_EQ(registered(23, 20), 3000.0f);
  for (int x = 30; x < 35; ++x) {
    EXPECT_TRUE(std::isnan(registered(x, 20))) << x;
  }
  EXPECT_EQ(registered(35, 20), 3000.0f);
}

TEST(RegisterDepth, LeavesNoGapsInACameraOfAnyResolution) {
  const Image depth = Plane(64, 48, 1500.0f);
  for (const int scale : {1, 2, 3}) {
    const Intrinsics color = ResizedTo(kDepthCamera, 64 * scale, 48 * scale);
    const Image registered = RegisterDepth(depth, kDepthCamera, {}, color);
    for (std::size_t i = 0; i < registered.size(); ++i) {
      ASSERT_EQ(registered.data()[i], 1500.0f) << scale;
    }
  }
  const Intrinsics small = ResizedTo(kDepthCamera, 16, 12);
  const Image registered = RegisterDepth(depth, kDepthCamera, {}, small);
  EXPECT_EQ(std::count(registered.data(), registered.data() + registered.size(), 1500.0f), 192);
}

TEST(RegisterDepth, IgnoresWhatIsBehindTheColourCamera) {
  RigidTransform transform;
  transform.rows[11] = -2000.0;
  const Image registered =
      RegisterDepth(Plane(64, 48, 1000.0f), kDepthCamera, transform, kDepthCamera);
  EXPECT_TRUE(std::all_of(registered.data(), registered.data() + registered.size(),
                          [](float value) { return std::isnan(value); }));
}

TEST(RegisteredCamera, HasTheDepthCamerasAngularResolution) {
  const Intrinsics color = {1280, 720, 920.0, 920.0, 640.0, 360.0};
  const Intrinsics depth = {640, 480, 380.0, 380.0, 320.0, 240.0};
  const Intrinsics registered = RegisteredCamera(depth, color);
  EXPECT_EQ(registered.width, 529);
  EXPECT_EQ(registered.height, 297);
  EXPECT_NEAR(registered.fx, depth.fx, 0.5);
  EXPECT_EQ(RegisteredCamera(color, depth).width, 640);  // never larger than the picture
}

TEST(RegisterDepth, RefusesWhatIsNoCameraOrTransform) {
  const Image depth = Plane(64, 48, 1000.0f);
  Intrinsics wrong = kDepthCamera;
  wrong.fx = 0.0;
  EXPECT_THAT([&] { RegisterDepth(depth, wrong, {}, kDepthCamera); },
              ThrowsMessage<Error>(HasSubstr("depth camera's focal lengths")));
  wrong.fx = std::numeric_limits<double>::infinity();
  EXPECT_THROW(RegisterDepth(depth, kDepthCamera, {}, wrong), Error);
  wrong = kDepthCamera;
  wrong.width = 63;
  EXPECT_THAT([&] { RegisterDepth(depth, wrong, {}, kDepthCamera); },
              ThrowsMessage<Error>(HasSubstr("63 x 48")));
  RigidTransform scaled;
  scaled.rows[0] = 1.1;
  EXPECT_THAT([&] { RegisterDepth(depth, kDepthCamera, scaled, kDepthCamera); },
              ThrowsMessage<Error>(HasSubstr("[R | t]")));
  RigidTransform far;
  far.rows[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(RegisterDepth(depth, kDepthCamera, far, kDepthCamera), Error);
}

}  // namespace
}  // namespace dkn
