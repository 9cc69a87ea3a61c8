#include "src/bench/bench.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/bench/convolution_floor.h"
#include "src/bench/process_memory.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/core/text_table.h"
#include "src/dkn/architecture.h"
#include "src/eval/evaluate.h"
#include "src/eval/metrics.h"
#include "src/net/machine.h"
#include "src/net/safetensors.h"
#include "src/rivals/rival_filter.h"
#include "src/synth/render.h"

namespace dkn {
namespace {

constexpr int kRooms = 4;
constexpr std::uint64_t kFirstRoom = 1000;  // those of training scripts begin at 0 and at 100
constexpr std::size_t kLeastRuns = 3;
constexpr std::size_t kMostRuns = 200;

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <typename Body>
double Milliseconds(const Body& body) {
  const Clock::time_point start = Clock::now();
  body();
  return 1e3 * SecondsSince(start);
}

double Quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * values.size());
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double Median(const std::vector<double>& values) {
  return Quantile(values, 0.5);
}

// Of what was measured in the same rounds.
Ratio RatioOf(const std::vector<double>& times, const std::vector<double>& floors) {
  std::vector<double> ratios(times.size());
  std::transform(times.begin(), times.end(), floors.begin(), ratios.begin(), std::divides());
  return {Median(ratios), Quantile(ratios, 0.25), Quantile(ratios, 0.75)};
}

// What a network's file says of it; no tensors and no metadata for a method that is no network.
TensorFile ReadModelFile(const std::string& method) {
  const std::string path = FindModelFile(method);
  return path.empty() ? TensorFile() : ReadSafetensors(path);
}

// A network whose convolutions form chains, FDKN or DKN.
bool IsOurs(const TensorFile& file) {
  return !file.tensors.empty() && !RivalIn(file);
}

void CheckSupported(Precision precision) {
  if (SupportedPrecision(precision) != precision) {
    throw Error("this processor (" + InstructionSet() + ") does not compute in " +
                PrecisionName(precision));
  }
}

RgbdImage Room(int index, int width, int height) {
  return RenderScene(
      {.seed = kFirstRoom + static_cast<std::uint64_t>(index), .width = width, .height = height});
}

double MeanRmse(const JointFilter& filter, const eval::Protocol& protocol) {
  std::vector<double> errors;
  for (int i = 0; i < kRooms; ++i) {
    const RgbdImage room = Room(i, 320, 240);
    errors.push_back(eval::EvaluateImage(filter, room.rgb, room.depth, protocol, kFirstRoom));
  }
  return eval::Summarize(errors).mean;
}

std::string RatioText(const Ratio& ratio) {
  return FixedText(ratio.median, 2) + " (" + FixedText(ratio.lower_quarter, 2) + " to " +
         FixedText(ratio.upper_quarter, 2) + ")";
}

TextRow TableRow(const BenchResult& result) {
  TextRow row = {result.of.method,
                 PrecisionName(result.of.precision),
                 SizeText(result.of.width, result.of.height),
                 std::to_string(result.threads),
                 FixedText(result.median_ms, 1),
                 FixedText(1e3 / result.median_ms, 2),
                 result.guide_ms ? FixedText(*result.guide_ms, 1) : "-"};
  if (result.floor) {
    row.insert(row.end(),
               {FixedText(result.floor->bare_ms, 1), RatioText(result.floor->whole_to_bare)});
  } else {
    row.insert(row.end(), 2, "-");
  }
  if (result.cost) {
    row.insert(row.end(), {FixedText(1e-6 * static_cast<double>(result.cost->parameters), 2),
                           FixedText(1e-9 * result.cost->operations, 1),
                           FixedText(result.cost->operations * 1e-6 / result.median_ms, 0)});
  } else {
    row.insert(row.end(), 3, "-");
  }
  if (result.floor) {
    row.insert(row.end(), {FixedText(result.floor->arithmetic_ms, 1),
                           RatioText(result.floor->whole_to_arithmetic)});
  } else {
    row.insert(row.end(), 2, "-");
  }
  row.push_back(FixedText(result.peak_rss_mb, 0));
  row.push_back(FixedText(result.rmse_change_percent, 3) + " %");
  return row;
}

nlohmann::json JsonOf(const Ratio& ratio) {
  return {{"median", ratio.median},
          {"lower_quarter", ratio.lower_quarter},
          {"upper_quarter", ratio.upper_quarter}};
}

// The guide's part of a network has work of its own, which a session keeps unless a bound of memory
// asks for tiles.
bool KeepsGuide(const Architecture& architecture, int max_memory_mb) {
  return max_memory_mb == 0 && architecture.guide != GuideInput::kNone &&
         architecture.streams == StreamCount::kTwo;
}

// A frame with a guide of its own.
void FilterFrame(FilterSession& session, const FilterInput& input, FilterOutput& output) {
  session.SetGuide(input.guide);
  session.Apply(input, output);
}

// The median over a few runs.
double GuideMilliseconds(FilterSession& session, ConstView guide) {
  std::vector<double> times;
  for (std::size_t run = 0; run < kLeastRuns; ++run) {
    times.push_back(Milliseconds([&] { session.SetGuide(guide); }));
  }
  return Median(times);
}

// The times of rounds, of which `round` gives one: for so long, three at least.
template <typename Round>
std::vector<double> Rounds(double seconds, const Round& round) {
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  while (times.size() < kLeastRuns || (SecondsSince(start) < seconds && times.size() < kMostRuns)) {
    times.push_back(round());
  }
  return times;
}

std::array<double, kStages> StageMilliseconds(FilterSession& session, const FilterInput& input,
                                              FilterOutput& output) {
  const StageClock clock;
  for (std::size_t run = 0; run < kLeastRuns; ++run) {
    FilterFrame(session, input, output);
  }
  std::array<double, kStages> times{};
  for (int stage = 0; stage < kStages; ++stage) {
    times[stage] = clock.Milliseconds(static_cast<Stage>(stage)) / kLeastRuns;
  }
  return times;
}

// What is no stage: padding, checks, and what differs between runs.
double RestMilliseconds(const BenchResult& result) {
  return result.median_ms - std::accumulate(result.stage_ms->begin(), result.stage_ms->end(), 0.0);
}

}  // namespace

BenchResult RunBench(const BenchCase& of, double seconds) {
  CheckSupported(of.precision);
  BenchResult result{.of = of, .threads = omp_get_max_threads()};
  const RgbdImage room = Room(0, of.width, of.height);
  const float farthest =
      *std::max_element(room.depth.data(), room.depth.data() + room.depth.size());
  Image target = Image::Clone(room.depth);
  std::transform(target.data(), target.data() + target.size(), target.data(),
                 [&](float depth) { return depth / farthest; });

  ResetPeakMemory();
  const auto filter =
      CreateFilter(of.method, {.precision = of.precision, .max_memory_mb = of.max_memory_mb});
  const auto session = filter->StartSession({.width = of.width, .height = of.height});
  FilterOutput output;
  const FilterInput input{room.rgb, target};
  FilterFrame(*session, input, output);  // takes the memory
  result.peak_rss_mb = PeakMemoryMb();

  result.cost = CostOf(of.method, of.width, of.height);
  const TensorFile file = ReadModelFile(of.method);
  if (!IsOurs(file)) {
    result.median_ms = Median(Rounds(
        seconds, [&] { return Milliseconds([&] { FilterFrame(*session, input, output); }); }));
    return result;
  }
  const Architecture architecture = FromFields(file.metadata);
  const PeakProduct peak(of.precision);
  ConvolutionFloor floor(file, architecture, of.precision, PaddedSize(of.width),
                         PaddedSize(of.height));
  floor.Run();
  std::vector<double> peaks;
  std::vector<double> arithmetic;
  std::vector<double> bare;
  const std::vector<double> times = Rounds(seconds, [&] {
    peaks.push_back(peak.Gflops());
    arithmetic.push_back(floor.operations() * 1e-6 / peaks.back());
    bare.push_back(Milliseconds([&] { floor.Run(); }));
    return Milliseconds([&] { FilterFrame(*session, input, output); });
  });
  result.median_ms = Median(times);
  result.floor = {floor.operations(), Median(bare),       RatioOf(times, bare),
                  Median(peaks),      Median(arithmetic), RatioOf(times, arithmetic)};
  if (KeepsGuide(architecture, of.max_memory_mb)) {
    result.guide_ms = GuideMilliseconds(*session, input.guide);
  }
  result.stage_ms = StageMilliseconds(*session, input, output);
  return result;
}

double RmseChangePercent(const std::string& method, Precision precision) {
  CheckSupported(precision);
  if (precision == Precision::kFp32) {
    return 0.0;
  }
  const eval::Protocol protocol = eval::CardProtocol(ReadModelFile(method).metadata);
  const double plain = MeanRmse(*CreateFilter(method), protocol);
  const auto filter = CreateFilter(method, {.precision = precision});
  return 100.0 * (MeanRmse(*filter, protocol) / plain - 1.0);
}

std::string BenchTable(const std::vector<BenchResult>& results) {
  std::vector<TextRow> rows = {{"method", "precision", "size", "threads", "ms", "images/s",
                                "guide ms", "floor ms", "whole/floor", "M values", "GFLOP",
                                "GFLOP/s", "arithmetic ms", "whole/arithmetic", "peak MB",
                                "RMSE change"}};
  for (const BenchResult& result : results) {
    rows.push_back(TableRow(result));
  }
  std::vector<TextRow> stages = {{"method", "precision", "size", "guide ms", "target ms",
                                  "heads ms", "kernels ms", "rest ms"}};
  for (const BenchResult& result : results) {
    if (result.stage_ms) {
      stages.push_back({result.of.method, PrecisionName(result.of.precision),
                        SizeText(result.of.width, result.of.height)});
      for (const double time : *result.stage_ms) {
        stages.back().push_back(FixedText(time, 1));
      }
      stages.back().push_back(FixedText(RestMilliseconds(result), 1));
    }
  }
  std::string text = AlignedTable(rows);
  if (stages.size() > 1) {
    text.append("\n").append(AlignedTable(stages));
  }
  return text;
}

std::string PeaksText(const std::vector<BenchResult>& results) {
  std::map<Precision, std::vector<double>> peaks;
  for (const BenchResult& result : results) {
    if (result.floor) {
      peaks[result.of.precision].push_back(result.floor->peak_gflops);
    }
  }
  std::string text;
  for (const auto& [precision, values] : peaks) {
    text += (text.empty() ? "" : ", ") + FixedText(Median(values), 0) + " GFLOP/s in " +
            PrecisionName(precision);
  }
  return text;
}

std::string BenchJson(const std::vector<BenchResult>& results) {
  nlohmann::json list = nlohmann::json::array();
  for (const BenchResult& result : results) {
    list.push_back({{"model", result.of.method},
                    {"precision", PrecisionName(result.of.precision)},
                    {"width", result.of.width},
                    {"height", result.of.height},
                    {"threads", result.threads},
                    {"median_ms", result.median_ms},
                    {"floor_ms", nullptr},
                    {"arithmetic_floor_ms", nullptr},
                    {"peak_rss_mb", result.peak_rss_mb},
                    {"rmse_change_percent", result.rmse_change_percent}});
    if (result.floor) {
      list.back()["floor_ms"] = result.floor->bare_ms;
      list.back()["arithmetic_floor_ms"] = result.floor->arithmetic_ms;
      list.back()["peak_gflops"] = result.floor->peak_gflops;
      list.back()["whole_to_floor"] = JsonOf(result.floor->whole_to_bare);
      list.back()["whole_to_arithmetic_floor"] = JsonOf(result.floor->whole_to_arithmetic);
    }
    if (result.cost) {
      list.back()["parameters"] = result.cost->parameters;
      list.back()["operations"] = result.cost->operations;
    }
    if (result.stage_ms) {
      const auto& stages = *result.stage_ms;
      list.back()["stage_ms"] = {{"guide", stages[0]},
                                 {"target", stages[1]},
                                 {"heads", stages[2]},
                                 {"kernels", stages[3]}};
    }
  }
  return list.dump(1) + "\n";
}

}  // namespace dkn
