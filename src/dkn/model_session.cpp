#include "src/dkn/model_session.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/progress_parts.h"
#include "src/core/size_text.h"
#include "src/dkn/fast_kernel.h"
#include "src/dkn/stream_input.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

// The spread of a kernel's samples, of values in [0, 1], at which its result counts half: near what
// the error of 8x upsampling amounts to.
constexpr float kHalvingSpread = 0.01f;

constexpr std::size_t kMegabyte = 1'000'000;

std::size_t PlaneBytes(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float);
}

// Of what a session keeps of images beside the caller's: a guide in other channels, and padded
// copies of guide, target and mask.
std::size_t CopyBytes(const LoadedNetwork& network, const FrameSize& size) {
  const bool luma = network.architecture.guide == GuideInput::kLuma;
  const bool same = size.guide_channels == (luma ? 1 : 3) &&
                    (luma || network.architecture.channel_order == ChannelOrder::kRgb);
  const bool padded =
      PaddedSize(size.width) != size.width || PaddedSize(size.height) != size.height;
  const std::size_t seen = luma ? 1 : 3;
  const std::size_t planes =
      (same ? 0 : seen) + (padded ? seen + static_cast<std::size_t>(size.target_channels) + 1 : 0);
  return planes * PlaneBytes(PaddedSize(size.width), PaddedSize(size.height));
}

// Of guide, target and result, padded to this size, and of the target's coarser levels: a third of
// it, values and what is measured of them.
std::size_t ImageBytes(const LoadedNetwork& network, const FrameSize& size, int width, int height) {
  const std::size_t plane = PlaneBytes(width, height);
  const auto targets = static_cast<std::size_t>(size.target_channels);
  return CopyBytes(network, size) +
         plane * (static_cast<std::size_t>(size.guide_channels) + 2 * targets) +
         (network.architecture.levels > 1 ? plane * targets * 2 / 3 : 0);
}

// Of the work on one tile, whose sides the network can take.
std::size_t TileBytes(const LoadedNetwork& network, int width, int height) {
  const int seen = TargetChannels(network.architecture);
  return network.execution->FilterBytes(width, height) +
         PlaneBytes(width, height) * static_cast<std::size_t>(seen == 1 ? 1 : 1 + seen);
}

Tiling TilingFor(const LoadedNetwork& network, const FrameSize& size) {
  const int width = PaddedSize(size.width);
  const int height = PaddedSize(size.height);
  if (network.max_memory_mb == 0) {
    return {width, height, {{0, 0, 0, 0, width, height}}};
  }
  const std::size_t bound = static_cast<std::size_t>(network.max_memory_mb) * kMegabyte;
  const std::size_t least = LeastFrameBytes(network, size);
  if (bound < least) {
    throw MemoryError("a bound of memory of " + std::to_string(network.max_memory_mb) +
                      " MB does not suffice for " + SizeText(size.width, size.height) +
                      ", which takes at least " + std::to_string(least / kMegabyte + 1) + " MB");
  }
  const std::size_t images = ImageBytes(network, size, width, height) + size.beside;
  return ChooseTiling(width, height, TileMargin(network.architecture), bound - images,
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
  return TileBytes(network, width, height) + ImageBytes(network, size, width, height);
}

std::size_t LeastFrameBytes(const LoadedNetwork& network, const FrameSize& size) {
  const int width = PaddedSize(size.width);
  const int height = PaddedSize(size.height);
  return ImageBytes(network, size, width, height) + size.beside +
         LeastTileBytes(width, height, TileMargin(network.architecture),
                        [&](int w, int h) { return TileBytes(network, w, h); });
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
  TakeTarget(input);
  output.image.Reset(target.width, target.height, target.channels);
  if (!input.confidence) {
    output.support.Reset(0, 0, 0);
    output.confidence.Reset(0, 0, 0);
    FilterChannels(input.progress, output.image, {});
    return;
  }
  support_.Reset(target.width, target.height, target.channels);
  spread_.Reset(target.width, target.height, target.channels);
  FilterChannels(input.progress, output.image, {mask_, support_, spread_});
  SetConfidence(support_, spread_, output);
}

void ModelSession::TakeTarget(const FilterInput& input) {
  const Architecture& architecture = network_.architecture;
  target_ = Padded(input.target, padded_target_);
  mask_ = input.mask.empty() ? ConstView() : Padded(input.mask, padded_mask_);
  facts_.clear();
  for (int c = 0; c < target_.channels; ++c) {
    facts_.push_back(FactsOf(input, c, architecture));
  }
  pyramids_.resize(architecture.levels > 1 ? static_cast<std::size_t>(target_.channels) : 0);
  for (std::size_t c = 0; c < pyramids_.size(); ++c) {
    pyramids_[c].Build(target_.Channel(static_cast<int>(c)), mask_, architecture.levels);
  }
}

// What the target's stream takes of a tile of a channel.
ConstView ModelSession::SeenPart(const Tile& tile, int channel) {
  const auto part = [&](const ConstView& image) {
    return image.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
  };
  return SeenTarget(part(target_.Channel(channel)), mask_.empty() ? mask_ : part(mask_),
                    facts_[static_cast<std::size_t>(channel)], network_.architecture, seen_);
}

// What the kernels sample of it.
SampledTarget ModelSession::TargetOf(const Tile& tile, int channel) const {
  return {target_.Channel(channel).Crop(tile.x, tile.y, tiling_.width, tiling_.height),
          pyramids_.empty() ? nullptr : &pyramids_[static_cast<std::size_t>(channel)], tile.x,
          tile.y};
}

// A report, where it is wanted, has as many channels as the target, but one mask.
void ModelSession::FilterChannels(const Progress& progress, View out, const KernelReport& report) {
  const double parts = static_cast<double>(tiling_.tiles.size()) * target_.channels;
  int done = 0;
  for (const Tile& tile : tiling_.tiles) {
    SeeTileOfGuide(tile);
    for (int c = 0; c < target_.channels; ++c) {
      Tell(progress, done++ / parts);
      KernelReport part = report;
      if (report.wanted()) {
        part = {report.mask, report.support.Channel(c), report.spread.Channel(c)};
      }
      FilterTile(tile, c, out.Channel(c), part);
    }
  }
}

// One channel of a tile of padded images, into the part that counts.
void ModelSession::FilterTile(const Tile& tile, int channel, View out, const KernelReport& report) {
  // The tile's part of the image itself, which is less where the image was padded.
  const int width = std::min(tile.inner_width, out.width - tile.inner_x);
  const int height = std::min(tile.inner_height, out.height - tile.inner_y);
  if (width <= 0 || height <= 0) {
    return;
  }
  const SampledTarget target = TargetOf(tile, channel);
  const ConstView& part = target.values;
  const ConstView seen = SeenPart(tile, channel);
  const View result = out.Crop(tile.inner_x, tile.inner_y, width, height);
  KernelReport tile_report{report.mask};
  if (!report.mask.empty()) {
    tile_report.mask = report.mask.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
  }
  if (SameSize(part, result)) {
    tile_report.support = report.support;
    tile_report.spread = report.spread;
    filter_->Filter(seen, target, result, tile_report);
    return;
  }
  tile_.Reset(part.width, part.height);
  if (report.wanted()) {
    tile_support_.Reset(part.width, part.height);
    tile_spread_.Reset(part.width, part.height);
    tile_report.support = tile_support_;
    tile_report.spread = tile_spread_;
  }
  filter_->Filter(seen, target, tile_, tile_report);
  const auto copy = [&](ConstView from, View to) {
    Copy(from.Crop(tile.inner_x - tile.x, tile.inner_y - tile.y, width, height), to);
  };
  copy(tile_, result);
  if (report.wanted()) {
    copy(tile_support_, report.support.Crop(tile.inner_x, tile.inner_y, width, height));
    copy(tile_spread_, report.spread.Crop(tile.inner_x, tile.inner_y, width, height));
  }
}

void ModelSession::ComputeKernels(const FilterInput& input, Kernels& kernels) {
  FitToThreads();
  const int width = input.target.width;
  const int height = input.target.height;
  TakeTarget(input);
  for (const Tile& tile : tiling_.tiles) {
    SeeTileOfGuide(tile);
    const Area counts = {tile.inner_x, tile.inner_y,
                         std::min(tile.inner_x + tile.inner_width, width),
                         std::min(tile.inner_y + tile.inner_height, height)};
    filter_->ComputeKernels(
        SeenPart(tile, 0), [&](const WeightsAndOffsets& combined, Lattice lattice) {
          lattice.x += tile.x;
          lattice.y += tile.y;
          StoreKernels(combined, lattice, counts, network_.architecture, kernels);
        });
  }
}

}  // namespace dkn
