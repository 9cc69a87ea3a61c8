#include "src/dkn/tiling.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "dkn/error.h"
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
};

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
  // are looked at. The smallest is looked at in any case.
  constexpr double kSmaller = 0.95;
  const std::vector<Candidate> candidates = Candidates(width, height, margin);
  const auto size = [](const Candidate& candidate) {
    return static_cast<double>(candidate.columns.size) * candidate.rows.size;
  };
  const auto smallest =
      std::min_element(candidates.begin(), candidates.end(),
                       [&](const Candidate& a, const Candidate& b) { return size(a) < size(b); });
  double too_large = std::numeric_limits<double>::infinity();
  for (auto candidate = candidates.begin(); candidate != candidates.end(); ++candidate) {
    if (size(*candidate) > kSmaller * too_large && candidate != smallest) {
      continue;
    }
    if (bytes(candidate->columns.size, candidate->rows.size) <= max_bytes) {
      return MakeTiling(width, height, margin, *candidate);
    }
    too_large = std::min(too_large, size(*candidate));
  }
  const std::size_t least = bytes(smallest->columns.size, smallest->rows.size);
  throw MemoryError("the memory bound leaves " + std::to_string(max_bytes / 1'000'000) +
                    " MB beside the images; the smallest tiles take " +
                    std::to_string(least / 1'000'000 + 1) + " MB");
}

}  // namespace dkn
