#include "src/io/depth_origin.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <vector>

#include "src/core/number_text.h"
#include "src/io/named_file.h"
#include "src/io/packed_depth.h"

namespace dkn {
namespace {

// A data set's 16-bit files, by a part of their path in lower case. The first that fits counts.
struct KnownPath {
  const char* part;
  const char* text;
};
constexpr KnownPath kKnownPaths[] = {
    {"vkitti", "depth of Virtual KITTI 2, centimetres, 65535 the sky: --scale 0.01"},
    {"virtual_kitti", "depth of Virtual KITTI 2, centimetres, 65535 the sky: --scale 0.01"},
    {"disp_occ", "disparities of KITTI, 256 steps to a pixel: --scale 0.00390625 gives pixels"},
    {"disp_noc", "disparities of KITTI, 256 steps to a pixel: --scale 0.00390625 gives pixels"},
    {"kitti", "depth of KITTI, 256 steps to a metre: --scale 0.00390625"},
    {"proj_depth", "depth of KITTI, 256 steps to a metre: --scale 0.00390625"},
    {"velodyne", "depth of KITTI, 256 steps to a metre: --scale 0.00390625"},
    {"rgbd_dataset_freiburg", "depth of TUM RGB-D, 5000 steps to a metre: --scale 0.0002"},
    {"living_room_traj", "depth of ICL-NUIM, 5000 steps to a metre: --scale 0.0002"},
    {"office_room_traj", "depth of ICL-NUIM, 5000 steps to a metre: --scale 0.0002"},
    {"sunrgbd", "depth of SUN RGB-D, its bits turned: --packed sunrgbd, then millimetres"},
    {"sun3d", "depth of SUN3D, its bits turned: --packed sunrgbd, then millimetres"},
    {"scannet", "depth of ScanNet, millimetres: --scale 0.001, the default"},
    {"matterport", "depth of Matterport3D, 4000 steps to a metre: --scale 0.00025"},
    {"taskonomy", "depth of Taskonomy, 512 steps to a metre: --scale 0.001953125 --invalid 65535"},
    {"depth_zbuffer",
     "depth of Taskonomy, 512 steps to a metre: --scale 0.001953125 --invalid 65535"},
    {"arkitscenes", "depth of ARKitScenes, millimetres: --scale 0.001, the default"},
    {"redwood", "depth of Redwood, millimetres: --scale 0.001, the default"},
    {"cityscapes",
     "disparities of Cityscapes, 256 steps to a pixel and 1 more: --scale 0.00390625"}};

std::string LowerPath(const std::string& path) {
  std::error_code failure;
  std::string lower = std::filesystem::absolute(SplitName(path).file, failure).string();
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool Matches(const std::string& text, const char* pattern) {
  const std::string mask(pattern);  // '0' stands for any digit
  return text.size() == mask.size() &&
         std::equal(mask.begin(), mask.end(), text.begin(), [](char want, char is) {
           return want == '0' ? std::isdigit(static_cast<unsigned char>(is)) != 0 : want == is;
         });
}

// By a folder's or a file's name: a scene of ScanNet, a time of TUM's.
std::string OriginByPath(const std::string& path) {
  const std::string lower = LowerPath(path);
  for (const KnownPath& known : kKnownPaths) {
    if (lower.find(known.part) != std::string::npos) {
      return known.text;
    }
  }
  const std::filesystem::path parts(lower);
  for (const std::filesystem::path& part : parts) {
    if (Matches(part.string(), "scene0000_00")) {
      return "depth of ScanNet, millimetres: --scale 0.001, the default";
    }
  }
  if (Matches(parts.stem().string(), "0000000000.000000")) {
    return "depth of TUM RGB-D, by its name, a time: 5000 steps to a metre, --scale 0.0002";
  }
  return "";
}

// What values show, 0 and what is not finite left out.
struct Values {
  std::size_t count = 0;
  std::size_t multiples_of_8 = 0;
  std::size_t different = 0;
  std::size_t of_2047 = 0;
  float least = 0.0f;
  float median = 0.0f;
  float most = 0.0f;
};

Values Describe(const Image& image) {
  std::vector<float> kept;
  std::copy_if(image.data(), image.data() + image.size(), std::back_inserter(kept),
               [](float value) { return std::isfinite(value) && value != 0.0f; });
  Values values;
  if (kept.empty()) {
    return values;
  }
  values.count = kept.size();
  for (const float value : kept) {
    values.multiples_of_8 += std::fmod(value, 8.0f) == 0.0f ? 1 : 0;
    values.of_2047 += value == 2047.0f ? 1 : 0;
  }
  std::sort(kept.begin(), kept.end());
  values.least = kept.front();
  values.median = kept[kept.size() / 2];
  values.most = kept.back();
  values.different = static_cast<std::size_t>(std::unique(kept.begin(), kept.end()) - kept.begin());
  return values;
}

std::string RangeText(const Values& values, double metres) {
  return DigitsText(values.least * metres, 3) + " to " + DigitsText(values.most * metres, 3) + " m";
}

bool IsKittiSize(const Image& image) {
  return (image.width() >= 1216 && image.width() <= 1242) &&
         (image.height() >= 352 && image.height() <= 376);
}

// Of one channel of 16 bits.
std::string OriginOf16Bits(const Image& image) {
  const Values values = Describe(image);
  if (values.count == 0) {
    return "";
  }
  // (Beyond 8 m SUN RGB-D has bits there.)
  if (100 * values.multiples_of_8 >= 99 * values.count && values.different >= 100) {
    return "depth above three other bits, as of Kinect 1 and SUN RGB-D: --packed bits:3-15 or "
           "sunrgbd";
  }
  if (values.most == 2047.0f && 50 * values.of_2047 > values.count) {
    return "raw disparities of Kinect 1 (11 bits), 2047 where there is none: --invalid 2047";
  }
  if (IsKittiSize(image) && values.most <= 128 * 256) {
    return "depth of KITTI, by its size: 256 steps to a metre (" + RangeText(values, 1.0 / 256) +
           "), --scale 0.00390625";
  }
  if (values.median >= 6000.0f) {
    return "depth in steps of 0.001 (" + RangeText(values, 0.001) +
           ") or, as of TUM RGB-D, 0.0002 (" + RangeText(values, 0.0002) + "): see --scale";
  }
  return values.median >= 200.0f
             ? "depth in millimetres (" + RangeText(values, 0.001) + "): --scale 0.001, the default"
             : "";
}

std::string OriginOfFloats(const Image& image) {
  const Values values = Describe(image);
  if (values.count == 0 || values.least < 0.0f || values.most <= 1.0f) {
    return "";
  }
  if (values.median >= 0.1f && values.median <= 100.0f) {
    return "depth in metres (" + RangeText(values, 1.0) + ")";
  }
  return values.median >= 200.0f && values.median <= 20000.0f
             ? "depth in millimetres (" + RangeText(values, 0.001) + ")"
             : "";
}

// The share of neighbours in rows between which `low` changes much, `middle` little and `high` next
// to nothing, as the bytes of a number do and a picture's channels do not.
double ShareLikeBytes(const Image& image, int low, int middle, int high) {
  std::size_t found = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 1; x < image.width(); ++x) {
      const auto change = [&](int channel) {
        return std::abs(image(x, y, channel) - image(x - 1, y, channel));
      };
      found += change(low) >= 16.0f && change(middle) <= 16.0f && change(high) <= 1.0f ? 1 : 0;
    }
  }
  return static_cast<double>(found) / (1.0 * image.width() * image.height());
}

// Of three channels of 8 bits.
std::string OriginOfColours(const Image& image) {
  constexpr double kMany = 0.15;  // pictures and noise have next to none
  if (ShareLikeBytes(image, 0, 1, 2) > kMany) {
    return "depth of 24 bits in R,G,B, red the lowest: --packed carla, or rgb24";
  }
  if (ShareLikeBytes(image, 2, 1, 0) > kMany) {
    return "depth or height of 24 bits in R,G,B, blue the lowest: --packed mapbox, terrarium or "
           "bgr24";
  }
  return "";
}

}  // namespace

std::string SeemedPacking(const ImageFile& file) {
  const Image& image = file.image;
  if (image.channels() == 1 && file.type == SampleType::kUint16 &&
      SeemsDepth16({image.data(), image.data() + image.size()})) {
    return "a phone's depth of 13 bits with a confidence above it: --packed depth16";
  }
  const bool colours = image.channels() == 3 && file.type == SampleType::kUint8;
  return colours ? OriginOfColours(image) : "";
}

std::string SeemedOrigin(const std::string& path, const ImageFile& file) {
  if (file.image.channels() != 1 || file.type == SampleType::kUint8) {
    return SeemedPacking(file);
  }
  if (!IsInteger(file.type)) {
    return OriginOfFloats(file.image);
  }
  for (const std::string& origin : {OriginByPath(path), SeemedPacking(file)}) {
    if (!origin.empty()) {
      return origin;
    }
  }
  return OriginOf16Bits(file.image);
}

}  // namespace dkn
