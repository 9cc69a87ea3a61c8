#include "src/dkn/tiling.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "src/dkn/layers.h"
#include "src/dkn/plain_kernel.h"

namespace dkn {
namespace {

constexpr int kLeastInner = 64;  // smaller tiles would consist of their margins

// Tiles along one side of the image.
struct Division {
  int inner = 0;
  int size = 0;
  int count = 0;
};

// In equal parts, from one to as many as leave kLeastInner pixels each.
std::vector<Division> Divisions(int length, int margin) {
  std::vector<Division> divisions;
  for (int parts = 1; parts == 1 || length / parts >= kLeastInner; ++parts) {
    const int inner = PaddedSize((length + parts - 1) / parts);
    const int size = parts == 1 ? length : std::min(length, inner + 2 * margin);
    if (divisions.empty() || size < divisions.back().size) {
      divisions.push_back({inner, size, (length + inner - 1) / inner});
    }
  }
  return divisions;
}

struct Candidate {
  Division columns;
  Division rows;
  std::int64_t pixels = 0;  // that all tiles filter

  // Of one tile.
  double size() const { return static_cast<double>(columns.size) * rows.size; }
};

Candidate Smallest(const std::vector<Candidate>& candidates) {
  return *std::min_element(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.size() < b.size(); });
}

std::vector<Candidate> Candidates(int width, int height, int margin) {
  std::vector<Candidate> candidates;
  for (const Division& columns : Divisions(width, margin)) {
    for (const Division& rows : Divisions(height, margin)) {
      candidates.push_back(
          {columns, rows, std::int64_t{columns.count} * columns.size * rows.count * rows.size});
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.pixels < b.pixels; });
  return candidates;
}

Tiling MakeTiling(int width, int height, int margin, const Candidate& chosen) {
  Tiling tiling{chosen.columns.size, chosen.rows.size, {}};
  for (int row = 0; row < chosen.rows.count; ++row) {
    for (int column = 0; column < chosen.columns.count; ++column) {
      Tile tile;
      tile.inner_x = column * chosen.columns.inner;
      tile.inner_y = row * chosen.rows.inner;
      tile.inner_width = std::min(chosen.columns.inner, width - tile.inner_x);
      tile.inner_height = std::min(chosen.rows.inner, height - tile.inner_y);
      tile.x = std::clamp(tile.inner_x - margin, 0, width - tiling.width);
      tile.y = std::clamp(tile.inner_y - margin, 0, height - tiling.height);
      tiling.tiles.push_back(tile);
    }
  }
  return tiling;
}

}  // namespace

int TileMargin(const Architecture& architecture) {
  const int pixels = architecture.kind == NetworkKind::kFdkn ? kResampling : 1;  // resampled ones
  const int seen = pixels * FootprintOf(architecture).before;
  const int sampled = SamplingGrid<float>(architecture).radius + 2;
  return PaddedSize(std::max(seen, sampled));
}

Tiling ChooseTiling(int width, int height, int margin, std::size_t max_bytes,
                    const std::function<std::size_t(int width, int height)>& bytes) {
  // `bytes` takes a millisecond: after a size that is too large, only sizes smaller by a twentieth
  // are looked at.
  constexpr double kSmaller = 0.95;
  const std::vector<Candidate> candidates = Candidates(width, height, margin);
  double too_large = std::numeric_limits<double>::infinity();
  for (const Candidate& candidate : candidates) {
    if (candidate.size() > kSmaller * too_large) {
      continue;
    }
    if (bytes(candidate.columns.size, candidate.rows.size) <= max_bytes) {
      return MakeTiling(width, height, margin, candidate);
    }
    too_large = std::min(too_large, candidate.size());
  }
  return MakeTiling(width, height, margin, Smallest(candidates));
}

std::size_t LeastTileBytes(int width, int height, int margin,
                           const std::function<std::size_t(int width, int height)>& bytes) {
  const Candidate smallest = Smallest(Candidates(width, height, margin));
  return bytes(smallest.columns.size, smallest.rows.size);
}

}  // namespace dkn
