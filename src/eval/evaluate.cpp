#include "src/eval/evaluate.h"

#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/eval/metrics.h"
#include "src/imaging/value_range.h"

namespace dkn {

double EvaluateImage(const JointFilter& filter, ConstView guide, ConstView truth,
                     const Protocol& protocol, std::uint64_t seed) {
  if (!SameSize(guide, truth)) {
    throw Error("the guide is " + SizeText(guide) + ", expected the truth's size, " +
                SizeText(truth));
  }
  guide = CropToScale(guide, protocol.scale);
  truth = CropToScale(truth, protocol.scale);
  const Image input = Degrade(truth, protocol, seed);
  Image target = Resize(input, truth.width, truth.height, protocol.up);
  const ValueRange range =
      FiniteRange(protocol.normalization == Normalization::kInput ? input.view() : truth);
  if (range.low < range.high) {
    Normalize(target, range, target);
    FilterOutput output;
    filter.Apply({guide, target}, output);
    target = std::move(output.image);
    Denormalize(target, range, target);
  }
  const double rmse = Rmse(target, truth, protocol.border);
  if (!std::isfinite(rmse)) {
    throw Error("the truth or the filter's output is not finite");
  }
  return rmse;
}

Evaluation Evaluate(const JointFilter& filter, const std::vector<ImagePair>& pairs,
                    double unit_per_step, const Protocol& protocol,
                    const std::function<void()>& image_done) {
  Evaluation evaluation;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const ImagePair& pair = pairs[i];
    try {
      const Image guide = ReadGuide(pair.color);
      const ImageFile truth = ReadImage(pair.depth);
      try {
        evaluation.scores.push_back(
            {pair.name, unit_per_step * EvaluateImage(filter, guide, truth.image, protocol, i)});
      } catch (const Error& error) {
        throw Error(pair.depth + ": " + error.what());
      }
    } catch (const Error& error) {
      evaluation.failures.emplace_back(error.what());
    }
    image_done();
  }
  return evaluation;
}

}  // namespace dkn
