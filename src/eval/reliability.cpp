#include "src/eval/reliability.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/core/text_table.h"

namespace dkn {

std::vector<ReliabilityBin> Reliability(ConstView error, ConstView confidence, int bins) {
  if (!SameSize(error, confidence) || error.channels != 1 || confidence.channels != 1) {
    throw Error("the confidence is " + SizeText(confidence) + " x " +
                std::to_string(confidence.channels) + ", expected the errors' size, " +
                SizeText(error) + " x 1");
  }
  std::vector<std::pair<float, float>> pixels;  // confidence and error
  for (int y = 0; y < error.height; ++y) {
    for (int x = 0; x < error.width; ++x) {
      if (std::isfinite(error(x, y))) {
        pixels.emplace_back(confidence(x, y), error(x, y));
      }
    }
  }
  const auto count = static_cast<std::size_t>(std::max(bins, 1));
  if (pixels.size() < count) {
    throw Error("the error of " + std::to_string(pixels.size()) + " pixels is known, expected " +
                std::to_string(count) + " at least");
  }
  std::stable_sort(pixels.begin(), pixels.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ReliabilityBin> result(count);
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t begin = b * pixels.size() / count;
    const std::size_t end = (b + 1) * pixels.size() / count;
    double confidences = 0.0;
    double squares = 0.0;
    for (std::size_t i = begin; i < end; ++i) {
      confidences += pixels[i].first;
      squares += std::pow(pixels[i].second, 2);
    }
    const auto size = static_cast<double>(end - begin);
    result[b] = {static_cast<float>(confidences / size), std::sqrt(squares / size), end - begin};
  }
  return result;
}

std::string ReliabilityTable(const std::vector<ReliabilityBin>& bins) {
  std::vector<TextRow> rows = {{"confidence", "RMSE", "pixels"}};
  for (const ReliabilityBin& bin : bins) {
    rows.push_back(
        {FixedText(bin.confidence, 3), FixedText(bin.rmse, 3), std::to_string(bin.pixels)});
  }
  return AlignedTable(rows);
}

}  // namespace dkn
