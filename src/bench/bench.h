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
  // Of a network of ours: the median of its bare convolutions in the same run (ConvolutionFloor).
  std::optional<double> floor_ms = std::nullopt;
  std::optional<NetworkCost> cost = std::nullopt;  // of a network
  // The most memory that the process held while it loaded the method and filtered one image, the
  // guide, the target and the program's libraries included; 0 where the system does not tell.
  double peak_rss_mb = 0.0;
  double rmse_change_percent = 0.0;  // RmseChangePercent
};

// Measures for about `seconds`, three times at least: method and floor in turn, so that both see
// the same machine. Throws Error where the processor lacks the precision, or as CreateFilter does.
BenchResult RunBench(const BenchCase& of, double seconds);

// How much larger (or, below 0, smaller) the precision makes the RMSE than fp32 does: mean over
// four rooms of `dkn synth` (320 x 240), degraded as the model's training images were. 0 for fp32
// and for methods that are no networks.
double RmseChangePercent(const std::string& method, Precision precision);

// What the results are shares of, for each precision that the processor has.
struct MachinePeaks {
  double fp32_gflops = 0.0;
  std::optional<double> bf16_gflops = std::nullopt;
  std::optional<double> int8_gops = std::nullopt;
  double memory_gbps = 0.0;
};
MachinePeaks MeasurePeaks();

// For people: a line for each result; then, for networks, what their stages take.
std::string BenchTable(const std::vector<BenchResult>& results, const MachinePeaks& peaks);

// For programs: a list of objects {model, precision, width, height, threads, median_ms, floor_ms
// (null: no network of ours), peak_rss_mb, rmse_change_percent}, of networks parameters and
// operations, of ours stage_ms: {guide, target, heads, kernels}.
std::string BenchJson(const std::vector<BenchResult>& results);

}  // namespace dkn

#endif  // DKN_SRC_BENCH_BENCH_H_
