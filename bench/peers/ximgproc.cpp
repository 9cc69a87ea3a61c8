// Times the joint and edge-preserving filters of OpenCV's contributed module ximgproc.
//
// Usage: dkn_ximgproc WIDTH HEIGHT GUIDE TARGET THREADS SECONDS
//
// GUIDE (3 channels, one after the other) and TARGET hold raw float32 in [0, 1]. Each filter runs
// for SECONDS (3 times at least, after one run that does not count); one line of JSON for each
// tells the median.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/ximgproc.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kLeastRuns = 3;
constexpr std::size_t kMostRuns = 200;

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

cv::Mat ReadPlanes(const std::string& path, int width, int height, int channels) {
  std::vector<cv::Mat> planes;
  std::ifstream file(path, std::ios::binary);
  for (int c = 0; c < channels; ++c) {
    planes.emplace_back(height, width, CV_32F);
    file.read(reinterpret_cast<char*>(planes.back().data),
              static_cast<std::streamsize>(planes.back().total() * sizeof(float)));
  }
  if (!file) {
    throw std::runtime_error(path + " holds less than such an image");
  }
  cv::Mat image;
  cv::merge(planes, image);
  return image;
}

struct Arguments {
  int width;
  int height;
  int threads;
  double seconds;
};

void Time(const std::string& name, const Arguments& arguments, const std::function<void()>& run) {
  run();
  std::vector<double> times;
  const Clock::time_point start = Clock::now();
  while (times.size() < kLeastRuns ||
         (MillisecondsSince(start) < 1e3 * arguments.seconds && times.size() < kMostRuns)) {
    const Clock::time_point begin = Clock::now();
    run();
    times.push_back(MillisecondsSince(begin));
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "{\"peer\": \"OpenCV %s %s\", \"width\": %d, \"height\": %d, \"threads\": %d, "
      "\"median_ms\": %.3f, \"runs\": %zu}\n",
      CV_VERSION, name.c_str(), arguments.width, arguments.height, arguments.threads,
      times[times.size() / 2], times.size());
}

// Settings for a target in [0, 1]: windows about as large as the networks', 15 x 15, and else what
// OpenCV's documentation starts from.
void TimeAll(const cv::Mat& guide, const cv::Mat& target, const Arguments& arguments) {
  namespace xi = cv::ximgproc;
  cv::Mat guide_bytes;
  guide.convertTo(guide_bytes, CV_8U, 255.0);
  const cv::Mat confidence(target.size(), CV_32F, cv::Scalar(1.0));
  cv::Mat out;
  const std::pair<const char*, std::function<void()>> filters[] = {
      {"guided filter", [&] { xi::guidedFilter(guide, target, out, 7, 1e-3); }},
      {"joint bilateral filter",
       [&] { xi::jointBilateralFilter(guide, target, out, 15, 0.1, 4.0); }},
      {"fast bilateral solver",
       [&] { xi::fastBilateralSolverFilter(guide_bytes, target, confidence, out); }},
      {"fast global smoother",
       [&] { xi::fastGlobalSmootherFilter(guide_bytes, target, out, 1000.0, 8.0); }},
      {"rolling guidance filter (no guide)",
       [&] { xi::rollingGuidanceFilter(target, out, 15, 0.1, 4.0, 4); }},
  };
  for (const auto& [name, run] : filters) {
    Time(name, arguments, run);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: dkn_ximgproc WIDTH HEIGHT GUIDE TARGET THREADS SECONDS\n");
    return 2;
  }
  try {
    const Arguments arguments{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[5]),
                              std::atof(argv[6])};
    cv::setNumThreads(arguments.threads);
    TimeAll(ReadPlanes(argv[3], arguments.width, arguments.height, 3),
            ReadPlanes(argv[4], arguments.width, arguments.height, 1), arguments);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dkn_ximgproc: %s\n", error.what());
    return 1;
  }
}
