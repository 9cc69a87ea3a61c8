#include <algorithm>
#include <cmath>
#include <cstdint>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/figure.h"
#include "src/figures/kernel_figure.h"
#include "src/figures/palette.h"
#include "src/io/size_limit.h"

namespace dkn::figures {
namespace {

constexpr Colour kBeyond = Grey(200);
constexpr Colour kPixel{0, 90, 255};  // marks the kernel's pixel

// Canvas position of an image position: pixel i covers `cell` canvas pixels.
struct SnippetFrame {
  explicit SnippetFrame(const Snippet& s)
      : left(s.x - s.radius), top(s.y - s.radius), side(2 * s.radius + 1), cell(s.cell) {}

  Point At(float x, float y) const {
    return {(static_cast<double>(x) - left + 0.5) * cell - 0.5,
            (static_cast<double>(y) - top + 0.5) * cell - 0.5};
  }
  // Whether the sample is near enough to be seen; it is not where its place is NaN.
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

struct Colours {
  Palette palette;
  float low;
  float high;
};

Colours ColoursOf(const WeightScale& scale) {
  return scale.with_sign ? Colours{Palette::kDiverging, -scale.largest, scale.largest}
                         : Colours{Palette::kGlow, 0.0f, scale.largest};
}

Colour ColourOf(float weight, const WeightScale& scale) {
  Image one(1, 1);
  one(0, 0) = weight;
  const Colours colours = ColoursOf(scale);
  const Image colour = ColorMap(one, colours.low, colours.high, colours.palette);
  return {ToByte(colour(0, 0, 0)), ToByte(colour(0, 0, 1)), ToByte(colour(0, 0, 2))};
}

// The pixels that may be sampled, window x window around the snippet's own, in a line of black and
// white in turn, which is seen on any picture.
void DrawWindow(Canvas& canvas, const Snippet& snippet, int window) {
  constexpr int kDash = 5;
  const int begin = (snippet.radius - window / 2) * snippet.cell;
  const int end = (snippet.radius + window / 2 + 1) * snippet.cell - 1;
  for (int i = begin; i <= end; i += kDash) {
    const Colour shade = Grey((i - begin) / kDash % 2 == 0 ? 30 : 245);
    const int dash = std::min(kDash, end + 1 - i);
    canvas.FillBox({i, begin, dash, 1}, shade);
    canvas.FillBox({i, end, dash, 1}, shade);
    canvas.FillBox({begin, i, 1, dash}, shade);
    canvas.FillBox({end, i, 1, dash}, shade);
  }
}

void DrawMarkers(Canvas& canvas, const SnippetFrame& frame, const PixelKernel& kernel,
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
    const Point centre = frame.At(sample.x, sample.y);
    const double line = std::max(1.0, frame.cell / 20.0);
    canvas.Disc(centre, radius + 2 * line, kWhite);
    canvas.Disc(centre, radius + line, Grey(20));
    canvas.Disc(centre, radius, ColourOf(sample.weight, scale));
  }
}

void DrawCrosses(Canvas& canvas, const SnippetFrame& frame, const PixelKernel& kernel, Colour ink) {
  const double arm = std::max(1.0, frame.cell / 6.0);
  for (const KernelSample& sample : kernel.samples) {
    if (frame.Shows(sample)) {
      const Point at = frame.At(sample.x, sample.y);
      canvas.Line({{at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}}, 1.2, ink);
      canvas.Line({{at.x - arm, at.y + arm}, {at.x + arm, at.y - arm}}, 1.2, ink);
    }
  }
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
  const SnippetFrame frame(snippet);
  const int side = frame.side * frame.cell;
  Canvas canvas(side, side);
  canvas.FillBox({0, 0, side, side}, kBeyond);
  const PixelBox seen = Intersection({frame.left, frame.top, frame.side, frame.side},
                                     {0, 0, picture.width, picture.height});
  if (Area(seen) > 0) {
    const ConstView part = picture.Crop(seen.x, seen.y, seen.width, seen.height);
    canvas.Put(ScaledPicture(part, seen.width * frame.cell, seen.height * frame.cell),
               (seen.x - frame.left) * frame.cell, (seen.y - frame.top) * frame.cell);
  }
  DrawWindow(canvas, snippet, window);
  DrawMarkers(canvas, frame, kernel, scale);
  const Point own = frame.At(static_cast<float>(kernel.x), static_cast<float>(kernel.y));
  canvas.Disc(own, frame.cell * 0.24, kWhite);
  canvas.Disc(own, frame.cell * 0.17, kPixel);
  return canvas.ToImage();
}

Image DrawHeatMap(const Snippet& snippet, const PixelKernel& kernel, const WeightScale& scale,
                  int window) {
  CheckSnippet(snippet);
  const SnippetFrame frame(snippet);
  const int side = frame.side * frame.cell;
  const Colours colours = ColoursOf(scale);
  const Image pixels =
      ColorMap(SplatKernel(kernel, snippet.radius), colours.low, colours.high, colours.palette);
  Canvas canvas(side, side);
  canvas.Put(ScaledPicture(pixels, side, side), 0, 0);
  const Colour grid = Grey(scale.with_sign ? 225 : 45);
  for (int i = 1; i < frame.side; ++i) {
    canvas.FillBox({i * frame.cell, 0, 1, side}, grid);
    canvas.FillBox({0, i * frame.cell, side, 1}, grid);
  }
  DrawWindow(canvas, snippet, window);
  const int begin = snippet.radius * snippet.cell;
  const int line = std::max(1, snippet.cell / 10);
  canvas.FrameBox({begin, begin, snippet.cell + 1, snippet.cell + 1}, line / 2, line, kPixel);
  DrawCrosses(canvas, frame, kernel, scale.with_sign ? kBlack : kWhite);
  canvas.FrameBox({0, 0, side, side}, 0, 1, Grey(90));
  return canvas.ToImage();
}

}  // namespace dkn::figures
