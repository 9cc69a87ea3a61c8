#ifndef DKN_SRC_TRAIN_TRAINING_SET_H_
#define DKN_SRC_TRAIN_TRAINING_SET_H_

#include <cstdint>
#include <vector>

#include "dkn/image.h"
#include "dkn/resample.h"
#include "src/dkn/stream_input.h"

namespace dkn::train {

// How a ground truth becomes a network's input (Section 4.1.1).
struct Degradation {
  int scale = 8;
  Resampler resampler = Resampler::kBicubic;
  double noise_variance = 0.0;  // Gaussian, of the low-resolution truth's range in [0, 1] (4.2)
};

// A colour image and its ground truth, as files hold them: depth, or another picture.
struct RgbdPair {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;     // R,G,B planes
  std::vector<std::uint16_t> depth;  // in steps of the file; empty where there is a picture
  // R,G,B planes of the same view in other light, which `rgb` helps to restore.
  std::vector<std::uint8_t> picture = {};
};

// What an input differs from its truth by, in units of the range: of all pixels, and of what is
// measured and what is filled, each pixel by its share in them.
struct UnfilteredCost {
  struct Difference {
    double l1 = 0.0;   // mean absolute
    double rms = 0.0;  // root mean square
  };
  Difference all;
  Difference measured;
  Difference filled;
};

// One image of a training set, ready to be cropped. Input, samples and truth are normalised by
// the low-resolution input's range, as at test time, so the truth may leave [0, 1] a little.
struct TrainingImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> guide;  // R,G,B planes
  Image input;                      // the truth, shrunk and enlarged again
  Image samples;                    // the truth, shrunk
  Image truth;
  float range = 0.0f;  // what 1 stands for, in steps of the truth's file
  // What the target's stream sees besides (TargetInput): how much of each pixel is measured, empty
  // where all is, and what is known of the samples as a whole.
  Image measured;
  SampleFacts facts;
  // Of images that MeasurePair made: what doing nothing costs.
  UnfilteredCost unfiltered;
};

// Crops the pair at right and bottom to a multiple of the scale and of 4, and degrades it; `seed`
// is the noise's. Throws Error when nothing remains, or its depth is constant and so has no range.
TrainingImage MakeTrainingImage(const RgbdPair& pair, const Degradation& degradation,
                                std::uint64_t seed);

// What a run learns from: images, or pairs that are measured anew for each crop.
struct TrainingData {
  std::vector<TrainingImage> images;
  std::vector<RgbdPair> pairs;     // where the configuration has cases
  int rooms = 0;                   // of the pairs, the last so many are rooms
  std::vector<RgbdPair> pictures;  // for cases of pictures
};

// What is done to crops at random, so that a network does not rely on it.
struct Augmentation {
  bool flip = true;     // mirror, left-right and up-down
  bool invert = false;  // input and truth v become 1 - v: as depth becomes disparity
};

// A crop of a TrainingImage: where, and what is done to it.
struct Crop {
  int image = 0;
  int x = 0;
  int y = 0;
  bool flip_x = false;
  bool flip_y = false;
  bool invert = false;
};

// The numbers below `count` in an order that seed and epoch determine.
std::vector<int> ShuffledOrder(int count, std::uint64_t seed, std::uint64_t epoch);

// Which crops a training step sees, a function of the seed and the number of the crop since the
// start alone: a resumed run goes on as if it had never stopped. Every epoch sees each image once,
// in an order of its own.
class CropSampler {
 public:
  struct Size {
    int width;
    int height;
  };
  // Crops of size x size pixels at multiples of `step`, of images of these sizes. Throws Error when
  // there is none or one is smaller.
  CropSampler(std::vector<Size> images, int size, int step, const Augmentation& augmentation,
              std::uint64_t seed);
  Crop At(std::int64_t index);

 private:
  std::vector<Size> images_;
  int size_;
  int step_;
  Augmentation augmentation_;
  std::uint64_t seed_;
  std::int64_t epoch_ = -1;
  std::vector<int> order_;  // of epoch_
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINING_SET_H_
