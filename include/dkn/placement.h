#ifndef DKN_PLACEMENT_H_
#define DKN_PLACEMENT_H_

#include <optional>
#include <string>

#include "dkn/export.h"
#include "dkn/image.h"
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
// 10^6; the twelve numbers are the rows of [R | t]. Throws ArgumentError, which names the member,
// for anything else: a member more or less (lens distortion is not known), R that is no rotation.
DKN_EXPORT CameraPair ParseCameraPair(const std::string& text);

// Reads a camera pair from a file of at most 64 KiB; an Error of no particular kind names it.
DKN_EXPORT CameraPair ReadCameraPair(const std::string& path);

// Whole pixels of the guide.
struct Rectangle {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// "X,Y,WIDTH,HEIGHT": integers, no space. Throws ArgumentError for anything else, a negative corner
// or an empty rectangle.
DKN_EXPORT Rectangle ParseRectangle(const std::string& text);

// How the target lies on the guide; without either it covers the whole. Not both.
struct Placement {
  // The target is what the depth camera measured, the guide the colour camera's picture: the target
  // is moved into the picture's view first (RegisterDepth), and what nobody measured are holes like
  // others.
  std::optional<CameraPair> cameras;
  // The target covers this part of the guide, and that part alone guides it. Around it are holes.
  std::optional<Rectangle> place;
};

// Pixels of the guide for one of the target along a side: the geometric mean of both sides.
DKN_EXPORT double UpsamplingScale(ConstView guide, ConstView target,
                                  const Placement& placement = {});

// How many times as far the target is stretched along x as along y; 1 where a target of whole
// pixels could not fit the guide, or its part, better, and for cameras, whose view keeps its shape.
// More than 1.1 or less than 1 / 1.1 is no rounding: the target does not show what the guide does.
DKN_EXPORT double Stretch(ConstView guide, ConstView target, const Placement& placement = {});

}  // namespace dkn

#endif  // DKN_PLACEMENT_H_
