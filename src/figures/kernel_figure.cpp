#include "src/figures/kernel_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/figures/canvas.h"
#include "src/figures/figure_grid.h"

namespace dkn::figures {
namespace {

constexpr int kSide = 475;     // pixels of a panel, about
constexpr int kLeastCell = 4;  // canvas pixels of an image pixel
constexpr int kMaxWidth = 4000;

// Where an image of any size lies on a panel of `width` pixels that is not higher than wide.
struct Overview {
  Overview(ConstView image, int panel_width)
      : panel(panel_width),
        scale(static_cast<double>(panel_width) / std::max(image.width, image.height)),
        width(Scaled(image.width)),
        height(Scaled(image.height)),
        left((panel_width - width) / 2) {}

  int Scaled(int size) const { return std::max(1, static_cast<int>(std::lround(size * scale))); }

  int panel;
  double scale;
  int width;
  int height;
  int left;
};

// The whole image with the snippets' frames.
Image DrawOverview(ConstView image, int panel, const std::vector<PixelKernel>& kernels,
                   int radius) {
  const Overview place(image, panel);
  Canvas picture(place.width, place.height);
  picture.Put(ScaledPicture(image, place.width, place.height), 0, 0);
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const auto at = [&](int pixel) { return static_cast<int>(std::lround(pixel * place.scale)); };
    PixelBox box{at(kernels[i].x - radius), at(kernels[i].y - radius), at(2 * radius + 1),
                 at(2 * radius + 1)};
    // Moved inside at the border, so that the whole frame is seen.
    box.x = std::clamp(box.x, 0, std::max(0, place.width - box.width));
    box.y = std::clamp(box.y, 0, std::max(0, place.height - box.height));
    picture.FrameBox(box, 2, 4, kBlack);
    picture.FrameBox(box, 1, 2, kWhite);
    if (kernels.size() > 1) {
      constexpr int kText = 11;
      const std::string number = std::to_string(i + 1);
      const int width = TextWidth(number, kText) + 6;
      // Beside the frame, on the side where there is room.
      const int x =
          box.x + box.width + width + 4 < place.width ? box.x + box.width + 3 : box.x - width - 3;
      const int y = std::clamp(box.y, 0, std::max(0, place.height - kText - 8));
      picture.FillBox({x, y, width, kText + 8}, kWhite);
      picture.Text(number, x + 3, y + kText + 4, kText, Align::kLeft);
    }
  }
  Canvas canvas(panel, place.height);
  canvas.Put(picture.ToImage(), place.left, 0);
  return canvas.ToImage();
}

struct Range {
  float low = std::numeric_limits<float>::infinity();
  float high = -std::numeric_limits<float>::infinity();

  void Add(ConstView values) {
    for (int y = 0; y < values.height; ++y) {
      const auto [least, most] = std::minmax_element(values.Row(y), values.Row(y) + values.width);
      low = std::min(low, *least);
      high = std::max(high, *most);
    }
  }
};

// The part of `image` that the snippet shows.
ConstView Seen(ConstView image, const Snippet& snippet) {
  const int left = std::max(0, snippet.x - snippet.radius);
  const int top = std::max(0, snippet.y - snippet.radius);
  return image.Crop(left, top, std::min(image.width, snippet.x + snippet.radius + 1) - left,
                    std::min(image.height, snippet.y + snippet.radius + 1) - top);
}

// Grey levels from black for the range's low end to white for its high end.
Image Grey(ConstView image, const Range& range) {
  Image grey = Image::Clone(image);
  const float scale = range.high > range.low ? 1.0f / (range.high - range.low) : 0.0f;
  std::transform(grey.data(), grey.data() + grey.size(), grey.data(),
                 [&](float value) { return (value - range.low) * scale; });
  return grey;
}

GridRow KernelRow(ConstView guide, ConstView target, const PixelKernel& kernel,
                  const std::string& number, int cell, const KernelFigureOptions& options) {
  const Snippet snippet{kernel.x, kernel.y, options.radius, cell};
  const WeightScale scale = ScaleOf(kernel, options.radius);
  Range range;
  range.Add(Seen(target, snippet));
  const float largest = scale.largest > 0.0f ? scale.largest : 1.0f;
  float sum = 0.0f;
  for (const KernelSample& sample : kernel.samples) {
    sum += sample.weight;
  }
  GridRow row;
  row.cells.push_back({number + "Guide around x = " + std::to_string(kernel.x) +
                           ", y = " + std::to_string(kernel.y),
                       "blue: the pixel; dotted: what can be sampled",
                       DrawSnippet(guide, snippet, kernel, scale, options.window)});
  row.cells.push_back({number + "Target",
                       "black " + DigitsText(range.low, 4) + ", white " + DigitsText(range.high, 4),
                       DrawSnippet(Grey(target, range), snippet, kernel, scale, options.window)});
  // Rounding leaves of 0 and 1 a little more or less.
  const std::string sum_text = DigitsText(std::round(sum * 1e4f) / 1e4f + 0.0f, 4);
  row.cells.push_back({number + options.kernel_title,
                       "on the pixels' grid; crosses: samples; sum " + sum_text,
                       DrawHeatMap(snippet, kernel, scale, options.window)});
  row.bar = ColorBar{scale.with_sign ? -largest : 0.0f, largest,
                     scale.with_sign ? Palette::kDiverging : Palette::kGlow, "weight"};
  return row;
}

void CheckFigure(ConstView guide, ConstView target, ConstView result,
                 const std::vector<PixelKernel>& kernels, const KernelFigureOptions& options) {
  if (guide.empty() || target.channels != 1 || result.channels != 1 || !SameSize(guide, target) ||
      !SameSize(guide, result)) {
    throw Error("a figure of kernels takes target and result of one channel at the guide's size, " +
                SizeText(guide) + "; the target is " + SizeText(target) + ", the result " +
                SizeText(result));
  }
  if (kernels.empty()) {
    throw Error("a figure of kernels without a kernel");
  }
  for (const PixelKernel& kernel : kernels) {
    if (kernel.x < 0 || kernel.y < 0 || kernel.x >= guide.width || kernel.y >= guide.height) {
      throw Error("the pixel x = " + std::to_string(kernel.x) + ", y = " +
                  std::to_string(kernel.y) + " is outside the image, " + SizeText(guide));
    }
  }
  if (options.radius < 1 || options.radius > 100) {
    throw Error("a snippet's radius is " + std::to_string(options.radius) + ", expected 1 to 100");
  }
}

}  // namespace

Image KernelFigure(ConstView guide, ConstView target, ConstView result,
                   const std::vector<PixelKernel>& kernels, const KernelFigureOptions& options) {
  CheckFigure(guide, target, result, kernels, options);
  const int side = 2 * options.radius + 1;
  const int cell = std::max(kLeastCell, kSide / side);
  const int panel = side * cell;
  Range range;
  range.Add(target);
  const auto overview = [&](ConstView image) {
    return DrawOverview(image, panel, kernels, options.radius);
  };
  GridRow whole;
  whole.cells.push_back({"Guide", SizeText(guide), overview(guide)});
  whole.cells.push_back({options.target_title, "at the guide's size",
                         overview(ColorMap(target, range.low, range.high))});
  whole.cells.push_back(
      {options.result_title, SizeText(result), overview(ColorMap(result, range.low, range.high))});
  whole.bar = ColorBar{range.low, range.high, Palette::kSpectrum, "value"};
  std::vector<GridRow> rows;
  rows.push_back(std::move(whole));
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const std::string number = kernels.size() > 1 ? std::to_string(i + 1) + ": " : "";
    rows.push_back(KernelRow(guide, target, kernels[i], number, cell, options));
  }
  return FigureGrid(rows, kMaxWidth);
}

}  // namespace dkn::figures
