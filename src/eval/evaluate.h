#ifndef DKN_SRC_EVAL_EVALUATE_H_
#define DKN_SRC_EVAL_EVALUATE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/eval/dataset.h"
#include "src/eval/protocol.h"

namespace dkn {

// RMSE, in the truth's unit, of what `filter` makes of the degraded truth. `guide` has values in
// [0, 1] and the truth's size; `seed` is that of the protocol's noise. An input without range
// (constant) is the result unfiltered. Throws Error when sizes differ, the image is too small, or
// the result is not finite.
double EvaluateImage(const JointFilter& filter, ConstView guide, ConstView truth,
                     const Protocol& protocol, std::uint64_t seed = 0);

struct ImageScore {
  std::string image;  // ImagePair::name
  double rmse = 0.0;
};

struct Evaluation {
  std::vector<ImageScore> scores;     // in the order of the pairs
  std::vector<std::string> failures;  // "FILE: reason", one for each pair without a score
};

// EvaluateImage for each pair, with its index as the seed. A step of the depth files is
// `unit_per_step` units, the scores' unit. A pair that cannot be read or filtered is a failure and
// changes no other score. `image_done` is called after each pair.
Evaluation Evaluate(const JointFilter& filter, const std::vector<ImagePair>& pairs,
                    double unit_per_step, const Protocol& protocol,
                    const std::function<void()>& image_done);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_EVALUATE_H_
