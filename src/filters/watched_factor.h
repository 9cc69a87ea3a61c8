#ifndef DKN_SRC_FILTERS_WATCHED_FACTOR_H_
#define DKN_SRC_FILTERS_WATCHED_FACTOR_H_

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "src/core/progress_parts.h"

namespace dkn {

// A preconditioner of conjugate gradients, which call it in each iteration: it tells how far their
// residual has come.
template <typename Factor>
class WatchedFactor : public Factor {
 public:
  // Of the next solution, which ends at a residual of this norm. `progress` must outlive it.
  void Watch(const Progress& progress, double last) {
    progress_ = &progress;
    last_ = last;
    first_ = 0.0;
    done_ = 0.0;
  }

  Eigen::VectorXd solve(const Eigen::VectorXd& residual) const {
    if (progress_ != nullptr && *progress_) {
      Tell(*progress_, Done(residual.norm()));
    }
    return Factor::solve(residual);
  }

 private:
  // Orders of magnitude that the residual has fallen by, of those that it is to fall by.
  double Done(double norm) const {
    first_ = std::max(first_, norm);
    if (last_ < norm && norm < first_) {
      done_ = std::max(done_, std::log(first_ / norm) / std::log(first_ / last_));
    }
    return done_;
  }

  const Progress* progress_ = nullptr;
  double last_ = 0.0;
  // Eigen's solvers are const while they work.
  mutable double first_ = 0.0;  // the largest norm so far
  mutable double done_ = 0.0;
};

// Solves by conjugate gradients whose preconditioner is a WatchedFactor.
template <typename Solver>
Eigen::VectorXd SolveWatched(Solver& solver, const Eigen::VectorXd& right,
                             const Eigen::VectorXd& guess, const Progress& progress) {
  solver.preconditioner().Watch(progress, solver.tolerance() * right.norm());
  return solver.solveWithGuess(right, guess);
}

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_WATCHED_FACTOR_H_
