#ifndef DKN_SRC_FILTERS_MULTIGRID_H_
#define DKN_SRC_FILTERS_MULTIGRID_H_

#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <deque>
#include <vector>

namespace dkn {

// A preconditioner of Eigen's conjugate gradients for systems of neighbouring pixels: symmetric,
// positive definite, with no positive entry beside the diagonal. A cycle of multigrid by
// aggregation (Notay: An aggregation-based algebraic multigrid method, ETNA 37, 2010, Section 3):
// pixels that draw each other most are taken together, in pairs and pairs of pairs, and what the
// coarse pixels want is added to all of theirs, so that values travel across holes in a few
// iterations, whatever their size. Gauss and Seidel's relaxation comes before, forwards, and after,
// backwards. Memory is linear in the entries, and below the matrix's own.
class Multigrid {
 public:
  using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor, int>;
  using StorageIndex = int;
  enum { ColsAtCompileTime = Eigen::Dynamic, MaxColsAtCompileTime = Eigen::Dynamic };

  // Eigen's own views of matrices, which are no copies.
  using MatrixView = Eigen::Ref<const Matrix>;

  // The matrix is compressed and outlives this.
  Multigrid& compute(const MatrixView& matrix);
  Multigrid& analyzePattern(const MatrixView&) { return *this; }
  Multigrid& factorize(const MatrixView& matrix) { return compute(matrix); }
  Eigen::ComputationInfo info() const { return Eigen::Success; }

  // What to change the solution by for this residual, nearly.
  Eigen::VectorXd solve(const Eigen::VectorXd& residual) const { return Cycle(0, residual); }

  // Unknowns of each level, the finest first.
  std::vector<int> sizes() const;

 private:
  struct Level {
    explicit Level(const MatrixView& matrix);

    MatrixView matrix;
    Eigen::VectorXd inverse_diagonal;
    // The next level's unknown that each belongs to, -1 of what relaxation solves alone. Empty on
    // the coarsest level.
    std::vector<int> coarse;
  };

  Eigen::VectorXd Cycle(std::size_t level, const Eigen::VectorXd& residual) const;

  std::deque<Matrix> coarse_matrices_;  // a deque, as levels refer to them
  std::vector<Level> levels_;
  Eigen::SimplicialLLT<Eigen::SparseMatrix<double>> coarsest_;
  bool coarsest_solved_ = false;
};

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_MULTIGRID_H_
