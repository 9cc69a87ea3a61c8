#include "src/filters/permutohedral.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "src/core/parallel_for.h"

namespace dkn {
namespace {

constexpr int kMost = PermutohedralLattice::kMostDimensions;

// A point among the lattice's: the nearest one whose coordinates are multiples of dimensions + 1,
// how coordinates rank by their distance to it, and its weights for the simplex's corners.
struct Place {
  std::array<int, kMost + 1> origin;
  std::array<int, kMost + 1> rank;
  std::array<float, kMost + 1> weight;
};

// The point in the hyperplane of coordinates whose sum is 0, scaled so that splatting, blurring and
// slicing together have a deviation of 1 (their Section 3.1).
std::array<float, kMost + 1> Elevate(const float* feature, int d) {
  std::array<float, kMost + 1> elevated{};
  const double scale = std::sqrt(2.0 / 3.0) * (d + 1);
  double sum = 0.0;
  for (int i = d; i > 0; --i) {
    const double at = feature[i - 1] * scale / std::sqrt(static_cast<double>(i) * (i + 1));
    elevated[i] = static_cast<float>(sum - i * at);
    sum += at;
  }
  elevated[0] = static_cast<float>(sum);
  return elevated;
}

Place FindPlace(const float* feature, int d) {
  const std::array<float, kMost + 1> elevated = Elevate(feature, d);
  Place place{};
  int sum = 0;
  for (int i = 0; i <= d; ++i) {
    const auto multiple = static_cast<int>(std::lround(elevated[i] / static_cast<float>(d + 1)));
    place.origin[i] = multiple * (d + 1);
    sum += multiple;
  }
  const auto difference = [&](int i) { return elevated[i] - static_cast<float>(place.origin[i]); };
  for (int i = 0; i < d; ++i) {
    for (int j = i + 1; j <= d; ++j) {
      ++place.rank[difference(i) < difference(j) ? i : j];
    }
  }
  // Those that were rounded furthest are rounded the other way until the sum is 0.
  for (int i = 0; i <= d; ++i) {
    place.rank[i] += sum;
    if (place.rank[i] < 0) {
      place.rank[i] += d + 1;
      place.origin[i] += d + 1;
    } else if (place.rank[i] > d) {
      place.rank[i] -= d + 1;
      place.origin[i] -= d + 1;
    }
  }
  // Barycentric coordinates, from the differences in order.
  std::array<float, kMost + 2> steps{};
  for (int i = 0; i <= d; ++i) {
    const float part = difference(i) / static_cast<float>(d + 1);
    steps[d - place.rank[i]] += part;
    steps[d + 1 - place.rank[i]] -= part;
  }
  steps[0] += 1.0f + steps[d + 1];
  std::copy_n(steps.begin(), d + 1, place.weight.begin());
  return place;
}

}  // namespace

std::size_t PermutohedralLattice::KeyHash::operator()(const Key& key) const {
  std::size_t hash = 0;
  for (const int coordinate : key) {
    hash = (hash + static_cast<std::size_t>(coordinate)) * 2531011u;
  }
  return hash ^ (hash >> 17);
}

PermutohedralLattice::PermutohedralLattice(const std::vector<float>& features, int dimensions)
    : dimensions_(dimensions) {
  const int d = dimensions;
  const std::size_t count = features.size() / static_cast<std::size_t>(d);
  std::unordered_map<Key, int, KeyHash> vertices;
  corners_.reserve(count * static_cast<std::size_t>(d + 1));
  for (std::size_t p = 0; p < count; ++p) {
    const Place place = FindPlace(features.data() + p * static_cast<std::size_t>(d), d);
    for (int remainder = 0; remainder <= d; ++remainder) {
      Key key{};
      for (int i = 0; i < d; ++i) {
        key[i] =
            place.origin[i] + (place.rank[i] > d - remainder ? remainder - (d + 1) : remainder);
      }
      const int vertex = vertices.emplace(key, static_cast<int>(vertices.size()) + 1).first->second;
      corners_.push_back({vertex, place.weight[remainder]});
    }
  }
  vertices_ = vertices.size();
  neighbours_.resize(2 * static_cast<std::size_t>(d + 1) * vertices_);
  const auto find = [&](const Key& key) {
    const auto found = vertices.find(key);
    return found == vertices.end() ? 0 : found->second;
  };
  for (const auto& [key, vertex] : vertices) {
    for (int axis = 0; axis <= d; ++axis) {
      Key before = key;
      Key after = key;
      for (int i = 0; i < d; ++i) {
        before[i] += i == axis ? d : -1;
        after[i] -= i == axis ? d : -1;
      }
      const std::size_t at =
          2 * (static_cast<std::size_t>(axis) * vertices_ + static_cast<std::size_t>(vertex - 1));
      neighbours_[at] = find(before);
      neighbours_[at + 1] = find(after);
    }
  }
}

std::vector<float> PermutohedralLattice::Filter(const std::vector<float>& values,
                                                int channels) const {
  const auto n = static_cast<std::size_t>(channels);
  const auto corners = static_cast<std::size_t>(dimensions_ + 1);
  const std::size_t count = points();
  std::vector<float> lattice((vertices_ + 1) * n);  // vertex 0, which is none, keeps zeros
  for (std::size_t p = 0; p < count; ++p) {
    for (std::size_t k = 0; k < corners; ++k) {
      const Corner corner = corners_[p * corners + k];
      for (std::size_t c = 0; c < n; ++c) {
        lattice[static_cast<std::size_t>(corner.vertex) * n + c] +=
            corner.weight * values[p * n + c];
      }
    }
  }
  constexpr int kChunk = 4096;
  std::vector<float> blurred(lattice.size());
  for (std::size_t axis = 0; axis < corners; ++axis) {
    const int* const neighbours = neighbours_.data() + 2 * axis * vertices_;
    ParallelFor(0, static_cast<int>((vertices_ + kChunk - 1) / kChunk), [&](int chunk) {
      const std::size_t end = std::min(vertices_, static_cast<std::size_t>(chunk + 1) * kChunk);
      for (std::size_t v = static_cast<std::size_t>(chunk) * kChunk; v < end; ++v) {
        const float* const before =
            lattice.data() + static_cast<std::size_t>(neighbours[2 * v]) * n;
        const float* const after =
            lattice.data() + static_cast<std::size_t>(neighbours[2 * v + 1]) * n;
        for (std::size_t c = 0; c < n; ++c) {
          blurred[(v + 1) * n + c] = lattice[(v + 1) * n + c] + 0.5f * (before[c] + after[c]);
        }
      }
    });
    std::swap(lattice, blurred);
  }
  std::vector<float> out(values.size());
  ParallelFor(0, static_cast<int>((count + kChunk - 1) / kChunk), [&](int chunk) {
    const std::size_t end = std::min(count, static_cast<std::size_t>(chunk + 1) * kChunk);
    for (std::size_t p = static_cast<std::size_t>(chunk) * kChunk; p < end; ++p) {
      for (std::size_t k = 0; k < corners; ++k) {
        const Corner corner = corners_[p * corners + k];
        for (std::size_t c = 0; c < n; ++c) {
          out[p * n + c] +=
              corner.weight * lattice[static_cast<std::size_t>(corner.vertex) * n + c];
        }
      }
    }
  });
  return out;
}

}  // namespace dkn
