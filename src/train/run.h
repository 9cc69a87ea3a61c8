#ifndef DKN_SRC_TRAIN_RUN_H_
#define DKN_SRC_TRAIN_RUN_H_

#include <functional>
#include <optional>
#include <string>

#include "dkn/precision.h"
#include "src/net/safetensors.h"
#include "src/train/rooms.h"
#include "src/train/training_config.h"
#include "src/train/training_log.h"

namespace dkn::train {

struct RunOptions {
  std::string data;        // folder or pack of training pairs
  std::string validation;  // folder or pack; empty: the configuration's, beside `data`
  std::string out;         // model file to write
  // Folder for experiment.json, last.pt (the checkpoint), best.safetensors, log.csv and curves.png.
  std::string work;
  StorageType storage = StorageType::kF32;  // of the model file
  RoomsRendered rooms_rendered = {};        // before the first step
};

// Trains as the configuration `text` (JSON) says, and goes on where a run of the same configuration
// in the same work folder stopped. In the end the weights of the best validation, or the last ones
// where there is no validation set, go to options.out, with all that is known of them as metadata.
// `report` is called after each step with what is new of the log, if anything.
// Throws Error when the work folder holds another configuration's run.
struct RunProgress {
  std::int64_t step = 0;  // steps taken
  std::int64_t steps = 0;
  std::string unit;                        // of LogRow::validation
  Precision precision = Precision::kFp32;  // asked for: SupportedPrecision of it trains
};
using Report = std::function<void(const RunProgress& progress, const std::optional<LogRow>& row)>;
void RunTraining(const std::string& text, const RunOptions& options, const Report& report);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_RUN_H_
