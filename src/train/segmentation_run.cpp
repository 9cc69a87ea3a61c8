#include "src/train/segmentation_run.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "src/core/number_text.h"
#include "src/train/curves.h"
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
        trainer_(config_, data_) {
    ClaimRunFolder(options.work, text);
    if (fs::exists(File("last.pt"))) {
      trainer_.Load(File("last.pt"));
      rows_ = ReadLog(File("log.csv"));
      std::erase_if(rows_, [&](const LogRow& row) { return row.step > trainer_.step(); });
    }
  }

  void Train(const Report& report) {
    double loss_sum = 0.0;
    std::int64_t summed = 0;
    while (!trainer_.done()) {
      loss_sum += trainer_.Step();
      ++summed;
      const std::int64_t step = trainer_.step();
      const bool validate =
          !data_.validation.empty() && (step % config_.validate_every == 0 || trainer_.done());
      std::optional<LogRow> row;
      if (step % kLogEvery == 0 || validate) {
        const double rate = std::max(config_.backbone.rate, config_.filter_part.rate);
        row = LogRow{step, loss_sum / static_cast<double>(summed),
                     PolyRate(config_, rate, step - 1), std::nullopt};
        loss_sum = 0.0;
        summed = 0;
        if (validate) {
          row->validation = trainer_.Validate();
        }
        rows_.push_back(*row);
      }
      if (step % config_.checkpoint_every == 0 || trainer_.done()) {
        trainer_.Save(File("last.pt"));
        WriteLog(File("log.csv"), rows_);
        DrawCurves(rows_, kUnit, File("curves.png"));
      }
      report({step, config_.steps, kUnit}, row);
    }
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
    file.metadata["steps"] = std::to_string(config_.steps);
    if (!rows_.empty() && rows_.back().validation) {
      file.metadata["validation"] = FixedText(*rows_.back().validation, 2) + " " + kUnit + ", " +
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
  std::string File(const char* name) const { return (fs::path(options_.work) / name).string(); }

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

  SegmentationConfig config_;
  RunOptions options_;
  SegmentationData data_;
  SegmentationTrainer trainer_;
  std::vector<LogRow> rows_;
};

}  // namespace

void RunSegmentation(const std::string& text, const RunOptions& options, const Report& report) {
  Run run(text, options);
  run.Train(report);
  run.WriteModels();
}

}  // namespace dkn::train
