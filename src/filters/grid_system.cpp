#include "src/filters/grid_system.h"

#include <Eigen/IterativeLinearSolvers>
#include <cstdint>
#include <string>

#include "dkn/error.h"
#include "src/core/progress_parts.h"
#include "src/core/size_text.h"
#include "src/filters/multigrid.h"
#include "src/filters/watched_factor.h"

namespace dkn {
namespace {

using Matrix = Multigrid::Matrix;
using Solver =
    Eigen::ConjugateGradient<Matrix, Eigen::Lower | Eigen::Upper, WatchedFactor<Multigrid>>;

constexpr std::int64_t kMostUnknowns = std::int64_t{1} << 27;  // so that int counts the entries

// Data weights and the anchor on the diagonal, and the edges' Laplacian.
Matrix MakeMatrix(ConstView data_weight, const Image& edge_weights) {
  const int width = data_weight.width;
  const int height = data_weight.height;
  const int pixels = width * height;
  Matrix matrix(pixels, pixels);
  matrix.reserve(Eigen::VectorXi::Constant(pixels, 1 + 2 * edge_weights.channels()));
  Eigen::VectorXd diagonal(pixels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      diagonal[y * width + x] = data_weight(x, y) + kAnchor;
    }
  }
  for (int e = 0; e < edge_weights.channels(); ++e) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double weight = edge_weights(x, y, e);
        if (HasEdge(kEdges[e], x, y, width, height)) {
          const int p = y * width + x;
          const int q = p + kEdges[e].dy * width + kEdges[e].dx;
          matrix.insert(p, q) = -weight;
          matrix.insert(q, p) = -weight;
          diagonal[p] += weight;
          diagonal[q] += weight;
        }
      }
    }
  }
  for (int p = 0; p < pixels; ++p) {
    matrix.insert(p, p) = diagonal[p];
  }
  matrix.makeCompressed();
  return matrix;
}

// Adds the edges' steps of channel c to the right side.
void AddSteps(const Image& edge_weights, ConstView steps, int c, Eigen::VectorXd& right) {
  const int width = steps.width;
  for (int e = 0; e < edge_weights.channels(); ++e) {
    for (int y = 0; y < steps.height; ++y) {
      for (int x = 0; x < width; ++x) {
        if (HasEdge(kEdges[e], x, y, width, steps.height)) {
          const int p = y * width + x;
          const double pull = static_cast<double>(edge_weights(x, y, e)) *
                              steps(x, y, c * edge_weights.channels() + e);
          right[p] -= pull;
          right[p + kEdges[e].dy * width + kEdges[e].dx] += pull;
        }
      }
    }
  }
}

}  // namespace

void SolveGrid(ConstView data, ConstView data_weight, const Image& edge_weights,
               const SolverLimits& limits, View u, const Progress& progress, ConstView steps) {
  const bool steps_fit =
      steps.empty() ||
      (SameSize(data, steps) && steps.channels == data.channels * edge_weights.channels());
  if (!SameSize(data, data_weight) || !SameSize(data, edge_weights.view()) || !SameSize(data, u) ||
      data.channels != u.channels || !steps_fit) {
    throw Error("the parts of a linear system differ in size");
  }
  if (std::int64_t{data.width} * data.height > kMostUnknowns) {
    throw Error("the image is " + SizeText(data) + ", expected at most " +
                std::to_string(kMostUnknowns) + " pixels: this method solves a system of them all");
  }
  const Matrix matrix = MakeMatrix(data_weight, edge_weights);
  Solver solver;
  solver.setTolerance(limits.tolerance);
  solver.setMaxIterations(limits.iterations);
  solver.compute(matrix);
  Eigen::VectorXd right(matrix.rows());
  Eigen::VectorXd guess(matrix.rows());
  for (int c = 0; c < data.channels; ++c) {
    for (int y = 0; y < data.height; ++y) {
      for (int x = 0; x < data.width; ++x) {
        const int p = y * data.width + x;
        guess[p] = u(x, y, c);
        right[p] = static_cast<double>(data_weight(x, y)) * data(x, y, c) + kAnchor * guess[p];
      }
    }
    if (!steps.empty()) {
      AddSteps(edge_weights, steps, c, right);
    }
    const Eigen::VectorXd solution =
        SolveWatched(solver, right, guess, PartOf(progress, c, data.channels));
    for (int y = 0; y < data.height; ++y) {
      for (int x = 0; x < data.width; ++x) {
        u(x, y, c) = static_cast<float>(solution[y * data.width + x]);
      }
    }
  }
}

}  // namespace dkn
