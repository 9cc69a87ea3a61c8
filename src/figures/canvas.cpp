#include "src/figures/canvas.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/core/size_text.h"
#include "src/io/size_limit.h"

namespace dkn::figures {
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

std::uint8_t ToByte(float value) {
  return std::isfinite(value)
             ? static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255.0f))
             : 0;
}

cv::Mat ByteMat(ConstView image) {
  if (image.empty() || (image.channels != 1 && image.channels != 3)) {
    throw Error("a panel is " + SizeText(image) + " x " + std::to_string(image.channels) +
                ", expected 1 or 3 channels and at least one pixel");
  }
  cv::Mat mat(image.height, image.width, CV_8UC3);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        mat.at<cv::Vec3b>(y, x)[2 - c] = ToByte(image(x, y, image.channels == 1 ? 0 : c));
      }
    }
  }
  return mat;
}

int TextWidth(const std::string& text, int height) {
  int below = 0;
  return cv::getTextSize(text, kFont, FontScale(height), Thickness(height), &below).width;
}

std::string FitText(const std::string& text, int width, int height) {
  if (TextWidth(text, height) <= width) {
    return text;
  }
  std::string cut = text;
  while (!cut.empty() && TextWidth(cut + "..", height) > width) {
    cut.pop_back();
  }
  return cut + "..";
}

void DrawText(cv::Mat& canvas, const std::string& text, int x, int baseline, int height,
              Align align) {
  const int width = align == Align::kLeft ? 0 : TextWidth(text, height);
  const int left = align == Align::kCentre ? x - width / 2 : x - width;
  cv::putText(canvas, text, cv::Point(left, baseline), kFont, FontScale(height),
              cv::Scalar::all(40), Thickness(height), cv::LINE_AA);
}

}  // namespace dkn::figures
