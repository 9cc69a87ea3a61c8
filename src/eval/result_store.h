#ifndef DKN_SRC_EVAL_RESULT_STORE_H_
#define DKN_SRC_EVAL_RESULT_STORE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/eval/confidence_histogram.h"
#include "src/eval/mean_iou.h"

namespace dkn::eval {

// By the names that ParseMetric takes; NaN where the image has no pixel of the metric's kind.
using MetricValues = std::map<std::string, double>;
// Of the metrics of whole sets (IsOfWholeSets), by the same names.
using MetricCounts = std::map<std::string, IouCounts>;

// What one method scores on one image.
struct StoredScore {
  std::string key;  // tells everything that the values depend on; see ScoreKey
  // The next four are for people who read the file.
  std::string method;
  std::string set;
  std::string in_case;
  std::string image;
  MetricValues values;
  // Is there where the experiment asked for it. It has no bins where the method tells no
  // confidence.
  std::optional<ConfidenceHistogram> reliability = {};
  MetricCounts counts = {};
};

// A score as the line, with its end, that it is in a file of results.
std::string ScoreLine(const StoredScore& score);

// Scores in a file of JSON lines, one an image: what an evaluation has measured before it was cut
// short, and need not measure again. Of several lines with one key the last counts.
class ResultStore {
 public:
  // Reads the file, if it is there; a last line that was not written whole is cut off. An empty
  // path: nothing is read or kept. Throws Error, which names file and line, when the file holds
  // something else or cannot be written to.
  explicit ResultStore(const std::string& path);

  std::optional<MetricValues> Find(const std::string& key) const;
  // StoredScore::reliability of what Find gives.
  std::optional<ConfidenceHistogram> FindReliability(const std::string& key) const;
  // StoredScore::counts of it.
  MetricCounts FindCounts(const std::string& key) const;
  // Of several threads at a time. The line is in the file when it returns. Throws Error when it
  // cannot be written whole.
  void Add(const StoredScore& score);

 private:
  void Read();
  void Keep(const StoredScore& score);

  std::string path_;
  std::map<std::string, MetricValues> values_;
  std::map<std::string, ConfidenceHistogram> reliability_;
  std::map<std::string, MetricCounts> counts_;
  mutable std::mutex mutex_;
};

// A text of 16 hexadecimal digits that stands for `parts`: other parts, another text.
std::string ScoreKey(const std::vector<std::string>& parts);

// Changes with the sources that scores depend on, the compiler and its flags: the same in all
// programs that were built from them. Made by cmake/SourceKey.cmake.
extern const char kSourceKey[];
// A file's path from the root, links followed, its size and time of change; the path alone where
// there is no file.
std::string FileStamp(const std::string& path);
// Changes with the file's content. Throws Error where it cannot be read.
std::string FileContentKey(const std::string& path);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_RESULT_STORE_H_
