#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/segmenter.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

struct SegmentOptions {
  std::string picture;
  std::string network = "camvid";
  std::string labels;
  std::string scores;   // empty: not written
  std::string overlay;  // empty: not written
  float share = 0.6f;
  SegmenterOptions segmenter;
  std::vector<std::string> settings;
  std::string precision = "fp32";
  int threads = 0;
};

// The classes in the picture, the largest first, with their shares of it.
void TellShares(const Segmenter& segmenter, const Image& labels) {
  std::vector<std::pair<std::size_t, std::size_t>> counts(segmenter.classes().size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    counts[c].second = c;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ++counts[static_cast<std::size_t>(labels.data()[i])].first;
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [count, label] : counts) {
    if (count > 0) {
      const double percent =
          100.0 * static_cast<double>(count) / static_cast<double>(labels.size());
      std::printf("%3zu  %-16s %5s %%\n", label, segmenter.classes()[label].c_str(),
                  FixedText(percent, 1).c_str());
    }
  }
}

// Throws Error for labels in a file that changes values.
void CheckLossless(const std::string& labels) {
  const std::string ending = std::filesystem::path(labels).extension().string();
  if (ending == ".jpg" || ending == ".jpeg" || ending == ".JPG" || ending == ".JPEG") {
    throw Error(labels + ": JPEG would change the numbers of classes; expected .png, .tif or .npy");
  }
}

void Segment(SegmentOptions& options) {
  const std::vector<std::string> inputs = {options.picture};
  for (const auto& [option, path] : {std::pair{"-o", options.labels},
                                     {"--scores", options.scores},
                                     {"--overlay", options.overlay}}) {
    CheckOutput(option, path, inputs);
    if (!path.empty()) {
      CheckImageOutput(path);
    }
  }
  CheckApart(
      {{"-o", options.labels}, {"--scores", options.scores}, {"--overlay", options.overlay}});
  CheckLossless(options.labels);
  if (options.labels.empty() && options.scores.empty() && options.overlay.empty()) {
    throw ArgumentError("nothing to write: name a file by -o, --overlay or --scores");
  }
  SetThreads(options.threads);
  options.segmenter.settings = ChosenSettings(options.settings);
  options.segmenter.network.precision = ChosenPrecision(options.precision);
  const auto segmenter = Segmenter::Load(options.network, options.segmenter);
  TellPrecision(options.segmenter.network.precision);
  const Image picture = ReadGuideTelling(options.picture);
  const Image scores = segmenter->Scores(picture);
  const Image labels = LabelsOf(scores);
  if (!options.labels.empty()) {
    WriteImage(options.labels, labels,
               segmenter->classes().size() > 256 ? SampleType::kUint16 : SampleType::kUint8);
  }
  if (!options.scores.empty()) {
    WriteImage(options.scores, scores, SampleType::kFloat32);
  }
  if (!options.overlay.empty()) {
    Image overlay = OverlayLabels(picture, labels, segmenter->colours(), options.share);
    std::for_each(overlay.data(), overlay.data() + overlay.size(),
                  [](float& value) { value *= 255.0f; });
    WriteImage(options.overlay, overlay, SampleType::kUint8);
  }
  const Segmenter::Size size = segmenter->WorkingSize(picture.width(), picture.height());
  if (size.width < picture.width() || size.height < picture.height()) {
    std::printf(
        "worked at %s%s (--max-pixels)\n", SizeText(size.width, size.height).c_str(),
        options.segmenter.max_pixels > 0 ? "" : ", as the network knows no larger pictures");
  }
  TellShares(*segmenter, labels);
}

}  // namespace

void AddSegment(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "segment", "Tell what each pixel of a picture shows, with edges where the picture has them");
  const auto options = std::make_shared<SegmentOptions>();
  command->add_option("PICTURE", options->picture, "Colour picture, of any size")->required();
  command->add_option("-o,--output", options->labels,
                      "Labels to write: PNG, TIFF or NPY of a class's number for each pixel");
  command->add_option("--overlay", options->overlay,
                      "Picture to write, mixed with its labels' colours");
  command->add_option("--share", options->share, "How much of the overlay the labels' colours are")
      ->check(NumberFrom("0", "1"))
      ->capture_default_str();
  command->add_option("--scores", options->scores,
                      "NPY or TIFF to write: a channel of scores for each class, before a softmax "
                      "(of densecrf probabilities)");
  command
      ->add_option("--network", options->network,
                   "Name of a segmentation network that ships, or a model file of dkn-train: "
                   "docs/segmentation.md")
      ->capture_default_str();
  command->add_option(
      "--filter", options->segmenter.filter,
      "Joint filter that brings the scores to the picture's size: a name or model file as dkn "
      "filter takes it, or none, for bilinear interpolation alone; without it the one that the "
      "network was trained with");
  command
      ->add_option("--max-pixels", options->segmenter.max_pixels,
                   "Pictures of more pixels are made smaller for the network and its filter, and "
                   "the scores brought back by bilinear interpolation; 0: what the network's file "
                   "says, -1: no bound")
      ->check(NumberFrom("-1", "1e15"))
      ->capture_default_str();
  AddSetOption(*command, options->settings);
  AddPrecisionOption(*command, options->precision);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "Example: dkn segment street.jpg -o labels.png --overlay seen.png; of others' scores: dkn "
      "filter street.jpg scores.npy --model fdkn_scores -o sharp.npy");
  command->callback([options] { Segment(*options); });
}

}  // namespace dkn
