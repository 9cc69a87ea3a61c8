#ifndef DKN_SRC_EVAL_TUNE_H_
#define DKN_SRC_EVAL_TUNE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "src/eval/experiment.h"
#include "src/eval/runner.h"

namespace dkn::eval {

// Choosing a method's options by what they give in an experiment: `dkn tune`. Choose on images for
// that purpose (nyu_val), never on those of a test.

enum class Search {
  kGrid,        // every combination of the values
  kCoordinate,  // one option after the other, from the method as it is, until none gains
};

// grid, coordinate. Any other name throws Error, which lists them.
Search ParseSearch(const std::string& name);

// What is tried for one option.
struct TuneOption {
  std::string name;                 // as WithOption takes it
  std::vector<std::string> values;  // at least one
};

struct Tuning {
  std::string method;  // its label, or its filter where one method alone has that
  Search search = Search::kCoordinate;
  std::vector<TuneOption> options;  // at least one, of different names
};

// The member "tune" of an experiment file: a list of {"method", "search", "try": {NAME: [VALUES]}}.
// Empty where there is none. Throws Error as ParseExperiment does.
std::vector<Tuning> ParseTunings(const std::string& json);
std::vector<Tuning> ReadTunings(const std::string& path);

// "radius=1,2,4". Throws Error where it is not of that form.
TuneOption ParseTuneOption(const std::string& text);

// The method with another value of an option: of a parameter of its filter, or else of the members
// `filter`, `precision`, `holes`, `fidelity`, `iterations` and `orientations` of a method in an
// experiment file. Throws Error for a value that is none.
Method WithOption(Method method, const std::string& name, const std::string& value);

// Values by the options' names; an option that is absent is as the method has it.
using Choice = std::map<std::string, std::string>;

struct Trying {
  Choice choice;
  Method method;              // the experiment's with this choice
  std::vector<double> means;  // of the first metric, by set and case, in TuneReport::cells' order
  // The mean over cells of means over those of the method as it is, or of their inverse where
  // larger is better: below 1 is a gain.
  double score = 1.0;
};

struct TuneReport {
  std::vector<Trying> tried;       // the best first; of equal ones that which was tried first
  std::vector<std::string> cells;  // "nyu_val 8x"
};

// Images of the rounds that are known to come.
using TuneProgress = std::function<void(int done, int total)>;

// Measures the method as it is, then by the choices of the search. options.progress is not used.
// Throws Error where the method or an image cannot be measured, or nothing is.
TuneReport Tune(
    const Experiment& experiment, const Tuning& tuning, const RunOptions& options,
    const TuneProgress& progress = [](int, int) {});

// What was tried as a Markdown table, the best first.
std::string TuneTable(const Experiment& experiment, const Tuning& tuning, const TuneReport& report);

// The best choice as an object {"method", "filter", "set": {...}, "score"} and what else it
// changes of a method in an experiment file.
std::string BestChoiceJson(const Tuning& tuning, const TuneReport& report);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_TUNE_H_
