#include "src/sensors/surface.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/imaging/luma.h"

namespace dkn::sensors {
namespace {

// The smaller of two one-sided differences, by absolute value.
float Smaller(float a, float b) {
  return std::fabs(a) <= std::fabs(b) ? a : b;
}

Image Albedo(ConstView guide) {
  Image albedo = Brightness(guide);
  for (std::size_t i = 0; i < albedo.size(); ++i) {
    float& value = albedo.data()[i];
    value = std::clamp(value, 0.01f, 1.0f);
  }
  return albedo;
}

// The step to the right of each pixel of a row, and to the left; at the border only one exists.
struct Steps {
  explicit Steps(int width) : right(width), left(width) {}

  void Fill(const float* row) {
    const std::size_t last = right.size() - 1;
    for (std::size_t x = 0; x < last; ++x) {
      right[x] = row[x + 1] - row[x];
      left[x + 1] = right[x];
    }
    right[last] = left[last];
    left[0] = right[0];
  }

  std::vector<float> right;
  std::vector<float> left;
};

// One row of cosines. `u` and `v` are the rays' slopes.
void FillCosines(ConstView depth, float focal, int y, const std::vector<float>& u, float v,
                 const Steps& steps, float* cosine) {
  const float* row = depth.Row(y);
  const float* above = depth.Row(std::max(y - 1, 0));
  const float* below = depth.Row(std::min(y + 1, depth.height - 1));
  // At the border only one side exists.
  const float* over = y > 0 ? above : nullptr;
  const float* under = y + 1 < depth.height ? below : nullptr;
  for (int x = 0; x < depth.width; ++x) {
    const float z = row[x];
    const float up = z - (over != nullptr ? over[x] : 2.0f * z - below[x]);
    const float down = (under != nullptr ? under[x] : 2.0f * z - above[x]) - z;
    const float scale = focal / z;
    const float p = scale * Smaller(steps.left[x], steps.right[x]);
    const float q = scale * Smaller(up, down);
    // The point is z (u, v, 1). The normal (-p, -q, 1 + u p + v q) has product 1 with (u, v, 1).
    const float third = 1.0f + u[x] * p + v * q;
    const float lengths = (p * p + q * q + third * third) * (u[x] * u[x] + v * v + 1.0f);
    cosine[x] = std::min(1.0f / std::sqrt(lengths), 1.0f);
  }
}

// Marks both pixels of each pair row[x], other[x + shift] that jumps.
void MarkJumps(const float* row, const float* other, int shift, int width, float threshold,
               std::vector<std::uint8_t>* jump, std::uint8_t* edge, std::uint8_t* other_edge) {
  const int first = std::max(-shift, 0);
  const int end = width - std::max(shift, 0);
  std::uint8_t* found = jump->data();
  for (int x = first; x < end; ++x) {
    found[x] = Jumps(row[x], other[x + shift], threshold) ? 1 : 0;
  }
  for (int x = first; x < end; ++x) {
    edge[x] |= found[x];
  }
  for (int x = first; x < end; ++x) {
    other_edge[x + shift] |= found[x];
  }
}

}  // namespace

Image Brightness(ConstView guide) {
  Image luma(guide.width, guide.height);
  if (guide.channels == 3) {
    const ThreadCount one(1);
    Luma(guide, luma);
  } else {
    Copy(guide, luma);
  }
  return luma;
}

void CheckGuide(ConstView depth, ConstView guide) {
  if (!SameSize(depth, guide) || (guide.channels != 1 && guide.channels != 3)) {
    throw Error("the guide has " + std::to_string(guide.channels) + " channels of " +
                SizeText(guide.width, guide.height) + ", expected 1 or 3 of " +
                SizeText(depth.width, depth.height));
  }
  if (HasHoles(guide)) {
    throw Error("a value of the guide is not finite");
  }
}

float EdgeThreshold(double focal) {
  return static_cast<float>(std::max(0.02, 6.0 / focal));
}

Surface Examine(ConstView depth, ConstView guide, double focal) {
  Surface surface;
  surface.albedo = Albedo(guide);
  surface.cosine = Image(depth.width, depth.height);
  surface.edge.assign(surface.cosine.size(), 0);
  const float threshold = EdgeThreshold(focal);
  const auto length = static_cast<float>(focal);
  const int width = depth.width;
  std::vector<float> u(width);
  for (int x = 0; x < width; ++x) {
    u[x] = (static_cast<float>(x) + 0.5f - 0.5f * static_cast<float>(width)) / length;
  }
  Steps steps(width);
  std::vector<std::uint8_t> jump(width);
  for (int y = 0; y < depth.height; ++y) {
    const float* row = depth.Row(y);
    const float v =
        (static_cast<float>(y) + 0.5f - 0.5f * static_cast<float>(depth.height)) / length;
    steps.Fill(row);
    FillCosines(depth, length, y, u, v, steps, surface.cosine.Row(y));
    // Each pair of neighbours once: to the right, and the three below.
    std::uint8_t* edge = &surface.edge[static_cast<std::size_t>(y) * width];
    MarkJumps(row, row, 1, width, threshold, &jump, edge, edge);
    for (int shift = -1; shift <= 1 && y + 1 < depth.height; ++shift) {
      MarkJumps(row, depth.Row(y + 1), shift, width, threshold, &jump, edge, edge + width);
    }
  }
  return surface;
}

std::vector<std::uint8_t> Occluded(ConstView depth, double focal_baseline) {
  const auto width = static_cast<std::size_t>(depth.width);
  std::vector<std::uint8_t> occluded(width * static_cast<std::size_t>(depth.height), 0);
  const float product = static_cast<float>(focal_baseline);
  std::vector<float> disparity(width);
  // The largest disparity in each column of the second eye's row. What is more than the image's
  // width left of the farthest point's place does not meet anything.
  std::vector<float> nearest(2 * width + 2);
  for (int y = 0; y < depth.height; ++y) {
    float far = product / depth(0, y);
    for (std::size_t x = 0; x < width; ++x) {
      disparity[x] = product / depth.Row(y)[x];
      far = std::min(far, disparity[x]);
    }
    // The middle of a column is at a whole number.
    const auto place = [&](std::size_t x) {
      return static_cast<float>(x) + static_cast<float>(width) - (disparity[x] - far) + 0.5f;
    };
    std::fill(nearest.begin(), nearest.end(), 0.0f);
    for (std::size_t x = 0; x < width; ++x) {
      const float here = place(x);
      // A surface has no gaps between its pixels.
      const bool goes_on = x > 0 && std::fabs(disparity[x] - disparity[x - 1]) < 1.0f;
      const float before = goes_on ? place(x - 1) : here;
      const float left = std::min(here, before);
      if (!(left >= 0.0f)) {
        continue;
      }
      const auto end = static_cast<std::size_t>(std::max(here, before));
      for (auto column = static_cast<std::size_t>(left); column <= end; ++column) {
        nearest[column] = std::max(nearest[column], disparity[x]);
      }
    }
    for (std::size_t x = 0; x < width; ++x) {
      const float here = place(x);
      if (here >= 0.0f && nearest[static_cast<std::size_t>(here)] > disparity[x] + 1.0f) {
        occluded[static_cast<std::size_t>(y) * width + x] = 1;
      }
    }
  }
  return occluded;
}

float AngleTerm(float cosine) {
  const float c = std::clamp(cosine, 0.0f, 1.0f);
  const float angle =
      std::sqrt(1.0f - c) * (1.5707288f + c * (-0.2121144f + c * (0.0742610f - 0.0187293f * c)));
  return angle / std::max(1.5707963f - angle, 1e-3f);
}

}  // namespace dkn::sensors
