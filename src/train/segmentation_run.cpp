#include "src/train/segmentation_run.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "src/core/number_text.h"
#include "src/train/ranks.h"
#include "src/train/run_folder.h"
#include "src/train/segmentation_trainer.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLogEvery = 20;  // steps
constexpr char kUnit[] = "% mean IoU";

class Run {
 public:
  Run(const std::string& text, const RunOptions& options)
      : config_(ParseSegmentationConfig(text)),
        options_(options),
        data_(ReadSegmentationData(config_, options.data)),
        trainer_(config_, data_),
        folder_(options.work, text) {
    folder_.Resume(trainer_);
  }

  void Train(const Report& report) {
    const double rate = std::max(config_.backbone.rate, config_.filter_part.rate);
    folder_.Train(
        trainer_,
        {config_.steps, kLogEvery, config_.validate_every, config_.checkpoint_every, kUnit,
         config_.precision},
        [&](std::int64_t step) { return PolyRate(config_, rate, step); },
        [&] {
          return data_.validation.empty() || Rank() != 0 ? std::nullopt
                                                         : std::optional(trainer_.Validate());
        },
        report);
  }

  void WriteModels() const {
    const fs::path out(options_.out);
    TensorFile file = trainer_.network().backbone().Tensors();
    file.metadata = config_.card;
    file.metadata["network"] = config_.network;
    file.metadata["classes"] = Joined(config_.classes, ",");
    if (!config_.colours.empty()) {
      file.metadata["colours"] = ColourText();
    }
    file.metadata["max_pixels"] = std::to_string(MaxPixels());
    file.metadata["steps"] = std::to_string(config_.steps);
    const std::vector<LogRow>& rows = folder_.rows();
    if (!rows.empty() && rows.back().validation) {
      file.metadata["validation"] = FixedText(*rows.back().validation, 2) + " " + kUnit + ", " +
                                    std::to_string(data_.validation.size()) + " pictures held out";
    }
    if (trainer_.network().filter() != nullptr) {
      const std::string name = out.stem().string() + "_filter";
      file.metadata["filter"] = name;
      TensorFile filter = trainer_.network().FilterFile();
      filter.metadata.insert(config_.card.begin(), config_.card.end());
      filter.metadata["steps"] = std::to_string(config_.steps);
      WriteSafetensors((out.parent_path() / (name + ".safetensors")).string(), filter,
                       options_.storage);
    }
    WriteSafetensors(options_.out, file, options_.storage);
  }

 private:
  static std::string Joined(const std::vector<std::string>& parts, const char* between) {
    std::string text;
    for (const std::string& part : parts) {
      text.append(text.empty() ? "" : between).append(part);
    }
    return text;
  }

  std::string ColourText() const {
    std::vector<std::string> colours;
    for (const auto& [r, g, b] : config_.colours) {
      colours.push_back(std::to_string(r) + " " + std::to_string(g) + " " + std::to_string(b));
    }
    return Joined(colours, ",");
  }

  // Crops are of pictures larger and smaller: up to what these show at 1.4 times their sides.
  std::int64_t MaxPixels() const {
    std::int64_t most = 0;
    for (const LabelledPicture& picture : data_.training) {
      most = std::max(most, std::int64_t{picture.width} * picture.height);
    }
    return 2 * most;
  }

  SegmentationConfig config_;
  RunOptions options_;
  SegmentationData data_;
  SegmentationTrainer trainer_;
  RunFolder folder_;
};

}  // namespace

void RunSegmentation(const std::string& text, const RunOptions& options, const Report& report) {
  Run run(text, options);
  run.Train(report);
  if (Rank() == 0) {
    run.WriteModels();
  }
}

}  // namespace dkn::train
