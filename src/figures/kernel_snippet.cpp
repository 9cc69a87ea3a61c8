#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/figure.h"
#include "src/figures/kernel_figure.h"
#include "src/io/size_limit.h"

namespace dkn::figures {
namespace {

constexpr int kShift = 4;  // OpenCV takes positions in 1 / 16 pixel
const cv::Scalar kBeyond = cv::Scalar::all(200);

// Canvas position of an image position: pixel i covers `cell` canvas pixels.
struct SnippetFrame {
  explicit SnippetFrame(const Snippet& s)
      : left(s.x - s.radius), top(s.y - s.radius), side(2 * s.radius + 1), cell(s.cell) {}

  // In 1 / 16 pixel, whose centres OpenCV counts from.
  int Fixed(float position, int begin) const {
    const float canvas = (position - static_cast<float>(begin) + 0.5f) * static_cast<float>(cell);
    return static_cast<int>(std::lround((canvas - 0.5f) * static_cast<float>(1 << kShift)));
  }
  cv::Point At(float x, float y) const { return {Fixed(x, left), Fixed(y, top)}; }
  // Not of what is too far away to be seen, or NaN.
  bool Shows(const KernelSample& sample) const {
    const float size = static_cast<float>(side);
    const float x = sample.x - static_cast<float>(left);
    const float y = sample.y - static_cast<float>(top);
    return x >= -1.5f && x <= size + 0.5f && y >= -1.5f && y <= size + 0.5f;
  }

  int left;
  int top;
  int side;
  int cell;
};

void CheckSnippet(const Snippet& snippet) {
  if (snippet.radius < 0 || snippet.radius > 10000 || snippet.cell < 1 || snippet.cell > 10000) {
    throw Error("a snippet of radius " + std::to_string(snippet.radius) + " in cells of " +
                std::to_string(snippet.cell) + " pixels");
  }
  const std::int64_t side = (2 * std::int64_t{snippet.radius} + 1) * snippet.cell;
  CheckSize(side, side, ReadOptions());
}

// In OpenCV's order, B,G,R.
cv::Scalar ColourOf(float weight, const WeightScale& scale) {
  Image one(1, 1);
  one(0, 0) = weight;
  const Image colour = ColorMap(one, scale.with_sign ? -scale.largest : 0.0f, scale.largest,
                                scale.with_sign ? Palette::kDiverging : Palette::kInferno);
  return {255.0 * colour(0, 0, 2), 255.0 * colour(0, 0, 1), 255.0 * colour(0, 0, 0)};
}

// Black and white in turn, so that it is seen on any picture.
void DrawDottedLine(cv::Mat& canvas, cv::Point from, cv::Point to) {
  constexpr int kDash = 5;
  const int length = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  for (int i = 0; i <= length; ++i) {
    const int x = from.x + (to.x - from.x) * i / std::max(1, length);
    const int y = from.y + (to.y - from.y) * i / std::max(1, length);
    if (x >= 0 && x < canvas.cols && y >= 0 && y < canvas.rows) {
      const uchar shade = i / kDash % 2 == 0 ? 30 : 245;
      canvas.at<cv::Vec3b>(y, x) = cv::Vec3b(shade, shade, shade);
    }
  }
}

// The pixels that may be sampled: window x window around the snippet's own.
void DrawWindow(cv::Mat& canvas, const Snippet& snippet, int window) {
  const int begin = (snippet.radius - window / 2) * snippet.cell;
  const int end = (snippet.radius + window / 2 + 1) * snippet.cell - 1;
  DrawDottedLine(canvas, {begin, begin}, {end, begin});
  DrawDottedLine(canvas, {end, begin}, {end, end});
  DrawDottedLine(canvas, {begin, end}, {end, end});
  DrawDottedLine(canvas, {begin, begin}, {begin, end});
}

// A disc of `colour` in a ring of `ring`; radii in canvas pixels.
void DrawDisc(cv::Mat& canvas, cv::Point centre, double radius, const cv::Scalar& colour,
              const cv::Scalar& ring, double ring_width) {
  const auto fixed = [](double r) { return static_cast<int>(std::lround(r * (1 << kShift))); };
  cv::circle(canvas, centre, fixed(radius + ring_width), ring, cv::FILLED, cv::LINE_AA, kShift);
  cv::circle(canvas, centre, fixed(radius), colour, cv::FILLED, cv::LINE_AA, kShift);
}

void DrawMarkers(cv::Mat& canvas, const SnippetFrame& frame, const PixelKernel& kernel,
                 const WeightScale& scale) {
  std::vector<KernelSample> samples = kernel.samples;
  std::sort(samples.begin(), samples.end(), [](const KernelSample& a, const KernelSample& b) {
    return std::abs(a.weight) > std::abs(b.weight);  // the small ones on top
  });
  for (const KernelSample& sample : samples) {
    if (!frame.Shows(sample)) {
      continue;
    }
    const double share = scale.largest > 0.0f ? std::abs(sample.weight) / scale.largest : 0.0;
    const double radius = frame.cell * (0.16 + 0.34 * std::sqrt(std::min(1.0, share)));
    const cv::Point centre = frame.At(sample.x, sample.y);
    const double line = std::max(1.0, frame.cell / 20.0);
    DrawDisc(canvas, centre, radius + line, cv::Scalar::all(20), cv::Scalar::all(255), line);
    DrawDisc(canvas, centre, radius, ColourOf(sample.weight, scale), cv::Scalar::all(20), 0.0);
  }
}

void DrawCrosses(cv::Mat& canvas, const SnippetFrame& frame, const PixelKernel& kernel,
                 const cv::Scalar& ink) {
  const int arm = std::max(1, (frame.cell << kShift) / 6);
  for (const KernelSample& sample : kernel.samples) {
    if (frame.Shows(sample)) {
      const cv::Point at = frame.At(sample.x, sample.y);
      for (const cv::Point& end : {cv::Point(arm, arm), cv::Point(arm, -arm)}) {
        cv::line(canvas, at - end, at + end, ink, 1, cv::LINE_AA, kShift);
      }
    }
  }
}

cv::Mat Enlarged(const cv::Mat& pixels, int cell) {
  cv::Mat canvas;
  cv::resize(pixels, canvas, cv::Size(pixels.cols * cell, pixels.rows * cell), 0, 0,
             cv::INTER_NEAREST);
  return canvas;
}

}  // namespace

Image SplatKernel(const PixelKernel& kernel, int radius) {
  Image grid(2 * radius + 1, 2 * radius + 1);
  for (const KernelSample& sample : kernel.samples) {
    const float x = sample.x - static_cast<float>(kernel.x - radius);
    const float y = sample.y - static_cast<float>(kernel.y - radius);
    for (const float column : {std::floor(x), std::floor(x) + 1.0f}) {
      for (const float row : {std::floor(y), std::floor(y) + 1.0f}) {
        const float share = (1.0f - std::abs(x - column)) * (1.0f - std::abs(y - row));
        if (column >= 0.0f && row >= 0.0f && column < static_cast<float>(grid.width()) &&
            row < static_cast<float>(grid.height())) {
          grid(static_cast<int>(column), static_cast<int>(row)) += share * sample.weight;
        }
      }
    }
  }
  return grid;
}

WeightScale ScaleOf(const PixelKernel& kernel, int radius) {
  WeightScale scale;
  const auto add = [&](float weight) {
    scale.largest = std::max(scale.largest, std::abs(weight));
    scale.with_sign = scale.with_sign || weight < 0.0f;
  };
  for (const KernelSample& sample : kernel.samples) {
    add(sample.weight);
  }
  const Image grid = SplatKernel(kernel, radius);
  std::for_each_n(grid.data(), grid.size(), add);
  return scale;
}

Image DrawSnippet(ConstView picture, const Snippet& snippet, const PixelKernel& kernel,
                  const WeightScale& scale, int window) {
  CheckSnippet(snippet);
  return CatchOpenCv([&] {
    const SnippetFrame frame(snippet);
    cv::Mat pixels(frame.side, frame.side, CV_8UC3, kBeyond);
    const cv::Rect wanted(frame.left, frame.top, frame.side, frame.side);
    const cv::Rect seen = wanted & cv::Rect(0, 0, picture.width, picture.height);
    if (!seen.empty()) {
      ByteMat(picture.Crop(seen.x, seen.y, seen.width, seen.height))
          .copyTo(pixels(seen - cv::Point(frame.left, frame.top)));
    }
    cv::Mat canvas = Enlarged(pixels, snippet.cell);
    DrawWindow(canvas, snippet, window);
    DrawMarkers(canvas, frame, kernel, scale);
    DrawDisc(canvas, frame.At(static_cast<float>(kernel.x), static_cast<float>(kernel.y)),
             frame.cell * 0.17, cv::Scalar(255, 90, 0), cv::Scalar::all(255), frame.cell * 0.07);
    return CanvasImage(canvas);
  });
}

Image DrawHeatMap(const Snippet& snippet, const PixelKernel& kernel, const WeightScale& scale,
                  int window) {
  CheckSnippet(snippet);
  return CatchOpenCv([&] {
    const SnippetFrame frame(snippet);
    const Image colours =
        ColorMap(SplatKernel(kernel, snippet.radius), scale.with_sign ? -scale.largest : 0.0f,
                 scale.largest, scale.with_sign ? Palette::kDiverging : Palette::kInferno);
    cv::Mat canvas = Enlarged(ByteMat(colours), snippet.cell);
    const cv::Scalar grid = cv::Scalar::all(scale.with_sign ? 225 : 45);
    for (int i = 1; i < frame.side; ++i) {
      cv::line(canvas, {i * frame.cell, 0}, {i * frame.cell, canvas.rows - 1}, grid);
      cv::line(canvas, {0, i * frame.cell}, {canvas.cols - 1, i * frame.cell}, grid);
    }
    DrawWindow(canvas, snippet, window);
    const int begin = snippet.radius * snippet.cell;
    cv::rectangle(canvas, cv::Rect(begin, begin, snippet.cell + 1, snippet.cell + 1),
                  cv::Scalar(255, 90, 0), std::max(1, snippet.cell / 10));
    DrawCrosses(canvas, frame, kernel, cv::Scalar::all(scale.with_sign ? 0 : 255));
    cv::rectangle(canvas, cv::Rect(0, 0, canvas.cols, canvas.rows), cv::Scalar::all(90));
    return CanvasImage(canvas);
  });
}

}  // namespace dkn::figures
