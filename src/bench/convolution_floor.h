#ifndef DKN_SRC_BENCH_CONVOLUTION_FLOOR_H_
#define DKN_SRC_BENCH_CONVOLUTION_FLOOR_H_

#include <memory>
#include <vector>

#include "dkn/precision.h"
#include "src/dkn/architecture.h"
#include "src/net/convolution_network.h"
#include "src/net/safetensors.h"

namespace dkn {

// The convolutions that MakeExecution runs for one image, heads included, and nothing else: no
// reorder, no rounding of the input, no padding, no kernels. The whole is measured against it.
class ConvolutionFloor {
 public:
  // Width and height are multiples of 4. The processor must support the precision.
  ConvolutionFloor(const TensorFile& file, const Architecture& architecture, Precision precision,
                   int width, int height);

  // Runs them on zeros, since the time does not depend on the values.
  void Run();
  // How many multiplications and additions one Run is.
  double operations() const;

 private:
  struct Part {
    std::unique_ptr<ConvolutionNetwork> network;
    std::unique_ptr<ConvolutionNetwork::Session> session;
    int repeats;
  };
  void Add(std::vector<Convolution> chain, const NetworkTypes& types, int width, int height,
           int repeats);
  void AddFdkn(std::vector<Convolution> chain, Precision precision, int width, int height);
  void AddShared(const std::vector<Convolution>& chain, Precision precision, int width, int height);

  std::vector<Part> parts_;
  std::vector<float> zeros_;  // as large as the largest input
};

}  // namespace dkn

#endif  // DKN_SRC_BENCH_CONVOLUTION_FLOOR_H_
