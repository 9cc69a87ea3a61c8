#ifndef DKN_SRC_TRAIN_SWEEP_FOLDER_H_
#define DKN_SRC_TRAIN_SWEEP_FOLDER_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "src/eval/sweep.h"

namespace dkn::train {

// The folder of one run of a sweep, which its process fills and the sweep looks into. Beside what
// RunTraining leaves there it holds these.
class SweepFolder {
 public:
  SweepFolder(const std::string& work, const eval::SweepRun& run)
      : path_(std::filesystem::path(work) / run.folder) {}

  std::string path() const { return path_.string(); }
  std::string Model() const { return (path_ / "model.safetensors").string(); }
  std::string Evaluation() const { return (path_ / "evaluation.jsonl").string(); }
  std::string Output() const {
    return (path_ / "output.txt").string();
  }  // what the process printed
  std::string Record() const { return (path_ / "record.json").string(); }

  bool HasCheckpoint() const { return std::filesystem::exists(path_ / "last.pt"); }
  bool HasModel() const { return std::filesystem::exists(Model()); }
  // Whether the folder is of a run with another configuration.
  bool IsOfAnother(const eval::SweepRun& run) const;
  // What the run's process left when it ended well.
  std::optional<eval::SweepRecord> ReadRecord() const;

  // How far a run is, and the time that it has taken so far. It may be a step ahead of the
  // checkpoint. None at step 0.
  struct Pace {
    std::int64_t step = 0;
    double seconds = 0.0;
  };
  Pace ReadPace() const;
  void WritePace(const Pace& pace) const;

 private:
  std::string PaceFile() const { return (path_ / "pace.txt").string(); }

  std::filesystem::path path_;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SWEEP_FOLDER_H_
