#include "src/imaging/guided_fill.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"
#include "src/imaging/halving.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"

namespace dkn {
namespace {

// The least RMSE of fdkn_x8 on nyu_val in experiments/holes_x8.json. A half or twice of any changes
// it by less than half a percent; without second differences it is 4 % larger.
constexpr float kColourSigma = 0.03f;   // differences of colour that count as one thing
constexpr float kLeastWeight = 0.003f;  // across any border: no hole is cut off
constexpr float kFirstDifferences = 0.1f;
constexpr float kTolerance = 1e-4f;  // of values in [0, 1]
// Of a level with many holes few iterations do: those before it left little. 10 change that RMSE by
// 0.3 %, 30 by 0.05 %.
constexpr std::size_t kHolesTimesIterations = 1'500'000;
constexpr std::size_t kLeastIterations = 10;
constexpr std::size_t kMostIterations = 100;

constexpr int kMargin = 2;  // around an image: how far a pixel's terms reach
constexpr int kRowsPerJob = 16;
constexpr std::size_t kHolesPerJob = 4096;

// Half of a pixel's 8 neighbours; the others are those whose neighbour it is.
struct Direction {
  int x;
  int y;
  float closeness;
};
constexpr std::array<Direction, 4> kDirections = {
    {{1, 0, 1.0f}, {0, 1, 1.0f}, {1, 1, 0.70710678f}, {-1, 1, 0.70710678f}}};

// How far the colours of neighbours are one, times the neighbour's closeness, for rows of pixels
// and each direction: about 1 to kLeastWeight; 0 where the neighbour or the pixel lies outside.
class Likeness {
 public:
  // Measures rows [top, bottom) of the guide; they may reach beyond it.
  Likeness(ConstView guide, int top, int bottom)
      : top_(top), stride_(guide.width + 2 * kMargin), values_(kDirections.size()) {
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      values_[d].resize(static_cast<std::size_t>((bottom - top) * stride_));
      for (int y = std::max(top, 0); y < std::min(bottom, guide.height - kDirections[d].y); ++y) {
        MeasureRow(guide, y, kDirections[d], &values_[d][Index(0, y)]);
      }
    }
  }

  // The value of the pixel that lies so many steps of the direction away from (x, y).
  float Of(int x, int y, std::size_t direction, int steps) const {
    const Direction& to = kDirections[direction];
    return values_[direction][Index(x + steps * to.x, y + steps * to.y)];
  }

 private:
  std::size_t Index(int x, int y) const {
    return static_cast<std::size_t>((y - top_) * stride_ + x + kMargin);
  }

  // exp(-square / (2 kColourSigma^2)) but for its tail, as (1 + s / 16)^-16 in a loop that
  // compilers vectorise.
  static void MeasureRow(ConstView guide, int y, const Direction& to, float* values) {
    const int begin = std::max(0, -to.x);
    const int end = std::min(guide.width, guide.width - to.x);
    for (int c = 0; c < guide.channels; ++c) {
      const float* from = guide.Row(y, c);
      const float* neighbour = guide.Row(y + to.y, c) + to.x;
      for (int x = begin; x < end; ++x) {
        const float difference = from[x] - neighbour[x];
        values[x] += difference * difference;
      }
    }
    const float scale =
        1.0f / (16.0f * 2.0f * kColourSigma * kColourSigma * static_cast<float>(guide.channels));
    for (int x = begin; x < end; ++x) {
      const float base = 1.0f + scale * values[x];
      const float square = base * base;
      const float fourth = square * square;
      const float eighth = fourth * fourth;
      values[x] = to.closeness * (kLeastWeight + 1.0f / (eighth * eighth));
    }
  }

  const int top_;
  const int stride_;
  std::vector<std::vector<float>> values_;
};

// A hole's row of the linear system: factors of its own value, and of those one and two steps away.
struct Row {
  float own;
  std::array<std::array<float, 4>, kDirections.size()> others;  // -2, -1, 1, 2 steps
};

// One level of the pyramid: a sum of squares, and its minimum over the values of holes.
class Level {
 public:
  Level(ConstView guide, ConstView image)
      : width_(image.width), height_(image.height), stride_(image.width + 2 * kMargin) {
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      steps_[d] = kDirections[d].y * stride_ + kDirections[d].x;
    }
    std::vector<std::size_t> first(static_cast<std::size_t>(height_) + 1);  // hole of each row
    for (int y = 0; y < height_; ++y) {
      const float* row = image.Row(y);
      first[y + 1] = first[y] + static_cast<std::size_t>(std::count_if(
                                    row, row + width_, [](float v) { return !std::isfinite(v); }));
    }
    rows_.resize(first.back());
    pixels_.resize(first.back());
    ParallelFor(0, (height_ + kRowsPerJob - 1) / kRowsPerJob, [&](int job) {
      const int top = job * kRowsPerJob;
      const int bottom = std::min(top + kRowsPerJob, height_);
      if (first[top] == first[bottom]) {
        return;
      }
      const Likeness alike(guide, top - kMargin, bottom + 1);
      std::size_t hole = first[top];
      for (int y = top; y < bottom; ++y) {
        for (int x = 0; x < width_; ++x) {
          if (!std::isfinite(image(x, y))) {
            pixels_[hole] = Index(x, y);
            rows_[hole++] = MakeRow(alike, x, y);
          }
        }
      }
    });
  }

  // Fills the holes of an image with values in [0, 1], from a first guess: the one that halves it.
  void Fill(ConstView half, View image) const {
    std::vector<float> values(static_cast<std::size_t>((height_ + 2 * kMargin) * stride_));
    for (int y = 0; y < height_; ++y) {
      std::copy_n(image.Row(y), width_, &values[static_cast<std::size_t>(Index(0, y))]);
    }
    ForHoles([&](std::size_t i) {
      values[pixels_[i]] = ReadDoubled(half, X(pixels_[i]), Y(pixels_[i]));
    });
    Minimize(values);
    for (const std::ptrdiff_t pixel : pixels_) {
      image(X(pixel), Y(pixel)) = values[pixel];
    }
  }

 private:
  std::ptrdiff_t Index(int x, int y) const { return (y + kMargin) * stride_ + x + kMargin; }
  int X(std::ptrdiff_t pixel) const { return static_cast<int>(pixel % stride_) - kMargin; }
  int Y(std::ptrdiff_t pixel) const { return static_cast<int>(pixel / stride_) - kMargin; }

  // Half the gradient of the sum by the hole's value; first differences are a, second ones b.
  Row MakeRow(const Likeness& alike, int x, int y) const {
    Row row{0.0f, {}};
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      const float before2 = alike.Of(x, y, d, -2);
      const float before = alike.Of(x, y, d, -1);
      const float here = alike.Of(x, y, d, 0);
      const float after = alike.Of(x, y, d, 1);
      const float a_before = kFirstDifferences * before;
      const float a_here = kFirstDifferences * here;
      const float far = 1.0f / kDirections[d].closeness;  // counts once
      const float b_before2 = far * before2 * before;
      const float b_before = far * before * here;
      const float b_here = far * here * after;
      row.own += a_before + a_here + b_before2 + 4.0f * b_before + b_here;
      row.others[d] = {b_before2, -a_before - 2.0f * (b_before2 + b_before),
                       -a_here - 2.0f * (b_before + b_here), b_here};
    }
    return row;
  }

  float Product(std::size_t hole, const std::vector<float>& values) const {
    const Row& row = rows_[hole];
    const float* at = &values[pixels_[hole]];
    float sum = row.own * at[0];
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      const std::ptrdiff_t step = steps_[d];
      sum += row.others[d][0] * at[-2 * step] + row.others[d][1] * at[-step] +
             row.others[d][2] * at[step] + row.others[d][3] * at[2 * step];
    }
    return sum;
  }

  // Calls body(i) for each hole, in jobs side by side, and gives the sum of what it returns, which
  // is the same for any number of threads.
  template <typename Body>
  double SumOverHoles(const Body& body) const {
    const std::size_t jobs = (rows_.size() + kHolesPerJob - 1) / kHolesPerJob;
    std::vector<double> sums(jobs);
    const auto run = [&](std::size_t job) {
      const std::size_t end = std::min((job + 1) * kHolesPerJob, rows_.size());
      double sum = 0.0;
      for (std::size_t i = job * kHolesPerJob; i < end; ++i) {
        sum += body(i);
      }
      sums[job] = sum;
    };
    if (jobs == 1) {
      run(0);
    } else {
      ParallelFor(0, static_cast<int>(jobs), [&](int job) { run(static_cast<std::size_t>(job)); });
    }
    return std::accumulate(sums.begin(), sums.end(), 0.0);
  }
  template <typename Body>
  void ForHoles(const Body& body) const {
    SumOverHoles([&](std::size_t i) {
      body(i);
      return 0.0;
    });
  }

  // By conjugate gradients preconditioned by the diagonal (Hestenes, Stiefel 1952), until no value
  // would change by more than kTolerance in a Jacobi step.
  void Minimize(std::vector<float>& values) const {
    const std::size_t count = rows_.size();
    std::vector<float> gradient(count), scaled(count), product(count), diagonal(count);
    std::vector<float> direction(values.size());
    const auto scale = [&](std::size_t i) {
      scaled[i] = gradient[i] / diagonal[i];
      return double{gradient[i]} * scaled[i];
    };
    double now = SumOverHoles([&](std::size_t i) {
      gradient[i] = Product(i, values);
      diagonal[i] = rows_[i].own;
      return scale(i);
    });
    double keep = 0.0;
    const std::size_t iterations =
        std::clamp(kHolesTimesIterations / count, kLeastIterations, kMostIterations);
    for (std::size_t iteration = 0; iteration < iterations; ++iteration) {
      if (std::all_of(scaled.begin(), scaled.end(),
                      [](float value) { return std::abs(value) <= kTolerance; })) {
        return;
      }
      ForHoles([&](std::size_t i) {
        float& value = direction[pixels_[i]];
        value = static_cast<float>(keep) * value - scaled[i];
      });
      const double curvature = SumOverHoles([&](std::size_t i) {
        product[i] = Product(i, direction);
        return double{product[i]} * direction[pixels_[i]];
      });
      const auto step = static_cast<float>(now / curvature);
      const double before = now;
      now = SumOverHoles([&](std::size_t i) {
        values[pixels_[i]] += step * direction[pixels_[i]];
        gradient[i] += step * product[i];
        return scale(i);
      });
      keep = now / before;
    }
  }

  const int width_;
  const int height_;
  const std::ptrdiff_t stride_;
  std::array<std::ptrdiff_t, kDirections.size()> steps_{};
  std::vector<std::ptrdiff_t> pixels_;  // the holes, in an image with margins
  std::vector<Row> rows_;               // of each hole
};

// Goes from coarse to fine: each level begins with what the level of half its size came to.
void FillLevels(ConstView guide, View image) {
  if (!HasHoles(image)) {
    return;
  }
  Image half = Halve(image);
  FillLevels(Halve(guide), half);
  Level(guide, image).Fill(half, image);
}

void FillChannel(ConstView guide, View image) {
  const ValueRange range = FiniteRange(image);
  const double extent = double{range.high} - range.low;
  const auto for_each = [&](const auto& body) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        body(x, y, image(x, y));
      }
    }
  };
  Image unit(image.width, image.height);  // with values in [0, 1]: floats are finest there
  for_each([&](int x, int y, float value) {
    unit(x, y) = extent > 0.0 ? static_cast<float>((value - range.low) / extent) : 0.0f * value;
  });
  FillLevels(guide, unit);
  for_each([&](int x, int y, float& value) {
    if (!std::isfinite(value)) {
      value =
          std::clamp(static_cast<float>(range.low + extent * unit(x, y)), range.low, range.high);
    }
  });
}

}  // namespace

void FillHolesByGuide(ConstView guide, View image) {
  if (!SameSize(guide, ConstView(image))) {
    throw Error("the guide to fill by is " + SizeText(guide) + ", expected the image's size, " +
                SizeText(image));
  }
  for (int c = 0; c < image.channels; ++c) {
    if (HasHoles(image.Channel(c))) {
      FillChannel(guide, image.Channel(c));
    }
  }
}

std::size_t FillBytes(int width, int height, int guide_channels, std::size_t holes) {
  // Of a hole its row and index, and its four values while a level is minimised.
  constexpr std::size_t kHoleBytes = sizeof(Row) + sizeof(std::ptrdiff_t) + 4 * sizeof(float);
  const std::size_t plane = sizeof(float) * static_cast<std::size_t>(width + 2 * kMargin) *
                            static_cast<std::size_t>(height + 2 * kMargin);
  // The image in [0, 1], a level's values and directions; the halves of image and guide are a
  // third.
  const std::size_t planes = 3 * plane + plane * static_cast<std::size_t>(1 + guide_channels) / 3;
  return holes * kHoleBytes + planes;
}

}  // namespace dkn
