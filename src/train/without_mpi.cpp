// Ranks where there is no MPI to build with: one.
#include <omp.h>

#include <cstdlib>
#include <string>

#include "dkn/error.h"
#include "src/train/ranks.h"

namespace dkn::train {

RankSession::RankSession() {
  const char* count = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (count != nullptr && std::string(count) != "1") {
    throw Error(
        "mpirun started several of this program, which was built without MPI (Debian: "
        "libopenmpi-dev)");
  }
}

RankSession::~RankSession() = default;

int Rank() {
  return 0;
}

int RankCount() {
  return 1;
}

int ProcessorsOfRank() {
  return omp_get_num_procs();
}

void SumOverRanks(const torch::Tensor&) {}

void ShareOfFirstRank(std::vector<std::uint8_t>&) {}

void EndRanks() {}

}  // namespace dkn::train
