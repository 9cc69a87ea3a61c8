#ifndef DKN_SRC_EVAL_TRIAL_FILTER_H_
#define DKN_SRC_EVAL_TRIAL_FILTER_H_

#include <memory>
#include <optional>
#include <string>

#include "dkn/joint_filter.h"
#include "dkn/model.h"
#include "dkn/registry.h"
#include "dkn/segmenter.h"
#include "dkn/upsampler.h"
#include "src/eval/evaluate.h"
#include "src/eval/experiment.h"
#include "src/eval/metrics.h"

namespace dkn::eval {

// Method::filter at a scale.
std::string FilterNameAt(const Method& method, int scale);

// Whether the method is what dkn upsample does by itself.
bool IsDefault(const Method& method);

// The file of the method's filter, whose content decides its result; empty where it has none.
std::string FilterFileOf(const Method& method, int scale);

// The network of ours that the method is, without a bound of memory; nullptr where it is none.
std::unique_ptr<Model> LoadModelOf(const Method& method, int scale);

// What the network that the method is takes for a frame of kCostWidth x kCostHeight; none for other
// methods. Throws Error as CreateFilter does.
inline constexpr int kCostWidth = 640;
inline constexpr int kCostHeight = 480;
std::optional<NetworkCost> CostOfMethod(const Method& method, int scale);

// An experiment's method at a scale. Several threads may use one at once.
class TrialFilter {
 public:
  // Networks take at most so much memory; 0: no bound. Throws Error as CreateFilter does.
  TrialFilter(const Method& method, int scale, int max_memory_mb);

  // Of a method that takes scores; nullptr for all others.
  const Segmenter* segmenter() const { return segmenter_.get(); }

  // FilterTrial, or what Upsampler makes of the trial's measurement, or the method's Segmenter of
  // its guide.
  FilterOutput Filter(const Trial& trial) const;
  // The time of it: FilterSeconds, or of Upsampler's second frame.
  double Seconds(const Trial& trial) const;
  // The metric of Filter's result, or of Seconds. NaN where the image has no pixel of the kind that
  // a metric of measured pixels or holes counts. Throws Error as eval::Measure does.
  double Measure(const Metric& metric, const Trial& trial, const FilterOutput& output,
                 int border) const;

 private:
  std::unique_ptr<JointFilter> filter_;   // or
  std::unique_ptr<Upsampler> upsampler_;  // or
  std::unique_ptr<Segmenter> segmenter_;
};

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_TRIAL_FILTER_H_
