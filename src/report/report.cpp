#include "src/report/report.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "src/core/number_text.h"
#include "src/report/cost_table.h"
#include "src/report/reliability_report.h"

namespace dkn::report {
namespace {

// A column of the table.
struct Column {
  const eval::EvaluationSet* set;
  const eval::Case* in_case;
};

std::vector<Column> Columns(const eval::Experiment& experiment) {
  std::vector<Column> columns;
  for (const eval::EvaluationSet& set : experiment.sets) {
    for (const eval::Case& item : experiment.cases) {
      if (eval::MeasuredOn(set, item)) {
        columns.push_back({&set, &item});
      }
    }
  }
  return columns;
}

std::string ColumnLabel(const Column& column) {
  return column.set->label + (column.in_case->label.empty() ? "" : " " + column.in_case->label);
}

std::optional<double> FigureAt(const eval::Figures& figures, const Column& column) {
  const auto figure = figures.find({column.set->label, column.in_case->label});
  return figure == figures.end() ? std::nullopt : std::make_optional(figure->second);
}

const eval::Result* ResultAt(const eval::Report& report, const eval::Method& method,
                             const Column& column) {
  return eval::FindResult(report, method.label, column.set->label, column.in_case->label);
}

std::string Cell(const eval::Method& method, const Column& column, const eval::Report& report,
                 std::size_t metric) {
  std::string text = "-";
  if (const eval::Result* result = ResultAt(report, method, column)) {
    const eval::Statistics statistics = eval::StatisticsOf(*result, metric);
    if (statistics.count > 0) {
      text = FixedText(statistics.mean, 3) + " +- " + FixedText(statistics.spread, 3) + " (" +
             std::to_string(statistics.count) + ")";
    }
  }
  if (metric == 0) {
    if (const auto paper = FigureAt(method.paper, column)) {
      text += ", paper " + FixedText(*paper, 2);
    }
    if (const auto limit = FigureAt(method.at_most, column)) {
      text += ", at most " + FixedText(*limit, 2);
    }
  }
  return text;
}

std::string WithUnit(const std::string& name, const std::string& unit) {
  return unit.empty() ? name : name + ", " + unit;
}

std::string MissingLines(const eval::Report& report) {
  std::string text;
  for (const std::string& line : report.missing) {
    text += "- " + line + "\n";
  }
  return text.empty() ? "" : "\nNot measured here:\n\n" + text;
}

std::vector<double> FirstValues(const eval::Result& result) {
  std::vector<double> values;
  for (const eval::ImageScore& score : result.scores) {
    values.push_back(score.values[0]);
  }
  return values;
}

// Paper: Section 4.1.2. On how many images the second method of the experiment's difference is
// better than the first. A set is left out where one of the two methods lacks images.
std::string WinLines(const eval::Experiment& experiment, const eval::Report& report) {
  std::string text;
  for (const Column& column : Columns(experiment)) {
    if (experiment.difference.empty()) {
      break;
    }
    const auto result_of = [&](const std::string& method) {
      return eval::FindResult(report, method, column.set->label, column.in_case->label);
    };
    const eval::Result* first = result_of(experiment.difference[0]);
    const eval::Result* second = result_of(experiment.difference[1]);
    if (first != nullptr && second != nullptr && first->scores.size() == second->scores.size()) {
      const double percent = eval::WinPercent(FirstValues(*second), FirstValues(*first),
                                              eval::LargerIsBetter(experiment.metrics[0]));
      text.append("\n").append(ColumnLabel(column)).append(": ").append(second->method);
      text.append(" is better than ").append(first->method).append(" on ");
      text.append(FixedText(percent, 0)).append(" % of ");
      text.append(std::to_string(first->scores.size())).append(" images\n");
    }
  }
  return text;
}

std::vector<TextRow> MakeTable(const eval::Experiment& experiment, const eval::Report& report,
                               std::size_t metric, const std::vector<Column>& columns) {
  const eval::Metric& measured = experiment.metrics[metric];
  std::vector<TextRow> rows(1, TextRow{eval::MetricName(measured) +
                                       (eval::IsOfWholeSets(measured) ? ", of the set" : ", mean") +
                                       " +- deviation (images)"});
  for (const Column& column : columns) {
    rows[0].push_back(WithUnit(ColumnLabel(column), eval::MetricUnit(measured, column.set->unit)));
  }
  for (const eval::Method& method : experiment.methods) {
    rows.push_back({method.label});
    for (const Column& column : columns) {
      rows.back().push_back(Cell(method, column, report, metric));
    }
  }
  return rows;
}

// A figure of CSV or JSON.
struct Line {
  const eval::Method& method;
  const Column& column;
  const eval::Result& result;
  std::string metric;
  std::string unit;
  double value = 0.0;
  std::optional<double> spread = {};
  std::optional<double> paper = {};
};

// Calls body for every Line of every result, in the order of the table.
template <typename Body>
void ForEachLine(const eval::Experiment& experiment, const eval::Report& report, const Body& body) {
  for (const eval::Method& method : experiment.methods) {
    for (const Column& column : Columns(experiment)) {
      const eval::Result* result = ResultAt(report, method, column);
      if (result == nullptr) {
        continue;
      }
      const std::string& unit = column.set->unit;
      for (std::size_t i = 0; i < experiment.metrics.size(); ++i) {
        const eval::Metric& metric = experiment.metrics[i];
        const eval::Statistics statistics = eval::StatisticsOf(*result, i);
        if (statistics.count == 0) {
          continue;
        }
        body(Line{method, column, *result, eval::MetricName(metric), eval::MetricUnit(metric, unit),
                  statistics.mean, statistics.spread,
                  i == 0 ? FigureAt(method.paper, column) : std::nullopt});
      }
      for (const NamedFigure& figure : ReliabilityFigures(*result, unit)) {
        body(Line{method, column, *result, figure.name, figure.unit, figure.value});
      }
    }
  }
}

// Quoted where CSV asks for it (RFC 4180).
std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted(1, '"');
  for (const char letter : text) {
    quoted.append(letter == '"' ? 2 : 1, letter);
  }
  return quoted.append(1, '"');
}

// As JSON has it: with a point, "3.0".
std::string CsvNumber(double value) {
  return nlohmann::json(value).dump();
}

std::string LatexText(const std::string& text) {
  const std::string special = "#$%&_{}";
  std::string escaped;
  for (const char letter : text) {
    if (letter == '\\') {
      escaped += "\\textbackslash{}";
    } else if (letter == '~' || letter == '^') {
      escaped.append(1, '\\').append(1, letter).append("{}");
    } else {
      escaped.append(special.find(letter) == std::string::npos ? 0 : 1, '\\').append(1, letter);
    }
  }
  return escaped;
}

// The best mean of a column; none for an empty one.
std::optional<double> BestOf(const eval::Experiment& experiment, const eval::Report& report,
                             const Column& column) {
  std::optional<double> best;
  for (const eval::Method& method : experiment.methods) {
    if (const eval::Result* result = ResultAt(report, method, column)) {
      const double mean = eval::StatisticsOf(*result, 0).mean;
      if (!best || (eval::LargerIsBetter(experiment.metrics[0]) ? mean > *best : mean < *best)) {
        best = mean;
      }
    }
  }
  return best;
}

std::string LatexCell(const eval::Method& method, const Column& column, const eval::Report& report,
                      std::optional<double> best) {
  std::string text = "--";
  if (const eval::Result* result = ResultAt(report, method, column)) {
    const double mean = eval::StatisticsOf(*result, 0).mean;
    const bool bold = mean == best;
    text = (bold ? "\\textbf{" : "") + FixedText(mean, 2) + (bold ? "}" : "");
  }
  if (const auto paper = FigureAt(method.paper, column)) {
    text += " (" + FixedText(*paper, 2) + ")";
  }
  return text;
}

}  // namespace

std::vector<std::string> ProtocolLines(const eval::Experiment& experiment) {
  std::vector<std::string> lines;
  for (const eval::Case& item : experiment.cases) {
    const std::string text = eval::Describe(item.protocol);
    lines.push_back(
        item.label.empty() || text.starts_with(item.label + ",") ? text : item.label + ": " + text);
  }
  return lines;
}

std::vector<std::vector<TextRow>> TableCells(const eval::Experiment& experiment,
                                             const eval::Report& report) {
  const bool per_set = experiment.cases.size() > 1;
  std::vector<std::vector<TextRow>> tables;
  for (std::size_t metric = 0; metric < experiment.metrics.size(); ++metric) {
    std::vector<Column> columns;
    for (const Column& column : Columns(experiment)) {
      if (per_set && !columns.empty() && columns.back().set != column.set) {
        tables.push_back(MakeTable(experiment, report, metric, columns));
        columns.clear();
      }
      columns.push_back(column);
    }
    tables.push_back(MakeTable(experiment, report, metric, columns));
  }
  return tables;
}

std::string MarkdownReport(const eval::Experiment& experiment, const eval::Report& report) {
  std::string text = experiment.title + "\n";
  for (const std::string& line : ProtocolLines(experiment)) {
    text += line + "\n";
  }
  for (const std::vector<TextRow>& table : TableCells(experiment, report)) {
    text.append("\n").append(AlignedTable(table));
  }
  std::vector<ReportTable> further = ReliabilityTables(experiment, report);
  for (ReportTable& table : CostTables(experiment, report)) {
    further.push_back(std::move(table));
  }
  for (const ReportTable& table : further) {
    std::vector<TextRow> rows(1, table.head);
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    text.append("\n").append(table.caption).append(":\n\n").append(AlignedTable(rows));
  }
  text += WinLines(experiment, report);
  if (!experiment.note.empty()) {
    text += "\n" + experiment.note + "\n";
  }
  return text + MissingLines(report);
}

std::string CsvReport(const eval::Experiment& experiment, const eval::Report& report) {
  std::string text = "method,dataset,case,scale,metric,unit,value,spread,images,paper\n";
  ForEachLine(experiment, report, [&](const Line& line) {
    const eval::Case& in_case = *line.column.in_case;
    text += CsvField(line.method.label) + "," + CsvField(line.column.set->label) + "," +
            CsvField(in_case.label) + "," + std::to_string(in_case.protocol.scale) + "," +
            CsvField(line.metric) + "," + CsvField(line.unit) + "," + CsvNumber(line.value) + "," +
            (line.spread ? CsvNumber(*line.spread) : "") + "," +
            std::to_string(line.result.scores.size()) + "," +
            (line.paper ? CsvNumber(*line.paper) : "") + "\n";
  });
  return text;
}

std::string LatexReport(const eval::Experiment& experiment, const eval::Report& report) {
  const std::vector<Column> columns = Columns(experiment);
  std::string text = "% " + experiment.title + "\n% In brackets: the paper's figures.\n";
  for (const std::string& line : ProtocolLines(experiment)) {
    text += "% " + line + "\n";
  }
  text += "\\begin{tabular}{l" + std::string(columns.size(), 'r') + "}\n\\toprule\n" +
          LatexText(eval::MetricName(experiment.metrics[0]));
  for (const Column& column : columns) {
    text += " & " + LatexText(WithUnit(ColumnLabel(column),
                                       eval::MetricUnit(experiment.metrics[0], column.set->unit)));
  }
  text += " \\\\\n\\midrule\n";
  for (const eval::Method& method : experiment.methods) {
    text += LatexText(method.label);
    for (const Column& column : columns) {
      text += " & " + LatexCell(method, column, report, BestOf(experiment, report, column));
    }
    text += " \\\\\n";
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

std::string JsonReport(const eval::Experiment& experiment, const eval::Report& report) {
  using nlohmann::ordered_json;
  const auto number = [](std::optional<double> value) {
    return value ? ordered_json(*value) : ordered_json();
  };
  ordered_json list = ordered_json::array();
  ForEachLine(experiment, report, [&](const Line& line) {
    list.push_back({{"method", line.method.label},
                    {"dataset", line.column.set->label},
                    {"scale", line.column.in_case->protocol.scale},
                    {"metric", line.metric},
                    {"unit", line.unit},
                    {"value", line.value},
                    {"spread", number(line.spread)},
                    {"images", line.result.scores.size()},
                    {"paper", number(line.paper)}});
    if (const auto cost = report.costs.find(line.method.label); cost != report.costs.end()) {
      list.back()["parameters"] = cost->second.parameters;
      list.back()["operations"] = cost->second.operations;
    }
    if (experiment.cases.size() > 1) {
      list.back()["case"] = line.column.in_case->label;
    }
  });
  return list.dump(2) + "\n";
}

}  // namespace dkn::report
