#include "src/filters/multigrid.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dkn {
namespace {

using Matrix = Multigrid::Matrix;
using MatrixView = Multigrid::MatrixView;

constexpr int kLeastUnknowns = 2000;  // so few are solved at once
constexpr double kStalled = 0.9;      // a level this share of the last one's size helps no more
// Of Notay's: what an unknown is drawn by at least, of what draws it most, to be paired with; and
// the diagonal, of the sum of the other entries, from which on relaxation suffices.
constexpr double kStrong = 0.25;
constexpr double kDominant = 5.0;

constexpr int kUndecided = -2;

// Which of the coarse unknowns 0, 1, ... each of the matrix's belongs to, one or two to each.
struct Aggregates {
  std::vector<int> of;
  int count = 0;
};

// Pairs each unknown with the one that draws it most, among those that are free; -1 for dominated
// ones, if any are to be left out.
Aggregates Pair(const MatrixView& matrix, bool leave_dominated) {
  const int size = static_cast<int>(matrix.rows());
  Aggregates aggregates{std::vector<int>(size, kUndecided)};
  for (int i = 0; i < size; ++i) {
    if (aggregates.of[i] != kUndecided) {
      continue;
    }
    double diagonal = 0.0;
    double sum = 0.0;
    double most = 0.0;
    double free_most = 0.0;
    int partner = -1;
    for (MatrixView::InnerIterator entry(matrix, i); entry; ++entry) {
      const int j = static_cast<int>(entry.col());
      if (j == i) {
        diagonal = entry.value();
        continue;
      }
      sum -= entry.value();
      most = std::max(most, -entry.value());
      if (aggregates.of[j] == kUndecided && -entry.value() > free_most) {
        free_most = -entry.value();
        partner = j;
      }
    }
    if (leave_dominated && diagonal >= kDominant * sum) {
      aggregates.of[i] = -1;
      continue;
    }
    aggregates.of[i] = aggregates.count;
    if (partner >= 0 && free_most >= kStrong * most) {
      aggregates.of[partner] = aggregates.count;
    }
    ++aggregates.count;
  }
  return aggregates;
}

// Entries between two aggregates are the sums of those between their members.
Matrix Coarsen(const MatrixView& matrix, const Aggregates& aggregates) {
  std::vector<int> begins(aggregates.count + 1, 0);
  for (const int aggregate : aggregates.of) {
    if (aggregate >= 0) {
      ++begins[aggregate + 1];
    }
  }
  for (int i = 0; i < aggregates.count; ++i) {
    begins[i + 1] += begins[i];
  }
  std::vector<int> members(begins.back());
  std::vector<int> next(begins.begin(), begins.end() - 1);
  for (int i = 0; i < static_cast<int>(aggregates.of.size()); ++i) {
    if (aggregates.of[i] >= 0) {
      members[next[aggregates.of[i]]++] = i;
    }
  }
  std::vector<int> rows(aggregates.count + 1, 0);
  std::vector<std::pair<int, double>> entries;
  std::vector<int> place(aggregates.count, -1);  // in entries, of this row if in its part
  for (int i = 0; i < aggregates.count; ++i) {
    for (int m = begins[i]; m < begins[i + 1]; ++m) {
      for (MatrixView::InnerIterator entry(matrix, members[m]); entry; ++entry) {
        const int j = aggregates.of[entry.col()];
        if (j < 0) {
          continue;
        }
        if (place[j] < rows[i]) {
          place[j] = static_cast<int>(entries.size());
          entries.emplace_back(j, 0.0);
        }
        entries[place[j]].second += entry.value();
      }
    }
    rows[i + 1] = static_cast<int>(entries.size());
    std::sort(entries.begin() + rows[i], entries.end());
  }
  Matrix coarse(aggregates.count, aggregates.count);
  coarse.resizeNonZeros(static_cast<int>(entries.size()));
  std::copy(rows.begin(), rows.end(), coarse.outerIndexPtr());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    coarse.innerIndexPtr()[i] = entries[i].first;
    coarse.valuePtr()[i] = entries[i].second;
  }
  return coarse;
}

// Makes unknown i right, given the others.
void Relax(const MatrixView& matrix, const Eigen::VectorXd& inverse_diagonal,
           const Eigen::VectorXd& right, int i, Eigen::VectorXd& solution) {
  double residual = right[i];
  for (int k = matrix.outerIndexPtr()[i]; k < matrix.outerIndexPtr()[i + 1]; ++k) {
    residual -= matrix.valuePtr()[k] * solution[matrix.innerIndexPtr()[k]];
  }
  solution[i] += inverse_diagonal[i] * residual;
}

}  // namespace

Multigrid::Level::Level(const MatrixView& matrix_)
    : matrix(matrix_), inverse_diagonal(matrix_.rows()) {
  for (int i = 0; i < static_cast<int>(matrix.rows()); ++i) {
    inverse_diagonal[i] = 1.0 / matrix.coeff(i, i);
  }
}

Multigrid& Multigrid::compute(const MatrixView& matrix) {
  coarse_matrices_.clear();
  levels_.clear();
  levels_.emplace_back(matrix);
  while (levels_.back().matrix.rows() > kLeastUnknowns) {
    Level& fine = levels_.back();
    Aggregates aggregates = Pair(fine.matrix, true);
    Matrix coarse = Coarsen(fine.matrix, aggregates);
    const Aggregates pairs = Pair(coarse, false);
    coarse = Coarsen(coarse, pairs);
    if (pairs.count == 0 || pairs.count > kStalled * static_cast<double>(fine.matrix.rows())) {
      break;
    }
    for (int& aggregate : aggregates.of) {
      aggregate = aggregate < 0 ? -1 : pairs.of[aggregate];
    }
    fine.coarse = std::move(aggregates.of);
    levels_.emplace_back(coarse_matrices_.emplace_back(std::move(coarse)));
  }
  const MatrixView& coarsest = levels_.back().matrix;
  coarsest_solved_ = coarsest.rows() <= kLeastUnknowns;
  if (coarsest_solved_) {
    coarsest_.compute(coarsest);
    coarsest_solved_ = coarsest_.info() == Eigen::Success;  // it may be singular but for rounding
  }
  return *this;
}

std::vector<int> Multigrid::sizes() const {
  std::vector<int> sizes;
  for (const Level& level : levels_) {
    sizes.push_back(static_cast<int>(level.matrix.rows()));
  }
  return sizes;
}

Eigen::VectorXd Multigrid::Cycle(std::size_t level, const Eigen::VectorXd& residual) const {
  const Level& fine = levels_[level];
  const bool coarsest = fine.coarse.empty();
  if (coarsest && coarsest_solved_) {
    return coarsest_.solve(residual);
  }
  const int size = static_cast<int>(residual.size());
  Eigen::VectorXd solution = Eigen::VectorXd::Zero(size);
  for (int i = 0; i < size; ++i) {
    Relax(fine.matrix, fine.inverse_diagonal, residual, i, solution);
  }
  if (!coarsest) {
    const Eigen::VectorXd left = residual - fine.matrix * solution;
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(levels_[level + 1].matrix.rows());
    for (int i = 0; i < size; ++i) {
      if (fine.coarse[i] >= 0) {
        sums[fine.coarse[i]] += left[i];
      }
    }
    const Eigen::VectorXd change = Cycle(level + 1, sums);
    for (int i = 0; i < size; ++i) {
      if (fine.coarse[i] >= 0) {
        solution[i] += change[fine.coarse[i]];
      }
    }
  }
  for (int i = size - 1; i >= 0; --i) {
    Relax(fine.matrix, fine.inverse_diagonal, residual, i, solution);
  }
  return solution;
}

}  // namespace dkn
