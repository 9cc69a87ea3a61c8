#ifndef DKN_SRC_TRAIN_SEGMENTATION_RUN_H_
#define DKN_SRC_TRAIN_SEGMENTATION_RUN_H_

#include <string>

#include "src/train/run.h"

namespace dkn::train {

// RunTraining of a SegmentationConfig: `options.data` is the data set's folder. In the end the last
// weights go to options.out, and those of the filter of scores, a model of its own, beside it to
// NAME_filter.safetensors. Throws Error in a build without dkn::io.
void RunSegmentation(const std::string& text, const RunOptions& options, const Report& report);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SEGMENTATION_RUN_H_
