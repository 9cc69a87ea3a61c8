#include "src/rivals/guided_layer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"
#include "src/rivals/window_planes.h"

namespace dkn {
namespace {

constexpr int kMaxRadius = 1000;

// f(a, b) of each pixel.
template <typename Function>
Plane Combine(const Plane& a, const Plane& b, const Function& f) {
  Plane result(a.width, a.height);
  std::transform(a.values.begin(), a.values.end(), b.values.begin(), result.values.begin(), f);
  return result;
}

Plane Product(const Plane& a, const Plane& b) {
  return Combine(a, b, [](double x, double y) { return x * y; });
}

// The fits of one channel by one of the guide. Both are taken less their means over the image, so
// that moments lose nothing that counts to cancellation in double.
struct Fits {
  Fits(const GuidedLayer& layer, ConstView guide, ConstView target)
      : x(PlaneOf(guide)),
        y(PlaneOf(target)),
        guide_mean(Centre(x)),
        target_mean(Centre(y)),
        mean_x(WindowMeans(x, layer.radius)),
        mean_y(WindowMeans(y, layer.radius)),
        a(WindowMeans(Product(x, y), layer.radius)),
        inverse(WindowMeans(Product(x, x), layer.radius)) {
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      const double mean = mean_x.values[i];
      const double variance = std::max(0.0, inverse.values[i] - mean * mean);
      inverse.values[i] = 1.0 / (variance + layer.epsilon);
      a.values[i] = (a.values[i] - mean * mean_y.values[i]) * inverse.values[i];
    }
  }

  // The b of centred images.
  Plane B() const {
    Plane b = Product(a, mean_x);
    std::transform(mean_y.values.begin(), mean_y.values.end(), b.values.begin(), b.values.begin(),
                   [](double mean, double part) { return mean - part; });
    return b;
  }

  Plane x;
  Plane y;
  double guide_mean;
  double target_mean;
  Plane mean_x;
  Plane mean_y;
  Plane a;
  Plane inverse;  // 1 / (variance + epsilon)

 private:
  static double Centre(Plane& plane) {
    double mean = 0.0;
    for (const double value : plane.values) {
      mean += value / static_cast<double>(plane.values.size());
    }
    for (double& value : plane.values) {
      value -= mean;
    }
    return mean;
  }
};

// Gradients by a channel of the guide and of the target, of those by A and b, which are spent.
std::pair<Plane, Plane> ThroughFits(const Fits& fits, int radius, Plane by_a, Plane by_b) {
  Plane by_xx(by_a.width, by_a.height);
  Plane by_x(by_a.width, by_a.height);
  for (std::size_t i = 0; i < by_a.values.size(); ++i) {
    const double mean_x = fits.mean_x.values[i];
    const double a = fits.a.values[i];
    const double b = by_b.values[i];
    const double covariance = (by_a.values[i] - b * mean_x) * fits.inverse.values[i];
    const double variance = -covariance * a;
    by_a.values[i] = covariance;  // by the mean of x y
    by_xx.values[i] = variance;
    by_x.values[i] = -b * a - covariance * fits.mean_y.values[i] - 2.0 * variance * mean_x;
    by_b.values[i] = b - covariance * mean_x;  // by the mean of y
  }
  const Plane by_xy = SpreadOverWindows(std::move(by_a), radius);
  by_xx = SpreadOverWindows(std::move(by_xx), radius);
  by_x = SpreadOverWindows(std::move(by_x), radius);
  Plane by_y = SpreadOverWindows(std::move(by_b), radius);
  for (std::size_t i = 0; i < by_x.values.size(); ++i) {
    by_x.values[i] += fits.y.values[i] * by_xy.values[i] + 2.0 * fits.x.values[i] * by_xx.values[i];
    by_y.values[i] += fits.x.values[i] * by_xy.values[i];
  }
  return {std::move(by_x), std::move(by_y)};
}

void CheckLayer(const GuidedLayer& layer, ConstView guide, ConstView target) {
  if (layer.radius < 0 || layer.radius > kMaxRadius) {
    throw Error("a radius of " + std::to_string(layer.radius) + ", expected 0 to " +
                std::to_string(kMaxRadius));
  }
  if (!(std::isfinite(layer.epsilon) && layer.epsilon > 0.0)) {
    throw Error("an epsilon of " + DigitsText(layer.epsilon) + ", expected more than 0");
  }
  if (!SameSize(guide, target)) {
    throw Error("a guide of " + SizeText(guide) + " for a target of " + SizeText(target) +
                ", expected equal sizes");
  }
  if (target.empty() || (guide.channels != 1 && guide.channels != target.channels)) {
    throw Error("a guide of " + std::to_string(guide.channels) + " channels for a target of " +
                std::to_string(target.channels) + ", expected 1 or as many");
  }
}

void CheckHighGuide(ConstView guide, ConstView low_guide) {
  if (guide.empty() || guide.channels != low_guide.channels) {
    throw Error("a guide of " + std::to_string(guide.channels) + " channels, and of " +
                std::to_string(low_guide.channels) + " at the lower size, expected as many");
  }
}

void CheckCotangent(ConstView cotangent, ConstView size, int channels) {
  if (!SameSize(cotangent, size) || cotangent.channels != channels) {
    throw Error("a cotangent of " + SizeText(cotangent) +
                ", expected the result's size and channels");
  }
}

// The channel that guides the target's channel c.
ConstView GuideOfChannel(ConstView guide, int c) {
  return guide.Channel(guide.channels == 1 ? 0 : c);
}

void Store(const Plane& plane, View channel) {
  for (int y = 0; y < plane.height; ++y) {
    std::transform(plane.Row(y), plane.Row(y) + plane.width, channel.Row(y),
                   [](double value) { return static_cast<float>(value); });
  }
}

// The sum of channels, where one guide was for all of them.
Image OfGuide(Image gradients, int channels) {
  if (channels == gradients.channels()) {
    return gradients;
  }
  Image sum(gradients.width(), gradients.height());
  for (int y = 0; y < sum.height(); ++y) {
    for (int x = 0; x < sum.width(); ++x) {
      double value = 0.0;
      for (int c = 0; c < gradients.channels(); ++c) {
        value += gradients(x, y, c);
      }
      sum(x, y) = static_cast<float>(value);
    }
  }
  return sum;
}

// A guide(x, y) + b of each pixel; the guide less `guide_mean`, as the fits have it.
void Evaluate(const Plane& a, const Plane& b, ConstView guide, const Fits& fits, View out) {
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      out(x, y) = static_cast<float>(a.Row(y)[x] * (guide(x, y) - fits.guide_mean) + b.Row(y)[x] +
                                     fits.target_mean);
    }
  }
}

// Of one channel: the gradients by a and b at each pixel of `guide`; by_guide gets that by it.
std::pair<Plane, Plane> ThroughEvaluation(const Plane& a, ConstView guide, const Fits& fits,
                                          ConstView cotangent, Plane& by_guide) {
  Plane by_b = PlaneOf(cotangent);
  Plane by_a = PlaneOf(guide);
  for (std::size_t i = 0; i < by_a.values.size(); ++i) {
    by_a.values[i] = (by_a.values[i] - fits.guide_mean) * by_b.values[i];
    by_guide.values[i] = a.values[i] * by_b.values[i];
  }
  return {std::move(by_a), std::move(by_b)};
}

}  // namespace

Image FullGuidedLayer(const GuidedLayer& layer, ConstView guide, ConstView target) {
  CheckLayer(layer, guide, target);
  Image result(target.width, target.height, target.channels);
  ParallelFor(0, target.channels, [&](int c) {
    const ConstView x = GuideOfChannel(guide, c);
    const Fits fits(layer, x, target.Channel(c));
    Evaluate(WindowMeans(fits.a, layer.radius), WindowMeans(fits.B(), layer.radius), x, fits,
             result.view().Channel(c));
  });
  return result;
}

Image FastGuidedLayer(const GuidedLayer& layer, ConstView low_guide, ConstView low_target,
                      ConstView guide) {
  CheckLayer(layer, low_guide, low_target);
  CheckHighGuide(guide, low_guide);
  const Enlargement size(low_guide.width, low_guide.height, guide.width, guide.height);
  Image result(guide.width, guide.height, low_target.channels);
  ParallelFor(0, low_target.channels, [&](int c) {
    const Fits fits(layer, GuideOfChannel(low_guide, c), low_target.Channel(c));
    Evaluate(size.Enlarge(fits.a), size.Enlarge(fits.B()), GuideOfChannel(guide, c), fits,
             result.view().Channel(c));
  });
  return result;
}

GuidedGradients FullGuidedGradients(const GuidedLayer& layer, ConstView guide, ConstView target,
                                    ConstView cotangent) {
  CheckLayer(layer, guide, target);
  CheckCotangent(cotangent, target, target.channels);
  Image by_guide(target.width, target.height, target.channels);
  Image by_target(target.width, target.height, target.channels);
  ParallelFor(0, target.channels, [&](int c) {
    const ConstView x = GuideOfChannel(guide, c);
    const Fits fits(layer, x, target.Channel(c));
    Plane direct(target.width, target.height);
    auto [by_a, by_b] =
        ThroughEvaluation(WindowMeans(fits.a, layer.radius), x, fits, cotangent.Channel(c), direct);
    auto [by_x, by_y] =
        ThroughFits(fits, layer.radius, SpreadOverWindows(std::move(by_a), layer.radius),
                    SpreadOverWindows(std::move(by_b), layer.radius));
    Store(Combine(by_x, direct, [](double a, double b) { return a + b; }),
          by_guide.view().Channel(c));
    Store(by_y, by_target.view().Channel(c));
  });
  return {OfGuide(std::move(by_guide), guide.channels), std::move(by_target), Image()};
}

GuidedGradients FastGuidedGradients(const GuidedLayer& layer, ConstView low_guide,
                                    ConstView low_target, ConstView guide, ConstView cotangent) {
  CheckLayer(layer, low_guide, low_target);
  CheckHighGuide(guide, low_guide);
  CheckCotangent(cotangent, guide, low_target.channels);
  const Enlargement size(low_guide.width, low_guide.height, guide.width, guide.height);
  Image by_low(low_guide.width, low_guide.height, low_target.channels);
  Image by_target(low_guide.width, low_guide.height, low_target.channels);
  Image by_guide(guide.width, guide.height, low_target.channels);
  ParallelFor(0, low_target.channels, [&](int c) {
    const Fits fits(layer, GuideOfChannel(low_guide, c), low_target.Channel(c));
    Plane direct(guide.width, guide.height);
    const auto [by_a, by_b] = ThroughEvaluation(size.Enlarge(fits.a), GuideOfChannel(guide, c),
                                                fits, cotangent.Channel(c), direct);
    const auto [by_x, by_y] = ThroughFits(fits, layer.radius, size.Gather(by_a), size.Gather(by_b));
    Store(by_x, by_low.view().Channel(c));
    Store(by_y, by_target.view().Channel(c));
    Store(direct, by_guide.view().Channel(c));
  });
  return {OfGuide(std::move(by_low), low_guide.channels), std::move(by_target),
          OfGuide(std::move(by_guide), guide.channels)};
}

}  // namespace dkn
