#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "src/bench/bench.h"
#include "src/core/file.h"
#include "src/figures/figure.h"
#include "src/io/pixel_size.h"
#include "src/net/machine.h"
#include "src/rivals/load_rival.h"

namespace dkn {
namespace {

struct BenchOptions {
  std::vector<std::string> methods = {"fdkn_x8", "dkn_x8"};
  std::vector<std::string> precisions;  // none: all that the processor has
  std::vector<std::string> sizes = {"320x240", "640x480", "1280x960"};
  double seconds = 2.0;
  int max_memory_mb = 0;
  int threads = 0;
  std::string json;  // empty: none
  std::string plot;
};

PixelSize SizeOption(const std::string& text) {
  const std::optional<PixelSize> size = ParseSize(text);
  if (!size) {
    throw Error("--sizes: '" + text + "' is no size; expected WIDTHxHEIGHT, as 640x480, sides up " +
                "to " + std::to_string(kMaxSide) + ", pixels up to " + std::to_string(kMaxPixels));
  }
  return *size;
}

std::vector<Precision> Precisions(const BenchOptions& options) {
  std::vector<Precision> precisions;
  for (const std::string& name : options.precisions) {
    precisions.push_back(ParsePrecision(name));
  }
  if (precisions.empty()) {
    for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
      if (SupportedPrecision(precision) == precision) {
        precisions.push_back(precision);
      }
    }
  }
  return precisions;
}

// All combinations; methods that are none of our networks once, in fp32.
std::vector<BenchCase> Cases(const BenchOptions& options) {
  std::vector<BenchCase> cases;
  for (const std::string& method : options.methods) {
    const std::string file = FindModelFile(method);
    const bool network = !file.empty();
    for (const Precision precision : network && !HoldsRival(file)
                                         ? Precisions(options)
                                         : std::vector<Precision>{Precision::kFp32}) {
      for (const std::string& size : options.sizes) {
        const auto [width, height] = SizeOption(size);
        cases.push_back({method, precision, width, height, network ? options.max_memory_mb : 0});
      }
    }
  }
  return cases;
}

std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) {
      return line.substr(line.find(':') + 2);
    }
  }
  return "unknown processor";
}

void PrintMachine(const std::vector<BenchResult>& results) {
  const std::string peaks = PeaksText(results);
  std::printf("%s, %s; peaks: %s%s%.1f GB/s of memory\n\n", Processor().c_str(),
              InstructionSet().c_str(), peaks.c_str(), peaks.empty() ? "" : ", ", PeakMemoryGbps());
}

std::vector<BenchResult> Measure(const BenchOptions& options) {
  const std::vector<BenchCase> cases = Cases(options);
  std::vector<BenchResult> results;
  std::map<std::pair<std::string, Precision>, double> changes;
  ProgressLine progress("cases");
  for (const BenchCase& of : cases) {
    results.push_back(RunBench(of, options.seconds));
    const auto [change, added] = changes.try_emplace({of.method, of.precision}, 0.0);
    if (added) {
      change->second = RmseChangePercent(of.method, of.precision);
    }
    results.back().rmse_change_percent = change->second;
    progress(static_cast<int>(results.size()), static_cast<int>(cases.size()));
  }
  return results;
}

// A line for each method and precision.
Image Plot(const std::vector<BenchResult>& results) {
  std::vector<figures::Series> series;
  for (const BenchResult& result : results) {
    const std::string label = result.of.method + ", " + PrecisionName(result.of.precision);
    if (series.empty() || series.back().label != label) {
      series.push_back({label, {}, {}});
    }
    series.back().xs.push_back(1e-6 * result.of.width * result.of.height);
    series.back().ys.push_back(result.median_ms);
  }
  return figures::LinePlot(series,
                           {.x_label = "megapixels", .y_label = "milliseconds", .log_y = true});
}

void Bench(const BenchOptions& options) {
  SetThreads(options.threads);
  Cases(options);  // says what is wrong with the options before the time is spent
  const std::vector<BenchResult> results = Measure(options);
  PrintMachine(results);
  std::cout << BenchTable(results) << std::flush;
  if (!options.json.empty()) {
    WriteFileText(options.json, BenchJson(results));
  }
  if (!options.plot.empty()) {
    figures::WriteFigure(options.plot, Plot(results));
  }
}

}  // namespace

void AddBench(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "bench", "Time methods beside the bare convolutions that they are made of");
  const auto options = std::make_shared<BenchOptions>();
  command->add_option("METHOD", options->methods, "Names of methods or models, or model files")
      ->capture_default_str();
  command
      ->add_option("--precision", options->precisions,
                   "fp32, bf16, int8, several by commas; without it all that the processor has")
      ->delimiter(',')
      ->check(CLI::IsMember({"fp32", "bf16", "int8"}));
  command->add_option("--sizes", options->sizes, "WIDTHxHEIGHT, several by commas")
      ->delimiter(',')
      ->capture_default_str();
  command
      ->add_option("--seconds", options->seconds,
                   "To measure each case for; each is run three times at least")
      ->check(NumberFrom("0", "3600"))
      ->capture_default_str();
  command->add_option("--json", options->json, "Write the results to this file too");
  command->add_option("--plot", options->plot, "Draw time against pixels into this picture");
  AddMaxMemoryOption(*command, options->max_memory_mb);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "Example: dkn bench fdkn_x8 guided --sizes 640x480 --threads 2 --json times.json");
  command->callback([options] { Bench(*options); });
}

}  // namespace dkn
