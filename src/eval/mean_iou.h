#ifndef DKN_SRC_EVAL_MEAN_IOU_H_
#define DKN_SRC_EVAL_MEAN_IOU_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dkn/image.h"

namespace dkn::eval {

// Intersection over union of a segmentation's classes, summed over the pixels of any number of
// images: Everingham et al., The Pascal Visual Object Classes Challenge: A Retrospective (IJCV
// 2015). Table 7 of the paper is the mean over classes of one such sum over a set.
class IouCounts {
 public:
  static constexpr int kMaxLabel = 65535;

  // Adds the pixels inside `border`. The truth has one channel of labels, integers from 0 to
  // kMaxLabel; a pixel where it is not finite does not count (a reader makes NaN of Pascal's label
  // 255, "void"). A result of one channel holds labels too; one of C > 1 channels holds scores of
  // the classes 0 to C - 1, and the largest wins, of equal ones the first. Throws Error, and adds
  // nothing, when sizes differ, the border leaves no pixel, a label is none or has no score, or a
  // value of the result that counts is not finite.
  void Add(ConstView result, ConstView truth, int border = 0);
  // Adds what another has counted, of other images.
  void Add(const IouCounts& other);

  bool empty() const { return counts_.empty(); }  // whether no pixel was counted

  // Pixels of one class.
  struct Count {
    std::int64_t both = 0;  // that result and truth give to it
    std::int64_t result = 0;
    std::int64_t truth = 0;

    bool operator==(const Count&) const = default;
  };
  const std::vector<Count>& counts() const { return counts_; }  // by label
  // What counts() gave. Throws Error where a class has negative numbers, or more pixels of both
  // than of one, or there are more than kMaxLabel + 1 classes.
  static IouCounts Of(std::vector<Count> counts);
  bool operator==(const IouCounts&) const = default;

  // In %, by class: pixels that result and truth give to it / pixels that either does. None for a
  // class that neither has.
  std::vector<std::optional<double>> Percents() const;
  // The mean of the classes that have one, in %. Throws Error when no pixel was counted.
  double MeanPercent() const;

 private:
  // Grows as labels appear.
  Count& CountOf(std::size_t label);

  std::vector<Count> counts_;
};

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_MEAN_IOU_H_
