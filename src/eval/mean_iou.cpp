#include "src/eval/mean_iou.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/eval/compared_views.h"

namespace dkn::eval {
namespace {

std::size_t Label(float value, const char* whose) {
  if (!(value >= 0.0f && value <= IouCounts::kMaxLabel && value == std::floor(value))) {
    throw Error(std::string("mean IoU: a label of the ") + whose + " is " + DigitsText(value) +
                ", expected an integer from 0 to " + std::to_string(IouCounts::kMaxLabel));
  }
  return static_cast<std::size_t>(value);
}

std::size_t BestClass(ConstView scores, int x, int y) {
  int best = 0;
  for (int c = 0; c < scores.channels; ++c) {
    if (!std::isfinite(scores(x, y, c))) {
      throw Error("mean IoU: a score is not finite where the truth is known");
    }
    if (scores(x, y, c) > scores(x, y, best)) {
      best = c;
    }
  }
  return static_cast<std::size_t>(best);
}

}  // namespace

IouCounts::Count& IouCounts::CountOf(std::size_t label) {
  counts_.resize(std::max(counts_.size(), label + 1));
  return counts_[label];
}

IouCounts IouCounts::Of(std::vector<Count> counts) {
  if (counts.size() > std::size_t{kMaxLabel} + 1) {
    throw Error("mean IoU: counts of " + std::to_string(counts.size()) +
                " classes, expected at most " + std::to_string(kMaxLabel + 1));
  }
  for (const Count& count : counts) {
    if (count.both < 0 || count.both > count.result || count.both > count.truth) {
      throw Error("mean IoU: a class with " + std::to_string(count.both) + " pixels of both, " +
                  std::to_string(count.result) + " of the result and " +
                  std::to_string(count.truth) + " of the truth");
    }
  }
  IouCounts iou;
  iou.counts_ = std::move(counts);
  return iou;
}

void IouCounts::Add(ConstView result, ConstView truth, int border) {
  const ComparedViews views = InsideBorder(result, truth, border);
  if (truth.channels != 1 || result.channels < 1) {
    throw Error("mean IoU: a truth of " + std::to_string(truth.channels) +
                " channels and a result of " + std::to_string(result.channels) +
                ", expected one channel of labels, and one of labels or one of scores for a class");
  }
  IouCounts added;
  for (int y = 0; y < views.truth.height; ++y) {
    for (int x = 0; x < views.truth.width; ++x) {
      if (!std::isfinite(views.truth(x, y))) {
        continue;
      }
      const std::size_t expected = Label(views.truth(x, y), "truth");
      if (result.channels > 1 && expected >= static_cast<std::size_t>(result.channels)) {
        throw Error("mean IoU: the truth has label " + std::to_string(expected) +
                    ", but the result has scores for " + std::to_string(result.channels) +
                    " classes, from 0");
      }
      const std::size_t found =
          result.channels > 1 ? BestClass(views.result, x, y) : Label(views.result(x, y), "result");
      added.CountOf(expected).truth += 1;
      added.CountOf(found).result += 1;
      if (found == expected) {
        added.CountOf(found).both += 1;
      }
    }
  }
  Add(added);
}

void IouCounts::Add(const IouCounts& other) {
  for (std::size_t label = 0; label < other.counts_.size(); ++label) {
    Count& count = CountOf(label);
    count.both += other.counts_[label].both;
    count.result += other.counts_[label].result;
    count.truth += other.counts_[label].truth;
  }
}

std::vector<std::optional<double>> IouCounts::Percents() const {
  std::vector<std::optional<double>> percents;
  for (const Count& count : counts_) {
    const std::int64_t either = count.result + count.truth - count.both;
    percents.push_back(either == 0 ? std::nullopt
                                   : std::optional(100.0 * static_cast<double>(count.both) /
                                                   static_cast<double>(either)));
  }
  return percents;
}

double IouCounts::MeanPercent() const {
  double sum = 0.0;
  int classes = 0;
  for (const std::optional<double>& percent : Percents()) {
    if (percent) {
      sum += *percent;
      ++classes;
    }
  }
  if (classes == 0) {
    throw Error("mean IoU: no pixel of known truth");
  }
  return sum / classes;
}

}  // namespace dkn::eval
