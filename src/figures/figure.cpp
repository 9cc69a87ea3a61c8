#include "src/figures/figure.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/number_text.h"
#include "src/figures/canvas.h"
#include "src/figures/palette.h"
#include "src/io/image_files.h"

namespace dkn::figures {

Image ColorMap(ConstView values, float low, float high, Palette palette) {
  if (values.empty() || values.channels != 1) {
    throw Error("a colour map takes one channel, the image has " + std::to_string(values.channels));
  }
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) {
    throw Error("the range of a colour map is " + DigitsText(low) + ".." + DigitsText(high) +
                ", expected finite and ascending");
  }
  constexpr Colour kUnknown = Grey(128);
  const auto& colours = PaletteColours(palette);
  const float scale = high > low ? 1.0f / (high - low) : 0.0f;
  Image image(values.width, values.height, 3);
  for (int y = 0; y < values.height; ++y) {
    for (int x = 0; x < values.width; ++x) {
      const float value = values(x, y);
      const Colour colour =
          std::isfinite(value) ? colours[ToByte((value - low) * scale)] : kUnknown;
      image(x, y, 0) = static_cast<float>(colour.red) / 255.0f;
      image(x, y, 1) = static_cast<float>(colour.green) / 255.0f;
      image(x, y, 2) = static_cast<float>(colour.blue) / 255.0f;
    }
  }
  return image;
}

FrameBuffer PictureBytes(ConstView picture) {
  FrameBuffer frame(SampleType::kUint8, picture.width, picture.height, picture.channels);
  auto* bytes = frame.As<std::uint8_t>();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      for (int c = 0; c < picture.channels; ++c) {
        *bytes++ = ToByte(picture(x, y, c));
      }
    }
  }
  return frame;
}

void WriteFigure(const std::string& path, ConstView figure) {
  WriteFileBytes(path, FrameFileBytes(path, PictureBytes(figure), kSmallPng));
}

}  // namespace dkn::figures
