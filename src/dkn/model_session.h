#ifndef DKN_SRC_DKN_MODEL_SESSION_H_
#define DKN_SRC_DKN_MODEL_SESSION_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "dkn/joint_filter.h"
#include "dkn/model.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/kernel_report.h"
#include "src/dkn/stream_input.h"
#include "src/dkn/target_pyramid.h"
#include "src/dkn/tiling.h"

namespace dkn {

// A network that is ready to run, and the memory that it may take.
struct LoadedNetwork {
  Architecture architecture;
  std::unique_ptr<const Execution> execution;
  int max_memory_mb = 0;  // NetworkOptions::max_memory_mb
};

// Model::ApplyBytes.
std::size_t WholeFrameBytes(const LoadedNetwork& network, const FrameSize& size);
// Model::LeastBytes.
std::size_t LeastFrameBytes(const LoadedNetwork& network, const FrameSize& size);

// A network at work on frames of one size: pads them to sides that it can take, and filters them a
// tile at a time where memory has a bound.
class ModelSession : public FilterSession {
 public:
  // The network must outlive the session. Throws Error where the bound of memory does not suffice.
  ModelSession(const LoadedNetwork& network, const FrameSize& size);

  void SetGuide(ConstView guide) override;
  void Apply(const FilterInput& input, FilterOutput& output) override;
  bool SeesHoles() const override { return network_.architecture.target != TargetInput::kValues; }

  // As SetGuide and Apply, for what is checked already.
  void TakeGuide(ConstView guide);
  void Filter(const FilterInput& input, FilterOutput& output);
  // The kernels that the input's target, of one channel, is filtered by.
  void ComputeKernels(const FilterInput& input, Kernels& kernels);

 private:
  void PrepareFilter();
  // What was prepared is for a number of threads: once more, where there are others now.
  void FitToThreads();
  void SeeGuide();
  void SeeTileOfGuide(const Tile& tile);
  void TakeTarget(const FilterInput& input);
  ConstView SeenPart(const Tile& tile, int channel);
  SampledTarget TargetOf(const Tile& tile, int channel) const;
  void FilterChannels(const Progress& progress, View out, const KernelReport& report);
  void FilterTile(const Tile& tile, int channel, View out, const KernelReport& report);

  const LoadedNetwork& network_;
  const FrameSize size_;
  int threads_ = 0;  // that filter_ is for
  Tiling tiling_;
  std::unique_ptr<TileFilter> filter_;
  ConstView guide_;       // SetGuide's
  ConstView seen_guide_;  // as the network takes it; empty where it takes none
  Image guide_channels_;
  Image padded_guide_;
  Image padded_target_;
  Image padded_mask_;
  ConstView target_;                            // of the frame at hand: padded, as is what follows
  ConstView mask_;                              // empty: all is measured
  std::vector<SampleFacts> facts_;              // of each channel
  std::vector<TargetPyramid<float>> pyramids_;  // of each channel; none without coarser levels
  Image seen_;                                  // see SeenPart
  Image tile_;                                  // of a tile of which a part counts
  Image tile_support_;
  Image tile_spread_;
  Image support_;  // of each channel of the target
  Image spread_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_MODEL_SESSION_H_
