#include "src/filters/multigrid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <Eigen/IterativeLinearSolvers>
#include <cmath>
#include <utility>

#include "src/core/test_images.h"

namespace dkn {
namespace {

using Matrix = Multigrid::Matrix;
using Solver = Eigen::ConjugateGradient<Matrix, Eigen::Lower | Eigen::Upper, Multigrid>;

// The Laplacian of 4 neighbours, whose edges have random weights from 1e-4 to 1, plus `data` where
// `measured` says so and 1e-10 everywhere.
template <typename Measured>
Matrix Laplacian(int width, int height, double data, const Measured& measured) {
  const Image random = RandomImage(width, height, 2, 5);
  Matrix matrix(width * height, width * height);
  matrix.reserve(Eigen::VectorXi::Constant(width * height, 5));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int p = y * width + x;
      matrix.coeffRef(p, p) += (measured(x, y) ? data : 0.0) + 1e-10;
      for (const auto& [other, weight] : {std::pair{x + 1 < width ? p + 1 : -1, random(x, y, 0)},
                                          {y + 1 < height ? p + width : -1, random(x, y, 1)}}) {
        if (other >= 0) {
          const double w = std::pow(10.0, -4.0 * static_cast<double>(weight));
          matrix.coeffRef(p, other) -= w;
          matrix.coeffRef(other, p) -= w;
          matrix.coeffRef(p, p) += w;
          matrix.coeffRef(other, other) += w;
        }
      }
    }
  }
  matrix.makeCompressed();
  return matrix;
}

Eigen::VectorXd RandomVector(int size, int seed) {
  const Image image = RandomImage(size, 1, 1, seed);
  Eigen::VectorXd vector(size);
  for (int i = 0; i < size; ++i) {
    vector[i] = static_cast<double>(image(i, 0)) - 0.5;
  }
  return vector;
}

// From one side to the other of 90,000 pixels of which only one corner is measured.
TEST(MultigridTest, SolvesLargeHolesInFewIterations) {
  const Matrix matrix = Laplacian(300, 300, 1.0, [](int x, int y) { return x < 20 && y < 20; });
  const Eigen::VectorXd truth = RandomVector(300 * 300, 1);
  Solver solver;
  solver.setTolerance(1e-8);
  solver.compute(matrix);
  const Eigen::VectorXd right = matrix * truth;
  const Eigen::VectorXd solution = solver.solve(right);
  EXPECT_EQ(solver.info(), Eigen::Success);
  EXPECT_LT(solver.iterations(), 150);
  EXPECT_LT((matrix * solution - right).norm(), 1e-7 * right.norm());
}

// Conjugate gradients ask for it.
TEST(MultigridTest, IsSymmetricAndPositive) {
  const Matrix matrix = Laplacian(70, 50, 0.01, [](int x, int y) { return (x + y) % 7 == 0; });
  Multigrid multigrid;
  multigrid.compute(matrix);
  ASSERT_GT(multigrid.sizes().size(), 1u);
  for (int seed = 1; seed < 5; ++seed) {
    const Eigen::VectorXd a = RandomVector(70 * 50, seed);
    const Eigen::VectorXd b = RandomVector(70 * 50, seed + 10);
    const double scale = multigrid.solve(a).norm() * b.norm();
    EXPECT_NEAR(multigrid.solve(a).dot(b), a.dot(multigrid.solve(b)), 1e-10 * scale);
    EXPECT_GT(multigrid.solve(a).dot(a), 0.0);
  }
}

TEST(MultigridTest, LevelsShrinkAndFewUnknownsAreSolvedAtOnce) {
  Multigrid multigrid;
  const Matrix small = Laplacian(9, 8, 1.0, [](int, int) { return true; });
  multigrid.compute(small);
  EXPECT_THAT(multigrid.sizes(), testing::ElementsAre(72));
  const Eigen::VectorXd right = RandomVector(72, 3);
  EXPECT_LT((small * multigrid.solve(right) - right).norm(), 1e-10);
  const Matrix large = Laplacian(200, 200, 0.0, [](int, int) { return false; });
  multigrid.compute(large);
  EXPECT_GT(multigrid.sizes().size(), 3u);
  for (std::size_t i = 1; i < multigrid.sizes().size(); ++i) {
    EXPECT_LT(multigrid.sizes()[i], 0.91 * multigrid.sizes()[i - 1]);
  }
  // Where data decide all, nothing is left for coarse levels.
  const Matrix decided = Laplacian(60, 60, 1e6, [](int, int) { return true; });
  multigrid.compute(decided);
  EXPECT_THAT(multigrid.sizes(), testing::ElementsAre(3600));
  const Eigen::VectorXd many = RandomVector(3600, 4);
  EXPECT_LT((decided * multigrid.solve(many) - many).norm(), 1e-5 * many.norm());
}

}  // namespace
}  // namespace dkn
