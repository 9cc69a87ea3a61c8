// Times the joint and edge-preserving filters of OpenCV's contributed module ximgproc, and ours of
// the same methods beside them, in turns.
//
// Usage: dkn_ximgproc WIDTH HEIGHT GUIDE TARGET THREADS SECONDS
//
// GUIDE (3 channels, one after the other) and TARGET hold raw float32 in [0, 1]. What is filtered
// is TARGET made smaller by 8 and enlarged again. Each pair runs for SECONDS (3 times at least,
// after one run that does not count); one line of JSON for each tells the medians, the RMSE of both
// to TARGET, and that between them, away from the border, whose rules differ.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/ximgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "dkn/registry.h"
#include "dkn/resample.h"
#include "dkn/threads.h"

namespace {

constexpr std::size_t kLeastRuns = 3;
constexpr std::size_t kMostRuns = 200;
constexpr int kScale = 8;
constexpr int kBorder = 32;

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

dkn::Image ReadPlanes(const std::string& path, int width, int height, int channels) {
  dkn::Image image(width, height, channels);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(image.data()),
            static_cast<std::streamsize>(image.size() * sizeof(float)));
  if (!file) {
    throw std::runtime_error(path + " holds less than such an image");
  }
  return image;
}

cv::Mat ToMat(const dkn::Image& image) {
  std::vector<cv::Mat> planes;
  for (int c = 0; c < image.channels(); ++c) {
    planes.emplace_back(image.height(), image.width(), CV_32F, const_cast<float*>(image.Row(0, c)));
  }
  cv::Mat mat;
  cv::merge(planes, mat);
  return mat;
}

struct Arguments {
  int width;
  int height;
  int threads;
  double seconds;
};

struct Images {
  dkn::Image guide;
  dkn::Image truth;
  dkn::Image target;
};

// A filter of OpenCV and ours of the same method, with the nearest settings.
struct Pair {
  std::string name;
  std::function<void(cv::Mat& out)> theirs;
  std::string method;
  dkn::FilterSettings settings;
};

double Median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// Of pixels away from the border.
double Rmse(const std::function<float(int x, int y)>& a, const std::function<float(int, int)>& b,
            const Arguments& arguments) {
  double sum = 0.0;
  int pixels = 0;
  for (int y = kBorder; y < arguments.height - kBorder; ++y) {
    for (int x = kBorder; x < arguments.width - kBorder; ++x, ++pixels) {
      sum += std::pow(static_cast<double>(a(x, y)) - b(x, y), 2.0);
    }
  }
  return std::sqrt(sum / std::max(pixels, 1));
}

void TimePair(const Pair& pair, const Images& images, const Arguments& arguments) {
  const auto filter = dkn::CreateFilter(pair.method, {}, pair.settings);
  cv::Mat theirs;
  dkn::FilterOutput ours;
  const auto run_ours = [&] { filter->Apply({images.guide, images.target}, ours); };
  pair.theirs(theirs);
  run_ours();
  std::vector<double> their_times;
  std::vector<double> our_times;
  const Clock::time_point start = Clock::now();
  while (our_times.size() < kLeastRuns ||
         (MillisecondsSince(start) < 1e3 * arguments.seconds && our_times.size() < kMostRuns)) {
    Clock::time_point begin = Clock::now();
    pair.theirs(theirs);
    their_times.push_back(MillisecondsSince(begin));
    begin = Clock::now();
    run_ours();
    our_times.push_back(MillisecondsSince(begin));
  }
  const auto their_value = [&](int x, int y) { return theirs.at<float>(y, x); };
  const auto our_value = [&](int x, int y) { return ours.image(x, y); };
  const auto truth = [&](int x, int y) { return images.truth(x, y); };
  std::printf(
      "{\"peer\": \"OpenCV %s %s\", \"method\": \"%s\", \"width\": %d, \"height\": %d, "
      "\"threads\": %d, \"median_ms\": %.3f, \"dkn_median_ms\": %.3f, \"runs\": %zu, "
      "\"rmse\": %.6f, \"dkn_rmse\": %.6f, \"rms_difference\": %.6f}\n",
      CV_VERSION, pair.name.c_str(), pair.method.c_str(), arguments.width, arguments.height,
      arguments.threads, Median(their_times), Median(our_times), our_times.size(),
      Rmse(their_value, truth, arguments), Rmse(our_value, truth, arguments),
      Rmse(their_value, our_value, arguments));
}

// Settings for a target in [0, 1]: windows about as large as the networks', 15 x 15, and else what
// OpenCV's documentation starts from. Its fast global smoother begins with lambda, where the paper
// has 24 / 63 of it; its windows are round, its colour differences sums over channels, and its
// rolling guidance begins with the picture where the paper's begins with nothing.
void TimeAll(const Images& images, const Arguments& arguments) {
  namespace xi = cv::ximgproc;
  const cv::Mat guide = ToMat(images.guide);
  const cv::Mat target = ToMat(images.target);
  cv::Mat guide_bytes;
  guide.convertTo(guide_bytes, CV_8U, 255.0);
  const cv::Mat confidence(target.size(), CV_32F, cv::Scalar(1.0));
  const Pair pairs[] = {
      {"guided filter",
       [&](cv::Mat& out) { xi::guidedFilter(guide, target, out, 7, 1e-3); },
       "guided",
       {{"radius", 7.0}, {"epsilon", 1e-3}}},
      {"joint bilateral filter",
       [&](cv::Mat& out) { xi::jointBilateralFilter(guide, target, out, 15, 0.1, 4.0); },
       "jbu",
       {{"radius", 7.0}, {"sigma_color", 0.1}, {"sigma_space", 4.0}}},
      {"fast bilateral solver",
       [&](cv::Mat& out) { xi::fastBilateralSolverFilter(guide_bytes, target, confidence, out); },
       "fbs",
       {{"sigma_space", 8.0}, {"sigma_luma", 8.0}, {"sigma_chroma", 8.0}, {"lambda", 128.0}}},
      {"fast global smoother",
       [&](cv::Mat& out) { xi::fastGlobalSmootherFilter(guide_bytes, target, out, 1000.0, 8.0); },
       "fgs",
       {{"lambda", 1000.0 * 63.0 / 24.0}, {"sigma_color", 8.0 / 255.0}}},
      {"rolling guidance filter (no guide)",
       [&](cv::Mat& out) { xi::rollingGuidanceFilter(target, out, 15, 0.1, 7.0 / 3.0, 4); },
       "rgf",
       {{"sigma_space", 7.0 / 3.0}, {"sigma_color", 0.1}, {"iterations", 3.0}}},
  };
  for (const Pair& pair : pairs) {
    TimePair(pair, images, arguments);
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
    dkn::SetThreads(arguments.threads);
    Images images;
    images.guide = ReadPlanes(argv[3], arguments.width, arguments.height, 3);
    images.truth = ReadPlanes(argv[4], arguments.width, arguments.height, 1);
    const dkn::Image small =
        dkn::Resize(images.truth, std::max(1, arguments.width / kScale),
                    std::max(1, arguments.height / kScale), dkn::Resampler::kBicubic);
    images.target = dkn::Resize(small, arguments.width, arguments.height, dkn::Resampler::kBicubic);
    TimeAll(images, arguments);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dkn_ximgproc: %s\n", error.what());
    return 1;
  }
}
