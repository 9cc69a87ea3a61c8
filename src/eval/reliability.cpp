#include "src/eval/reliability.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/core/text_table.h"

namespace dkn::eval {
namespace {

constexpr int kSparsificationSteps = 100;

void CheckPixels(std::size_t pixels, std::size_t bins) {
  if (pixels < bins) {
    throw Error("the error of " + std::to_string(pixels) + " pixels is known, expected " +
                std::to_string(bins) + " at least");
  }
}

std::int64_t PixelsOf(const std::map<int, ErrorSums>& bins) {
  std::int64_t pixels = 0;
  for (const auto& [bin, sums] : bins) {
    pixels += sums.pixels;
  }
  return pixels;
}

// Sums over some of the pixels. Where a bin is cut, its share counts, so that `pixels` need not be
// a whole number.
struct PartSums {
  double pixels = 0.0;
  double squares = 0.0;
  double bins = 0.0;  // of each pixel

  double Rmse() const { return std::sqrt(squares / pixels); }
};

// The pixels from `begin` to `end`, counted in the order of bins from either side.
template <typename Iterator>
PartSums SumRange(Iterator first, Iterator last, double begin, double end) {
  PartSums part;
  double at = 0.0;
  for (; first != last && at < end; ++first) {
    const auto& [bin, sums] = *first;
    const auto pixels = static_cast<double>(sums.pixels);
    const double taken = std::min(end, at + pixels) - std::max(begin, at);
    if (taken > 0.0) {
      part.pixels += taken;
      part.squares += sums.squares * (taken / pixels);
      part.bins += bin * taken;
    }
    at += pixels;
  }
  return part;
}

// The RMSE of what is left without the first bins' pixels, or without the last's.
double RmseWithoutFirst(const std::map<int, ErrorSums>& bins, double left) {
  return SumRange(bins.rbegin(), bins.rend(), 0.0, left).Rmse();
}

double RmseWithoutLast(const std::map<int, ErrorSums>& bins, double left) {
  return SumRange(bins.begin(), bins.end(), 0.0, left).Rmse();
}

}  // namespace

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
  CheckPixels(pixels.size(), count);
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

std::vector<ReliabilityBin> Reliability(const ConfidenceHistogram& histogram, int bins) {
  const auto pixels = static_cast<std::size_t>(PixelsOf(histogram.by_confidence));
  const auto count = static_cast<std::size_t>(std::max(bins, 1));
  CheckPixels(pixels, count);
  std::vector<ReliabilityBin> result(count);
  for (std::size_t b = 0; b < count; ++b) {
    const std::size_t begin = b * pixels / count;
    const std::size_t end = (b + 1) * pixels / count;
    const PartSums part = SumRange(histogram.by_confidence.begin(), histogram.by_confidence.end(),
                                   static_cast<double>(begin), static_cast<double>(end));
    const double confidence = (part.bins / part.pixels + 0.5) / kConfidenceBins;
    result[b] = {static_cast<float>(confidence), part.Rmse(), end - begin};
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

Sparsification Sparsify(const ConfidenceHistogram& histogram) {
  const std::int64_t known = PixelsOf(histogram.by_confidence);
  CheckPixels(static_cast<std::size_t>(known), 1);
  Sparsification result;
  for (int i = 0; i < kSparsificationSteps; ++i) {
    const double left =
        static_cast<double>(known) * (kSparsificationSteps - i) / kSparsificationSteps;
    result.rmse.push_back(RmseWithoutFirst(histogram.by_confidence, left));
    result.oracle.push_back(RmseWithoutLast(histogram.by_error, left));
  }
  const double all = result.rmse[0];
  for (std::size_t i = 0; i < result.rmse.size() && all > 0.0; ++i) {
    result.ause += (result.rmse[i] - result.oracle[i]) / all / kSparsificationSteps;
    result.random_ause += (all - result.oracle[i]) / all / kSparsificationSteps;
  }
  return result;
}

}  // namespace dkn::eval
