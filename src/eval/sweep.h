#ifndef DKN_SRC_EVAL_SWEEP_H_
#define DKN_SRC_EVAL_SWEEP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/eval/experiment.h"

namespace dkn::eval {

// One training run of a sweep.
struct SweepRun {
  std::string row;     // labels of its place in the table
  std::string column;  // "" where there is one alone
  std::uint64_t seed = 1;
  std::string name = {};           // "ROW, COLUMN, seed N": tells runs apart
  std::string folder = {};         // the name, as that of a folder
  std::string configuration = {};  // JSON, as dkn-train takes it
  std::int64_t steps = 0;          // of the configuration; 0: it does not say
};

struct SweepRow {
  std::string label;
  std::string missing;  // why it is not run, and has the paper's figures alone; empty: it is
  std::vector<std::optional<double>> paper;  // published figures, one for each column
};

// Training runs that differ in a few fields, and how all are measured: experiments/train/*.json
// with a "base" (docs/training.md). Their figures make a table of rows x columns.
struct Sweep {
  std::string title;
  std::string note;
  std::string command;               // that runs it, for people
  std::string train;                 // folder of training pairs, relative to the data's
  std::vector<std::string> columns;  // labels
  std::vector<SweepRow> rows;
  std::vector<SweepRun> runs;   // by seed, then column, then row
  std::string evaluation = {};  // JSON object: an experiment's members but for title and methods
  int images = 0;               // the first ones of each set are measured; 0: all
};

// Throws Error naming the field that is missing, unknown, of a wrong type or value, for two runs of
// one name and for an evaluation that is none. The configurations' own fields are not looked at. A
// base that is a file's name lies in `folder`. `steps` > 0 stands instead of the member.
Sweep ParseSweep(const std::string& json, const std::string& folder, std::int64_t steps = 0);

// ParseSweep for a file, whose name errors begin with.
Sweep ReadSweep(const std::string& path, std::int64_t steps = 0);

// Whether the file holds a sweep, and no experiment: it has a "base". Throws Error where it is not
// JSON.
bool IsSweep(const std::string& path);

// The experiment that measures a run: one method, whose label is the run's name, of this model.
Experiment EvaluationOf(const Sweep& sweep, const std::string& name, const std::string& model);

// One figure of a run: a mean over images.
struct SweepFigure {
  std::string set;      // labels
  std::string in_case;  // "" where there is one alone
  std::string metric;   // its name in experiments: "rmse"
  double mean = 0.0;
  double spread = 0.0;  // sample deviation over the images
  int images = 0;
};

// What is known of a run that has ended.
struct SweepRecord {
  std::string run;                 // SweepRun::name
  std::string error = {};          // why it failed; empty: it did not
  std::string configuration = {};  // ConfigurationKey
  std::string evaluation = {};     // EvaluationKey
  std::int64_t steps = 0;
  double seconds = 0.0;         // that it took, all its processes together
  std::int64_t parameters = 0;  // of the network
  double loss = 0.0;            // the log's last
  std::string version = {};     // of dkn
  std::vector<SweepFigure> figures = {};
};

// Texts that change with a run's configuration, and with how it is measured.
std::string ConfigurationKey(const SweepRun& run);
std::string EvaluationKey(const Sweep& sweep);

// A record as a line, with its end, of a file of results, and back. ParseRecord throws Error naming
// the field that is wrong.
std::string RecordLine(const SweepRecord& record);
SweepRecord ParseRecord(const std::string& line);

// The records of a file of results, of which one that is not there has none. Throws Error, which
// names file and line.
std::vector<SweepRecord> ReadRecords(const std::string& path);

inline constexpr const char* kResultsEnd = ".results.jsonl";

// NAME.results.jsonl beside NAME.json: where a sweep's results are unless one says otherwise.
std::string ResultsBeside(const std::string& sweep_path);

// nullptr where there is none of this run.
const SweepRecord* FindRecord(const std::vector<SweepRecord>& records, const std::string& run);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_SWEEP_H_
