#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "dkn/joint_filter.h"
#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// Chosen for depth maps with noise: the least RMSE on nyu_val in experiments/denoise.json, of radii
// 2, 3, 4, 6, 8, 12 and epsilons 1e-5 to 1e-1, two a decade around the least.
constexpr int kRadius = 3;
constexpr double kEpsilon = 3e-3;

// Rows of the image that one task filters. Running sums start anew in each, whatever the number of
// threads, so neither rounding nor memory grows with the image's height.
constexpr int kBandRows = 64;

// `planes` rows of `width` values.
class PlaneRow {
 public:
  PlaneRow(int planes, int width)
      : width_(width), values_(static_cast<std::size_t>(planes) * width) {}
  int planes() const { return static_cast<int>(values_.size()) / width_; }
  int width() const { return width_; }
  double* operator[](int plane) { return values_.data() + Offset(plane); }
  const double* operator[](int plane) const { return values_.data() + Offset(plane); }

 private:
  std::size_t Offset(int plane) const { return static_cast<std::size_t>(plane) * width_; }

  int width_;
  std::vector<double> values_;
};

// How many of the pixels i - radius .. i + radius lie in [0, size).
int Extent(int i, int size, int radius) {
  return std::min(size, i + radius + 1) - std::max(0, i - radius);
}

// Calls use(y) for each row y of [begin, end) when the rows of its window, those of y - radius ..
// y + radius in [0, height), are the ones that change(row, 1) added and change(row, -1) did not
// take away again.
template <typename Change, typename Use>
void SlideDown(int begin, int end, int height, int radius, const Change& change, const Use& use) {
  for (int row = std::max(0, begin - radius); row < std::min(height, begin + radius); ++row) {
    change(row, 1.0);
  }
  for (int y = begin; y < end; ++y) {
    if (y + radius < height) {
      change(y + radius, 1.0);
    }
    if (y > begin && y > radius) {
      change(y - radius - 1, -1.0);
    }
    use(y);
  }
}

// window[p][x] = the sum of columns[p][x - radius .. x + radius], cut at the border.
void SlideAlong(const PlaneRow& columns, int radius, PlaneRow& window) {
  const int width = columns.width();
  for (int plane = 0; plane < columns.planes(); ++plane) {
    const double* in = columns[plane];
    double* out = window[plane];
    double sum = 0.0;
    for (int x = 0; x < std::min(radius, width); ++x) {
      sum += in[x];
    }
    for (int x = 0; x < width; ++x) {
      sum += x + radius < width ? in[x + radius] : 0.0;
      sum -= x > radius ? in[x - radius - 1] : 0.0;
      out[x] = sum;
    }
  }
}

// The filter for a guide of N channels and any number of target channels. He, Sun, Tang: Guided
// image filtering, TPAMI 2013. In the window around a pixel the target is fitted by an affine
// function of the guide, a . I + b, with ridge regression on a; the output at a pixel is the mean,
// over all windows that hold it, of their functions there. Windows are cut at the border.
template <int N>
class Guided {
 public:
  Guided(const FilterInput& input, int radius, double epsilon)
      : guide_(input.guide), target_(input.target), radius_(radius), epsilon_(epsilon) {}

  // Rows [begin, end) of `out`.
  void FilterRows(int begin, int end, View out) const {
    const int height = guide_.height;
    const int first = std::max(0, begin - radius_);
    std::vector<PlaneRow> coefficients;  // of rows `first` and after
    PlaneRow moments(kGuideMoments + target_.channels * (N + 1), guide_.width);
    PlaneRow moments_window = moments;
    SlideDown(
        first, std::min(height, end + radius_), height, radius_,
        [&](int y, double sign) { AddMoments(y, sign, moments); },
        [&](int y) {
          SlideAlong(moments, radius_, moments_window);
          coefficients.push_back(Fit(moments_window, Extent(y, height, radius_)));
        });
    PlaneRow sums(target_.channels * (N + 1), guide_.width);
    PlaneRow sums_window = sums;
    SlideDown(
        begin, end, height, radius_,
        [&](int y, double sign) { Add(coefficients[y - first], sign, sums); },
        [&](int y) {
          SlideAlong(sums, radius_, sums_window);
          Evaluate(sums_window, y, out);
        });
  }

 private:
  // Planes of moments: I, I I^T (lower triangle), and p, p I for each channel p of the target.
  // Planes of coefficients: a, b for each channel.
  static constexpr int kGuideMoments = N + N * (N + 1) / 2;

  void AddMoments(int y, double sign, PlaneRow& sums) const {
    int plane = N;
    for (int i = 0; i < N; ++i) {
      AddRow(guide_.Row(y, i), sign, sums[i]);
      for (int j = 0; j <= i; ++j) {
        AddProduct(guide_.Row(y, i), guide_.Row(y, j), sign, sums[plane++]);
      }
    }
    for (int t = 0; t < target_.channels; ++t) {
      AddRow(target_.Row(y, t), sign, sums[plane++]);
      for (int i = 0; i < N; ++i) {
        AddProduct(target_.Row(y, t), guide_.Row(y, i), sign, sums[plane++]);
      }
    }
  }

  void AddRow(const float* a, double sign, double* sums) const {
    for (int x = 0; x < guide_.width; ++x) {
      sums[x] += sign * a[x];
    }
  }

  void AddProduct(const float* a, const float* b, double sign, double* sums) const {
    for (int x = 0; x < guide_.width; ++x) {
      sums[x] += sign * a[x] * b[x];
    }
  }

  static void Add(const PlaneRow& row, double sign, PlaneRow& sums) {
    for (int plane = 0; plane < row.planes(); ++plane) {
      for (int x = 0; x < row.width(); ++x) {
        sums[plane][x] += sign * row[plane][x];
      }
    }
  }

  // The coefficients of a row of windows, `rows` pixels high, from the sums over them.
  PlaneRow Fit(const PlaneRow& window, int rows) const {
    const int width = guide_.width;
    PlaneRow coefficients(target_.channels * (N + 1), width);
    for (int x = 0; x < width; ++x) {
      const double scale = 1.0 / (static_cast<double>(rows) * Extent(x, width, radius_));
      double mean[N];
      double factor[N][N];
      int plane = N;
      for (int i = 0; i < N; ++i) {
        mean[i] = scale * window[i][x];
        for (int j = 0; j <= i; ++j) {
          factor[i][j] = scale * window[plane++][x] - mean[i] * mean[j];
        }
      }
      Factor(factor);
      for (int t = 0; t < target_.channels; ++t) {
        const double target_mean = scale * window[plane++][x];
        double a[N];
        for (int i = 0; i < N; ++i) {
          a[i] = scale * window[plane++][x] - target_mean * mean[i];
        }
        Solve(factor, a);
        double b = target_mean;
        for (int i = 0; i < N; ++i) {
          coefficients[t * (N + 1) + i][x] = a[i];
          b -= a[i] * mean[i];
        }
        coefficients[t * (N + 1) + N][x] = b;
      }
    }
    return coefficients;
  }

  // The Cholesky factor of m + epsilon, in m's place; lower triangles.
  void Factor(double (&m)[N][N]) const {
    for (int j = 0; j < N; ++j) {
      for (int i = j; i < N; ++i) {
        double sum = m[i][j] + (i == j ? epsilon_ : 0.0);
        for (int k = 0; k < j; ++k) {
          sum -= m[i][k] * m[j][k];
        }
        // A pivot is at least epsilon but for rounding, m being positive semidefinite.
        m[i][j] = i == j ? std::sqrt(std::max(sum, epsilon_)) : sum / m[j][j];
      }
    }
  }

  // Solves factor factor^T x = b in b's place.
  static void Solve(const double (&factor)[N][N], double (&b)[N]) {
    for (int i = 0; i < N; ++i) {
      for (int k = 0; k < i; ++k) {
        b[i] -= factor[i][k] * b[k];
      }
      b[i] /= factor[i][i];
    }
    for (int i = N - 1; i >= 0; --i) {
      for (int k = i + 1; k < N; ++k) {
        b[i] -= factor[k][i] * b[k];
      }
      b[i] /= factor[i][i];
    }
  }

  // Row y of the output, from the coefficients' sums over the windows.
  void Evaluate(const PlaneRow& sums, int y, View out) const {
    const int rows = Extent(y, guide_.height, radius_);
    for (int t = 0; t < target_.channels; ++t) {
      float* row = out.Row(y, t);
      for (int x = 0; x < guide_.width; ++x) {
        double value = sums[t * (N + 1) + N][x];
        for (int i = 0; i < N; ++i) {
          value += sums[t * (N + 1) + i][x] * guide_(x, y, i);
        }
        const int pixels = rows * Extent(x, guide_.width, radius_);
        row[x] = static_cast<float>(value / pixels);
      }
    }
  }

  ConstView guide_;
  ConstView target_;
  int radius_;
  double epsilon_;
};

class GuidedFilter : public JointFilter {
 public:
  GuidedFilter(int radius, double epsilon) : radius_(radius), epsilon_(epsilon) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    if (input.guide.channels == 1) {
      FilterBands(Guided<1>(input, radius_, epsilon_), output.image);
    } else {
      FilterBands(Guided<3>(input, radius_, epsilon_), output.image);
    }
  }

 private:
  template <typename Filter>
  static void FilterBands(const Filter& filter, View out) {
    ParallelFor(0, (out.height + kBandRows - 1) / kBandRows, [&](int band) {
      const int begin = band * kBandRows;
      filter.FilterRows(begin, std::min(out.height, begin + kBandRows), out);
    });
  }

  int radius_;
  double epsilon_;
};

}  // namespace

FilterKind GuidedKind() {
  return {{{"radius", kRadius, 0, 1000, "pixels", "windows are 2 radius + 1 pixels wide", true},
           {"epsilon", kEpsilon, 1e-9, 1e6, "",
            "added to the guide's variances, of values in [0, 1]: larger is smoother"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<GuidedFilter>(static_cast<int>(values.at("radius")),
                                                  values.at("epsilon"));
          }};
}

}  // namespace dkn
