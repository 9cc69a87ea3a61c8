#ifndef DKN_SRC_FIGURES_CANVAS_H_
#define DKN_SRC_FIGURES_CANVAS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/figures/pixel_box.h"

struct _cairo;  // cairo_t

namespace dkn::figures {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

constexpr Colour Grey(int value) {
  const auto byte = static_cast<std::uint8_t>(value);
  return {byte, byte, byte};
}
inline constexpr Colour kBlack = Grey(0);
inline constexpr Colour kWhite = Grey(255);

// A channel value of [0, 1] as 0..255; 0 when it is not finite.
std::uint8_t ToByte(float value);

// A place on a canvas. Centres of pixels are whole numbers, (0, 0) the top left one's.
struct Point {
  double x = 0;
  double y = 0;
};

enum class Align { kLeft, kCentre, kRight };

// Text is UTF-8; what is not, and control characters, are drawn as in PrintableText. It is in
// DejaVu Sans, or in the sans-serif font that fontconfig gives instead.

// Width of a line of text in pixels, when capitals are `height` pixels high.
int TextWidth(const std::string& text, int height);

// The text, or its beginning and ".." where it is wider than `width` pixels.
std::string FitText(const std::string& text, int width, int height);

inline constexpr int kMaxCanvasSide = 32767;  // of cairo

// Pixels to draw on, by cairo. What lies beyond the border is not drawn. Functions throw Error
// where cairo fails, MemoryError where memory does not suffice.
class Canvas {
 public:
  // White. Throws Error when a side is below 1 or above kMaxCanvasSide, or the whole is absurdly
  // large.
  Canvas(std::int64_t width, std::int64_t height);

  int width() const { return width_; }
  int height() const { return height_; }

  // The picture's pixels, with its top left one at (x, y): values as ToByte takes them, 1 channel
  // is grey. Throws Error unless it has 1 or 3 channels and at least one pixel.
  void Put(ConstView picture, int x, int y);

  void FillBox(const PixelBox& box, Colour colour);

  // Fills the ring of `thickness` pixels whose outer border is `margin` pixels outside the box.
  void FrameBox(const PixelBox& box, int margin, int thickness, Colour colour);

  // A line from point to point, its ends and corners round; antialiased.
  void Line(const std::vector<Point>& points, double thickness, Colour colour);

  // A filled circle, antialiased.
  void Disc(Point centre, double radius, Colour colour);

  // Dark grey text whose capitals stand on row `baseline` and are `height` pixels high. `x` is its
  // left end, its middle or its right end.
  void Text(const std::string& text, int x, int baseline, int height, Align align);

  // R,G,B in [0, 1].
  Image ToImage() const;

 private:
  struct Destroy {
    void operator()(_cairo* cairo) const;
  };

  void SetColour(Colour colour);

  std::unique_ptr<_cairo, Destroy> cairo_;
  int width_ = 0;
  int height_ = 0;
};

// A picture of 1 or 3 channels at another size, its values limited to [0, 1] and 0 where they are
// not finite: shrunk by the mean over areas, enlarged to nearest pixels. Throws Error as Put does.
Image ScaledPicture(ConstView picture, int width, int height);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_CANVAS_H_
