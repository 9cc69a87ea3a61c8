#include "src/report/sweep_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dkn::report {
namespace {

using testing::HasSubstr;
using testing::Not;

eval::Sweep SweepOf() {
  eval::Sweep sweep = eval::ParseSweep(R"({
    "title": "Two rows", "train": "train", "base": {}, "note": "A note.",
    "columns": [{"label": "3x3"}, {"label": "5x5", "set": {"crop": 64}}],
    "rows": [{"label": "guide", "seeds": [1, 2], "paper": [6.05, 5.73]}, {"label": "both"},
             {"label": "rival", "missing": "no code", "paper": [4, 5]}],
    "evaluation": {"protocol": {"scale": 8, "down": "bicubic", "up": "bicubic", "border": 6,
                                "normalization": "input"},
                   "metrics": ["rmse", "ssim"],
                   "sets": [{"label": "val", "folder": "val", "unit": "cm", "unit_per_step": 1}]}
    })",
                                       "");
  sweep.command = "dkn-train sweep a.json";
  return sweep;
}

eval::SweepRecord RecordOf(const std::string& run, double rmse) {
  eval::SweepRecord record{run};
  record.steps = 100;
  record.seconds = 90;
  record.figures = {{"val", "", "rmse", rmse, 1.0, 4}, {"val", "", "ssim", 0.5, 0.1, 4}};
  return record;
}

std::vector<eval::SweepRecord> Records() {
  std::vector<eval::SweepRecord> records = {RecordOf("guide, 3x3, seed 1", 5.0),
                                            RecordOf("guide, 3x3, seed 2", 6.0),
                                            RecordOf("guide, 5x5, seed 1", 4.25)};
  eval::SweepRecord failed{"both, 3x3, seed 1"};
  failed.error = "killed by signal 9";
  records.push_back(failed);
  return records;
}

TEST(SweepTableTest, CellsAreMeansOverSeedsBesideThePapers) {
  const std::string text = MarkdownSweep(SweepOf(), Records());
  EXPECT_THAT(text, HasSubstr(R"(
| RMSE, +- deviation (seeds) | 3x3 val, cm                    | 5x5 val, cm       |
|----------------------------|--------------------------------|-------------------|
| guide                      | 5.500 +- 0.707 (2), paper 6.05 | 4.250, paper 5.73 |
| both                       | failed                         | -                 |
| rival                      | -, paper 4.00                  | -, paper 5.00     |
)"));
  EXPECT_THAT(text, HasSubstr("| guide                      | 0.500 +- 0.000 (2) | 0.500   |"));
}

TEST(SweepTableTest, TellsWhatIsLeftAndWhatFailed) {
  const std::string text = MarkdownSweep(SweepOf(), Records());
  EXPECT_THAT(text, HasSubstr("3 of 6 runs, of 100 steps, in 4 minutes together. "
                              "`dkn-train sweep a.json --data DIR` runs what is left.\n"));
  EXPECT_THAT(text, HasSubstr("- both, 3x3, seed 1: killed by signal 9"));
  EXPECT_THAT(text, HasSubstr("- rival: no code"));
  EXPECT_THAT(text, HasSubstr("A note."));
  EXPECT_THAT(text, Not(HasSubstr("does not have")));
}

TEST(SweepTableTest, NamesResultsOfRunsThatAreGone) {
  std::vector<eval::SweepRecord> records = Records();
  records.push_back(RecordOf("somebody, seed 1", 1.0));
  EXPECT_THAT(MarkdownSweep(SweepOf(), records),
              HasSubstr("Results of runs that the file does not have:\n\n- somebody, seed 1\n"));
}

}  // namespace
}  // namespace dkn::report
