#include "src/figures/figure.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/figures/canvas.h"

namespace dkn::figures {
namespace {

constexpr int kGap = 8;  // pixels between panels, and around all

// Blue through white to red: each half is linear between its ends. 256 colours, B,G,R.
cv::Mat DivergingColours() {
  const cv::Vec3d kBlue(120, 50, 20);
  const cv::Vec3d kWhite(248, 248, 248);
  const cv::Vec3d kRed(25, 15, 140);
  cv::Mat colours(256, 1, CV_8UC3);
  for (int i = 0; i < 256; ++i) {
    const double side = (i - 127.5) / 127.5;
    const cv::Vec3d colour = kWhite + std::abs(side) * ((side < 0 ? kBlue : kRed) - kWhite);
    colours.at<cv::Vec3b>(i, 0) = cv::Vec3b(colour);
  }
  return colours;
}

// CV_8UC1 to CV_8UC3.
cv::Mat ApplyPalette(const cv::Mat& steps, Palette palette) {
  cv::Mat colours;
  if (palette == Palette::kDiverging) {
    cv::applyColorMap(steps, colours, DivergingColours());
  } else {
    cv::applyColorMap(steps, colours,
                      palette == Palette::kTurbo ? cv::COLORMAP_TURBO : cv::COLORMAP_INFERNO);
  }
  return colours;
}

// CV_8UC3, scaled to `height`.
cv::Mat PanelMat(ConstView image, int height) {
  const cv::Mat mat = ByteMat(image);
  const double scale = static_cast<double>(height) / image.height;
  const int width = std::max(1, static_cast<int>(std::lround(image.width * scale)));
  cv::Mat scaled;
  cv::resize(mat, scaled, cv::Size(width, height), 0, 0, cv::INTER_NEAREST);
  return scaled;
}

// The text height that suits panels of this size, and lets every title fit above its panel.
int TitleHeight(const std::vector<Panel>& panels, int panel_height, int panel_width) {
  int height = std::clamp(panel_height / 24, 10, 40);
  for (const Panel& panel : panels) {
    while (height > 5 && TextWidth(panel.title, height) > panel_width) {
      --height;
    }
  }
  return height;
}

Image DrawMontage(const std::vector<Panel>& panels, int columns) {
  int height = 0;
  for (const Panel& panel : panels) {
    height = std::max(height, panel.image.height);
  }
  std::vector<cv::Mat> mats;
  int width = 0;
  for (const Panel& panel : panels) {
    mats.push_back(PanelMat(panel.image, height));
    width = std::max(width, mats.back().cols);
  }
  const int count = static_cast<int>(panels.size());
  const int across = columns == 0 ? count : std::min(columns, count);
  const int down = (count + across - 1) / across;
  const int text = TitleHeight(panels, height, width);
  const bool titled = std::any_of(panels.begin(), panels.end(),
                                  [](const Panel& panel) { return !panel.title.empty(); });
  const int bar = titled ? 5 * text / 2 : 0;
  cv::Mat canvas = MakeCanvas(kGap + static_cast<std::int64_t>(across) * (width + kGap),
                              kGap + static_cast<std::int64_t>(down) * (bar + height + kGap));
  for (int i = 0; i < count; ++i) {
    const int left = kGap + (i % across) * (width + kGap) + (width - mats[i].cols) / 2;
    const int top = kGap + (i / across) * (bar + height + kGap) + bar;
    mats[i].copyTo(canvas(cv::Rect(left, top, mats[i].cols, mats[i].rows)));
    DrawText(canvas, panels[i].title, left + mats[i].cols / 2, top - 3 * text / 4, text,
             Align::kCentre);
  }
  return CanvasImage(canvas);
}

}  // namespace

Image ColorMap(ConstView values, float low, float high, Palette palette) {
  if (values.empty() || values.channels != 1) {
    throw Error("a colour map takes one channel, the image has " + std::to_string(values.channels));
  }
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) {
    throw Error("the range of a colour map is " + std::to_string(low) + ".." +
                std::to_string(high) + ", expected finite and ascending");
  }
  return CatchOpenCv([&] {
    const float scale = high > low ? 1.0f / (high - low) : 0.0f;
    cv::Mat steps(values.height, values.width, CV_8UC1);
    for (int y = 0; y < values.height; ++y) {
      for (int x = 0; x < values.width; ++x) {
        steps.at<std::uint8_t>(y, x) = ToByte((values(x, y) - low) * scale);
      }
    }
    cv::Mat colours = ApplyPalette(steps, palette);
    for (int y = 0; y < values.height; ++y) {
      for (int x = 0; x < values.width; ++x) {
        if (!std::isfinite(values(x, y))) {
          colours.at<cv::Vec3b>(y, x) = cv::Vec3b(128, 128, 128);
        }
      }
    }
    return CanvasImage(colours);
  });
}

Image Montage(const std::vector<Panel>& panels, int columns) {
  if (panels.empty() || columns < 0) {
    throw Error("a montage of " + std::to_string(panels.size()) + " panels in " +
                std::to_string(columns) + " columns");
  }
  return CatchOpenCv([&] { return DrawMontage(panels, columns); });
}

void WriteFigure(const std::string& path, ConstView figure) {
  Image bytes = Image::Clone(figure);
  std::transform(bytes.data(), bytes.data() + bytes.size(), bytes.data(),
                 [](float value) { return value * 255.0f; });
  WriteImage(path, bytes, SampleType::kUint8);
}

}  // namespace dkn::figures
