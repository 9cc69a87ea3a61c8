#include "src/eval/nearest_pixel.h"

#include <cstddef>

namespace dkn::eval {
namespace {

constexpr int kNone = -1;

// For each pixel the nearest row of its column that has a pixel of the mask, the upper one of two
// that are equally near; kNone where the column has none.
std::vector<int> NearestRows(const std::vector<std::uint8_t>& mask, int width, int height) {
  std::vector<int> rows(mask.size(), kNone);
  const std::size_t stride = static_cast<std::size_t>(width);
  for (int y = 0; y < height; ++y) {
    const std::size_t start = stride * static_cast<std::size_t>(y);
    for (std::size_t i = start; i < start + stride; ++i) {
      rows[i] = mask[i] != 0 ? y : y > 0 ? rows[i - stride] : kNone;
    }
  }
  std::vector<int> below(stride, kNone);  // the next row of the mask at or under y
  for (int y = height - 1; y >= 0; --y) {
    const std::size_t start = stride * static_cast<std::size_t>(y);
    for (std::size_t x = 0; x < stride; ++x) {
      int& row = rows[start + x];
      if (mask[start + x] != 0) {
        below[x] = y;
      } else if (below[x] != kNone && (row == kNone || below[x] - y < y - row)) {
        row = below[x];
      }
    }
  }
  return rows;
}

// The columns whose nearest pixel is the nearest of all, along one row of the image.
class Envelope {
 public:
  explicit Envelope(int width) : width_(width), segments_(static_cast<std::size_t>(width)) {}

  // Writes the nearest pixel of each x in row y; rows[x] is the nearest row in column x.
  void Fill(const int* rows, int y, PixelPosition* nearest) {
    count_ = 0;
    for (int x = 0; x < width_; ++x) {
      if (rows[x] != kNone) {
        const std::int64_t offset = rows[x] - y;
        Add({.column = x, .from = 0, .squared_offset = offset * offset});
      }
    }
    for (int x = width_ - 1; x >= 0; --x) {
      const int column = segments_[count_ - 1].column;
      nearest[x] = {column, rows[column]};
      if (segments_[count_ - 1].from == x) {
        --count_;
      }
    }
  }

 private:
  struct Segment {
    int column;
    int from;  // the first x for which `column` is nearest
    std::int64_t squared_offset;

    std::int64_t SquaredDistance(int x) const {
      const std::int64_t across = x - column;
      return across * across + squared_offset;
    }
  };

  // Columns come from left to right. A tie stays with the left one.
  void Add(Segment added) {
    while (count_ > 0 && Last().SquaredDistance(Last().from) > added.SquaredDistance(Last().from)) {
      --count_;
    }
    if (count_ > 0) {
      // The last x at which the left parabola is not above the added one; not negative, since it
      // is not above it at Last().from.
      const std::int64_t left = Last().column;
      const std::int64_t right = added.column;
      const std::int64_t until =
          (right * right - left * left + added.squared_offset - Last().squared_offset) /
          (2 * (right - left));
      if (until >= width_ - 1) {
        return;
      }
      added.from = static_cast<int>(until) + 1;
    }
    segments_[count_++] = added;
  }
  const Segment& Last() const { return segments_[count_ - 1]; }

  int width_;
  std::vector<Segment> segments_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<PixelPosition> NearestPixels(const std::vector<std::uint8_t>& mask, int width,
                                         int height) {
  const std::vector<int> rows = NearestRows(mask, width, height);
  std::vector<PixelPosition> nearest(mask.size());
  Envelope envelope(width);
  for (int y = 0; y < height; ++y) {
    const std::size_t start = static_cast<std::size_t>(width) * static_cast<std::size_t>(y);
    envelope.Fill(rows.data() + start, y, nearest.data() + start);
  }
  return nearest;
}

}  // namespace dkn::eval
