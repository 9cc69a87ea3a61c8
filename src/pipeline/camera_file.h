#ifndef DKN_SRC_PIPELINE_CAMERA_FILE_H_
#define DKN_SRC_PIPELINE_CAMERA_FILE_H_

#include <string>

#include "dkn/registration.h"

namespace dkn {

// A depth camera and the colour camera beside it.
struct CameraPair {
  Intrinsics depth;
  Intrinsics color;
  RigidTransform depth_to_color;  // translation in the depth's unit
};

// Reads both cameras from JSON:
//   {"depth": {"width": 640, "height": 480, "fx": 580, "fy": 580, "cx": 319.5, "cy": 239.5},
//    "color": {...the same members...},
//    "depth_to_color": [r11, r12, r13, tx, r21, r22, r23, ty, r31, r32, r33, tz]}
// Sides are pixels from 1 to 2^16, focal lengths pixels from 0.001 to 10^6, centres from -10^6 to
// 10^6; the twelve numbers are the rows of [R | t]. Throws Error, which names the member, for
// anything else: a member more or less (lens distortion is not known), R that is no rotation.
CameraPair ParseCameraPair(const std::string& text);

// The same from a file of at most 64 KiB, which errors name.
CameraPair ReadCameraPair(const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_CAMERA_FILE_H_
