#include "src/eval/metrics.h"

#include <cmath>
#include <numeric>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {

double Rmse(ConstView a, ConstView b, int border) {
  if (!SameSize(a, b) || a.channels != b.channels) {
    throw Error("RMSE between images of " + SizeText(a) + " x " + std::to_string(a.channels) +
                " and " + SizeText(b) + " x " + std::to_string(b.channels) +
                ", expected equal sizes");
  }
  if (border < 0 || a.width <= 2 * border || a.height <= 2 * border || a.channels == 0) {
    throw Error("an image of " + SizeText(a) + " has no pixels inside a border of " +
                std::to_string(border));
  }
  double sum = 0.0;
  for (int c = 0; c < a.channels; ++c) {
    for (int y = border; y < a.height - border; ++y) {
      for (int x = border; x < a.width - border; ++x) {
        const double difference = static_cast<double>(a(x, y, c)) - b(x, y, c);
        sum += difference * difference;
      }
    }
  }
  const double count = static_cast<double>(a.width - 2 * border) * (a.height - 2 * border);
  return std::sqrt(sum / (count * a.channels));
}

Statistics Summarize(const std::vector<double>& values) {
  if (values.empty()) {
    throw Error("no value to take the mean of");
  }
  const double count = static_cast<double>(values.size());
  Statistics result;
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (values.size() > 1) {
    double sum = 0.0;
    for (const double value : values) {
      sum += (value - result.mean) * (value - result.mean);
    }
    result.spread = std::sqrt(sum / (count - 1.0));
  }
  return result;
}

}  // namespace dkn
