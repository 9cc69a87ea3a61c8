#ifndef DKN_SRC_DKN_MODEL_WORKSPACE_H_
#define DKN_SRC_DKN_MODEL_WORKSPACE_H_

#include <algorithm>
#include <memory>
#include <utility>

#include "dkn/image.h"
#include "dkn/model.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/kernel_report.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/stream_input.h"
#include "src/dkn/tiling.h"
#include "src/imaging/padding.h"

// What Model and FrameStream filter by.
namespace dkn {

// Pixels to the next multiple of 4.
inline int PaddingTo(int size) {
  return (kResampling - size % kResampling) % kResampling;
}

// The view itself where its sizes are multiples of 4 already, else a padded copy in `storage`.
inline ConstView Padded(ConstView image, Image& storage) {
  const int right = PaddingTo(image.width);
  const int bottom = PaddingTo(image.height);
  if (right == 0 && bottom == 0) {
    return image;
  }
  ReplicatePad(image, right, bottom, storage);
  return storage;
}

// Sizes of guide and target, and the number of threads that the sessions are prepared for.
struct WorkspaceKey {
  int width;
  int height;
  int guide_channels;
  int target_channels;
  int threads;

  bool operator==(const WorkspaceKey& other) const = default;
};

// What one thread needs to filter images of one size, a tile at a time.
class Workspace {
 public:
  Workspace(const Execution& execution, const Architecture& architecture, Tiling tiling)
      : architecture_(architecture),
        tiling_(std::move(tiling)),
        network_(execution.Prepare(tiling_.width, tiling_.height)) {}

  // The view must remain valid until the last Filter.
  void SetGuide(ConstView guide) {
    if (architecture_.guide == GuideInput::kNone) {
      return;
    }
    guide_ = Padded(GuideChannels(guide, architecture_, guide_channels_), padded_guide_);
    if (tiling_.tiles.size() == 1) {
      network_->SetGuide(guide_);
    }
  }

  // A report, where it is wanted, has as many channels as the target, but one mask.
  void Filter(ConstView target, View out, KernelReport report = {}) {
    target = Padded(target, padded_target_);
    if (!report.mask.empty()) {
      report.mask = Padded(report.mask, padded_mask_);
    }
    for (const Tile& tile : tiling_.tiles) {
      SetTileGuide(tile);
      for (int c = 0; c < target.channels; ++c) {
        KernelReport part = report;
        if (report.wanted()) {
          part = {report.mask, report.support.Channel(c), report.spread.Channel(c)};
        }
        FilterTile(tile, target.Channel(c), out.Channel(c), part);
      }
    }
  }

  // Of a target of one channel.
  void ComputeKernels(ConstView target, Kernels& kernels) {
    const int width = target.width;
    const int height = target.height;
    target = Padded(target, padded_target_);
    for (const Tile& tile : tiling_.tiles) {
      SetTileGuide(tile);
      const int right = std::min(tile.inner_x + tile.inner_width, width);
      const int bottom = std::min(tile.inner_y + tile.inner_height, height);
      network_->ComputeKernels(target.Crop(tile.x, tile.y, tiling_.width, tiling_.height),
                               [&](const WeightsAndOffsets& field, Lattice lattice) {
                                 lattice.x += tile.x;
                                 lattice.y += tile.y;
                                 StoreKernels(field, lattice,
                                              {tile.inner_x, tile.inner_y, right, bottom},
                                              architecture_, kernels);
                               });
    }
  }

 private:
  void SetTileGuide(const Tile& tile) {
    if (!guide_.empty() && tiling_.tiles.size() > 1) {
      network_->SetGuide(guide_.Crop(tile.x, tile.y, tiling_.width, tiling_.height));
    }
  }

  // One channel of a tile of images whose sizes are multiples of 4, into the part that counts.
  void FilterTile(const Tile& tile, ConstView target, View out, const KernelReport& report) {
    // The tile's part of the image itself; less where that was padded.
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
      network_->Filter(part, result, tile_report);
      return;
    }
    tile_.Reset(part.width, part.height);
    if (report.wanted()) {
      tile_support_.Reset(part.width, part.height);
      tile_spread_.Reset(part.width, part.height);
      tile_report.support = tile_support_;
      tile_report.spread = tile_spread_;
    }
    network_->Filter(part, tile_, tile_report);
    const auto copy = [&](ConstView from, View to) {
      Copy(from.Crop(tile.inner_x - tile.x, tile.inner_y - tile.y, width, height), to);
    };
    copy(tile_, result);
    if (report.wanted()) {
      copy(tile_support_, report.support.Crop(tile.inner_x, tile.inner_y, width, height));
      copy(tile_spread_, report.spread.Crop(tile.inner_x, tile.inner_y, width, height));
    }
  }

  const Architecture& architecture_;
  const Tiling tiling_;
  const std::unique_ptr<Execution::Workspace> network_;
  ConstView guide_;  // as the network takes it; empty where it takes none
  Image guide_channels_;
  Image padded_guide_;
  Image padded_target_;
  Image padded_mask_;
  Image tile_;
  Image tile_support_;
  Image tile_spread_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_MODEL_WORKSPACE_H_
