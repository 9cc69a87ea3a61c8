#ifndef DKN_SRC_DKN_CALIBRATION_H_
#define DKN_SRC_DKN_CALIBRATION_H_

#include <memory>
#include <vector>

#include "dkn/joint_filter.h"
#include "src/dkn/architecture.h"
#include "src/net/convolution_network.h"
#include "src/net/safetensors.h"

namespace dkn {

// Finds the ranges that a network's int8 layers need: a joint filter that gives back its target and
// keeps the largest value that each layer takes on what it sees. It is of one thread at a time.
class Calibration : public JointFilter {
 public:
  // Throws Error where the file's tensors do not fit its architecture.
  explicit Calibration(const TensorFile& file);
  ~Calibration() override;

  // Images must be at least as large as the network's footprint, 50 x 50 pixels for DKN.
  void Apply(const FilterInput& input, FilterOutput& output) const override;

  // Adds the ranges to a file of the same architecture, as tensors of one value each:
  // <stream>.<layer>.largest_output. Replaces those it has. Throws Error before the first image.
  void Store(TensorFile& file) const;

 private:
  struct StreamRanges;
  Architecture architecture_;
  std::vector<std::unique_ptr<StreamRanges>> streams_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_CALIBRATION_H_
