#include "src/io/canvas.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

double FontScale(int height) {
  return cv::getFontScaleFromHeight(kFont, height);
}

int Thickness(int height) {
  return std::max(1, height / 12);
}

}  // namespace

cv::Mat MakeCanvas(std::int64_t width, std::int64_t height) {
  CheckSize(width, height, ReadOptions());
  return cv::Mat(static_cast<int>(height), static_cast<int>(width), CV_8UC3, cv::Scalar::all(255));
}

Image CanvasImage(const cv::Mat& canvas) {
  Image image = ImageFromMat(canvas);
  std::transform(image.data(), image.data() + image.size(), image.data(),
                 [](float value) { return value / 255.0f; });
  return image;
}

int TextWidth(const std::string& text, int height) {
  int below = 0;
  return cv::getTextSize(text, kFont, FontScale(height), Thickness(height), &below).width;
}

void DrawText(cv::Mat& canvas, const std::string& text, int x, int baseline, int height,
              Align align) {
  const int width = align == Align::kLeft ? 0 : TextWidth(text, height);
  const int left = align == Align::kCentre ? x - width / 2 : x - width;
  cv::putText(canvas, text, cv::Point(left, baseline), kFont, FontScale(height),
              cv::Scalar::all(40), Thickness(height), cv::LINE_AA);
}

}  // namespace dkn
