#include "src/dkn/model_session.h"

#include <omp.h>

#include <algorithm>

#include "dkn/error.h"
#include "src/dkn/fast_kernel.h"
#include "src/dkn/stream_input.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

// The spread of a kernel's samples, of values in [0, 1], at which its result counts half: near what
// the error of 8x upsampling amounts to.
constexpr float kHalvingSpread = 0.01f;

// Of guide, target and result, padded to this size.
std::size_t ImageBytes(const FrameSize& size, int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float) *
         static_cast<std::size_t>(size.guide_channels + 2 * size.target_channels);
}

// Of the work on one tile, whose sides the network can take.
std::size_t TileBytes(const LoadedNetwork& network, int width, int height) {
  const auto out =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float);
  return network.execution->FilterBytes(width, height) + out;
}

Tiling TilingFor(const LoadedNetwork& network, const FrameSize& size) {
  const int width = PaddedSize(size.width);
  const int height = PaddedSize(size.height);
  if (network.max_memory_mb == 0) {
    return {width, height, {{0, 0, 0, 0, width, height}}};
  }
  const std::size_t bound = static_cast<std::size_t>(network.max_memory_mb) * 1'000'000;
  const std::size_t images = ImageBytes(size, width, height);
  return ChooseTiling(width, height, TileMargin(network.architecture),
                      bound - std::min(bound, images),
                      [&](int w, int h) { return TileBytes(network, w, h); });
}

// The view itself where the network and its fast kernel can take it, else a padded copy in
// `storage`.
ConstView Padded(ConstView image, Image& storage) {
  const int right = PaddedSize(image.width) - image.width;
  const int bottom = PaddedSize(image.height) - image.height;
  if (right == 0 && bottom == 0 && FastKernel::WithinReach(image)) {
    return image;
  }
  ReplicatePad(image, right, bottom, storage);
  return storage;
}

// From the reports of each channel, the worst of them.
void SetConfidence(const Image& support, const Image& spread, FilterOutput& output) {
  const std::size_t pixels = support.size() / static_cast<std::size_t>(support.channels());
  output.support.Reset(support.width(), support.height());
  output.confidence.Reset(support.width(), support.height());
  for (std::size_t i = 0; i < pixels; ++i) {
    float least = 1.0f;
    float widest = 0.0f;
    for (std::size_t at = i; at < support.size(); at += pixels) {
      least = std::min(least, support.data()[at]);
      widest = std::max(widest, spread.data()[at]);
    }
    output.support.data()[i] = least;
    output.confidence.data()[i] = least / (1.0f + widest / kHalvingSpread);
  }
}

}  // namespace

std::size_t WholeFrameBytes(const LoadedNetwork& network, const FrameSize& size) {
  const int width = PaddedSize(size.width);
  const int height = PaddedSize(size.height);
  return TileBytes(network, width, height) + ImageBytes(size, width, height);
}

ModelSession::ModelSession(const LoadedNetwork& network, const FrameSize& size)
    : network_(network), size_(size) {
  CheckFrameSize(size);
  PrepareFilter();
}

void ModelSession::PrepareFilter() {
  threads_ = 0;  // where what follows throws, the next frame tries again
  filter_.reset();
  tiling_ = TilingFor(network_, size_);
  filter_ = network_.execution->Prepare(tiling_.width, tiling_.height);
  threads_ = omp_get_max_threads();
}

void ModelSession::FitToThreads() {
  if (threads_ != omp_get_max_threads()) {
    PrepareFilter();
    SeeGuide();
  }
}

void ModelSession::SetGuide(ConstView guide) {
  CheckSessionGuide(guide, size_);
  TakeGuide(guide);
}

void ModelSession::Apply(const FilterInput& input, FilterOutput& output) {
  if (guide_.empty()) {
    throw Error("a frame before its guide; call SetGuide first");
  }
  CheckSessionInput(input, size_);
  Filter(input, output);
}

void ModelSession::TakeGuide(ConstView guide) {
  guide_ = guide;
  if (threads_ == omp_get_max_threads()) {
    SeeGuide();
  } else {
    FitToThreads();
  }
}

void ModelSession::SeeGuide() {
  const Architecture& architecture = network_.architecture;
  if (guide_.empty() || architecture.guide == GuideInput::kNone) {
    return;
  }
  seen_guide_ = Padded(GuideChannels(guide_, architecture, guide_channels_), padded_guide_);
  if (tiling_.tiles.size() == 1) {
    filter_->SetGuide(seen_guide_);
  }
}

void ModelSession::SeeTileOfGuide(const Tile& tile) {
  if (!seen_guide_.empty() && tiling_.tiles.size() > 1) {
    filter_->SetGuide(seen_guide_.Crop(tile.x, tile.y, tiling_.width, tiling_.height));
  }
}

void ModelSession::Filter(const FilterInput& input, FilterOutput& output) {
  FitToThreads();
  const ConstView& target = input.target;
  output.image.Reset(target.width, target.height, target.channels);
  if (!input.confidence) {
    output.support.Reset(0, 0, 0);
    output.confidence.Reset(0, 0, 0);
    FilterChannels(target, output.image, {});
    return;
  }
  support_.Reset(target.width, target.height, target.channels);
  spread_.Reset(target.width, target.height, target.channels);
  FilterChannels(target, output.image, {input.mask, support_, spread_});
  SetConfidence(support_, spread_, output);
}

// A report, where it is wanted, has as many channels as the target, but one mask.
void ModelSession::FilterChannels(ConstView target, View out, KernelReport report) {
  target = Padded(target, padded_target_);
  if (!report.mask.empty()) {
    report.mask = Padded(report.mask, padded_mask_);
  }
  for (const Tile& tile : tiling_.tiles) {
    SeeTileOfGuide(tile);
    for (int c = 0; c < target.channels; ++c) {
      KernelReport part = report;
      if (report.wanted()) {
        part = {report.mask, report.support.Channel(c), report.spread.Channel(c)};
      }
      FilterTile(tile, target.Channel(c), out.Channel(c), part);
    }
  }
}

// One channel of a tile of padded images, into the part that counts.
void ModelSession::FilterTile(const Tile& tile, ConstView target, View out,
                              const KernelReport& report) {
  // The tile's part of the image itself, which is less where the image was padded.
  const int width = std::min(tile.inner_width, out.width - tile.inner_x);
  const int height = std::min(tile.inner_height, out.height - tile.inner_y);
  if (width <= 0 || height <= 0) {
    return;
  }
  const ConstView part = target.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
  const View result = out.Crop(tile.inner_x, tile.inner_y, width, height);
  KernelReport tile_report{report.mask};
  if (!report.mask.empty()) {
    tile_report.mask = report.mask.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
  }
  if (SameSize(part, result)) {
    tile_report.support = report.support;
    tile_report.spread = report.spread;
    filter_->Filter(part, result, tile_report);
    return;
  }
  tile_.Reset(part.width, part.height);
  if (report.wanted()) {
    tile_support_.Reset(part.width, part.height);
    tile_spread_.Reset(part.width, part.height);
    tile_report.support = tile_support_;
    tile_report.spread = tile_spread_;
  }
  filter_->Filter(part, tile_, tile_report);
  const auto copy = [&](ConstView from, View to) {
    Copy(from.Crop(tile.inner_x - tile.x, tile.inner_y - tile.y, width, height), to);
  };
  copy(tile_, result);
  if (report.wanted()) {
    copy(tile_support_, report.support.Crop(tile.inner_x, tile.inner_y, width, height));
    copy(tile_spread_, report.spread.Crop(tile.inner_x, tile.inner_y, width, height));
  }
}

void ModelSession::ComputeKernels(ConstView target, Kernels& kernels) {
  FitToThreads();
  const int width = target.width;
  const int height = target.height;
  target = Padded(target, padded_target_);
  for (const Tile& tile : tiling_.tiles) {
    SeeTileOfGuide(tile);
    const Area counts = {tile.inner_x, tile.inner_y,
                         std::min(tile.inner_x + tile.inner_width, width),
                         std::min(tile.inner_y + tile.inner_height, height)};
    filter_->ComputeKernels(target.Crop(tile.x, tile.y, tiling_.width, tiling_.height),
                            [&](const WeightsAndOffsets& combined, Lattice lattice) {
                              lattice.x += tile.x;
                              lattice.y += tile.y;
                              StoreKernels(combined, lattice, counts, network_.architecture,
                                           kernels);
                            });
  }
}

}  // namespace dkn
