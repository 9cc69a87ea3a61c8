// Frames of a depth camera with a truth that was fused from many: NAME_color.jpg, the raw
// NAME_depth.png (mm, 0 for a hole), NAME_truth.png (0.2 mm a step, 0 where it is not known) and
// NAME_region.png: 0 truth unknown, 1 smooth, 2 near edges, 4 more where the depth camera does not
// see. At a scale, the input is every so-manieth pixel of the raw frame, as a camera of fewer
// pixels has them.

#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/data/dataset_files.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

constexpr float kRawSteps = 5.0f;  // of the truth, in a millimetre
constexpr float kSmooth = 1.0f;
constexpr float kNearEdges = 2.0f;
// Where a smooth surface and the raw frame are farther apart, in mm, one of both is wrong.
constexpr float kFault = 50.0f;

class Kinect : public Dataset {
 public:
  Kinect(std::vector<std::string> names, DatasetOptions options)
      : names_(std::move(names)), options_(std::move(options)) {}

  std::size_t size() const override { return names_.size(); }
  const std::string& Name(std::size_t i) const override { return names_[i]; }

  Sample Read(std::size_t i) const override {
    const std::vector<std::string> files = Files(i);
    Sample sample;
    sample.guide = ReadGuide(files[0]);
    Image raw = ReadStored(files[1]);
    sample.truth = ReadStored(files[2]);
    const Image region = ReadStored(files[3]);
    CheckSameSize(sample.guide, files[0], sample.truth, files[2]);
    CheckSameSize(raw, files[1], sample.truth, files[2]);
    CheckSameSize(region, files[3], sample.truth, files[2]);
    const float unit = static_cast<float>(options_.unit_per_step);
    sample.near_edges = Image(raw.width(), raw.height());
    for (std::size_t pixel = 0; pixel < raw.size(); ++pixel) {
      float& measured = raw.data()[pixel];
      float& truth = sample.truth.data()[pixel];
      const float place = region.data()[pixel];
      const bool fault =
          place == kSmooth && measured > 0.0f && std::abs(measured - truth / kRawSteps) > kFault;
      const bool counts = (place == kSmooth || place == kNearEdges) && truth > 0.0f && !fault;
      measured = measured > 0.0f ? measured * kRawSteps * unit : kHole;
      truth = counts ? truth * unit : kHole;
      sample.near_edges.data()[pixel] = place == kNearEdges ? 1.0f : 0.0f;
    }
    sample.input = options_.scale > 1 ? SubsampleCenterPixel(raw, options_.scale) : std::move(raw);
    return sample;
  }

  std::vector<std::string> Files(std::size_t i) const override {
    std::vector<std::string> files;
    for (const char* ending : {"_color.jpg", "_depth.png", "_truth.png", "_region.png"}) {
      files.push_back(InFolder(options_.path, names_[i] + ending));
    }
    return files;
  }

 private:
  std::vector<std::string> names_;
  DatasetOptions options_;
};

}  // namespace

std::unique_ptr<Dataset> OpenKinect(const DatasetOptions& options) {
  const std::vector<std::string> files = ListFolder(options.path);
  std::vector<std::string> names;
  for (const std::string& file : files) {
    if (auto name = WithoutEnding(file, "_region.png")) {
      names.push_back(*std::move(name));
    }
  }
  if (names.empty()) {
    RefuseFolder(options.path, "NAME_region.png", files);
  }
  return std::make_unique<Kinect>(std::move(names), options);
}

}  // namespace dkn
