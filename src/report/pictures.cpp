#include "src/report/pictures.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/eval/evaluate.h"
#include "src/eval/trial_filter.h"
#include "src/figures/figure.h"
#include "src/figures/scatter_plot.h"
#include "src/pipeline/measurement.h"
#include "src/report/cost_table.h"
#include "src/report/figures.h"
#include "src/report/reliability_report.h"
#include "src/report/report.h"

namespace dkn::report {
namespace {

// One image of one set.
struct Choice {
  const eval::EvaluationSet* set = nullptr;
  std::string name;
};

// The last of the experiment's results on a set, in its order of methods; nullptr: none.
const eval::Result* LastResult(const eval::Report& report, const std::string& set) {
  const auto found = std::find_if(report.results.rbegin(), report.results.rend(),
                                  [&](const eval::Result& result) { return result.set == set; });
  return found == report.results.rend() ? nullptr : &*found;
}

std::string MedianImage(const eval::Result& result) {
  std::vector<eval::ImageScore> scores = result.scores;
  const auto middle = scores.begin() + static_cast<std::ptrdiff_t>((scores.size() - 1) / 2);
  std::nth_element(
      scores.begin(), middle, scores.end(),
      [](const eval::ImageScore& a, const eval::ImageScore& b) { return a.values < b.values; });
  return middle->image;
}

const eval::ImageScore* FindScore(const eval::Result* result, const std::string& image) {
  if (result != nullptr) {
    for (const eval::ImageScore& score : result->scores) {
      if (score.image == image) {
        return &score;
      }
    }
  }
  return nullptr;
}

std::vector<Choice> ChooseImages(const eval::Experiment& experiment, const eval::Report& report,
                                 const std::vector<std::string>& named) {
  std::vector<Choice> choices;
  std::set<std::string> left(named.begin(), named.end());
  for (const eval::EvaluationSet& set : experiment.sets) {
    const eval::Result* result = LastResult(report, set.label);
    if (result == nullptr) {
      continue;
    }
    if (named.empty()) {
      choices.push_back({&set, MedianImage(*result)});
    }
    for (const eval::ImageScore& score : result->scores) {
      if (left.erase(set.label + "/" + score.image) > 0) {
        choices.push_back({&set, score.image});
      }
    }
  }
  if (!left.empty()) {
    throw Error("there are no results for the image '" + *left.begin() +
                "'; expected SET/NAME, with a label of the experiment and a name of the set");
  }
  return choices;
}

std::size_t IndexOf(const Dataset& data, const std::string& name) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data.Name(i) == name) {
      return i;
    }
  }
  throw Error("the image '" + name + "' is not in its set any more");
}

// The kernels of a network; none for other methods.
std::optional<ShownKernels> KernelsOf(const eval::Method& method, int scale,
                                      const eval::Trial& trial) {
  const auto model = method.segmenter.empty() ? eval::LoadModelOf(method, scale) : nullptr;
  if (model == nullptr || !(trial.range.low < trial.range.high)) {
    return std::nullopt;
  }
  Measurement measurement{Image::Clone(trial.input), Image::Clone(trial.measured)};
  const Image mask = MaskOf(measurement, trial.guide.width(), trial.guide.height());
  Normalize(measurement.values, trial.range, measurement.values);
  const Image target = eval::NormalizedTarget(trial);
  FilterInput input{trial.guide, target};
  input.mask = mask;
  input.samples = SamplesOf(measurement.values, measurement.measured, trial.guide);
  Kernels kernels = model->ComputeKernels(input);
  return ShownKernels{method.label, kernels.size, std::move(kernels.weights),
                      std::move(kernels.positions)};
}

// An image in one case; no results: no method is measured there.
ShownImage ShowImage(const eval::Experiment& experiment, const eval::Report& report,
                     const Choice& choice, const eval::Case& in_case, const std::string& folder,
                     bool with_kernels) {
  const auto data = eval::OpenSetData(*choice.set, folder, in_case.protocol);
  const std::size_t index = IndexOf(*data, choice.name);
  const Sample sample = ReadSample(*choice.set, *data, index);
  const eval::Metric& metric = experiment.metrics[0];
  ShownImage shown;
  shown.set = choice.set->label;
  shown.name = choice.name;
  shown.unit = choice.set->unit;
  shown.metric = eval::MetricName(metric);
  shown.score_unit = eval::MetricUnit(metric, shown.unit);
  for (const eval::Method& method : experiment.methods) {
    const eval::Result* result =
        eval::FindResult(report, method.label, choice.set->label, in_case.label);
    const eval::ImageScore* score = FindScore(result, choice.name);
    if (score == nullptr) {
      continue;
    }
    eval::Trial trial = eval::MakeTrial(sample, eval::ProtocolOf(method, in_case), index,
                                        {choice.set->metres, choice.set->focal});
    const eval::TrialFilter filter(method, in_case.protocol.scale, 0);
    Image result_image = filter.Filter(trial).image;
    if (const Segmenter* segmenter = filter.segmenter()) {
      const auto& colours = segmenter->colours();
      result_image = OverlayLabels(trial.guide, LabelsOf(result_image), colours);
      trial.truth = OverlayLabels(trial.guide, trial.truth, colours);
    }
    shown.results.push_back({method.label, std::move(result_image), score->values[0]});
    if (with_kernels) {
      if (auto kernels = KernelsOf(method, in_case.protocol.scale, trial)) {
        shown.kernels.clear();
        shown.kernels.push_back(std::move(*kernels));
      }
    }
    shown.guide = std::move(trial.guide);
    shown.input = std::move(trial.input);
    shown.truth = std::move(trial.truth);
  }
  return shown;
}

const eval::Case& MiddleCase(const eval::Experiment& experiment) {
  return experiment.cases[experiment.cases.size() / 2];
}

// Letters, digits, '-' and '.' stay, anything else becomes '_': a name for a file.
std::string FileName(const std::string& text) {
  std::string name = text;
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char letter) {
        return letter >= 128 || (std::isalnum(letter) == 0 && letter != '-' && letter != '.');
      },
      '_');
  return name;
}

std::optional<std::size_t> TimeMetric(const eval::Experiment& experiment) {
  for (std::size_t i = 0; i < experiment.metrics.size(); ++i) {
    if (experiment.metrics[i].kind == eval::MetricKind::kSeconds) {
      return i;
    }
  }
  return std::nullopt;
}

// Paper: Fig. 15. Time against the first metric, for the first set and case; none where no times or
// nothing but times are measured.
std::optional<Image> TimeScatter(const eval::Experiment& experiment, const eval::Report& report) {
  const auto time = TimeMetric(experiment);
  if (!time || *time == 0 || report.results.empty()) {
    return std::nullopt;
  }
  std::vector<figures::ScatterPoint> points;
  const eval::EvaluationSet& set = experiment.sets[0];
  for (std::size_t i = 0; i < experiment.methods.size(); ++i) {
    const eval::Result* result =
        eval::FindResult(report, experiment.methods[i].label, set.label, experiment.cases[0].label);
    if (result != nullptr) {
      points.push_back({result->method, eval::StatisticsOf(*result, *time).mean,
                        eval::StatisticsOf(*result, 0).mean, static_cast<int>(i)});
    }
  }
  const eval::Metric& metric = experiment.metrics[0];
  const std::string unit = eval::MetricUnit(metric, set.unit);
  return figures::ScatterPlot(
      points, {.x_label = "time, s",
               .y_label = eval::MetricName(metric) + (unit.empty() ? "" : ", " + unit) + " (" +
                          set.label + ")",
               .log_x = true});
}

}  // namespace

std::vector<CaseImage> ShowImages(const eval::Experiment& experiment, const eval::Report& report,
                                  const PictureOptions& options) {
  std::vector<CaseImage> images;
  for (const Choice& choice : ChooseImages(experiment, report, options.images)) {
    for (const eval::Case& item : experiment.cases) {
      const bool middle = item.label == MiddleCase(experiment).label;
      if (options.middle_case_only && !middle) {
        continue;
      }
      ShownImage shown =
          ShowImage(experiment, report, choice, item, options.data, options.kernels && middle);
      if (!shown.results.empty()) {
        images.push_back({item.label, std::move(shown)});
      }
    }
  }
  return images;
}

std::vector<std::string> WriteFigures(const eval::Experiment& experiment,
                                      const eval::Report& report,
                                      const std::vector<CaseImage>& images,
                                      const std::string& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) {
    throw Error(folder + ": " + code.message());
  }
  std::vector<std::string> files;
  const auto write = [&](const std::string& name, const Image& figure) {
    files.push_back((std::filesystem::path(folder) / name).string());
    figures::WriteFigure(files.back(), figure);
  };
  for (const CaseImage& shown : images) {
    std::string name = FileName(shown.image.set) + "_" + FileName(shown.image.name);
    if (!shown.in_case.empty()) {
      name.append(1, '_').append(FileName(shown.in_case));
    }
    write(name + ".png", MethodMontage(shown.image));
    if (!experiment.difference.empty()) {
      write(name + "_difference.png",
            DifferenceFigure(shown.image, experiment.difference[0], experiment.difference[1]));
    }
  }
  if (const auto scatter = TimeScatter(experiment, report)) {
    write("scatter.png", *scatter);
  }
  for (const NamedPlot& plot : ReliabilityPlots(experiment, report)) {
    write(FileName(plot.name) + ".png", plot.plot.image);
  }
  return files;
}

ReportPage MakeReportPage(const eval::Experiment& experiment, const eval::Report& report,
                          std::vector<CaseImage> images) {
  ReportPage page;
  page.title = experiment.title;
  page.protocol = ProtocolLines(experiment);
  for (std::vector<TextRow>& cells : TableCells(experiment, report)) {
    ReportTable table;
    table.head = std::move(cells.front());
    table.rows.assign(std::make_move_iterator(cells.begin() + 1),
                      std::make_move_iterator(cells.end()));
    page.tables.push_back(std::move(table));
  }
  for (ReportTable& table : ReliabilityTables(experiment, report)) {
    page.tables.push_back(std::move(table));
  }
  for (ReportTable& table : CostTables(experiment, report)) {
    page.tables.push_back(std::move(table));
  }
  if (!page.tables.empty()) {
    page.tables.back().note = experiment.note;
  }
  if (auto scatter = TimeScatter(experiment, report)) {
    page.plots.push_back({"Time and error (Fig. 15 of the paper)", std::move(*scatter)});
  }
  for (NamedPlot& plot : ReliabilityPlots(experiment, report)) {
    page.plots.push_back(std::move(plot.plot));
  }
  for (CaseImage& shown : images) {
    // The viewers are for maps of one channel.
    if (shown.in_case == MiddleCase(experiment).label && shown.image.truth.channels() == 1) {
      page.images.push_back(std::move(shown.image));
    }
  }
  return page;
}

}  // namespace dkn::report
