#ifndef DKN_SRC_PIPELINE_DEPTH_GEOMETRY_H_
#define DKN_SRC_PIPELINE_DEPTH_GEOMETRY_H_

#include <optional>
#include <string>

#include "dkn/upsample.h"
#include "src/pipeline/camera_file.h"

namespace dkn {

// Whole pixels of the guide.
struct Rectangle {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// "X,Y,WIDTH,HEIGHT": integers, no space. Throws Error for anything else, a negative corner or an
// empty rectangle.
Rectangle ParseRectangle(const std::string& text);

// How the target lies on the guide; without either it covers the whole. Not both.
struct DepthGeometry {
  std::optional<CameraPair> cameras;  // the target is what the depth camera measured
  std::optional<Rectangle> place;     // the part of the guide that the target covers
};

// Pixels of the guide for one of the target along a side: the geometric mean of both sides.
double UpsamplingScale(ConstView guide, ConstView target, const DepthGeometry& geometry);

// UpsampleFrame of a target that lies on the guide so. Cameras: the target is moved into the colour
// camera's view first, the guide must have the colour camera's size, and what nobody measured
// (RegisterDepth) are holes like others; where nothing at all was measured the result is NaN. A
// place: the target is upsampled within this part of the guide and by it alone; around it the image
// is NaN and the confidence 0. In both cases holes of the result are NaN whatever options.invalid
// is. Throws Error as UpsampleFrame and RegisterDepth do, and where the place does not lie on the
// guide.
Upsampled UpsamplePlaced(ConstView guide, ConstView target, const JointFilter& filter,
                         const DepthGeometry& geometry, const UpsampleOptions& options = {});

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_DEPTH_GEOMETRY_H_
