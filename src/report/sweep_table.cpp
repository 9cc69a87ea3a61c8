#include "src/report/sweep_table.h"

#include <algorithm>
#include <set>

#include "src/core/number_text.h"
#include "src/core/text_table.h"
#include "src/report/report.h"

namespace dkn::report {
namespace {

using eval::SweepRecord;
using eval::SweepRun;

// A column of the table.
struct Place {
  std::size_t column;  // of the sweep
  const eval::EvaluationSet& set;
  const eval::Case& in_case;
  bool has_paper;  // the first set in the first case
};

std::vector<Place> PlacesOf(const eval::Sweep& sweep, const eval::Experiment& experiment) {
  std::vector<Place> places;
  for (const eval::EvaluationSet& set : experiment.sets) {
    for (const eval::Case& item : experiment.cases) {
      for (std::size_t column = 0; column < sweep.columns.size(); ++column) {
        const bool first = &set == experiment.sets.data() && &item == experiment.cases.data();
        places.push_back({column, set, item, first});
      }
    }
  }
  return places;
}

std::string HeadOf(const eval::Sweep& sweep, const Place& place, const eval::Metric& metric) {
  std::string head = sweep.columns[place.column];
  for (const std::string& part : {place.set.label, place.in_case.label}) {
    head += (head.empty() || part.empty() ? "" : " ") + part;
  }
  const std::string unit = eval::MetricUnit(metric, place.set.unit);
  return unit.empty() ? head : head + ", " + unit;
}

// The figures of the seeds that have one.
std::vector<double> ValuesAt(const eval::Sweep& sweep, const std::vector<SweepRecord>& records,
                             const std::string& row, const Place& place, const eval::Metric& metric,
                             bool& failed) {
  std::vector<double> values;
  for (const SweepRun& run : sweep.runs) {
    const SweepRecord* record = eval::FindRecord(records, run.name);
    if (run.row != row || run.column != sweep.columns[place.column] || record == nullptr) {
      continue;
    }
    failed = failed || !record->error.empty();
    for (const eval::SweepFigure& figure : record->figures) {
      if (figure.set == place.set.label && figure.in_case == place.in_case.label &&
          figure.metric == eval::ToString(metric)) {
        values.push_back(figure.mean);
      }
    }
  }
  return values;
}

std::string CellOf(const std::vector<double>& values, bool failed) {
  if (values.empty()) {
    return failed ? "failed" : "-";
  }
  const eval::Statistics statistics = eval::Summarize(values);
  std::string cell = FixedText(statistics.mean, 3);
  if (values.size() > 1) {
    cell.append(" +- ").append(FixedText(statistics.spread, 3));
    cell.append(" (").append(std::to_string(values.size())).append(")");
  }
  return cell;
}

std::string TableOf(const eval::Sweep& sweep, const std::vector<SweepRecord>& records,
                    const eval::Experiment& experiment, std::size_t index) {
  const eval::Metric& metric = experiment.metrics[index];
  const std::vector<Place> places = PlacesOf(sweep, experiment);
  std::vector<TextRow> table(1, TextRow{eval::MetricName(metric) + ", +- deviation (seeds)"});
  for (const Place& place : places) {
    table[0].push_back(HeadOf(sweep, place, metric));
  }
  for (const eval::SweepRow& row : sweep.rows) {
    table.push_back({row.label});
    for (const Place& place : places) {
      bool failed = false;
      const std::vector<double> values = ValuesAt(sweep, records, row.label, place, metric, failed);
      std::string cell = CellOf(values, failed);
      const std::optional<double>& paper = row.paper[place.column];
      if (index == 0 && place.has_paper && paper) {
        cell.append(", paper ").append(FixedText(*paper, 2));
      }
      table.back().push_back(std::move(cell));
    }
  }
  return AlignedTable(table);
}

// Of the runs that have ended well: their number, steps and time; and how to go on.
std::string EffortLine(const eval::Sweep& sweep, const std::vector<SweepRecord>& records) {
  int done = 0;
  double seconds = 0.0;
  std::set<std::int64_t> steps;
  for (const SweepRun& run : sweep.runs) {
    const SweepRecord* record = eval::FindRecord(records, run.name);
    if (record != nullptr && record->error.empty()) {
      ++done;
      seconds += record->seconds;
      steps.insert(record->steps);
    }
  }
  std::string text = std::to_string(done) + " of " + std::to_string(sweep.runs.size()) + " runs";
  if (done > 0) {
    text += ", of " + std::to_string(*steps.begin()) +
            (steps.size() > 1 ? " to " + std::to_string(*steps.rbegin()) : "") + " steps, in " +
            FixedText(seconds / 60.0, 0) + " minutes together";
  }
  text += ".";
  if (done < static_cast<int>(sweep.runs.size())) {
    text.append(" `").append(sweep.command).append(" --data DIR` runs what is left.");
  }
  return text + "\n";
}

// A list in lines, or "" where it is empty.
std::string ListOf(const std::string& head, const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text.append("- ").append(item).append("\n");
  }
  return text.empty() ? "" : "\n" + head + "\n\n" + text;
}

}  // namespace

std::string MarkdownSweep(const eval::Sweep& sweep, const std::vector<SweepRecord>& records) {
  const eval::Experiment experiment = eval::EvaluationOf(sweep, "a run", "bicubic");
  std::string text = sweep.title + "\n";
  for (const std::string& line : ProtocolLines(experiment)) {
    text += line + "\n";
  }
  for (std::size_t metric = 0; metric < experiment.metrics.size(); ++metric) {
    text.append("\n").append(TableOf(sweep, records, experiment, metric));
  }
  text.append("\n").append(EffortLine(sweep, records));
  if (!sweep.note.empty()) {
    text += sweep.note + "\n";
  }
  std::vector<std::string> failed;
  for (const SweepRun& run : sweep.runs) {
    const SweepRecord* record = eval::FindRecord(records, run.name);
    if (record != nullptr && !record->error.empty()) {
      failed.push_back(run.name + ": " + record->error);
    }
  }
  std::vector<std::string> others;
  for (const SweepRecord& record : records) {
    if (std::none_of(sweep.runs.begin(), sweep.runs.end(),
                     [&](const SweepRun& run) { return run.name == record.run; })) {
      others.push_back(record.run);
    }
  }
  std::vector<std::string> missing;
  for (const eval::SweepRow& row : sweep.rows) {
    if (!row.missing.empty()) {
      missing.push_back(row.label + ": " + row.missing);
    }
  }
  text += ListOf("Failed:", failed);
  text += ListOf("Not trained here:", missing);
  return text + ListOf("Results of runs that the file does not have:", others);
}

}  // namespace dkn::report
