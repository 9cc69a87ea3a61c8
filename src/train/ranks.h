#ifndef DKN_SRC_TRAIN_RANKS_H_
#define DKN_SRC_TRAIN_RANKS_H_

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace dkn::train {

// Processes that train one network together, each on its own crops of every step, on one machine or
// on several: `mpirun -n N dkn-train ...`. They are numbered from 0, and rank 0 alone writes files.
// A process that mpirun did not start is rank 0 of 1, and all of this does nothing there.
//
// What follows is collective: each rank calls it as often and in the same order as the others.

// Joins the others for as long as it lives; for main. Throws Error where mpirun started processes
// and this program was built without MPI.
class RankSession {
 public:
  RankSession();
  ~RankSession();
  RankSession(const RankSession&) = delete;
  RankSession& operator=(const RankSession&) = delete;
};

int Rank();
int RankCount();

// Processors that a rank may use, where it shares its machine with others.
int ProcessorsOfRank();

// Values of float or double become their sums over the ranks, the same in each.
void SumOverRanks(const torch::Tensor& values);

// The bytes of rank 0, for all.
void ShareOfFirstRank(std::vector<std::uint8_t>& bytes);

// Ends all ranks, for one that cannot go on: the others would wait for it.
void EndRanks();

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_RANKS_H_
