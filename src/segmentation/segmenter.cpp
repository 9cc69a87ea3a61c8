#include "dkn/segmenter.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/core/in_context.h"
#include "src/core/size_text.h"
#include "src/net/graph_network.h"
#include "src/net/safetensors.h"
#include "src/pipeline/model_files.h"
#include "src/segmentation/classes.h"
#include "src/segmentation/deeplab.h"
#include "src/segmentation/scores.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

constexpr char kKind[] = "segmentation";  // of models
constexpr char kNone[] = "none";
constexpr char kProbabilityFilter[] = "densecrf";

// The network that a file holds: the one that it names, or, as files from elsewhere name none, the
// one that has its scores' tensor. None: it is another network's.
std::optional<std::string> NetworkIn(const TensorFile& file) {
  const std::vector<std::string> known = DeepLabNames();
  const auto named = file.metadata.find("network");
  if (named != file.metadata.end()) {
    const bool is_known = std::find(known.begin(), known.end(), named->second) != known.end();
    return is_known ? std::optional(named->second) : std::nullopt;
  }
  return file.tensors.contains("layer5.conv2d_list.0.bias") ? std::optional("deeplab_resnet101")
                                                            : std::nullopt;
}

// As many as the last layer gives.
int ClassesIn(const TensorFile& file, const std::string& network) {
  const Graph graph = MakeDeepLab(network, 2).graph;
  const std::string last = graph.nodes()[graph.nodes().size() - 2].name + ".bias";
  const auto found = file.tensors.find(last);
  if (found == file.tensors.end() || found->second.shape.size() != 1 ||
      found->second.shape[0] < 2 || found->second.shape[0] > 65536) {
    throw Error("has no tensor '" + last + "' of 2 classes or more");
  }
  return static_cast<int>(found->second.shape[0]);
}

std::vector<std::string> ClassNames(const TensorFile& file, int count) {
  const auto found = file.metadata.find("classes");
  if (found != file.metadata.end()) {
    return ParseClassNames(found->second, count);
  }
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    names.push_back(std::to_string(i));
  }
  return names;
}

void CheckPicture(ConstView picture) {
  if (picture.empty() || (picture.channels != 1 && picture.channels != 3)) {
    throw Error("the picture is " + SizeText(picture.width, picture.height) + " of " +
                std::to_string(picture.channels) + " channels, expected 1 or 3 and a pixel");
  }
  CheckFinite(picture, "picture");
}

std::int64_t MaxPixelsIn(const TensorFile& file) {
  const auto found = file.metadata.find("max_pixels");
  if (found == file.metadata.end()) {
    return SegmenterOptions::kAllPixels;
  }
  std::int64_t pixels = 0;
  const char* const end = found->second.data() + found->second.size();
  const auto [rest, code] = std::from_chars(found->second.data(), end, pixels);
  if (code != std::errc() || rest != end || pixels < 1) {
    throw Error("says max_pixels '" + found->second + "', expected a number of 1 or more");
  }
  return pixels;
}

}  // namespace

struct Segmenter::Impl {
  Impl(const TensorFile& file, const std::string& network, int count)
      : deeplab(MakeDeepLab(network, count)),
        graph(deeplab.graph, file),
        metadata(file.metadata),
        classes(ClassNames(file, count)),
        max_pixels(MaxPixelsIn(file)) {
    const auto found = file.metadata.find("colours");
    colours = found != file.metadata.end() ? ParseLabelColours(found->second, count)
                                           : PascalColours(count);
  }

  DeepLab deeplab;
  GraphNetwork graph;
  std::map<std::string, std::string> metadata;
  std::vector<std::string> classes;
  std::vector<std::array<std::uint8_t, 3>> colours;
  std::int64_t max_pixels;
  std::string filter_name = kNone;
  std::unique_ptr<JointFilter> filter;
};

Segmenter::Segmenter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Segmenter::~Segmenter() = default;

std::unique_ptr<Segmenter> Segmenter::Load(const std::string& name_or_file,
                                           const SegmenterOptions& options) {
  const std::string path = FindSegmenter(name_or_file);
  auto impl = ErrorsAs<MethodError>([&] {
    const TensorFile file = ReadSafetensors(path);
    return InContext(path, [&] {
      const std::optional<std::string> network = NetworkIn(file);
      if (!network) {
        throw Error("is no segmentation network");
      }
      return std::make_unique<Impl>(file, *network, ClassesIn(file, *network));
    });
  });
  if (options.max_pixels < SegmenterOptions::kAllPixels) {
    throw ArgumentError("max_pixels is " + std::to_string(options.max_pixels));
  }
  impl->max_pixels = options.max_pixels == 0 ? impl->max_pixels : options.max_pixels;
  std::string filter = options.filter;
  if (filter.empty()) {
    const auto own = impl->metadata.find("filter");
    filter = own != impl->metadata.end() ? own->second : kNone;
  }
  if (filter != kNone) {
    const fs::path beside = fs::path(path).parent_path() / (filter + kModelSuffix);
    std::error_code code;
    const bool is_beside = filter.find('/') == std::string::npos && fs::exists(beside, code);
    impl->filter =
        CreateFilter(is_beside ? beside.string() : filter, options.network, options.settings);
    impl->filter_name = filter;
  }
  return std::unique_ptr<Segmenter>(new Segmenter(std::move(impl)));
}

Image Segmenter::NetworkScores(ConstView picture) const {
  CheckPicture(picture);
  std::vector<Image> inputs;
  inputs.push_back(NetworkPicture(picture, impl_->deeplab.scale));
  return impl_->graph.Run(inputs);
}

Segmenter::Size Segmenter::WorkingSize(int width, int height) const {
  const double pixels = static_cast<double>(width) * height;
  const auto most = static_cast<double>(impl_->max_pixels);
  if (impl_->max_pixels == SegmenterOptions::kAllPixels || pixels <= most) {
    return {width, height};
  }
  const double scale = std::sqrt(most / pixels);
  const auto side = [&](int size) { return std::max(1, static_cast<int>(scale * size)); };
  return {side(width), side(height)};
}

Image Segmenter::Scores(ConstView picture) const {
  CheckPicture(picture);
  const Size size = WorkingSize(picture.width, picture.height);
  if (size.width < picture.width || size.height < picture.height) {
    const Image small = Resize(picture, size.width, size.height, Resampler::kBox);
    return Resize(ScoresOfAll(small), picture.width, picture.height, Resampler::kBilinear);
  }
  return ScoresOfAll(picture);
}

Image Segmenter::ScoresOfAll(ConstView picture) const {
  Image scores = EnlargeScores(NetworkScores(picture), picture.width, picture.height);
  if (impl_->filter == nullptr) {
    return scores;
  }
  if (impl_->filter_name == kProbabilityFilter) {
    ScoresToProbabilities(scores);
  }
  return FilterScores(picture, scores, *impl_->filter);
}

const std::vector<std::string>& Segmenter::classes() const {
  return impl_->classes;
}
const std::vector<std::array<std::uint8_t, 3>>& Segmenter::colours() const {
  return impl_->colours;
}
const std::string& Segmenter::filter() const {
  return impl_->filter_name;
}
NetworkCost Segmenter::Cost(int width, int height) const {
  const Graph& graph = impl_->deeplab.graph;
  return {ParameterCount(graph), Operations(graph, {{width, height}})};
}
const std::map<std::string, std::string>& Segmenter::metadata() const {
  return impl_->metadata;
}

std::string FindSegmenter(const std::string& name_or_file) {
  if (IsModelPath(name_or_file)) {
    return name_or_file;
  }
  if (std::string file = FindModel(kKind, name_or_file); !file.empty()) {
    return file;
  }
  std::string known;
  for (const std::string& name : ListSegmenters()) {
    known.append(known.empty() ? "" : ", ").append(name);
  }
  throw MethodError("there is no segmentation network '" + name_or_file + "'; " +
                    (known.empty() ? "none is installed: name a model file"
                                   : "there are: " + known + ", or a model file"));
}

bool HoldsSegmenter(const std::string& path) {
  return ErrorsAs<MethodError>([&] { return NetworkIn(ReadSafetensors(path)).has_value(); });
}

std::vector<std::string> ListSegmenters() {
  return ModelNames(kKind);
}

Image FilterScores(ConstView picture, ConstView scores, const JointFilter& filter) {
  CheckFinite(scores, "scores");
  return FilterImage(picture, scores, filter);
}

}  // namespace dkn
