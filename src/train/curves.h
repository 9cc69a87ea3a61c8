#ifndef DKN_SRC_TRAIN_CURVES_H_
#define DKN_SRC_TRAIN_CURVES_H_

#include <string>
#include <vector>

#include "src/train/training_log.h"

namespace dkn {

// Draws the loss and the validation error over the steps, one plot above the other, into a PNG.
// `unit` is the validation error's. Does nothing in a build without dkn::io.
void DrawCurves(const std::vector<LogRow>& rows, const std::string& unit, const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_TRAIN_CURVES_H_
