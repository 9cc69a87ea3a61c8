#ifndef DKN_SRC_RIVALS_TEST_RIVALS_H_
#define DKN_SRC_RIVALS_TEST_RIVALS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "src/core/filter_settings.h"
#include "src/net/test_graph.h"
#include "src/rivals/rival_filter.h"

namespace dkn {

// For tests: a model file of a rival with these settings and values at random.
inline TensorFile RandomRivalFile(const std::string& name, const FilterSettings& settings = {}) {
  const Rival rival = FindRival(name);
  TensorFile file = RandomTensors(rival.graph(CompleteSettings(rival.parameters, settings)), 1);
  file.metadata["network"] = name;
  for (const auto& [field, value] : settings) {
    file.metadata[field] = std::to_string(value);
  }
  return file;
}

inline Image ApplyRival(const TensorFile& file, const FilterInput& input,
                        const FilterSettings& settings = {}) {
  FilterOutput output;
  RivalFilter(file, RivalIn(file).value(), settings, 0).Apply(input, output);
  return std::move(output.image);
}

// What a rival sees of a frame has the sizes that it tells, which are returned.
inline std::vector<GraphSize> ExpectToldSizes(const Rival& rival, const FilterSettings& settings,
                                              const FilterInput& input) {
  std::vector<GraphSize> sizes;
  for (const Image& seen : rival.prepare(settings, input).inputs) {
    sizes.push_back({seen.width(), seen.height()});
  }
  EXPECT_EQ(rival.input_sizes(settings, {input.guide.width, input.guide.height}), sizes);
  return sizes;
}

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_TEST_RIVALS_H_
