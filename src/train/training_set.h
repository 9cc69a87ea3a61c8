#ifndef DKN_SRC_TRAIN_TRAINING_SET_H_
#define DKN_SRC_TRAIN_TRAINING_SET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/resample.h"

namespace dkn {

// How a ground truth becomes a network's input (Section 4.1.1).
struct Degradation {
  int scale = 8;
  Resampler resampler = Resampler::kBicubic;
};

// One image of a training set, ready to be cropped. Input and truth are normalised by the
// low-resolution input's range, as at test time, so the truth may leave [0, 1] a little.
struct TrainingImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> guide;  // R,G,B planes
  Image input;                      // the truth, shrunk and enlarged again
  Image truth;
  float range = 0.0f;  // what 1 stands for, in steps of the truth's file
};

// `guide` in [0, 1], 3 channels; `truth` in any unit. Cropped at right and bottom to a multiple of
// scale. Throws Error when the truth is constant: it has no range.
TrainingImage MakeTrainingImage(ConstView guide, ConstView truth, const Degradation& degradation);

// The pairs NAME_color.* and NAME_depth.png of a folder, in the order of their names; at most
// `limit` of them when limit > 0. Throws Error naming the file.
std::vector<TrainingImage> ReadTrainingFolder(const std::string& folder,
                                              const Degradation& degradation, int limit = 0);

// A crop of a TrainingImage: where, and whether mirrored.
struct Crop {
  int image = 0;
  int x = 0;
  int y = 0;
  bool flip_x = false;
  bool flip_y = false;
};

// Which crops a training step sees, a function of the seed and the number of the crop since the
// start alone: a resumed run goes on as if it had never stopped. Every epoch sees each image once,
// in an order of its own.
class CropSampler {
 public:
  // Crops of size x size at multiples of `step`. Throws Error when an image is smaller.
  CropSampler(const std::vector<TrainingImage>& images, int size, int step, bool flip,
              std::uint64_t seed);
  Crop At(std::int64_t index);

 private:
  const std::vector<TrainingImage>& images_;
  int size_;
  int step_;
  bool flip_;
  std::uint64_t seed_;
  std::int64_t epoch_ = -1;
  std::vector<int> order_;  // of epoch_
};

}  // namespace dkn

#endif  // DKN_SRC_TRAIN_TRAINING_SET_H_
