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
  double scale = 0.001;      // metres for one step of 16-bit integers, see UpsampleForType
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

  // Says on standard error what was chosen by the scale.
  void TellChoice() const;

 private:
  const std::string model_;
  NetworkOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<JointFilter>> filters_;  // by name
  std::map<std::string, double> chosen_;  // the first scale for which a name was chosen
};

// How target and result are stored.
struct FrameTypes {
  SampleType target;
  SampleType result;
};

// The result's type in a file of this name: the target's where the file can hold it, else float32
// for integers and uint16 for floats. Throws Error where that does not fit either.
FrameTypes TypesFor(const std::string& result, SampleType target);

// The frame at the guide's size, its image ready to be stored as types.result. Where that is the
// target's type, so are unit and hole: of integers within what was measured, and task.invalid for
// holes, which no other pixel has; where that is none, integers have 0 for holes that cannot be
// filled. Where the types differ, the result is converted:
//   uint16 to float32  value * task.scale, metres; holes are NaN
//   uint8 to float32   the value; holes are NaN
//   float32 to uint16  within what was measured, value / task.scale to the nearest; holes are 0,
//                      and with them no other pixel unless task.invalid is none. Throws Error where
//                      a value does not fit.
// The confidence and the residual are of the target's unit.
Upsampled UpsampleForType(ConstView guide, ConstView target, FrameTypes types,
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
