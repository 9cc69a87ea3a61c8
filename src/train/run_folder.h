#ifndef DKN_SRC_TRAIN_RUN_FOLDER_H_
#define DKN_SRC_TRAIN_RUN_FOLDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dkn/precision.h"
#include "src/train/ranks.h"
#include "src/train/run.h"
#include "src/train/training_log.h"

namespace dkn::train {

// How often a run tells of itself, in steps.
struct RunPace {
  std::int64_t steps = 0;  // the run's
  std::int64_t log_every = 100;
  std::int64_t validate_every = 0;
  std::int64_t checkpoint_every = 0;
  std::string unit;                        // of LogRow::validation
  Precision precision = Precision::kFp32;  // RunProgress::precision
};

// The work folder of a run: experiment.json, last.pt (the checkpoint), log.csv, curves.png. Of
// several ranks it is rank 0's.
class RunFolder {
 public:
  // Makes the folder of a run of this configuration, whose text it keeps, or takes it up again.
  // Throws Error where it holds another configuration's run: a checkpoint makes sense for the
  // configuration alone that it was made with.
  RunFolder(std::string path, const std::string& text);

  std::string File(const std::string& name) const;
  const std::vector<LogRow>& rows() const { return rows_; }

  // Whether there is a checkpoint. It goes to the trainer, and the log up to it to rows().
  template <typename Trainer>
  bool Resume(Trainer& trainer) {
    std::vector<std::uint8_t> has = {Rank() == 0 && HasCheckpoint()};
    ShareOfFirstRank(has);
    if (has.front() == 0) {
      return false;
    }
    trainer.Load(File("last.pt"));
    if (Rank() == 0) {
      ReadRows(trainer.step());
    }
    return true;
  }

  // Trains to the end. `rate(step)` is what a step is made with; `validate()` gives
  // LogRow::validation.
  template <typename Trainer, typename Rate, typename Validate>
  void Train(Trainer& trainer, const RunPace& pace, const Rate& rate, const Validate& validate,
             const Report& report) {
    double loss_sum = 0.0;
    std::int64_t summed = 0;
    while (!trainer.done()) {
      loss_sum += trainer.Step();
      ++summed;
      const std::int64_t step = trainer.step();
      const bool validates = step % pace.validate_every == 0 || trainer.done();
      std::optional<LogRow> row;
      if (step % pace.log_every == 0 || validates) {
        row = LogRow{step, loss_sum / static_cast<double>(summed), rate(step - 1), std::nullopt};
        loss_sum = 0.0;
        summed = 0;
        if (validates) {
          row->validation = validate();
        }
        rows_.push_back(*row);
      }
      if (Rank() == 0 && (step % pace.checkpoint_every == 0 || trainer.done())) {
        trainer.Save(File("last.pt"));
        WriteRows(pace.unit);
      }
      report({step, pace.steps, pace.unit, pace.precision}, row);
    }
  }

 private:
  bool HasCheckpoint() const;
  void ReadRows(std::int64_t last_step);
  void WriteRows(const std::string& unit) const;

  std::string path_;
  std::vector<LogRow> rows_;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_RUN_FOLDER_H_
