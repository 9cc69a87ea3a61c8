#include "src/report/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/figures/figure.h"

namespace dkn::report {
namespace {

constexpr int kLeastWidth = 300;  // pixels of a figure

void CheckWidth(int max_width) {
  if (max_width < kLeastWidth) {
    throw Error("a figure of at most " + std::to_string(max_width) + " pixels, expected at least " +
                std::to_string(kLeastWidth));
  }
}

// "RMSE 3.21 cm"; empty without a score.
std::string ScoreText(const ShownImage& image, double score) {
  if (!std::isfinite(score)) {
    return "";
  }
  const std::string unit = image.score_unit.value_or(image.unit);
  return image.metric + " " + DigitsText(score, 4) + (unit.empty() ? "" : " " + unit);
}

std::string WithUnit(const std::string& quantity, const ShownImage& image) {
  return image.unit.empty() ? quantity : quantity + " (" + image.unit + ")";
}

std::string InputText(const ShownImage& image) {
  const auto ratio = [](int guide, int input) {
    return DigitsText(static_cast<double>(guide) / input, 2);
  };
  const std::string across = ratio(image.guide.width(), image.input.width());
  const std::string down = ratio(image.guide.height(), image.input.height());
  if (across == "1" && down == "1") {
    return "full size";
  }
  return across == down ? across + "x smaller" : across + "x and " + down + "x smaller";
}

// What of the errors makes a pixel worth showing; see ChooseCrop. 0 where the truth is not known.
Image InterestMap(const ShownImage& image) {
  const float limit = ErrorLimit(image);
  Image largest(image.guide.width(), image.guide.height());
  Image smallest(image.guide.width(), image.guide.height());
  std::fill_n(smallest.data(), smallest.size(), limit);
  for (const ShownResult& result : image.results) {
    const Image error = AbsoluteError(result.result, image.truth);
    for (std::size_t i = 0; i < error.size(); ++i) {
      const float value = std::isfinite(error.data()[i]) ? std::min(error.data()[i], limit) : 0.0f;
      largest.data()[i] = std::max(largest.data()[i], value);
      smallest.data()[i] = std::min(smallest.data()[i], value);
    }
  }
  for (std::size_t i = 0; i < largest.size(); ++i) {
    const float high = largest.data()[i] * largest.data()[i];
    const float low = smallest.data()[i] * smallest.data()[i];
    largest.data()[i] = high - 0.9f * low;
  }
  return largest;
}

// Sums over the rectangle from the origin to each pixel, exclusive: (width + 1) x (height + 1).
std::vector<double> IntegralImage(ConstView image) {
  const std::size_t stride = static_cast<std::size_t>(image.width) + 1;
  std::vector<double> sums(stride * (static_cast<std::size_t>(image.height) + 1));
  for (int y = 0; y < image.height; ++y) {
    double row = 0.0;
    for (int x = 0; x < image.width; ++x) {
      row += image(x, y);
      const std::size_t i = static_cast<std::size_t>(y + 1) * stride + static_cast<std::size_t>(x);
      sums[i + 1] = sums[i + 1 - stride] + row;
    }
  }
  return sums;
}

void CheckCrop(const figures::PixelBox& crop, const Image& guide) {
  if (crop.x < 0 || crop.y < 0 || crop.width < 1 || crop.height < 1 ||
      crop.width > guide.width() - crop.x || crop.height > guide.height() - crop.y) {
    throw Error("the crop of " + SizeText(crop.width, crop.height) + " pixels at " +
                std::to_string(crop.x) + ", " + std::to_string(crop.y) + " is not inside the " +
                SizeText(guide) + " guide");
  }
}

Image CropOf(const Image& image, const figures::PixelBox& box) {
  return Image::Clone(image.view().Crop(box.x, box.y, box.width, box.height));
}

// A picture in row 1, and its crop in row 2.
void AddPicture(std::vector<figures::GridRow>& rows, const std::string& title,
                const std::string& subtitle, Image picture, const figures::PixelBox& crop) {
  rows[1].cells.push_back({"", "", CropOf(picture, crop), std::nullopt});
  rows[0].cells.push_back({title, subtitle, std::move(picture), crop});
}

const ShownResult& FindResult(const ShownImage& image, const std::string& method) {
  for (const ShownResult& result : image.results) {
    if (result.method == method) {
      return result;
    }
  }
  throw Error(image.set + "/" + image.name + ": there is no result of '" + method + "'");
}

// How often the second is nearer the truth, in percent of the pixels where the two differ.
std::string BetterText(const Image& first_error, const Image& second_error) {
  std::int64_t better = 0;
  std::int64_t different = 0;
  for (std::size_t i = 0; i < first_error.size(); ++i) {
    const float first = std::abs(first_error.data()[i]);
    const float second = std::abs(second_error.data()[i]);
    better += second < first ? 1 : 0;
    different += second < first || first < second ? 1 : 0;
  }
  if (different == 0) {
    return "equal errors";
  }
  const double percent = 100.0 * static_cast<double>(better) / static_cast<double>(different);
  return "nearer at " + FixedText(percent, 0) + " %";
}

}  // namespace

figures::PixelBox ChooseCrop(const ShownImage& image) {
  CheckShownImage(image);
  const int width = image.guide.width();
  const int height = image.guide.height();
  figures::PixelBox best{0, 0, std::max(1, width / 5), std::max(1, height / 5)};
  best.x = (width - best.width) / 2;
  best.y = (height - best.height) / 2;
  const Image interest = InterestMap(image);
  const std::vector<double> sums = IntegralImage(interest);
  const auto sum_to = [&](int x, int y) {
    return sums[static_cast<std::size_t>(y) * (static_cast<std::size_t>(width) + 1) +
                static_cast<std::size_t>(x)];
  };
  const int step = std::max(1, std::min(width, height) / 200);
  double most = 0.0;
  for (int y = height / 40; y + best.height <= height - height / 40; y += step) {
    for (int x = width / 40; x + best.width <= width - width / 40; x += step) {
      const int right = x + best.width;
      const int bottom = y + best.height;
      const double sum =
          sum_to(right, bottom) - sum_to(x, bottom) - sum_to(right, y) + sum_to(x, y);
      if (sum > most * (1 + 1e-9)) {
        most = sum;
        best.x = x;
        best.y = y;
      }
    }
  }
  return best;
}

Image MethodMontage(const ShownImage& image, const MontageOptions& options) {
  CheckShownImage(image);
  CheckWidth(options.max_width);
  const figures::PixelBox crop = options.crop.value_or(ChooseCrop(image));
  CheckCrop(crop, image.guide);
  const ValueRange depth = DepthRange(image);
  const float limit = ErrorLimit(image);
  const bool picture = image.truth.channels() == 3;
  const auto coloured = [&](ConstView values) {
    return picture ? Image::Clone(values) : figures::ColorMap(values, depth.low, depth.high);
  };
  std::vector<figures::GridRow> rows(3);
  AddPicture(rows, image.set + " " + image.name, "guide", Image::Clone(image.guide), crop);
  AddPicture(rows, "input", InputText(image), coloured(NearestInput(image)), crop);
  rows[2].cells.resize(2);
  for (const ShownResult& result : image.results) {
    AddPicture(rows, result.method, ScoreText(image, result.score), coloured(result.result), crop);
    figures::GridCell cell;
    cell.image = figures::ColorMap(AbsoluteError(result.result, image.truth), 0.0f, limit,
                                   figures::Palette::kGlow);
    rows[2].cells.push_back(std::move(cell));
  }
  AddPicture(rows, "truth", "", coloured(image.truth), crop);
  rows[2].cells.resize(rows[0].cells.size());
  if (!picture) {
    rows[0].bar = figures::ColorBar{depth.low, depth.high, figures::Palette::kSpectrum, image.unit};
  }
  rows[2].bar =
      figures::ColorBar{0.0f, limit, figures::Palette::kGlow, WithUnit("|result - truth|", image),
                        "to the worst method's 98th percentile"};
  return figures::FigureGrid(rows, options.max_width);
}

Image DifferenceFigure(const ShownImage& image, const std::string& first_method,
                       const std::string& second_method, int max_width) {
  CheckShownImage(image);
  CheckWidth(max_width);
  if (image.truth.channels() != 1) {
    throw Error(image.set + "/" + image.name + ": pictures of three channels have no such figure");
  }
  const ShownResult& first = FindResult(image, first_method);
  const ShownResult& second = FindResult(image, second_method);
  const Image first_error = SignedError(first.result, image.truth);
  const Image second_error = SignedError(second.result, image.truth);
  const float limit = ErrorLimit({first.result, second.result}, image.truth);
  const ValueRange depth = DepthRange(image);
  std::vector<figures::GridRow> rows(1);
  auto add = [&](const std::string& title, const std::string& subtitle, Image picture) {
    rows[0].cells.push_back({title, subtitle, std::move(picture), std::nullopt});
  };
  const std::string better = BetterText(first_error, second_error);
  const std::string score = ScoreText(image, second.score);
  add(image.set + " " + image.name, "guide", Image::Clone(image.guide));
  add("truth", "", figures::ColorMap(image.truth, depth.low, depth.high));
  add(first.method + " - truth", ScoreText(image, first.score),
      figures::ColorMap(first_error, -limit, limit, figures::Palette::kDiverging));
  add(second.method + " - truth", score.empty() ? better : score + ", " + better,
      figures::ColorMap(second_error, -limit, limit, figures::Palette::kDiverging));
  rows[0].bar = figures::ColorBar{-limit, limit, figures::Palette::kDiverging, image.unit};
  return figures::FigureGrid(rows, max_width);
}

}  // namespace dkn::report
