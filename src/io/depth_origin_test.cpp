#include "src/io/depth_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "src/core/random.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kWidth = 80;
constexpr int kHeight = 60;

// A slope of depth in metres from 1 to 3, with holes of 0 and a little noise, by its unit.
ImageFile Depth(double steps, SampleType type = SampleType::kUint16) {
  ImageFile file{Image(kWidth, kHeight), type};
  Random random(5);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double metres = 1.0 + 2.0 * x / kWidth + random.Uniform(-0.002, 0.002);
      const double value = (x + y) % 13 == 0 ? 0.0 : metres * steps;
      file.image(x, y) = static_cast<float>(IsInteger(type) ? std::round(value) : value);
    }
  }
  return file;
}

std::string Seemed(const ImageFile& file, const std::string& path = "/data/a.png") {
  return SeemedOrigin(path, file);
}

template <typename Change>
ImageFile Changed(ImageFile file, const Change& change) {
  for (int y = 0; y < file.image.height(); ++y) {
    for (int x = 0; x < file.image.width(); ++x) {
      float& value = file.image(x, y);
      value = static_cast<float>(change(static_cast<int>(value), x, y));
    }
  }
  return file;
}

TEST(DepthOrigin, ByTheNamesOfDataSets) {
  const ImageFile file = Depth(1000);
  for (const auto& [path, told] :
       {std::pair{"/x/KITTI/depth/0000000005.png", "KITTI, 256"},
        {"/x/train/drive/proj_depth/groundtruth/image_02/0000000005.png", "--scale 0.00390625"},
        {"/x/training/disp_occ_0/000000_10.png", "disparities of KITTI"},
        {"/x/vkitti_2.0.3/Scene01/clone/frames/depth/Camera_0/depth_00000.png", "--scale 0.01"},
        {"/x/rgbd_dataset_freiburg1_xyz/depth/1305031102.160407.png", "--scale 0.0002"},
        {"/y/depth/1305031102.160407.png", "TUM RGB-D, by its name"},
        {"/x/living_room_traj0_frei_png/depth/0.png", "ICL-NUIM"},
        {"/x/scans/scene0707_00/depth/0.png", "ScanNet, millimetres: --scale 0.001"},
        {"/x/SUNRGBD/kv1/a/depth/0.png", "--packed sunrgbd"},
        {"/x/Matterport3D/a_d0_0.png", "--scale 0.00025"},
        {"/x/Cityscapes/a_disparity.png", "disparities of Cityscapes"}}) {
    EXPECT_THAT(Seemed(file, path), HasSubstr(told)) << path;
  }
  EXPECT_THAT(Seemed(Depth(1, SampleType::kFloat32), "/x/kitti/a.npy"), HasSubstr("in metres"));
}

TEST(DepthOrigin, ByValues) {
  EXPECT_THAT(Seemed(Depth(1000)), HasSubstr("in millimetres (0.998 to 2.98 m)"));
  EXPECT_THAT(Seemed(Depth(5000)), HasSubstr("as of TUM RGB-D, 0.0002 (0.998 to 2.98 m)"));
  EXPECT_THAT(Seemed(Depth(1.0, SampleType::kFloat32)), HasSubstr("in metres (0.998 to 2.98 m)"));
  EXPECT_THAT(Seemed(Depth(1000.0, SampleType::kFloat32)), HasSubstr("in millimetres"));
}

TEST(DepthOrigin, BitsThatAreNoDepth) {
  const auto moved = [](int value, int, int) { return value * 8; };
  EXPECT_THAT(Seemed(Changed(Depth(1000), moved)), HasSubstr("--packed bits:3-15"));
  Random random(7);
  const auto sure = [&](int value, int, int) { return value + 8192 * random.Index(8); };
  EXPECT_THAT(Seemed(Changed(Depth(1000), sure)), HasSubstr("--packed depth16"));
  const auto player = [](int value, int x, int) { return value == 0 ? 0 : value * 8 + x % 8; };
  EXPECT_THAT(Seemed(Changed(Depth(1000), player)), HasSubstr("as of TUM RGB-D"));
  const auto raw = [](int value, int x, int y) { return (x + y) % 13 == 0 ? 2047 : value / 3; };
  EXPECT_THAT(Seemed(Changed(Depth(1000), raw)), HasSubstr("--invalid 2047"));
}

TEST(DepthOrigin, KittiByItsSize) {
  ImageFile file{Image(1242, 375), SampleType::kUint16};
  for (int x = 0; x < 1242; x += 5) {
    file.image(x, 200) = static_cast<float>(256 * (5 + x / 20) + x % 20);
  }
  EXPECT_THAT(Seemed(file), HasSubstr("KITTI, by its size: 256 steps to a metre (5 to 67 m)"));
}

TEST(DepthOrigin, TwentyFourBitsInColours) {
  for (const bool red_low : {true, false}) {
    ImageFile file{Image(kWidth, kHeight, 3), SampleType::kUint8};
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const int number = static_cast<int>((10.0 + 0.11 * x + 0.031 * y) / 1000.0 * 16777215.0);
        file.image(x, y, red_low ? 0 : 2) = static_cast<float>(number % 256);
        file.image(x, y, 1) = static_cast<float>(number / 256 % 256);
        file.image(x, y, red_low ? 2 : 0) = static_cast<float>(number / 65536);
      }
    }
    EXPECT_THAT(Seemed(file), HasSubstr(red_low ? "--packed carla" : "--packed mapbox"));
  }
}

TEST(DepthOrigin, NothingOfPicturesMasksAndEmptyFiles) {
  ImageFile picture{Image(kWidth, kHeight, 3), SampleType::kUint8};
  Random random(9);
  for (std::size_t i = 0; i < picture.image.size(); ++i) {
    picture.image.data()[i] = static_cast<float>(random.Index(256));
  }
  EXPECT_THAT(Seemed(picture), IsEmpty());
  EXPECT_THAT(Seemed(Depth(100, SampleType::kUint8)), IsEmpty());
  EXPECT_THAT(Seemed(ImageFile{Image(8, 6), SampleType::kUint16}), IsEmpty());
  EXPECT_THAT(Seemed(ImageFile{Image(8, 6), SampleType::kFloat32}), IsEmpty());
  EXPECT_THAT(Seemed(Depth(0.1, SampleType::kFloat32)), IsEmpty());
}

}  // namespace
}  // namespace dkn
