#ifndef DKN_SRC_EVAL_EXPERIMENT_H_
#define DKN_SRC_EVAL_EXPERIMENT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dkn/filter_parameter.h"
#include "dkn/precision.h"
#include "src/data/dataset.h"
#include "src/eval/metrics.h"
#include "src/eval/protocol.h"

namespace dkn::eval {

// One of the ways that an experiment measures its methods: "4x", "8x", or any protocol.
struct Case {
  std::string label;  // "" when there is one alone
  Protocol protocol;
};

// Figures for cells of the table, by the labels of set and case: of the first metric.
using Figures = std::map<std::pair<std::string, std::string>, double>;

struct Method {
  std::string label;
  // A registry name or a model file, as CreateFilter takes it; "{scale}" in it stands for the
  // case's scale. "default": what dkn upsample does by itself, precision included.
  std::string filter;
  std::string architecture;  // JSON object of fields that the model file lacks; empty: none
  std::string missing;       // why it cannot be measured, and has the paper's figures alone
  std::vector<std::string> only = {};  // labels of the cases that it is measured in; none: all
  std::optional<Normalization> normalization = {};  // instead of the protocol's
  HoleUse hole_use = HoleUse::kRefined;             // where the protocol makes holes
  int fidelity = 0;                                 // iterations of BackProject
  int iterations = 1;                               // Protocol::iterations
  Figures paper = {};                               // as published, to compare
  Figures at_most = {};                             // more than this is a failure
  Precision precision = Precision::kFp32;           // of a network
  FilterSettings settings = {};  // of the method's parameters, as CreateFilter takes them
  int orientations = 1;  // in which each image is filtered, as AverageOrientations takes them
  // Where the protocol takes scores: the network that they are of, as Segmenter::Load takes it;
  // `filter` is SegmenterOptions::filter.
  std::string segmenter = {};
};

struct EvaluationSet {
  std::string label;
  DatasetOptions data;  // its path lies under the data folder; empty: nobody can measure it here
  std::string unit;
  // Where given, each truth is stretched so that its smallest and largest value become these.
  std::optional<ValueRange> stretch = {};
  std::vector<std::string> images = {};  // names of those that count; none: all
  std::vector<std::string> only = {};    // labels of the cases that it has part in; none: all
  // For cases that measure as a depth camera does: metres that one unit is, and the guides' focal
  // length in pixels; 0: not known.
  double metres = 0.0;
  double focal = 0.0;
  double peak = 0.0;  // of PSNR, SSIM and weighted F: the largest value; 0: see MetricInput::peak
  std::string missing = "";  // why it is not measured where the path does not exist;
                             // empty: then that is a failure
};

// A table of methods x (sets x cases), as experiments/*.json describe it (docs/evaluation.md).
struct Experiment {
  std::string title;
  std::string note;  // what the reader of the table should know; may be empty
  std::vector<Case> cases;
  std::vector<Metric> metrics;
  std::vector<Method> methods;
  std::vector<EvaluationSet> sets;
  std::vector<std::string> difference = {};  // two labels of methods: DifferenceFigure of them
  bool reliability = false;                  // errors by confidence, of the methods that tell one
};

// Whether the method is measured in the case.
bool MeasuredIn(const Method& method, const Case& in_case);

// Whether the case is measured on the set.
bool MeasuredOn(const EvaluationSet& set, const Case& in_case);

// The case's protocol as the method is measured by.
Protocol ProtocolOf(const Method& method, const Case& in_case);

// Whether the set is known to be missing in the data folder.
bool IsMissing(const EvaluationSet& set, const std::string& data);

// Throws Error as OpenDataset does.
std::unique_ptr<Dataset> OpenSetData(const EvaluationSet& set, const std::string& data,
                                     const Protocol& protocol);

// An image of OpenSetData's, stretched where the set says so, its own measurement alike.
Sample ReadSample(const EvaluationSet& set, const Dataset& data, std::size_t index);

// The experiment with the methods and sets of these labels alone; none: all. Each text is a label,
// or several by commas. Throws Error, which lists those there are, for any other.
Experiment Select(Experiment experiment, const std::vector<std::string>& methods,
                  const std::vector<std::string>& sets);

// Throws Error naming the field that is missing, unknown, of a wrong type or value.
Experiment ParseExperiment(const std::string& json);

// ParseExperiment for a file, whose name errors begin with.
Experiment ReadExperiment(const std::string& path);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_EXPERIMENT_H_
