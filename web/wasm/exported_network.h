#ifndef DKN_WEB_WASM_EXPORTED_NETWORK_H_
#define DKN_WEB_WASM_EXPORTED_NETWORK_H_

#include <cstddef>
#include <memory>

#include "dkn/architecture.h"
#include "dkn/joint_filter.h"

namespace dkn {

// A network that `dkn export` wrote (src/export/onnx_network.h), which ONNX Runtime computes whole:
// of its kernels nothing is known, so there is no confidence either.
class ExportedNetwork : public JointFilter {
 public:
  // `number` is the page's (Module.addExported), `architecture` what the file tells of itself.
  // Width and height are those of the images that the graph takes, 0: of any size.
  // `max_memory_mb` is NetworkOptions::max_memory_mb.
  ExportedNetwork(int number, const Architecture& architecture, int width, int height,
                  int max_memory_mb);

  // As Model::Apply. Throws Error besides where the graph takes images of another size.
  void Apply(const FilterInput& input, FilterOutput& output) const override;
  std::unique_ptr<FilterSession> StartSession(const FrameSize& size) const override;
  std::size_t ApplyBytes(const FrameSize& size) const override;
  std::size_t LeastBytes(const FrameSize& size) const override;

 private:
  class Session;

  const int number_;
  const Architecture architecture_;
  const int width_;
  const int height_;
  const int max_memory_mb_;
};

}  // namespace dkn

#endif  // DKN_WEB_WASM_EXPORTED_NETWORK_H_
