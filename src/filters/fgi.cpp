#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "dkn/resample.h"
#include "src/filters/fgs.h"
#include "src/filters/filter_kind.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first four images at 8x, of lambda_guide 3 to 300, sigma_guide 0.01
// to 0.2, lambda_self 1 to 100 and sigma_self 0.003, 0.01. Their program has 900, 0.005, 100,
// 0.005, for noisy depth.
constexpr double kLambdaGuide = 100.0;
constexpr double kSigmaGuide = 0.05;
constexpr double kLambdaSelf = 3.0;
constexpr double kSigmaSelf = 0.003;
constexpr double kConsensus = 15.0 / 255.0;
constexpr int kIterations = 3;

// How often sides are doubled until the samples' grid is the guide's.
int Doublings(const MeasuredSamples& samples) {
  const double step = std::max({samples.step_x, samples.step_y, 1.0f});
  return std::max(1, static_cast<int>(std::ceil(std::log2(step) - 1e-6)));
}

// The pixel of `to` in whose cell the left or upper end of pixel i of `from` lies.
int Enlarged(int i, int from, int to) {
  return std::min(to - 1, static_cast<int>(static_cast<long long>(i) * to / from));
}

// 1 at the pixels that hold a measured sample, of an image of the guide's field of view.
Image SeedsOfSamples(const FilterInput& input, int width, int height) {
  const MeasuredSamples samples = SamplesOf(input);
  Image seeds(width, height);
  const auto place = [](double position, int size, int full) {
    const double at = (position + 0.5) * size / full;
    return std::clamp(static_cast<int>(std::floor(at)), 0, size - 1);
  };
  for (int j = 0; j < samples.values.height; ++j) {
    for (int i = 0; i < samples.values.width; ++i) {
      const float measured = samples.measured.empty() ? 1.0f : samples.measured(i, j);
      const int x = place(samples.first_x + samples.step_x * i, width, input.guide.width);
      const int y = place(samples.first_y + samples.step_y * j, height, input.guide.height);
      seeds(x, y) = std::max(seeds(x, y), measured);
    }
  }
  return seeds;
}

Image EnlargeSeeds(const Image& seeds, int width, int height) {
  Image large(width, height);
  for (int y = 0; y < seeds.height(); ++y) {
    for (int x = 0; x < seeds.width(); ++x) {
      float& seed = large(Enlarged(x, seeds.width(), width), Enlarged(y, seeds.height(), height));
      seed = std::max(seed, seeds(x, y));
    }
  }
  return large;
}

// Differences so near to each other are equal, and the first of them counts: where two results are
// one but for rounding, rounding does not choose.
constexpr float kSame = 1e-5f;  // of values in [0, 1]

// In each 2 x 2 pixels the one at which the two results agree best becomes a seed, if they differ
// by less than the threshold.
void AddConsensus(const Image& a, const Image& b, float threshold, Image& seeds) {
  const auto difference = [&](int x, int y) {
    float most = 0.0f;
    for (int c = 0; c < a.channels(); ++c) {
      most = std::max(most, std::abs(a(x, y, c) - b(x, y, c)));
    }
    return most;
  };
  for (int y = 0; y < a.height(); y += 2) {
    for (int x = 0; x < a.width(); x += 2) {
      float least = threshold;
      float* best = nullptr;
      for (int j = y; j < std::min(y + 2, a.height()); ++j) {
        for (int i = x; i < std::min(x + 2, a.width()); ++i) {
          if (difference(i, j) < least - kSame) {
            least = difference(i, j);
            best = &seeds(i, j);
          }
        }
      }
      if (best != nullptr) {
        *best = 1.0f;
      }
    }
  }
}

// Li, Min, Do, Lu: Fast guided global interpolation for depth and motion, ECCV 2016. From the
// samples' resolution to the guide's by doublings; at each,
//   d* = the fast global smoother of the enlarged d at seeds alone, by the guide      (Eq. (4)),
//   d  = the fast global smoother of the enlarged d, with d* as its guide             (Eq. (6)),
// so that edges are those of the target, placed by the guide. Seeds are the measured samples, and
// where the enlarged d and the new one agree. Where holes are, d* is taken for the enlarged d.
class FastGuidedInterpolation : public JointFilter {
 public:
  explicit FastGuidedInterpolation(const FilterSettings& values)
      : lambda_guide_(values.at("lambda_guide")),
        sigma_guide_(values.at("sigma_guide")),
        lambda_self_(values.at("lambda_self")),
        sigma_self_(values.at("sigma_self")),
        consensus_(static_cast<float>(values.at("consensus"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    Image result;
    Image seeds;
    for (int level = Doublings(SamplesOf(input)) - 1; level >= 0; --level) {
      const int cell = 1 << std::min(level, 20);
      const int width = (input.guide.width + cell - 1) / cell;
      const int height = (input.guide.height + cell - 1) / cell;
      const bool first = result.empty();
      Image start = first ? Resize(input.target, width, height, Resampler::kBox)
                          : Resize(result, width, height, Resampler::kBicubic);
      seeds = first ? SeedsOfSamples(input, width, height) : EnlargeSeeds(seeds, width, height);
      result = Interpolate(input, first, seeds, start);
      if (level > 0) {
        AddConsensus(start, result, consensus_, seeds);
      }
    }
    output.image = std::move(result);
  }

 private:
  // Eq. (4) and (6) at one resolution; in `start` holes are filled.
  Image Interpolate(const FilterInput& input, bool holes, const Image& seeds, Image& start) const {
    const int width = start.width();
    const int height = start.height();
    const Image guide = Resize(input.guide, width, height, Resampler::kBox);
    const Image by_guide =
        FastGlobalSmoother(guide, sigma_guide_).Average(start, seeds, lambda_guide_, kIterations);
    if (holes && !input.mask.empty()) {
      const Image share = Resize(input.mask, width, height, Resampler::kBox);
      for (int c = 0; c < start.channels(); ++c) {
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            start(x, y, c) += (1.0f - share(x, y)) * (by_guide(x, y, c) - start(x, y, c));
          }
        }
      }
    }
    Image result = Image::Clone(start);
    FastGlobalSmoother(by_guide, sigma_self_).Smooth(lambda_self_, kIterations, result);
    return result;
  }

  double lambda_guide_;
  double sigma_guide_;
  double lambda_self_;
  double sigma_self_;
  float consensus_;
};

}  // namespace

FilterKind FgiKind() {
  return {{{"lambda_guide", kLambdaGuide, 0, 1e6, "", "how much is smoothed by the guide"},
           {"sigma_guide", kSigmaGuide, 1e-3, 100, "",
            "a difference in the guide, of values in [0, 1], at which smoothing falls to 1/e"},
           {"lambda_self", kLambdaSelf, 0, 1e6, "", "how much is smoothed by the first result"},
           {"sigma_self", kSigmaSelf, 1e-3, 100, "",
            "a difference in that result, of values in [0, 1], at which smoothing falls to 1/e"},
           {"consensus", kConsensus, 0, 1, "",
            "how far results may differ where their pixel is taken for measured at the next"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<FastGuidedInterpolation>(values);
          }};
}

}  // namespace dkn
