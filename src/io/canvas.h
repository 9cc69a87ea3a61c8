#ifndef DKN_SRC_IO_CANVAS_H_
#define DKN_SRC_IO_CANVAS_H_

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "dkn/error.h"
#include "dkn/image.h"

namespace dkn {

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

enum class Align { kLeft, kCentre, kRight };

// Width of a line of text in pixels, when capitals are `height` pixels high.
int TextWidth(const std::string& text, int height);

// Draws dark grey text whose capitals stand on row `baseline` and are `height` pixels high. `x` is
// its left end, its middle or its right end.
void DrawText(cv::Mat& canvas, const std::string& text, int x, int baseline, int height,
              Align align);

}  // namespace dkn

#endif  // DKN_SRC_IO_CANVAS_H_
