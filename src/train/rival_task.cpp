#include <algorithm>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/rivals/rival.h"
#include "src/train/graph_module.h"
#include "src/train/task.h"

namespace dkn::train {
namespace {

// A rival's graph as a trained network, without batch normalisation.
class RivalNetwork : public TrainedNetwork {
 public:
  RivalNetwork(const RivalChoice& choice, Graph graph) : choice_(choice) {
    graph_ = register_module("graph", std::make_shared<GraphModule>(std::move(graph)));
  }

  GraphModule& graph() { return *graph_; }

  TensorFile ToFile() const override {
    TensorFile file = graph_->Tensors();
    file.metadata["network"] = choice_.name;
    for (const auto& [name, value] : choice_.values) {
      file.metadata[name] = ShortestText(value);
    }
    return file;
  }
  void StartFrom(const TensorFile& file) override { graph_->StartFrom(file); }
  void SetTrainingPrecision(Precision precision) override {
    graph_->SetTrainingPrecision(precision);
  }
  void SetTrainingStatistics(BatchStatistics) override {}

 private:
  RivalChoice choice_;
  std::shared_ptr<GraphModule> graph_;
};

// The crop of an image, mirrored as it says.
Image CropOf(const Image& image, const Crop& crop, int x0, int y0, int width, int height) {
  Image out(width, height);
  for (int y = 0; y < height; ++y) {
    const float* row = image.Row(y0 + (crop.flip_y ? height - 1 - y : y));
    for (int x = 0; x < width; ++x) {
      const float value = row[x0 + (crop.flip_x ? width - 1 - x : x)];
      out(x, y) = crop.invert ? 1.0f - value : value;
    }
  }
  return out;
}

Image GuideOf(const TrainingImage& image, const Crop& crop, int width, int height) {
  Image guide(width, height, 3);
  const std::uint8_t* from = image.guide.data();
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height; ++y) {
      const int row = crop.y + (crop.flip_y ? height - 1 - y : y);
      for (int x = 0; x < width; ++x) {
        const int column = crop.x + (crop.flip_x ? width - 1 - x : x);
        const std::ptrdiff_t place =
            (static_cast<std::ptrdiff_t>(c) * image.height + row) * image.width + column;
        guide(x, y, c) = static_cast<float>(from[place]) / 255.0f;
      }
    }
  }
  return guide;
}

// How many of the input's pixels a sample is along a side; 0 where it is no whole number, or the
// crop is not made of whole samples.
int WholeStep(const Image& samples, const TrainingImage& image, const Crop& crop, int width,
              int height) {
  if (samples.empty() || image.width % samples.width() != 0) {
    return 0;
  }
  const int step = image.width / samples.width();
  const bool whole = image.height == step * samples.height() && crop.x % step == 0 &&
                     crop.y % step == 0 && width % step == 0 && height % step == 0;
  return whole ? step : 0;
}

torch::Tensor TensorOf(const Image& image) {
  return torch::from_blob(const_cast<float*>(image.data()),
                          {image.channels(), image.height(), image.width()});
}

class RivalTask : public Task {
 public:
  explicit RivalTask(const TrainingConfig& config)
      : config_(config), rival_(FindRival(config.network->name)) {}

  std::shared_ptr<TrainedNetwork> MakeNetwork() const override {
    return std::make_shared<RivalNetwork>(*config_.network, rival_.graph(Values()));
  }

  Batch EmptyBatch() const override {
    const Graph graph = rival_.graph(Values());
    const std::vector<int> channels = graph.InputChannels();
    const std::vector<GraphSize> sizes = rival_.input_sizes(Values(), {config_.crop, config_.crop});
    Batch batch;
    batch.truth = Plane();
    batch.measured = Plane();
    batch.unfiltered = torch::empty({config_.batch, 2});
    batch.squared = torch::empty({config_.batch});
    batch.base = Plane();
    batch.gain = torch::empty({config_.batch, 1, 1, 1});
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      batch.inputs.push_back(
          torch::empty({config_.batch, channels[i], sizes[i].height, sizes[i].width}));
    }
    return batch;
  }

  void Fill(const TrainingImage& image, const Crop& crop, int n, Batch& batch) const override {
    const int size = config_.crop;
    const NetworkFrame frame = FrameOf(image, crop, size, size);
    for (std::size_t i = 0; i < frame.inputs.size(); ++i) {
      batch.inputs[i][n].copy_(TensorOf(frame.inputs[i]));
    }
    batch.base[n].copy_(TensorOf(frame.base));
    batch.gain[n].fill_(frame.gain);
    batch.truth[n].copy_(TensorOf(CropOf(image.truth, crop, crop.x, crop.y, size, size)));
    if (image.measured.empty()) {
      batch.measured[n].fill_(1.0f);
    } else {
      Crop shares = crop;
      shares.invert = false;
      batch.measured[n].copy_(TensorOf(CropOf(image.measured, shares, crop.x, crop.y, size, size)));
    }
  }

  torch::Tensor Forward(TrainedNetwork& network, const Batch& batch,
                        torch::Device device) const override {
    std::vector<torch::Tensor> inputs;
    for (const torch::Tensor& input : batch.inputs) {
      inputs.push_back(input.to(device));
    }
    torch::Tensor given = dynamic_cast<RivalNetwork&>(network).graph().Forward(inputs);
    const std::int64_t columns = std::max<std::int64_t>(0, batch.base.size(3) - given.size(3));
    const std::int64_t rows = std::max<std::int64_t>(0, batch.base.size(2) - given.size(2));
    if (columns > 0 || rows > 0) {
      given = torch::replication_pad2d(given, {0, columns, 0, rows});
    }
    given = given.slice(2, 0, batch.base.size(2)).slice(3, 0, batch.base.size(3));
    return batch.base.to(device) + batch.gain.to(device) * given;
  }

  Shown Show(TrainedNetwork& network, const TrainingImage& image, int,
             torch::Device device) const override {
    const NetworkFrame frame = FrameOf(image, {}, image.width, image.height);
    Batch batch;
    batch.base = TensorOf(frame.base).unsqueeze(0);
    batch.gain = torch::full({1, 1, 1, 1}, frame.gain);
    for (const Image& input : frame.inputs) {
      batch.inputs.push_back(TensorOf(input).unsqueeze(0));
    }
    return {Forward(network, batch, device), {}};
  }

 private:
  const FilterSettings& Values() const { return config_.network->values; }
  torch::Tensor Plane() const {
    return torch::empty({config_.batch, 1, config_.crop, config_.crop});
  }

  NetworkFrame FrameOf(const TrainingImage& image, const Crop& crop, int width, int height) const {
    const Image guide = GuideOf(image, crop, width, height);
    const Image target = CropOf(image.input, crop, crop.x, crop.y, width, height);
    Image low;
    FilterInput input{guide, target};
    if (const int step = WholeStep(image.samples, image, crop, width, height); step > 0) {
      low = CropOf(image.samples, crop, crop.x / step, crop.y / step, width / step, height / step);
      const float first = 0.5f * static_cast<float>(step - 1);
      const auto pixels = static_cast<float>(step);
      input.samples = {low, {}, first, first, pixels, pixels};
    }
    return rival_.prepare(Values(), input);
  }

  const TrainingConfig config_;
  const Rival rival_;
};

}  // namespace

std::unique_ptr<Task> MakeRivalTask(const TrainingConfig& config) {
  return std::make_unique<RivalTask>(config);
}

}  // namespace dkn::train
