#include "src/data/dataset.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "dkn/error.h"
#include "src/core/number_text.h"

namespace dkn {

#define DKN_LAYOUT(name, function, splits) \
  std::unique_ptr<Dataset> function(const DatasetOptions& options);
#include "src/data/layouts.inc"
#undef DKN_LAYOUT

namespace {

struct Layout {
  const char* name;
  std::unique_ptr<Dataset> (*open)(const DatasetOptions& options);
  const char* splits;
};

constexpr Layout kLayouts[] = {
#define DKN_LAYOUT(name, function, splits) {name, function, splits},
#include "src/data/layouts.inc"
#undef DKN_LAYOUT
};

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

// `split`, or the layout's default where it is empty.
std::string ChooseSplit(const Layout& layout, const std::string& split) {
  std::vector<std::string> splits;
  std::istringstream words(layout.splits);
  for (std::string word; words >> word;) {
    splits.push_back(word);
  }
  if (split.empty()) {
    return splits.empty() ? "" : splits[0];
  }
  if (std::find(splits.begin(), splits.end(), split) == splits.end()) {
    throw Error("layout '" + std::string(layout.name) + "' has no split '" + split +
                "', expected " + (splits.empty() ? "none" : Join(splits)));
  }
  return split;
}

}  // namespace

std::unique_ptr<Dataset> OpenDataset(const DatasetOptions& options) {
  for (const Layout& layout : kLayouts) {
    if (options.layout == layout.name) {
      if (!std::isfinite(options.unit_per_step) || options.unit_per_step <= 0.0) {
        throw Error(options.path + ": unit_per_step is " + DigitsText(options.unit_per_step) +
                    ", expected more than 0");
      }
      DatasetOptions chosen = options;
      chosen.split = ChooseSplit(layout, options.split);
      return layout.open(chosen);
    }
  }
  throw Error("unknown layout '" + options.layout + "' of a data set, expected " +
              Join(DatasetLayouts()));
}

std::vector<std::string> DatasetLayouts() {
  std::vector<std::string> names;
  for (const Layout& layout : kLayouts) {
    names.emplace_back(layout.name);
  }
  return names;
}

}  // namespace dkn
