#include "src/eval/confidence_histogram.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"

namespace dkn::eval {
namespace {

void CheckSizes(ConstView result, ConstView truth, ConstView confidence) {
  if (!SameSize(result, truth) || result.channels != truth.channels) {
    throw Error("the result is " + SizeText(result) + " x " + std::to_string(result.channels) +
                ", expected the truth's size, " + SizeText(truth) + " x " +
                std::to_string(truth.channels));
  }
  if (!SameSize(confidence, truth) || confidence.channels != 1) {
    throw Error("the confidence is " + SizeText(confidence) + " x " +
                std::to_string(confidence.channels) + ", expected the truth's size, " +
                SizeText(truth) + " x 1");
  }
}

int ErrorBin(double error) {
  if (error == 0.0) {
    return -kLastErrorBin;
  }
  const double bin = std::floor(kErrorBinsPerOctave * std::log2(std::abs(error)));
  return static_cast<int>(std::clamp<double>(bin, -kLastErrorBin, kLastErrorBin));
}

void AddValue(double error, float confidence, ConfidenceHistogram& histogram) {
  const int bin = std::min(static_cast<int>(confidence * kConfidenceBins), kConfidenceBins - 1);
  for (ErrorSums* sums : {&histogram.by_confidence[bin], &histogram.by_error[ErrorBin(error)]}) {
    ++sums->pixels;
    sums->squares += error * error;
  }
}

void AddBins(const std::map<int, ErrorSums>& from, std::map<int, ErrorSums>& to) {
  for (const auto& [bin, sums] : from) {
    ErrorSums& sum = to[bin];
    sum.pixels += sums.pixels;
    sum.squares += sums.squares;
  }
}

}  // namespace

void AddErrors(ConstView result, ConstView truth, ConstView confidence, int border,
               ConfidenceHistogram& histogram) {
  CheckSizes(result, truth, confidence);
  for (int c = 0; c < truth.channels; ++c) {
    for (int y = border; y < truth.height - border; ++y) {
      for (int x = border; x < truth.width - border; ++x) {
        if (!std::isfinite(truth(x, y, c))) {
          continue;
        }
        const float trust = confidence(x, y);
        if (!std::isfinite(result(x, y, c)) || !(trust >= 0.0f && trust <= 1.0f)) {
          throw Error("the result at " + std::to_string(x) + ", " + std::to_string(y) + " is " +
                      DigitsText(result(x, y, c)) + " with a confidence of " + DigitsText(trust) +
                      ", expected a finite value and 0 to 1");
        }
        AddValue(static_cast<double>(result(x, y, c)) - truth(x, y, c), trust, histogram);
      }
    }
  }
}

void AddHistogram(const ConfidenceHistogram& other, ConfidenceHistogram& histogram) {
  AddBins(other.by_confidence, histogram.by_confidence);
  AddBins(other.by_error, histogram.by_error);
}

}  // namespace dkn::eval
