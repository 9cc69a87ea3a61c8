#include "src/train/ranks.h"

#include <mpi.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "dkn/error.h"

namespace dkn::train {
namespace {

int rank = 0;
int rank_count = 1;
int ranks_of_machine = 1;

// By Open MPI, by MPICH and its kin, or by Slurm.
bool StartedByMpi() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr ||
         std::getenv("PMIX_RANK") != nullptr;
}

}  // namespace

RankSession::RankSession() {
  if (!StartedByMpi()) {
    return;
  }
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &rank_count);
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &ranks_of_machine);
  MPI_Comm_free(&machine);
}

RankSession::~RankSession() {
  int started = 0;
  MPI_Initialized(&started);
  if (started != 0) {
    MPI_Finalize();
  }
}

int Rank() {
  return rank;
}

int RankCount() {
  return rank_count;
}

// mpirun may have bound the rank to some of them, or left all to each.
int ProcessorsOfRank() {
  const auto of_machine = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  return std::min(omp_get_num_procs(), std::max(1, of_machine / ranks_of_machine));
}

void SumOverRanks(const torch::Tensor& values) {
  if (rank_count == 1) {
    return;
  }
  const torch::Tensor host = values.detach().to(torch::kCPU).contiguous();
  const MPI_Datatype type = host.scalar_type() == torch::kDouble ? MPI_DOUBLE : MPI_FLOAT;
  TORCH_CHECK(type == MPI_DOUBLE || host.scalar_type() == torch::kFloat);
  MPI_Allreduce(MPI_IN_PLACE, host.data_ptr(), static_cast<int>(host.numel()), type, MPI_SUM,
                MPI_COMM_WORLD);
  if (host.data_ptr() != values.data_ptr()) {
    values.detach().copy_(host);
  }
}

void ShareOfFirstRank(std::vector<std::uint8_t>& bytes) {
  if (rank_count == 1) {
    return;
  }
  std::uint64_t size = bytes.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  bytes.resize(size);
  constexpr std::uint64_t kAtOnce = 1 << 30;  // MPI counts in int
  for (std::uint64_t done = 0; done < size; done += kAtOnce) {
    MPI_Bcast(bytes.data() + done, static_cast<int>(std::min(kAtOnce, size - done)), MPI_BYTE, 0,
              MPI_COMM_WORLD);
  }
}

void EndRanks() {
  if (rank_count > 1) {
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
  }
}

}  // namespace dkn::train
