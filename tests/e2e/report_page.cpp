// Usage: dkn_report_page FILE
// Writes an HTML report of known values for report_test.py, with names that try to leave their
// place.
#include <cmath>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "src/core/file.h"
#include "src/report/html_report.h"

namespace {

constexpr int kWidth = 160;
constexpr int kHeight = 120;

// Truth: 100 + x, not known in the first 10 x 10 pixels.
dkn::Image Truth() {
  dkn::Image truth(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      truth(x, y) = x < 10 && y < 10 ? std::nanf("") : static_cast<float>(100 + x);
    }
  }
  return truth;
}

// Everywhere off by `error`.
dkn::Image Result(float error) {
  dkn::Image result(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      result(x, y) = static_cast<float>(100 + x) + error;
    }
  }
  return result;
}

// 3 x 3 taps, 2 pixels apart; the middle weighs 0.8, the others -0.1.
dkn::report::ShownKernels Kernels(const std::string& method) {
  dkn::report::ShownKernels kernels;
  kernels.method = method;
  kernels.size = 3;
  kernels.weights = dkn::Image(kWidth, kHeight, 9);
  kernels.positions = dkn::Image(kWidth, kHeight, 18);
  for (int tap = 0; tap < 9; ++tap) {
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        kernels.weights(x, y, tap) = tap == 4 ? 0.8f : -0.1f;
        kernels.positions(x, y, 2 * tap) = static_cast<float>(2 * (tap % 3 - 1));
        kernels.positions(x, y, 2 * tap + 1) = static_cast<float>(2 * (tap / 3 - 1));
      }
    }
  }
  return kernels;
}

dkn::report::ReportPage Page() {
  const std::string good = "good <b>&amp;\"'";
  const std::string bad = "</script><img src=x onerror=document.title=1>";
  dkn::report::ShownImage image;
  image.set = "set";
  image.name = "<i>name";
  image.unit = "cm";
  image.metric = "RMSE";
  image.guide = dkn::Image(kWidth, kHeight, 3);
  image.input = dkn::Image(kWidth / 8, kHeight / 8);
  for (int x = 0; x < kWidth; ++x) {
    for (int y = 0; y < kHeight; ++y) {
      image.guide(x, y, 0) = static_cast<float>((x / 8 + y / 8) % 2);
      image.guide(x, y, 1) = static_cast<float>(x) / kWidth;
      image.input(x / 8, y / 8) = static_cast<float>(100 + x);  // of the last column
    }
  }
  image.truth = Truth();
  image.results.push_back({good, Result(1.0f), 1.0});
  image.results.push_back({bad, Result(-2.5f), 2.5});
  image.kernels.push_back(Kernels(good));
  dkn::report::ReportPage page;
  page.title = "A report <of> tests";
  page.protocol = {"8x & more"};
  page.tables.push_back({"RMSE", {"method", "set"}, {{good, "1.0"}, {bad, "2.5"}}});
  page.plots.push_back({"a plot", dkn::Image(40, 30, 3)});
  page.images.push_back(std::move(image));
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string html = dkn::report::HtmlReport(Page());
    dkn::WriteFileBytes(argc == 2 ? argv[1] : "",
                        {reinterpret_cast<const std::uint8_t*>(html.data()), html.size()});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
