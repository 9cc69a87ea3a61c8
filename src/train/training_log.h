#ifndef DKN_SRC_TRAIN_TRAINING_LOG_H_
#define DKN_SRC_TRAIN_TRAINING_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dkn::train {

// What a run tells of itself every so many steps.
struct LogRow {
  std::int64_t step = 0;             // steps taken so far
  double loss = 0.0;                 // mean over the steps since the row before
  double rate = 0.0;                 // learning rate of the last of them
  std::optional<double> validation;  // error of the present weights on the validation set
};

// As CSV with a header line: step,loss,rate,validation. A missing file has no rows. Throws Error
// naming the file and line.
std::vector<LogRow> ReadLog(const std::string& path);
void WriteLog(const std::string& path, const std::vector<LogRow>& rows);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINING_LOG_H_
