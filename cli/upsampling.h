#ifndef DKN_CLI_UPSAMPLING_H_
#define DKN_CLI_UPSAMPLING_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "dkn/io.h"
#include "dkn/registry.h"
#include "src/pipeline/depth_geometry.h"

namespace dkn {

// What `dkn upsample` does with each frame.
struct UpsamplingTask {
  std::string model;  // empty: chosen by the scale
  std::string precision = "auto";
  int max_memory_mb = 0;
  std::string invalid;       // a number or none; empty: 0 of integers
  UpsampleOptions upsample;  // but for `invalid` and `limit_to_measured`
  DepthGeometry geometry;
  // A target without a measurement gives a result of holes, of confidence 0, and not an Error: a
  // sensor that saw nothing for a moment does not end a stream.
  bool may_be_empty = false;
};

// The methods that frames ask for, each made once. Several threads may use it at once.
class UpsamplingFilters {
 public:
  explicit UpsamplingFilters(const UpsamplingTask& task);

  // For frames of this many pixels of the guide for one of the target along a side.
  const JointFilter& For(double scale);

  // Model::FreeKeptMemory of all that were made.
  void FreeKeptMemory();

  // Says on standard error what was chosen by the scale.
  void TellChoice() const;

 private:
  const std::string model_;
  NetworkOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<JointFilter>> filters_;  // by name
  std::map<std::string, double> chosen_;  // the first scale for which a name was chosen
};

// The frame at the guide's size, in the target's unit, its image ready to be stored as `type`: of
// integers within what was measured, and task.invalid for holes, which no other pixel has. Where
// that is none, integers have 0 for holes that cannot be filled.
Upsampled UpsampleForType(ConstView guide, ConstView target, SampleType type,
                          const JointFilter& filter, const UpsamplingTask& task);

// Where a frame's results go.
struct ResultFiles {
  std::string image;
  std::string confidence = {};  // empty: is not written
};

// Writes both files or none: the image as `type`, the confidence in the type that its file's format
// holds best, 1 being the largest integer.
void WriteUpsampled(const ResultFiles& files, const Upsampled& result, SampleType type);

}  // namespace dkn

#endif  // DKN_CLI_UPSAMPLING_H_
