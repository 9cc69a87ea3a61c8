#ifndef DKN_SRC_TRAIN_TRAINING_CONFIG_H_
#define DKN_SRC_TRAIN_TRAINING_CONFIG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dkn/architecture.h"
#include "dkn/filter_parameter.h"
#include "dkn/precision.h"
#include "src/train/loss_kind.h"
#include "src/train/rooms.h"
#include "src/train/training_case.h"
#include "src/train/training_set.h"

namespace dkn::train {

// Pairs of pictures of one view, for cases that are of them.
struct PictureFolder {
  std::string folder;  // relative to the training folder; empty: none
  std::vector<std::string> splits = {"flash"};
};

enum class ScheduleKind { kSteps, kOneCycle };

// The learning rate over the steps of a run.
struct Schedule {
  ScheduleKind kind = ScheduleKind::kSteps;
  double rate = 0.001;  // of the start (steps), of the peak (one_cycle)
  // steps (Section 4.1.1): the rate is divided by `divide_by` after every `every` steps.
  double divide_by = 5.0;
  std::int64_t every = 10000;
  // one_cycle: rises linearly over this part of the run, then falls to 0 as half a cosine.
  double warm_up = 0.1;
};

// The rate of step 0 <= step < steps.
double LearningRate(const Schedule& schedule, std::int64_t step, std::int64_t steps);

// What batch normalisation goes by in training: the mean and variance of the batch at hand (the
// usual), or their running averages, which stay as they are, as at inference. The latter is for the
// end of a training: what a batch of one crop says of itself is not what inference goes by.
enum class BatchStatistics { kBatch, kRunning };

struct PerceptualTerm {
  std::string vgg;      // safetensors file
  double weight = 0.0;  // of the features' term
};

// A network of others: its name in src/rivals/rivals.inc, and a value for each of its parameters.
struct RivalChoice {
  std::string name;
  FilterSettings values;
};

// A training run: experiments/train/*.json.
struct TrainingConfig {
  Architecture architecture;
  std::optional<RivalChoice> network;  // instead of the architecture
  Degradation degradation;
  int training_images = 0;  // of the training pairs, evenly spread over their order; 0: all
  // Instead of one degradation: each crop is measured in a way of its own. The loss of a crop is
  // divided by what doing nothing costs there, so that hard cases do not drown the others.
  std::vector<TrainingCase> cases;
  std::vector<TrainingCase> validation_cases;  // each on all images of validation
  int validation_images = 0;                   // the first ones; 0: all
  DepthUnits units;                            // of the files
  Rooms rooms;                                 // with cases: learned from beside the files
  PictureFolder pictures;                      // with cases of pictures
  PictureFolder validation_pictures;
  Schedule schedule;
  LossKind loss = LossKind::kL1;
  PerceptualTerm perceptual;  // kL1Perceptual, which is for FDKN, alone
  std::string init_from;      // model file whose weights the run starts from; empty: random ones
  Precision precision = Precision::kFp32;  // of the steps' convolutions
  BatchStatistics batch_statistics = BatchStatistics::kBatch;
  std::int64_t steps = 40000;
  double largest_gradient = 0.0;  // Euclidean norm of all gradients that a step is cut to; 0: none
  // Of the exponential moving average of the weights that is validated and kept instead of the
  // weights themselves: what a step leaves of it. 0: there is none.
  double average_decay = 0.0;
  int batch = 1;
  int crop = 224;     // pixels a side; a multiple of 4. DKN gives results for one pixel of 16
  int crop_step = 1;  // crops start at multiples of this
  Augmentation augmentation;
  std::uint64_t seed = 1;
  std::int64_t validate_every = 2000;
  std::int64_t checkpoint_every = 1000;
  std::string validation;      // folder, relative to the training folder; empty: none
  double unit_per_step = 1.0;  // of the validation figures: units for one step of the files
  std::string unit = "steps";  // their unit
  std::map<std::string, std::string> card;  // goes to the model's metadata: data, licence
};

// Throws Error naming the field that is missing, unknown or has a wrong value.
TrainingConfig ParseTrainingConfig(const std::string& json);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINING_CONFIG_H_
