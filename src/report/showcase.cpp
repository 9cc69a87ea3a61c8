#include "src/report/showcase.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"

namespace dkn::report {
namespace {

std::string ShapeText(const Image& image) {
  return SizeText(image) + " x " + std::to_string(image.channels());
}

bool AnyFinite(const Image& image) {
  return std::any_of(image.data(), image.data() + image.size(),
                     [](float value) { return std::isfinite(value); });
}

bool AllFinite(const Image& image) {
  return std::all_of(image.data(), image.data() + image.size(),
                     [](float value) { return std::isfinite(value); });
}

// Throws Error unless the picture has the guide's size and `channels`.
void CheckPicture(const Image& picture, const std::string& what, const Image& guide, int channels) {
  if (!SameSize(picture.view(), guide.view()) || picture.channels() != channels) {
    throw Error(what + " is " + ShapeText(picture) + ", expected " + SizeText(guide) + " x " +
                std::to_string(channels) + ", the guide's size");
  }
}

void CheckKernels(const ShownImage& image, const ShownKernels& kernels, const std::string& where) {
  const std::string what = where + ": the kernels of '" + kernels.method + "'";
  if (std::none_of(image.results.begin(), image.results.end(),
                   [&](const ShownResult& result) { return result.method == kernels.method; })) {
    throw Error(what + " belong to none of the results");
  }
  if (kernels.size < 1 || kernels.size > 64) {
    throw Error(what + " have size " + std::to_string(kernels.size) + ", expected 1 to 64");
  }
  const int taps = kernels.size * kernels.size;
  CheckPicture(kernels.weights, what + ", the weights' image", image.guide, taps);
  CheckPicture(kernels.positions, what + ", the positions' image", image.guide, 2 * taps);
  if (!AllFinite(kernels.weights) || !AllFinite(kernels.positions)) {
    throw Error(what + " hold a value that is not finite");
  }
}

template <typename Difference>
Image ErrorMap(ConstView result, ConstView truth, const Difference& difference) {
  if (!SameSize(result, truth) || result.channels != truth.channels) {
    throw Error("the result is " + SizeText(result) + ", the truth " + SizeText(truth));
  }
  Image error(truth.width, truth.height);
  for (int y = 0; y < truth.height; ++y) {
    for (int x = 0; x < truth.width; ++x) {
      float sum = 0.0f;
      bool known = true;
      for (int c = 0; c < truth.channels; ++c) {
        sum += difference(result(x, y, c), truth(x, y, c));
        known = known && std::isfinite(truth(x, y, c));
      }
      error(x, y) = known ? sum / static_cast<float>(truth.channels) : std::nanf("");
    }
  }
  return error;
}

}  // namespace

void CheckShownImage(const ShownImage& image) {
  const std::string where = image.set + "/" + image.name;
  const Image& guide = image.guide;
  const Image& input = image.input;
  if (guide.empty() || (guide.channels() != 1 && guide.channels() != 3)) {
    throw Error(where + ": the guide is " + ShapeText(guide) + ", expected 1 or 3 channels");
  }
  const int channels = image.truth.channels() == 3 ? 3 : 1;
  if (input.empty() || input.channels() != channels || input.width() > guide.width() ||
      input.height() > guide.height()) {
    throw Error(where + ": the input is " + ShapeText(input) + ", expected " +
                std::to_string(channels) + " channels and no more than the guide's size, " +
                SizeText(guide));
  }
  if (!AnyFinite(input)) {
    throw Error(where + ": the input has no finite value");
  }
  CheckPicture(image.truth, where + ": the truth", guide, channels);
  if (image.results.empty()) {
    throw Error(where + ": there is no result to show");
  }
  for (const ShownResult& result : image.results) {
    CheckPicture(result.result, where + ": the result of '" + result.method + "'", guide, channels);
  }
  for (const ShownKernels& kernels : image.kernels) {
    CheckKernels(image, kernels, where);
  }
}

Image NearestInput(const ShownImage& image) {
  return Resize(image.input, image.guide.width(), image.guide.height(), Resampler::kNearest);
}

Image AbsoluteError(ConstView result, ConstView truth) {
  return ErrorMap(result, truth, [](float a, float b) { return std::abs(a - b); });
}

Image SignedError(ConstView result, ConstView truth) {
  return ErrorMap(result, truth, [](float a, float b) { return a - b; });
}

float PercentileOfFinite(const Image& image, double percent) {
  std::vector<float> values;
  std::copy_if(image.data(), image.data() + image.size(), std::back_inserter(values),
               [](float value) { return std::isfinite(value); });
  if (values.empty()) {
    return std::nanf("");
  }
  const double rank = percent / 100.0 * static_cast<double>(values.size() - 1);
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

ValueRange DepthRange(const ShownImage& image) {
  return FiniteRange(AnyFinite(image.truth) ? image.truth : image.input);
}

float ErrorLimit(const ShownImage& image) {
  std::vector<ConstView> results;
  for (const ShownResult& result : image.results) {
    results.push_back(result.result);
  }
  return ErrorLimit(results, image.truth);
}

float ErrorLimit(const std::vector<ConstView>& results, ConstView truth) {
  float limit = 0.0f;
  for (const ConstView& result : results) {
    const float one = PercentileOfFinite(AbsoluteError(result, truth), 98.0);
    limit = std::isfinite(one) ? std::max(limit, one) : limit;
  }
  return limit > 0.0f ? limit : 1.0f;
}

}  // namespace dkn::report
