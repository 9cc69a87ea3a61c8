#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/core/size_text.h"
#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/guide_segments.h"
#include "src/filters/measured_values.h"
#include "src/filters/pixel_difference.h"
#include "src/filters/watched_factor.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first four images at 8x, of smoothness 0.01 to 1, nonlocal 0.001 to
// 0.1 and sigma_depth 0.02, 0.05; noise asks for more of the first two.
constexpr double kSmoothness = 0.1;
constexpr double kNonlocal = 0.001;
constexpr double kSigmaDepth = 0.02;

// Weights are at least this, or those of a pixel unlike all others could not be normalised.
constexpr float kLeastAlike = 1e-6f;

constexpr double kAnchorWeight = 1e-8;  // to the target, where nothing else decides a pixel

using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor, int>;
using Solver = Eigen::ConjugateGradient<
    Matrix, Eigen::Lower,
    WatchedFactor<Eigen::IncompleteCholesky<double, Eigen::Lower, Eigen::NaturalOrdering<int>>>>;

struct Parameters {
  explicit Parameters(const FilterSettings& values)
      : smoothness(values.at("smoothness")),
        nonlocal(values.at("nonlocal")),
        color_scale(Scale(values.at("sigma_color"))),
        depth_scale(Scale(values.at("sigma_depth"))),
        segment_weight(static_cast<float>(values.at("segment_weight"))),
        segment_size(static_cast<float>(values.at("segment_size"))),
        saliency(static_cast<float>(values.at("saliency"))),
        radius(static_cast<int>(values.at("radius"))),
        space_scale(Scale(values.at("sigma_space"))),
        anisotropy(static_cast<float>(values.at("anisotropy"))),
        tolerance(values.at("tolerance")) {}
  static float Scale(double sigma) { return static_cast<float>(-0.5 / (sigma * sigma)); }

  double smoothness;
  double nonlocal;
  float color_scale;
  float depth_scale;
  float segment_weight;
  float segment_size;
  float saliency;
  int radius;
  float space_scale;
  float anisotropy;
  double tolerance;
};

// Central differences of each channel, one-sided at the border.
struct Gradient {
  float x;
  float y;
};
Gradient GradientAt(ConstView image, int x, int y, int c) {
  const int left = std::max(x - 1, 0), right = std::min(x + 1, image.width - 1);
  const int above = std::max(y - 1, 0), below = std::min(y + 1, image.height - 1);
  return {0.5f * (image(right, y, c) - image(left, y, c)),
          0.5f * (image(x, below, c) - image(x, above, c))};
}

// The two weights of a pair of pixels, before they are normalised at either of them.
class PairWeights {
 public:
  PairWeights(const Parameters& parameters, ConstView guide, ConstView depth)
      : parameters_(parameters),
        guide_(guide),
        depth_(depth),
        structure_(guide.width, guide.height, 3),
        saliency_(guide.width, guide.height) {
    if (parameters.segment_weight < 1.0f) {
      segments_ = SegmentByColor(guide, parameters.segment_size);
    }
    ParallelFor(0, guide.height, [&](int y) { DescribeRow(y); });
  }

  // w: alike in colour, in the depth to begin with, of one segment, and away from edges.
  float Smoothness(int x, int y, int i, int j) const {
    const float alike = std::exp(parameters_.color_scale * SquaredDifference(guide_, x, y, i, j) +
                                 parameters_.depth_scale * SquaredDifference(depth_, x, y, i, j));
    const float edges = 1.0f / std::sqrt(1.0f + saliency_(x, y) + saliency_(i, j));
    return std::max(alike, kLeastAlike) * edges *
           (SameSegment(x, y, i, j) ? 1.0f : parameters_.segment_weight);
  }

  // kappa: the mean of the two pixels' anisotropic Gaussians of their distance.
  float Nonlocal(int x, int y, int i, int j) const {
    const auto dx = static_cast<float>(i - x);
    const auto dy = static_cast<float>(j - y);
    return std::max(0.5f * (Gaussian(x, y, dx, dy) + Gaussian(i, j, dx, dy)), kLeastAlike);
  }

 private:
  // Channels xx, yy, xy of the guide's gradients' covariance in the window, and the saliency.
  void DescribeRow(int y) {
    for (int x = 0; x < guide_.width; ++x) {
      int pixels = 0;
      for (int j = std::max(0, y - parameters_.radius);
           j <= std::min(guide_.height - 1, y + parameters_.radius); ++j) {
        for (int i = std::max(0, x - parameters_.radius);
             i <= std::min(guide_.width - 1, x + parameters_.radius); ++i, ++pixels) {
          for (int c = 0; c < guide_.channels; ++c) {
            const Gradient g = GradientAt(guide_, i, j, c);
            structure_(x, y, 0) += g.x * g.x;
            structure_(x, y, 1) += g.y * g.y;
            structure_(x, y, 2) += g.x * g.y;
          }
        }
      }
      for (int k = 0; k < 3; ++k) {
        structure_(x, y, k) *= parameters_.anisotropy / static_cast<float>(pixels);
      }
      for (int c = 0; c < guide_.channels; ++c) {
        const Gradient g = GradientAt(guide_, x, y, c);
        saliency_(x, y) += parameters_.saliency * (g.x * g.x + g.y * g.y);
      }
    }
  }

  float Gaussian(int x, int y, float dx, float dy) const {
    const float across = structure_(x, y, 0) * dx * dx + structure_(x, y, 1) * dy * dy +
                         2.0f * structure_(x, y, 2) * dx * dy;
    return std::exp(parameters_.space_scale * (dx * dx + dy * dy) - across);
  }

  bool SameSegment(int x, int y, int i, int j) const {
    const auto at = [this](int column, int row) {
      return static_cast<std::size_t>(row) * static_cast<std::size_t>(guide_.width) +
             static_cast<std::size_t>(column);
    };
    return segments_.empty() || segments_[at(x, y)] == segments_[at(i, j)];
  }

  const Parameters& parameters_;
  ConstView guide_;
  ConstView depth_;
  Image structure_;
  Image saliency_;
  std::vector<int> segments_;
};

// Calls use(i, j, near) for each pixel (i, j) of the window around (x, y) but itself; near: one of
// the eight neighbours.
template <typename Use>
void ForNeighbours(int x, int y, int radius, ConstView image, const Use& use) {
  for (int j = std::max(0, y - radius); j <= std::min(image.height - 1, y + radius); ++j) {
    for (int i = std::max(0, x - radius); i <= std::min(image.width - 1, x + radius); ++i) {
      if (i != x || j != y) {
        use(i, j, std::abs(i - x) <= 1 && std::abs(j - y) <= 1);
      }
    }
  }
}

// The lower triangle of the energy's matrix.
Matrix MakeMatrix(const Parameters& parameters, const PairWeights& pairs, ConstView data_weight) {
  const int width = data_weight.width;
  const int height = data_weight.height;
  const int radius = parameters.radius;
  // Lambda over the sums that normalise, at each pixel: of w and of kappa.
  Image scales(width, height, 2);
  ParallelFor(0, height, [&](int y) {
    for (int x = 0; x < width; ++x) {
      double w = 0.0;
      double kappa = 0.0;
      ForNeighbours(x, y, radius, data_weight, [&](int i, int j, bool near) {
        w += near ? pairs.Smoothness(x, y, i, j) : 0.0f;
        kappa += pairs.Nonlocal(x, y, i, j);
      });
      scales(x, y, 0) = static_cast<float>(w > 0.0 ? parameters.smoothness / w : 0.0);
      scales(x, y, 1) = static_cast<float>(kappa > 0.0 ? parameters.nonlocal / kappa : 0.0);
    }
  });
  const int pixels = width * height;
  Eigen::VectorXd diagonal(pixels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      diagonal[y * width + x] = data_weight(x, y) + kAnchorWeight;
    }
  }
  Matrix matrix(pixels, pixels);
  const int side = 2 * radius + 1;
  matrix.reserve(static_cast<Eigen::Index>(pixels) * (1 + side * side / 2));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int p = y * width + x;
      matrix.startVec(p);
      ForNeighbours(x, y, radius, data_weight, [&](int i, int j, bool near) {
        const int q = j * width + i;
        if (q > p) {
          return;
        }
        double weight = (scales(x, y, 1) + scales(i, j, 1)) * pairs.Nonlocal(x, y, i, j);
        if (near) {
          weight += (scales(x, y, 0) + scales(i, j, 0)) * pairs.Smoothness(x, y, i, j);
        }
        matrix.insertBack(p, q) = -weight;
        diagonal[p] += weight;
        diagonal[q] += weight;
      });
      matrix.insertBack(p, p) = 0.0;
    }
  }
  matrix.finalize();
  for (int p = 0; p < pixels; ++p) {
    matrix.coeffRef(p, p) = diagonal[p];
  }
  return matrix;
}

// Park, Kim, Tai, Brown, Kweon: High quality depth map upsampling for 3D-TOF cameras, ICCV 2011.
// The D that minimises
//   sum_samples (D - G)^2 + lambda_s sum_p sum_{q in N8(p)} w_pq / W_p (D_p - D_q)^2
//     + lambda_N sum_p sum_{r in A(p)} kappa_pr / K_p (D_p - D_r)^2,
// W and K the sums of a pixel's weights, A a window. w is the product of likeness in colour and in
// the interpolated depth, of whether a segmentation puts both in one segment, and of how salient
// edges are at them; kappa an anisotropic Gaussian, narrow along the guide's gradients. The paper's
// equations were not at hand: the terms are its, their exact forms ours.
class NonlocalLeastSquares : public JointFilter {
 public:
  explicit NonlocalLeastSquares(const FilterSettings& values) : parameters_(values) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const int side = 2 * parameters_.radius + 1;
    const std::int64_t most = (std::int64_t{1} << 31) / (1 + side * side / 2) - 1;
    if (std::int64_t{target.width} * target.height > most) {
      throw Error("the image is " + SizeText(target) + ", expected at most " +
                  std::to_string(most) + " pixels: this method solves a system of them all");
    }
    const PixelMeasurements measured = MeasurementsOnPixels(input);
    const Matrix matrix =
        MakeMatrix(parameters_, PairWeights(parameters_, input.guide, target), measured.weight);
    Solver solver;
    solver.setTolerance(parameters_.tolerance);
    solver.setMaxIterations(1000);
    solver.compute(matrix);
    output.image.Reset(target.width, target.height, target.channels);
    Eigen::VectorXd right(matrix.rows());
    Eigen::VectorXd guess(matrix.rows());
    for (int c = 0; c < target.channels; ++c) {
      for (int y = 0; y < target.height; ++y) {
        for (int x = 0; x < target.width; ++x) {
          const int p = y * target.width + x;
          guess[p] = target(x, y, c);
          right[p] = static_cast<double>(measured.weight(x, y)) * measured.values(x, y, c) +
                     kAnchorWeight * guess[p];
        }
      }
      const Eigen::VectorXd solution =
          SolveWatched(solver, right, guess, PartOf(input.progress, c, target.channels));
      for (int y = 0; y < target.height; ++y) {
        for (int x = 0; x < target.width; ++x) {
          output.image(x, y, c) = static_cast<float>(solution[y * target.width + x]);
        }
      }
    }
  }

 private:
  Parameters parameters_;
};

}  // namespace

FilterKind ParkKind() {
  return {{{"smoothness", kSmoothness, 0, 1e4, "", "lambda_s, of the eight neighbours"},
           {"nonlocal", kNonlocal, 0, 1e4, "", "lambda_N, of the window"},
           {"sigma_color", 0.05, 1e-3, 100, "",
            "of the Gaussian of neighbours' differences in the guide, of values in [0, 1]"},
           {"sigma_depth", kSigmaDepth, 1e-3, 100, "",
            "of the Gaussian of their differences in the target, of values in [0, 1]"},
           {"segment_weight", 0.7, 0.01, 1, "", "of neighbours in different segments; 1: none"},
           {"segment_size", 0.5, 0, 1e3, "", "how readily colours join to a segment"},
           {"saliency", 100.0, 0, 1e6, "", "how much the guide's squared gradients weaken"},
           {"radius", 3, 1, 8, "pixels", "the window is 2 radius + 1 pixels wide", true},
           {"sigma_space", 2.0, 0.1, 100, "pixels", "of the window's Gaussian in flat places"},
           {"anisotropy", 50.0, 0, 1e6, "", "how much narrower it is along the guide's gradients"},
           {"tolerance", 1e-5, 1e-12, 0.1, "", "of the linear system's residual"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<NonlocalLeastSquares>(values);
          }};
}

}  // namespace dkn
