#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first four images at 8x, of sigma_space 4 and 8, sigma_luma and
// sigma_chroma 4 and 16 and lambdas 1, 8 and 128; the number of iterations is the authors'.
constexpr double kSigmaSpace = 4.0;
constexpr double kSigmaLuma = 4.0;
constexpr double kSigmaChroma = 16.0;
constexpr double kLambda = 8.0;
constexpr int kIterations = 25;

constexpr int kDimensions = 5;                 // x, y, luma, two of chroma
constexpr int kBistochastizations = 10;        // of the authors' code
constexpr double kTolerance = 1e-5;            // of the conjugate gradients, the authors'
constexpr double kCentre = 2.0 * kDimensions;  // the blur's weight of a vertex; of neighbours: 1
// A sample's confidence falls with the distance from it, by a Gaussian of this share of the step.
constexpr float kBump = 0.25f;

using Vector = Eigen::VectorXd;
using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor, int>;

// The pixels of a guide in a bilateral space of x, y, luma and chroma: a vertex for each cell of it
// that has pixels.
class BilateralGrid {
 public:
  BilateralGrid(ConstView guide, double sigma_space, double sigma_luma, double sigma_chroma)
      : width_(guide.width), vertex_(static_cast<std::size_t>(guide.width) * guide.height) {
    std::vector<std::uint64_t> keys(vertex_.size());
    ParallelFor(0, guide.height, [&](int y) {
      for (int x = 0; x < guide.width; ++x) {
        const std::array<double, 3> color = LumaAndChroma(guide, x, y);
        keys[At(x, y)] = KeyOf({static_cast<std::uint64_t>(x / sigma_space),
                                static_cast<std::uint64_t>(y / sigma_space),
                                static_cast<std::uint64_t>(color[0] / sigma_luma),
                                static_cast<std::uint64_t>(color[1] / sigma_chroma),
                                static_cast<std::uint64_t>(color[2] / sigma_chroma)});
      }
    });
    std::vector<std::uint64_t> vertices = keys;
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    vertices.shrink_to_fit();
    ParallelFor(0, guide.height, [&](int y) {
      for (int x = 0; x < guide.width; ++x) {
        vertex_[At(x, y)] = FindKey(vertices, keys[At(x, y)]);
      }
    });
    MakeBlur(vertices);
  }

  int vertices() const { return static_cast<int>(blur_.rows()); }
  int VertexOf(int x, int y) const { return vertex_[At(x, y)]; }
  // A vertex and its neighbours along each axis: [kCentre at the centre, 1 at the others].
  const Matrix& blur() const { return blur_; }

  // The sums over each vertex' pixels of value(x, y).
  template <typename Value>
  Vector Splat(const Value& value) const {
    Vector sums = Vector::Zero(vertices());
    const auto height = static_cast<int>(vertex_.size()) / width_;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width_; ++x) {
        sums[VertexOf(x, y)] += value(x, y);
      }
    }
    return sums;
  }

 private:
  // Bits of x, y, luma and chroma in a key.
  static constexpr std::array<int, kDimensions> kBits = {20, 20, 8, 8, 8};

  static std::uint64_t KeyOf(const std::array<std::uint64_t, kDimensions>& cell) {
    std::uint64_t key = 0;
    for (int d = 0; d < kDimensions; ++d) {
      key = key << kBits[d] | std::min(cell[d], (std::uint64_t{1} << kBits[d]) - 1);
    }
    return key;
  }

  // JPEG's YCbCr, from 0 to 255, and a little more: what rounding leaves just below the edge of a
  // cell, grey above all, is in it.
  static std::array<double, 3> LumaAndChroma(ConstView guide, int x, int y) {
    double rgb[3];
    for (int c = 0; c < 3; ++c) {
      rgb[c] = 255.0 * std::clamp(guide(x, y, std::min(c, guide.channels - 1)), 0.0f, 1.0f);
    }
    constexpr double kMore = 1e-4;
    return {kMore + 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2],
            kMore + std::max(0.0, 128.0 - 0.168736 * rgb[0] - 0.331264 * rgb[1] + 0.5 * rgb[2]),
            kMore + std::max(0.0, 128.0 + 0.5 * rgb[0] - 0.418688 * rgb[1] - 0.081312 * rgb[2])};
  }

  static int FindKey(const std::vector<std::uint64_t>& vertices, std::uint64_t key) {
    const auto found = std::lower_bound(vertices.begin(), vertices.end(), key);
    return found != vertices.end() && *found == key ? static_cast<int>(found - vertices.begin())
                                                    : -1;
  }

  void MakeBlur(const std::vector<std::uint64_t>& vertices) {
    const auto count = static_cast<int>(vertices.size());
    std::vector<std::array<int, 2 * kDimensions>> neighbours(vertices.size());
    ParallelFor(0, count, [&](int v) {
      int shift = 0;
      for (int d = kDimensions - 1; d >= 0; --d) {
        const std::uint64_t largest = (std::uint64_t{1} << kBits[d]) - 1;
        const std::uint64_t at = vertices[v] >> shift & largest;
        const std::uint64_t one = std::uint64_t{1} << shift;
        neighbours[v][2 * d] = at > 0 ? FindKey(vertices, vertices[v] - one) : -1;
        neighbours[v][2 * d + 1] = at < largest ? FindKey(vertices, vertices[v] + one) : -1;
        shift += kBits[d];
      }
    });
    blur_.resize(count, count);
    blur_.reserve(Eigen::VectorXi::Constant(count, 2 * kDimensions + 1));
    for (int v = 0; v < count; ++v) {
      std::array<int, 2 * kDimensions> sorted = neighbours[v];
      std::sort(sorted.begin(), sorted.end());
      bool centre = false;
      for (const int other : sorted) {
        if (other >= 0) {
          if (other > v && !centre) {
            blur_.insert(v, v) = kCentre;
            centre = true;
          }
          blur_.insert(v, other) = 1.0;
        }
      }
      if (!centre) {
        blur_.insert(v, v) = kCentre;
      }
    }
    blur_.makeCompressed();
  }

  std::size_t At(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }

  int width_;
  std::vector<int> vertex_;  // of each pixel
  Matrix blur_;
};

// How far to trust each pixel of the target: how much of it is measured, and how near a sample is.
Image ConfidenceOf(const FilterInput& input) {
  const ConstView target = input.target;
  Image confidence = MeasuredShare(input);
  const MeasuredSamples& samples = input.samples;
  if (!samples.values.empty()) {
    const auto distance = [](int pixel, float first, float step, int count) {
      const float place = (static_cast<float>(pixel) - first) / step;
      const float nearest = std::clamp(std::round(place), 0.0f, static_cast<float>(count - 1));
      return (place - nearest) / kBump;
    };
    ParallelFor(0, target.height, [&](int y) {
      const float dy = distance(y, samples.first_y, samples.step_y, samples.values.height);
      for (int x = 0; x < target.width; ++x) {
        const float dx = distance(x, samples.first_x, samples.step_x, samples.values.width);
        confidence(x, y) *= std::exp(-0.5f * (dx * dx + dy * dy));
      }
    });
  }
  return confidence;
}

// Barron, Poole: The fast bilateral solver, ECCV 2016. The x that minimises
//   lambda / 2 sum_{ij} W_ij (x_i - x_j)^2 + sum_i c_i (x_i - t_i)^2          (Eq. (1))
// with W the bistochastised bilateral affinity, in bilateral space: x = S^T y and
//   (lambda (D_m - D_n B D_n) + diag(S c)) y = S (c t)                       (Eq. (6) to (8))
// by conjugate gradients with the Jacobi preconditioner, stopped early. Vertices have no weights of
// interpolation, so that the result is constant over the pixels of one.
class FastBilateralSolver : public JointFilter {
 public:
  explicit FastBilateralSolver(const FilterSettings& values)
      : sigma_space_(values.at("sigma_space")),
        sigma_luma_(values.at("sigma_luma")),
        sigma_chroma_(values.at("sigma_chroma")),
        lambda_(values.at("lambda")),
        iterations_(static_cast<int>(values.at("iterations"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const BilateralGrid grid(input.guide, sigma_space_, sigma_luma_, sigma_chroma_);
    const Image confidence = ConfidenceOf(input);
    const Vector weight =
        grid.Splat([&](int x, int y) { return static_cast<double>(confidence(x, y)); });
    const Vector pixels = grid.Splat([](int, int) { return 1.0; });
    const Matrix matrix = MakeMatrix(grid, pixels, weight);
    Eigen::ConjugateGradient<Matrix, Eigen::Lower | Eigen::Upper> solver;
    solver.setTolerance(kTolerance);
    solver.setMaxIterations(iterations_);
    solver.compute(matrix);
    output.image.Reset(target.width, target.height, target.channels);
    for (int c = 0; c < target.channels; ++c) {
      const Vector right = grid.Splat(
          [&](int x, int y) { return static_cast<double>(confidence(x, y)) * target(x, y, c); });
      // Where nothing is trusted, what the target has there.
      Vector guess = grid.Splat([&](int x, int y) { return static_cast<double>(target(x, y, c)); });
      for (int v = 0; v < grid.vertices(); ++v) {
        guess[v] = weight[v] > 0.0 ? right[v] / weight[v] : guess[v] / pixels[v];
      }
      const Vector solution = solver.solveWithGuess(right, guess);
      for (int y = 0; y < target.height; ++y) {
        for (int x = 0; x < target.width; ++x) {
          output.image(x, y, c) = static_cast<float>(solution[grid.VertexOf(x, y)]);
        }
      }
    }
  }

 private:
  // lambda (D_m - D_n B D_n) + diag(weight): their Algorithm 1 makes n and m.
  Matrix MakeMatrix(const BilateralGrid& grid, const Vector& pixels, const Vector& weight) const {
    Vector n = Vector::Ones(grid.vertices());
    for (int i = 0; i < kBistochastizations; ++i) {
      n = (n.array() * pixels.array() / (grid.blur() * n).array()).sqrt().matrix();
    }
    const Vector m = (n.array() * (grid.blur() * n).array()).matrix();
    Matrix matrix = grid.blur();
    for (int v = 0; v < grid.vertices(); ++v) {
      for (Matrix::InnerIterator entry(matrix, v); entry; ++entry) {
        const double smooth = n[v] * n[entry.col()] * entry.value();
        entry.valueRef() =
            entry.col() == v ? lambda_ * (m[v] - smooth) + weight[v] : -lambda_ * smooth;
      }
    }
    return matrix;
  }

  double sigma_space_;
  double sigma_luma_;
  double sigma_chroma_;
  double lambda_;
  int iterations_;
};

}  // namespace

FilterKind FbsKind() {
  return {{{"sigma_space", kSigmaSpace, 1, 1e4, "pixels", "the grid's cells along x and y"},
           {"sigma_luma", kSigmaLuma, 1, 256, "", "and along luma, of 0 to 255"},
           {"sigma_chroma", kSigmaChroma, 1, 256, "", "and along chroma, of 0 to 255"},
           {"lambda", kLambda, 0, 1e6, "", "how much is smoothed"},
           {"iterations", kIterations, 1, 10000, "", "of conjugate gradients at most", true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<FastBilateralSolver>(values);
          }};
}

}  // namespace dkn
