#include <algorithm>
#include <array>
#include <vector>

#include "src/dkn/layers.h"
#include "src/train/network.h"
#include "src/train/task.h"

namespace dkn::train {
namespace {

// A square of pixels inside a crop, or around it: from `first` to below `end` in both directions,
// in steps. (0, 0) is the first pixel of the crop, mirrored as it may be.
struct CropSquare {
  int first;
  int end;
  int step = 1;
  BorderRule outside = BorderRule::kZero;  // what is read outside of the image

  int size() const { return (end - first + step - 1) / step; }
};

// One plane of an image.
template <typename T>
struct Plane {
  const T* data;
  int width;
  int height;
};

// Batch [N, channels, size, size] to be filled with Copy.
torch::Tensor Empty(int batch, int channels, const CropSquare& square) {
  return torch::empty({batch, channels, square.size(), square.size()});
}

// What is done to each value.
struct Affine {
  float scale;
  float offset;
};

// Copies a square, its values changed, to channel c of image n of `out`.
template <typename T>
void Copy(const Plane<T>& plane, const Crop& crop, int crop_size, const CropSquare& square,
          const Affine& change, torch::Tensor& out, int n, int c) {
  const int last = crop_size - 1;
  float* to = out[n][c].data_ptr<float>();
  for (int y = square.first; y < square.end; y += square.step) {
    const int from_y = crop.y + (crop.flip_y ? last - y : y);
    const int inside_y = std::clamp(from_y, 0, plane.height - 1);
    const T* row = plane.data + static_cast<std::ptrdiff_t>(inside_y) * plane.width;
    for (int x = square.first; x < square.end; x += square.step) {
      const int from_x = crop.x + (crop.flip_x ? last - x : x);
      const int inside_x = std::clamp(from_x, 0, plane.width - 1);
      const bool inside = inside_x == from_x && inside_y == from_y;
      *to++ = inside || square.outside == BorderRule::kReplicate
                  ? change.scale * static_cast<float>(row[inside_x]) + change.offset
                  : 0.0f;
    }
  }
}

// Networks of ours: FDKN or DKN.
class JointTask : public Task {
 public:
  explicit JointTask(const TrainingConfig& config) : config_(config) {}

  std::shared_ptr<TrainedNetwork> MakeNetwork() const override {
    return std::make_shared<JointNetwork>(config_.architecture);
  }

  Batch EmptyBatch() const override {
    const Squares squares = SquaresOfCrop();
    const int channels = TargetChannels(config_.architecture);
    Batch batch;
    batch.guide = Empty(config_.batch, 3, squares.input);
    batch.input = Empty(config_.batch, channels, squares.input);
    batch.truth = Empty(config_.batch, 1, squares.truth);
    batch.samples = Empty(config_.batch, channels, squares.samples);
    batch.lattice = {-squares.samples.first, -squares.samples.first, squares.truth.step};
    batch.measured = Empty(config_.batch, 1, squares.truth);
    batch.unfiltered = torch::empty({config_.batch, 2});
    batch.squared = torch::empty({config_.batch});
    return batch;
  }

  void Fill(const TrainingImage& image, const Crop& crop, int n, Batch& batch) const override {
    const Squares squares = SquaresOfCrop();
    const auto copy = [&](const auto* plane, const CropSquare& square, const Affine& change,
                          torch::Tensor& to, int c) {
      Copy(Plane{plane, image.width, image.height}, crop, config_.crop, square, change, to, n, c);
    };
    const Affine colour{1.0f / 255.0f, 0.0f};
    const Affine value = crop.invert ? Affine{-1.0f, 1.0f} : Affine{1.0f, 0.0f};
    for (int c = 0; c < 3; ++c) {
      const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(image.width) * image.height;
      copy(image.guide.data() + c * plane, squares.input, colour, batch.guide, c);
    }
    copy(image.truth.data(), squares.truth, value, batch.truth, 0);
    const auto copy_measured = [&](const CropSquare& square, torch::Tensor& to, int c) {
      if (image.measured.empty()) {
        to[n][c].fill_(1.0f);
      } else {
        copy(image.measured.data(), square, {1.0f, 0.0f}, to, c);
      }
    };
    const auto copy_target = [&](const CropSquare& square, torch::Tensor& to) {
      copy(image.input.data(), square, value, to, 0);
      if (to.size(1) > 1) {
        copy_measured(square, to, 1);
      }
      const std::array<float, 3> seen = SeenFacts(image.facts);
      for (int c = 2; c < to.size(1); ++c) {
        to[n][c].fill_(seen[c - 2]);
      }
    };
    copy_target(squares.input, batch.input);
    copy_target(squares.samples, batch.samples);
    copy_measured(squares.truth, batch.measured, 0);
  }

  torch::Tensor Forward(TrainedNetwork& network, const Batch& batch,
                        torch::Device device) const override {
    auto& joint = dynamic_cast<JointNetwork&>(network);
    const torch::Tensor guide = batch.guide.to(device);
    const torch::Tensor input = batch.input.to(device);
    return config_.architecture.kind == NetworkKind::kDkn
               ? joint.ForwardLattice(guide, input, batch.samples.to(device), batch.lattice)
               : joint.Forward(guide, input);
  }

  // DKN: of one shift, a 16th of the pixels.
  Shown Show(TrainedNetwork& network, const TrainingImage& image, int index,
             torch::Device device) const override {
    auto& joint = dynamic_cast<JointNetwork&>(network);
    const int width = image.width;
    const int height = image.height;
    const auto tensor = [&](const Image& values) {
      return torch::from_blob(const_cast<float*>(values.data()), {1, 1, height, width});
    };
    const torch::Tensor guide = torch::from_blob(const_cast<std::uint8_t*>(image.guide.data()),
                                                 {1, 3, height, width}, torch::kByte)
                                    .to(torch::kFloat) /
                                255.0f;
    torch::Tensor input = tensor(image.input);
    if (TargetChannels(config_.architecture) > 1) {
      const torch::Tensor measured =
          image.measured.empty() ? torch::ones_like(input) : tensor(image.measured);
      std::vector<torch::Tensor> channels = {input, measured};
      for (const float seen : SeenFacts(image.facts)) {
        channels.push_back(torch::full_like(input, seen));
      }
      input = torch::cat(channels, 1).narrow(1, 0, TargetChannels(config_.architecture));
    }
    input = input.to(device);
    if (config_.architecture.kind != NetworkKind::kDkn) {
      return {joint.Forward(guide.to(device), input), {}};
    }
    const int stride = FootprintOf(config_.architecture).stride;
    const int shift = index % (stride * stride);
    const Lattice lattice{shift % stride, shift / stride, stride};
    return {joint.ForwardShift(guide.to(device), input, lattice.x, lattice.y), lattice};
  }

 private:
  // Of the tensors that a crop fills.
  struct Squares {
    CropSquare input;
    CropSquare truth;
    CropSquare samples;
  };
  Squares SquaresOfCrop() const {
    const Architecture& architecture = config_.architecture;
    const int size = config_.crop;
    Squares squares{{0, size}, {0, size}, {0, 0}};
    if (architecture.kind == NetworkKind::kDkn) {
      const Footprint footprint = FootprintOf(architecture);
      squares.input = {-footprint.before,
                       size - footprint.stride + footprint.size - footprint.before};
      squares.truth.step = footprint.stride;
      const int reach =
          (architecture.window - 1) / 2 + 2;  // of a sampled position's right neighbour
      squares.samples = {-reach, size + reach, 1, architecture.border_rule};
    }
    return squares;
  }

  const TrainingConfig config_;
};

}  // namespace

std::unique_ptr<Task> MakeTask(const TrainingConfig& config) {
  return config.network ? MakeRivalTask(config) : MakeJointTask(config);
}

std::unique_ptr<Task> MakeJointTask(const TrainingConfig& config) {
  return std::make_unique<JointTask>(config);
}

}  // namespace dkn::train
