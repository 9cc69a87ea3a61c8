#ifndef DKN_SRC_TRAIN_PICTURE_CASE_H_
#define DKN_SRC_TRAIN_PICTURE_CASE_H_

#include <cstdint>

#include "src/core/json_members.h"
#include "src/sensors/depth_case.h"
#include "src/train/training_set.h"

namespace dkn::train {

// A way in which one channel of a picture gets noise that another picture helps to remove: by
// flash, or in infrared (Section 4.2.2).
struct PictureCase {
  // Of TrainingData::pictures, pairs of pictures of one view; else both are made of the colour of
  // a pair with depth.
  bool of_pictures = false;
  // Camera noise (AddCameraNoise); of both the logarithm is uniform.
  sensors::Interval electrons = {100.0, 100.0};
  sensors::Interval read_noise = {2.0, 2.0};
  // The chance that the noise has a grain, as demosaicing and compression leave it, and its size in
  // pixels: noise of a picture so much smaller is enlarged.
  double grainy = 0.0;
  sensors::Interval grain = {1.0, 4.0};
  // How much the two pictures differ in exposure, tone, shading, shadows and highlights beyond what
  // their files do, from 0, not at all, to 1.
  double change = 0.0;
  int reduced = 1;  // pictures are shrunk by this factor first, so that all is sharp
};

// The "picture" of a training case. Throws Error naming the member that is wrong.
PictureCase ParsePictureCase(const Json& json, const std::string& path);

// A pair's picture, or its colour, as the truth's, in one channel drawn at random; with what the
// case does to it. A function of the seed. The size is the pair's divided by `reduced`.
TrainingImage MakePicture(const RgbdPair& pair, const PictureCase& picture_case,
                          std::uint64_t seed);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_PICTURE_CASE_H_
