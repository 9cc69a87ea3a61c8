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
#include "src/imaging/likeness.h"
#include "src/imaging/value_range.h"

namespace dkn {
namespace {

// The least RMSE of fdkn_x8 on nyu_val in experiments/holes_x8.json. A half or twice changes it by
// less than half a percent; without second differences it is 4 % larger.
constexpr float kFirstDifferences = 0.1f;
constexpr float kTolerance = 1e-4f;  // of values in [0, 1]
// Of a level with many holes few iterations do: those before it left little. Twice as many change
// errors in holes by less than 1 %.
constexpr std::size_t kHolesTimesIterations = 750'000;
constexpr std::size_t kLeastIterations = 10;
constexpr std::size_t kMostIterations = 100;

// A slope of values in [0, 1], per longer side of an image without holes, from which on it counts
// by its size and no more by its square: surfaces end at edges instead of melting into each other.
// Half changes the mean error in holes (docs/numerics.md) by less than 1 %, twice by 3 %.
// It is as many times steeper as there are pixels for a measured one: edges between samples that
// lie far apart cannot be told, and pretending costs 2 to 8 % of a lidar's RMSE on nyu_val.
constexpr float kSlope = 2.5f;
// How often squares are weighed anew: on the finest level, and on the coarser ones, which decide
// where edges lie and cost little.
constexpr int kRounds = 2;
constexpr int kCoarseRounds = 4;

constexpr int kMargin = Likeness::kMargin;  // around an image: how far a pixel's terms reach
constexpr int kRowsPerJob = 16;
constexpr std::size_t kHolesPerJob = 4096;

// A hole's row of the linear system: factors of its own value, and of those one and two steps away.
struct Row {
  float own;
  std::array<std::array<float, 4>, kDirections.size()> others;  // -2, -1, 1, 2 steps
};

// One level of the pyramid: a sum of squares, and its minimum over the values of holes.
class Level {
 public:
  // Of an image with values in [0, 1]; the holes begin with what the image that halves it has.
  Level(ConstView image, ConstView half, float slope)
      : width_(image.width),
        height_(image.height),
        stride_(image.width + 2 * kMargin),
        per_slope_(static_cast<float>(std::max(width_, height_)) / slope),
        first_(static_cast<std::size_t>(height_) + 1),
        values_(static_cast<std::size_t>((height_ + 2 * kMargin) * stride_)) {
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      steps_[d] = kDirections[d].y * stride_ + kDirections[d].x;
    }
    for (int y = 0; y < height_; ++y) {
      const float* row = image.Row(y);
      first_[y + 1] =
          first_[y] + static_cast<std::size_t>(std::count_if(
                          row, row + width_, [](float v) { return !std::isfinite(v); }));
    }
    rows_.resize(first_.back());
    pixels_.resize(first_.back());
    ForRows([&](int top, int bottom) {
      std::size_t hole = first_[top];
      for (int y = top; y < bottom; ++y) {
        for (int x = 0; x < width_; ++x) {
          const float value = image(x, y);
          const bool measured = std::isfinite(value);
          const std::ptrdiff_t at = Index(x, y);
          values_[at] = measured ? value : ReadDoubled(half, x, y);
          if (!measured) {
            pixels_[hole++] = at;
          }
        }
      }
    });
  }

  // Moves the holes to the minimum, squares being weighed by what they are now.
  void Fill(ConstView guide) {
    ForRows([&](int top, int bottom) {
      if (first_[top] == first_[bottom]) {
        return;
      }
      const Likeness alike(guide, top - kMargin, bottom + 1);
      for (std::size_t hole = first_[top]; hole < first_[bottom]; ++hole) {
        rows_[hole] = MakeRow(alike, pixels_[hole]);
      }
    });
    Minimize(values_);
  }

  // Writes what the holes are.
  void Write(View image) const {
    for (const std::ptrdiff_t pixel : pixels_) {
      image(X(pixel), Y(pixel)) = values_[pixel];
    }
  }

 private:
  std::ptrdiff_t Index(int x, int y) const { return (y + kMargin) * stride_ + x + kMargin; }
  int X(std::ptrdiff_t pixel) const { return static_cast<int>(pixel % stride_) - kMargin; }
  int Y(std::ptrdiff_t pixel) const { return static_cast<int>(pixel / stride_) - kMargin; }

  // Calls body(top, bottom) for bands of rows, side by side.
  template <typename Body>
  void ForRows(const Body& body) const {
    ParallelFor(0, (height_ + kRowsPerJob - 1) / kRowsPerJob, [&](int job) {
      const int top = job * kRowsPerJob;
      body(top, std::min(top + kRowsPerJob, height_));
    });
  }

  // How far a pixel and its neighbour in a direction are of one surface, by what they are now:
  // 1 / sqrt(1 + (slope / kSlope)^2), by which squares become what absolute values are at large
  // slopes (iteratively reweighted least squares).
  float Continuity(std::ptrdiff_t pixel, std::size_t direction) const {
    const std::ptrdiff_t other = pixel + steps_[direction];
    const float slope =
        kDirections[direction].closeness * (values_[other] - values_[pixel]) * per_slope_;
    return 1.0f / std::sqrt(1.0f + slope * slope);
  }

  // Half the gradient of the sum by the hole's value; first differences are a, second ones b.
  Row MakeRow(const Likeness& alike, std::ptrdiff_t pixel) const {
    const int x = X(pixel);
    const int y = Y(pixel);
    Row row{0.0f, {}};
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      std::array<float, 4> colour;  // of the pairs that begin -2, -1, 0, 1 steps away
      std::array<float, 4> same;
      for (int i = 0; i < 4; ++i) {
        colour[i] = alike.Of(x, y, d, i - 2);
        same[i] = colour[i] > 0.0f ? Continuity(pixel + (i - 2) * steps_[d], d) : 0.0f;
      }
      const float far = 1.0f / kDirections[d].closeness;  // counts once
      const auto second = [&](int i) {
        return far * colour[i] * colour[i + 1] * std::min(same[i], same[i + 1]);
      };
      const float a_before = kFirstDifferences * colour[1] * same[1];
      const float a_here = kFirstDifferences * colour[2] * same[2];
      const float b_before2 = second(0);
      const float b_before = second(1);
      const float b_here = second(2);
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
  const float per_slope_;
  std::array<std::ptrdiff_t, kDirections.size()> steps_{};
  std::vector<std::size_t> first_;      // the hole that each row of pixels begins with
  std::vector<std::ptrdiff_t> pixels_;  // the holes, in an image with margins
  std::vector<Row> rows_;               // of each hole
  std::vector<float> values_;           // of the image with margins, holes filled
};

// Goes from coarse to fine: each level begins with what the level of half its size came to. The
// finest has depth 0.
void FillLevels(ConstView guide, View image, float slope, int depth) {
  if (!HasHoles(image)) {
    return;
  }
  Image half = Halve(image);
  FillLevels(Halve(guide), half, slope, depth + 1);
  Level level(image, half, slope);
  const int rounds = depth == 0 ? kRounds : kCoarseRounds;
  for (int round = 0; round < rounds; ++round) {
    level.Fill(guide);
  }
  level.Write(image);
}

// Of the image's pixels.
float MeasuredShare(const Image& image) {
  const auto measured = std::count_if(image.data(), image.data() + image.size(),
                                      [](float value) { return std::isfinite(value); });
  return static_cast<float>(measured) / static_cast<float>(image.size());
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
  FillLevels(guide, unit, kSlope / MeasuredShare(unit), 0);
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
  // The image in [0, 1], a level's values and directions, which of them are measured; the halves of
  // image and guide are a third.
  const std::size_t planes =
      3 * plane + plane / sizeof(float) + plane * static_cast<std::size_t>(1 + guide_channels) / 3;
  return holes * kHoleBytes + planes;
}

}  // namespace dkn
