#include "src/io/yuv.h"

#include <algorithm>

namespace dkn {
namespace {

// The factors of ITU-R BT.601 in 65536ths: of luma, of V in red, of U and V in green, of U in blue.
struct Factors {
  int black;  // the luma that is black
  int luma;
  int red_v;
  int green_u;
  int green_v;
  int blue_u;
};
constexpr Factors kLimited{16, 76309, 104597, -25675, -53279, 132201};
constexpr Factors kFull{0, 65536, 91881, -22554, -46802, 116130};

std::uint8_t Rounded(int value) {
  return static_cast<std::uint8_t>(std::clamp((value + 32768) >> 16, 0, 255));
}

void Convert(const Factors& factors, int y, int u, int v, std::uint8_t* rgb) {
  const int luma = factors.luma * (y - factors.black);
  u -= 128;
  v -= 128;
  rgb[0] = Rounded(luma + factors.red_v * v);
  rgb[1] = Rounded(luma + factors.green_u * u + factors.green_v * v);
  rgb[2] = Rounded(luma + factors.blue_u * u);
}

// Where the samples of a row stand, and how far it is to the next pixel's luma and pair's chroma.
struct Row {
  const std::uint8_t* y;
  const std::uint8_t* u;
  const std::uint8_t* v;
  std::size_t y_step;
  std::size_t chroma_step;
};

Row RowOf(YuvLayout layout, PixelSize size, const std::uint8_t* frame, std::size_t row) {
  const auto width = static_cast<std::size_t>(size.width);
  const std::size_t pairs = (width + 1) / 2;
  if (layout == YuvLayout::kYuyv || layout == YuvLayout::kUyvy) {
    const std::uint8_t* const first = frame + row * 4 * pairs;
    return layout == YuvLayout::kYuyv ? Row{first, first + 1, first + 3, 2, 4}
                                      : Row{first + 1, first, first + 2, 2, 4};
  }
  const auto height = static_cast<std::size_t>(size.height);
  const std::uint8_t* const chroma = frame + width * height;
  const std::uint8_t* const y = frame + row * width;
  if (layout == YuvLayout::kI420) {
    const std::uint8_t* const u = chroma + row / 2 * pairs;
    return {y, u, u + pairs * ((height + 1) / 2), 1, 1};
  }
  const std::uint8_t* const first = chroma + row / 2 * 2 * pairs;
  return layout == YuvLayout::kNv12 ? Row{y, first, first + 1, 1, 2}
                                    : Row{y, first + 1, first, 1, 2};
}

}  // namespace

std::size_t YuvFrameBytes(YuvLayout layout, PixelSize size) {
  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  const std::size_t pairs = (width + 1) / 2;
  return layout == YuvLayout::kYuyv || layout == YuvLayout::kUyvy
             ? 4 * pairs * height
             : width * height + 2 * pairs * ((height + 1) / 2);
}

void YuvToRgb(YuvLayout layout, bool full_range, PixelSize size, Bytes frame,
              std::span<std::uint8_t> rgb) {
  const Factors& factors = full_range ? kFull : kLimited;
  const auto width = static_cast<std::size_t>(size.width);
  std::uint8_t* to = rgb.data();
  for (std::size_t y = 0; y < static_cast<std::size_t>(size.height); ++y) {
    const Row row = RowOf(layout, size, frame.data(), y);
    for (std::size_t x = 0; x < width; ++x, to += 3) {
      const std::size_t pair = x / 2 * row.chroma_step;
      Convert(factors, row.y[x * row.y_step], row.u[pair], row.v[pair], to);
    }
  }
}

}  // namespace dkn
