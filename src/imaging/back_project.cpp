#include "src/imaging/back_project.h"

#include <cmath>

#include "src/core/parallel_for.h"

namespace dkn {
namespace {

// The measurement less the shrunk image, and its root mean square. 0 where nothing is measured.
Image Residual(ConstView measurement, ConstView measured, Resampler down, ConstView image,
               double& root_mean_square) {
  Image residual = Resize(image, measurement.width, measurement.height, down);
  double sum = 0.0;
  double count = 0.0;
  for (int c = 0; c < measurement.channels; ++c) {
    for (int y = 0; y < measurement.height; ++y) {
      for (int x = 0; x < measurement.width; ++x) {
        const bool counts = measured.empty() || measured(x, y) != 0.0f;
        const double missing =
            counts ? static_cast<double>(measurement(x, y, c)) - residual(x, y, c) : 0.0;
        residual(x, y, c) = static_cast<float>(missing);
        sum += missing * missing;
        count += counts ? 1.0 : 0.0;
      }
    }
  }
  root_mean_square = count > 0.0 ? std::sqrt(sum / count) : 0.0;
  return residual;
}

}  // namespace

double BackProject(ConstView measurement, ConstView measured, Resampler down, Resampler up,
                   int iterations, View image) {
  double root_mean_square = 0.0;
  Image residual = Residual(measurement, measured, down, image, root_mean_square);
  for (int i = 0; i < iterations; ++i) {
    const Image change = Resize(residual, image.width, image.height, up);
    ParallelFor(0, image.height * image.channels, [&](int index) {
      const float* from = change.Row(index % image.height, index / image.height);
      float* to = image.Row(index % image.height, index / image.height);
      for (int x = 0; x < image.width; ++x) {
        to[x] += from[x];
      }
    });
    residual = Residual(measurement, measured, down, image, root_mean_square);
  }
  return root_mean_square;
}

}  // namespace dkn
