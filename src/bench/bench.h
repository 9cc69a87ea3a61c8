#ifndef DKN_SRC_BENCH_BENCH_H_
#define DKN_SRC_BENCH_BENCH_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "dkn/precision.h"
#include "dkn/registry.h"
#include "src/dkn/stage_clock.h"

namespace dkn {

// One method at one size.
struct BenchCase {
  std::string method;  // a registry name or a model file, as CreateFilter takes it
  Precision precision = Precision::kFp32;
  int width = 640;
  int height = 480;
  int max_memory_mb = 0;  // of a network; NetworkOptions::max_memory_mb
};

// Of the ratios of two times that were measured one after the other, in each of several rounds: the
// median, and what half of them lie between.
struct Ratio {
  double median = 0.0;
  double lower_quarter = 0.0;
  double upper_quarter = 0.0;
};

// What a network's time is held against: its convolutions, of which all else is above.
struct BenchFloor {
  double operations = 0.0;  // multiplications and additions of one image
  double bare_ms = 0.0;     // the median of its bare convolutions (ConvolutionFloor)
  Ratio whole_to_bare;
  double peak_gflops = 0.0;    // the median of what the machine reached in between (PeakProduct)
  double arithmetic_ms = 0.0;  // the median of what the operations take at that
  Ratio whole_to_arithmetic;
};

struct BenchResult {
  BenchCase of;
  int threads = 1;
  double median_ms = 0.0;  // of a session's frame: SetGuide, and Apply to one target channel
  // Of a network of ours with a guide: the part of it that the guide alone takes, which a session
  // does not repeat while the guide does not change. The rest is the target's part and the kernels.
  std::optional<double> guide_ms = std::nullopt;
  // Of a network of ours: what each Stage takes, from the mean of a few runs that do not count
  // otherwise.
  std::optional<std::array<double, kStages>> stage_ms = std::nullopt;
  std::optional<BenchFloor> floor = std::nullopt;  // of a network of ours
  std::optional<NetworkCost> cost = std::nullopt;  // of a network
  // The most memory that the process held while it loaded the method and filtered one image, the
  // guide, the target and the program's libraries included; 0 where the system does not tell.
  double peak_rss_mb = 0.0;
  double rmse_change_percent = 0.0;  // RmseChangePercent
};

// Measures for about `seconds`, three rounds at least: the machine's peak, the floor and the method
// in turn, so that all see the same machine. Throws Error where the processor lacks the precision,
// or as CreateFilter does.
BenchResult RunBench(const BenchCase& of, double seconds);

// How much larger (or, below 0, smaller) the precision makes the RMSE than fp32 does: mean over
// four rooms of `dkn synth` (320 x 240), degraded as the model's training images were. 0 for fp32
// and for methods that are no networks.
double RmseChangePercent(const std::string& method, Precision precision);

// For people: a line for each result; then, for networks, what their stages take.
std::string BenchTable(const std::vector<BenchResult>& results);

// What the machine reached meanwhile, of each precision that was measured: "223 GFLOP/s in fp32".
// Empty: no network was.
std::string PeaksText(const std::vector<BenchResult>& results);

// For programs: a list of objects {model, precision, width, height, threads, median_ms, floor_ms,
// arithmetic_floor_ms (both null: no network of ours), peak_rss_mb, rmse_change_percent}, of
// networks parameters and operations, of ours peak_gflops, whole_to_floor and
// whole_to_arithmetic_floor: {median, lower_quarter, upper_quarter}, and stage_ms: {guide, target,
// heads, kernels}.
std::string BenchJson(const std::vector<BenchResult>& results);

}  // namespace dkn

#endif  // DKN_SRC_BENCH_BENCH_H_
