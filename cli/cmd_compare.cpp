#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/eval/reliability.h"
#include "src/figures/figure.h"
#include "src/figures/figure_grid.h"
#include "src/imaging/value_range.h"

namespace dkn {
namespace {

struct CompareOptions {
  std::string guide;
  std::string input;
  std::string result;
  std::string truth;       // empty: none
  std::string confidence;  // empty: none
  std::string figure;
};

ImageFile ReadMapFile(const std::string& path) {
  ImageFile map = ReadImage(path);
  if (map.image.channels() != 1) {
    throw Error(path + ": has " + std::to_string(map.image.channels()) + " channels, expected 1");
  }
  return map;
}

Image ReadMap(const std::string& path) {
  return std::move(ReadMapFile(path).image);
}

ImageFile ReadMapFile(const std::string& path, ConstView guide) {
  ImageFile map = ReadMapFile(path);
  if (!SameSize(map.image.view(), guide)) {
    throw Error(path + ": is " + SizeText(map.image) + ", expected the guide's size, " +
                SizeText(guide));
  }
  return map;
}

Image ReadMap(const std::string& path, ConstView guide) {
  return std::move(ReadMapFile(path, guide).image);
}

// Depth cameras write 0 where they see nothing.
bool IsMeasured(float value) {
  return std::isfinite(value) && value != 0.0f;
}

ValueRange MeasuredRange(const Image& map, const std::string& path) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  ValueRange range{kInfinity, -kInfinity};
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (IsMeasured(map.data()[i])) {
      range.low = std::min(range.low, map.data()[i]);
      range.high = std::max(range.high, map.data()[i]);
    }
  }
  if (range.low > range.high) {
    throw Error(path + ": every value is 0 or not finite");
  }
  return range;
}

// |a - truth|, NaN where a value is missing in one of three maps.
Image ErrorMap(const Image& map, const Image& other, const Image& truth) {
  Image error(truth.width(), truth.height());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const float value = map.data()[i];
    const bool measured =
        IsMeasured(value) && IsMeasured(other.data()[i]) && IsMeasured(truth.data()[i]);
    error.data()[i] =
        measured ? std::abs(value - truth.data()[i]) : std::numeric_limits<float>::quiet_NaN();
  }
  return error;
}

struct ErrorSummary {
  double rmse = 0.0;
  std::size_t pixels = 0;  // how many it was taken over
};

ErrorSummary SummarizeError(const Image& error) {
  double sum = 0.0;
  std::size_t pixels = 0;
  for (std::size_t i = 0; i < error.size(); ++i) {
    const double value = error.data()[i];
    if (std::isfinite(value)) {
      sum += value * value;
      ++pixels;
    }
  }
  if (pixels == 0) {
    throw Error("no pixel has a value in the input, in the result and in the truth");
  }
  return {std::sqrt(sum / static_cast<double>(pixels)), pixels};
}

std::string Number(double value) {
  std::ostringstream text;
  text << std::setprecision(4) << value;
  return text.str();
}

// As dkn upsample --confidence writes it.
Image ReadConfidence(const std::string& path, ConstView guide) {
  ImageFile confidence = ReadMapFile(path, guide);
  const float full = FullScale(confidence.type);
  std::for_each(confidence.image.data(), confidence.image.data() + confidence.image.size(),
                [full](float& value) { value /= full; });
  return std::move(confidence.image);
}

// Depth in one colour range; errors from black to bright in another.
void CompareWithTruth(const CompareOptions& options, const Image& guide, const Image& input,
                      const Image& result) {
  const Image truth = ReadMap(options.truth, guide);
  const Image bicubic = Resize(input, guide.width(), guide.height(), Resampler::kBicubic);
  const Image bicubic_error = ErrorMap(bicubic, result, truth);
  const Image result_error = ErrorMap(result, bicubic, truth);
  const ErrorSummary before = SummarizeError(bicubic_error);
  const ErrorSummary after = SummarizeError(result_error);

  const ValueRange range = MeasuredRange(truth, options.truth);
  // Bright from twice the bicubic's RMSE on: few pixels, its edges, exceed that.
  const float bright = static_cast<float>(2.0 * before.rmse);
  std::vector<figures::GridRow> rows(2);
  const auto add = [&](int row, const std::string& title, const std::string& subtitle, Image map) {
    rows[row].cells.push_back({title, subtitle, std::move(map)});
  };
  add(0, "Guide", SizeText(guide), Image::Clone(guide));
  add(0, "Input", SizeText(input), figures::ColorMap(input, range.low, range.high));
  add(0, "Result", SizeText(result), figures::ColorMap(result, range.low, range.high));
  rows[0].bar = {range.low, range.high, figures::Palette::kSpectrum, "value"};
  add(1, "Truth", SizeText(truth), figures::ColorMap(truth, range.low, range.high));
  add(1, "Error of bicubic", "RMSE " + Number(before.rmse),
      figures::ColorMap(bicubic_error, 0.0f, bright, figures::Palette::kGlow));
  add(1, "Error of the result", "RMSE " + Number(after.rmse),
      figures::ColorMap(result_error, 0.0f, bright, figures::Palette::kGlow));
  rows[1].bar = {0.0f, bright, figures::Palette::kGlow, "|error|"};
  figures::WriteFigure(options.figure, figures::FigureGrid(rows));
  if (!options.confidence.empty()) {
    std::cout << eval::ReliabilityTable(
        eval::Reliability(result_error, ReadConfidence(options.confidence, guide)));
  }
  std::cout << "RMSE bicubic " << Number(before.rmse) << "\nRMSE result  " << Number(after.rmse)
            << "\nover " << after.pixels << " of " << truth.size() << " pixels\n";
}

void Compare(const CompareOptions& options) {
  const Image guide = ReadGuide(options.guide);
  const Image input = ReadMap(options.input);
  const Image result = ReadMap(options.result, guide);
  if (!options.truth.empty()) {
    CompareWithTruth(options, guide, input, result);
    return;
  }
  const ValueRange range = MeasuredRange(result, options.result);
  std::vector<figures::GridRow> rows(1);
  rows[0].cells.push_back({"Guide", SizeText(guide), Image::Clone(guide)});
  rows[0].cells.push_back(
      {"Input", SizeText(input), figures::ColorMap(input, range.low, range.high)});
  rows[0].cells.push_back(
      {"Result", SizeText(result), figures::ColorMap(result, range.low, range.high)});
  rows[0].bar = {range.low, range.high, figures::Palette::kSpectrum, "value"};
  figures::WriteFigure(options.figure, figures::FigureGrid(rows));
}

}  // namespace

void AddCompare(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare", "Draw guide, input and result side by side; with the truth, errors and RMSE");
  const auto options = std::make_shared<CompareOptions>();
  command->add_option("GUIDE", options->guide, "Colour image")->required();
  command->add_option("INPUT", options->input, "Depth before, of any size")->required();
  command->add_option("RESULT", options->result, "Depth after, of the guide's size")->required();
  command->add_option("--truth", options->truth,
                      "True depth, of the guide's size. Errors are in the unit of these files; "
                      "pixels that are 0 or not finite in a file are left out");
  command->add_option("--confidence", options->confidence,
                      "With --truth: the file of dkn upsample --confidence; prints the errors of "
                      "ten parts of the pixels, by their confidence");
  command->add_option("-o,--output", options->figure, "Picture to write")->required();
  command->footer(
      "Example: dkn compare examples/room_rgb.png examples/room_depth.png out.png "
      "--truth examples/room_truth.png -o figure.png");
  command->callback([options] { Compare(*options); });
}

}  // namespace dkn
