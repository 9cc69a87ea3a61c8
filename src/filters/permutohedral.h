#ifndef DKN_SRC_FILTERS_PERMUTOHEDRAL_H_
#define DKN_SRC_FILTERS_PERMUTOHEDRAL_H_

#include <array>
#include <cstddef>
#include <vector>

namespace dkn {

// Adams, Baek, Davis: Fast high-dimensional filtering using the permutohedral lattice, Eurographics
// 2010. Approximates, up to a factor that is the same for all points,
//   out_i = sum_j exp(-|f_i - f_j|^2 / 2) in_j
// in time and memory linear in the points: values are splatted onto the simplex of the lattice that
// holds their point, blurred along the lattice's axes, and sliced out again.
class PermutohedralLattice {
 public:
  static constexpr int kMostDimensions = 5;

  // `dimensions` features of each point, one point after the other.
  PermutohedralLattice(const std::vector<float>& features, int dimensions);

  std::size_t points() const { return corners_.size() / static_cast<std::size_t>(dimensions_ + 1); }

  // `channels` values of each point, one point after the other. The same bits on any number of
  // threads.
  std::vector<float> Filter(const std::vector<float>& values, int channels) const;

 private:
  // The lattice's points have dimensions + 1 coordinates that sum to 0: the last is left out.
  using Key = std::array<int, kMostDimensions>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  // A corner of the simplex around a point: place 0 is no vertex, those of the lattice follow.
  struct Corner {
    int vertex;
    float weight;
  };

  int dimensions_;
  std::vector<Corner> corners_;  // dimensions + 1 of each point
  // Along axis a, vertex v lies between neighbours_[2 * (a * vertices + v)] and the one after.
  std::vector<int> neighbours_;
  std::size_t vertices_ = 0;
};

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_PERMUTOHEDRAL_H_
