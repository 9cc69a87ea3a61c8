#ifndef DKN_SRC_FIGURES_CANVAS_H_
#define DKN_SRC_FIGURES_CANVAS_H_

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "dkn/error.h"
#include "dkn/image.h"

namespace dkn::figures {

// Gives what `work` returns; OpenCV's exceptions become Error.
template <typename Work>
auto CatchOpenCv(const Work& work) {
  try {
    return work();
  } catch (const cv::Exception& error) {
    throw Error("OpenCV: " + error.err);
  }
}

// A white canvas of CV_8UC3. Throws Error when a side is below 1 or the whole is absurdly large.
cv::Mat MakeCanvas(std::int64_t width, std::int64_t height);

// R,G,B in [0, 1].
Image CanvasImage(const cv::Mat& canvas);

// A channel value of [0, 1] as 0..255; 0 when it is not finite.
std::uint8_t ToByte(float value);

// A figure's panel as CV_8UC3: one channel is grey, values below 0 or not finite are 0, above 1 are
// 255. Throws Error unless it has 1 or 3 channels and at least one pixel.
cv::Mat ByteMat(ConstView image);

enum class Align { kLeft, kCentre, kRight };

// Width of a line of text in pixels, when capitals are `height` pixels high.
int TextWidth(const std::string& text, int height);

// The text, or its beginning and ".." where it is wider than `width` pixels.
std::string FitText(const std::string& text, int width, int height);

// Draws dark grey text whose capitals stand on row `baseline` and are `height` pixels high. `x` is
// its left end, its middle or its right end.
void DrawText(cv::Mat& canvas, const std::string& text, int x, int baseline, int height,
              Align align);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_CANVAS_H_
