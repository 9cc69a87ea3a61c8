#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/eval/comparison.h"
#include "src/eval/reliability.h"
#include "src/figures/figure.h"
#include "src/imaging/value_range.h"
#include "src/report/comparison_figure.h"
#include "src/report/showcase.h"

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

ValueRange MeasuredRange(const Image& map, const std::string& path) {
  return InContext(path, [&] { return eval::MeasuredRange(map); });
}

// As dkn upsample --confidence writes it.
Image ReadConfidence(const std::string& path, ConstView guide) {
  ImageFile confidence = ReadMapFile(path, guide);
  const float full = FullScale(confidence.type);
  std::for_each(confidence.image.data(), confidence.image.data() + confidence.image.size(),
                [full](float& value) { value /= full; });
  return std::move(confidence.image);
}

void CompareWithTruth(const CompareOptions& options, const Image& guide, const Image& input,
                      const Image& result) {
  const Image truth = ReadMap(options.truth, guide);
  const eval::Comparison comparison = eval::CompareWithBicubic(input, result, truth);
  const ValueRange range = MeasuredRange(truth, options.truth);
  figures::WriteFigure(options.figure,
                       report::ComparisonFigure(guide, input, result, range, truth, comparison));
  if (!options.confidence.empty()) {
    std::cout << eval::ReliabilityTable(
        eval::Reliability(report::AbsoluteError(result, comparison.truth),
                          ReadConfidence(options.confidence, guide)));
  }
  std::cout << "RMSE bicubic " << DigitsText(comparison.bicubic_rmse, 4) << "\nRMSE result  "
            << DigitsText(comparison.result_rmse, 4) << "\nover " << comparison.pixels << " of "
            << truth.size() << " pixels\n";
}

void Compare(const CompareOptions& options) {
  CheckOutput("-o", options.figure,
              {options.guide, options.input, options.result, options.truth, options.confidence});
  const Image guide = ReadGuideTelling(options.guide);
  const Image input = ReadMap(options.input);
  const Image result = ReadMap(options.result, guide);
  if (!options.truth.empty()) {
    CompareWithTruth(options, guide, input, result);
    return;
  }
  const ValueRange range = MeasuredRange(result, options.result);
  figures::WriteFigure(options.figure, report::ComparisonFigure(guide, input, result, range));
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
