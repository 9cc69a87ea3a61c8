#include "src/figures/canvas.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/resample.h"
#include "src/core/printable_text.h"
#include "src/core/size_text.h"
#include "src/figures/known_leaks.h"
#include "src/io/size_limit.h"

namespace dkn::figures {
namespace {

void CheckStatus(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) {
    throw MemoryError("no memory for a figure");
  }
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Error(std::string("cairo cannot draw a figure: ") + cairo_status_to_string(status));
  }
}

void CheckPicture(ConstView picture) {
  if (picture.empty() || (picture.channels != 1 && picture.channels != 3)) {
    throw Error("a panel is " + SizeText(picture) + " x " + std::to_string(picture.channels) +
                ", expected 1 or 3 channels and at least one pixel");
  }
}

std::string OneLine(const std::string& text) {
  return PrintableText(text, kMaxErrorText);
}

void SetFont(cairo_t* cairo, double size) {
  cairo_select_font_face(cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo, size);
}

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

// A surface that cairo's functions on text want, and that nothing is drawn on.
std::unique_ptr<_cairo, void (*)(cairo_t*)> TextContext() {
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  return {cairo_create(surface.get()), cairo_destroy};
}

// The font's size for capitals of `height` pixels.
double FontSize(int height) {
  static const double kSizeByHeight = [] {
    constexpr double kLarge = 1000;
    const auto cairo = TextContext();
    SetFont(cairo.get(), kLarge);
    cairo_text_extents_t extents;
    cairo_text_extents(cairo.get(), "H", &extents);
    CheckStatus(cairo_status(cairo.get()));
    return kLarge / std::max(1.0, extents.height);
  }();
  return height * kSizeByHeight;
}

}  // namespace

std::uint8_t ToByte(float value) {
  return std::isfinite(value)
             ? static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255.0f))
             : 0;
}

int TextWidth(const std::string& text, int height) {
  const auto cairo = TextContext();
  SetFont(cairo.get(), FontSize(height));
  cairo_text_extents_t extents;
  cairo_text_extents(cairo.get(), OneLine(text).c_str(), &extents);
  CheckStatus(cairo_status(cairo.get()));
  return static_cast<int>(
      std::ceil(std::max(extents.x_advance, extents.x_bearing + extents.width)));
}

std::string FitText(const std::string& text, int width, int height) {
  if (TextWidth(text, height) <= width) {
    return text;
  }
  std::string cut = OneLine(text);
  while (!cut.empty() && TextWidth(cut + "..", height) > width) {
    while (cut.size() > 1 && (static_cast<std::uint8_t>(cut.back()) & 0xc0) == 0x80) {
      cut.pop_back();  // the rest of a character of UTF-8
    }
    cut.pop_back();
  }
  return cut + "..";
}

void Canvas::Destroy::operator()(_cairo* cairo) const {
  cairo_destroy(cairo);
}

Canvas::Canvas(std::int64_t width, std::int64_t height) {
  CheckSize(width, height, ReadOptions());
  if (width > kMaxCanvasSide || height > kMaxCanvasSide) {
    throw Error("a figure of " + std::to_string(width) + " x " + std::to_string(height) +
                " pixels, expected sides up to " + std::to_string(kMaxCanvasSide));
  }
  width_ = static_cast<int>(width);
  height_ = static_cast<int>(height);
  const std::unique_ptr<cairo_surface_t, DestroySurface> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_, height_));
  cairo_.reset(cairo_create(surface.get()));
  CheckStatus(cairo_status(cairo_.get()));
  cairo_set_line_cap(cairo_.get(), CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
  FillBox({0, 0, width_, height_}, kWhite);
}

void Canvas::SetColour(Colour colour) {
  cairo_set_source_rgb(cairo_.get(), colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0);
}

void Canvas::Put(ConstView picture, int x, int y) {
  CheckPicture(picture);
  const PixelBox seen =
      Intersection({x, y, picture.width, picture.height}, {0, 0, width_, height_});
  cairo_surface_t* const surface = cairo_get_target(cairo_.get());
  cairo_surface_flush(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int row = seen.y; row < seen.y + seen.height; ++row) {
    std::uint8_t* const to = cairo_image_surface_get_data(surface) +
                             static_cast<std::ptrdiff_t>(row) * stride + std::ptrdiff_t{4} * seen.x;
    for (int i = 0; i < seen.width; ++i) {
      std::uint32_t pixel = 0;  // 0x00RRGGBB
      for (int c = 0; c < 3; ++c) {
        pixel =
            pixel << 8 | ToByte(picture(seen.x - x + i, row - y, picture.channels == 1 ? 0 : c));
      }
      std::memcpy(to + std::ptrdiff_t{4} * i, &pixel, sizeof(pixel));
    }
  }
  cairo_surface_mark_dirty(surface);
}

void Canvas::FillBox(const PixelBox& box, Colour colour) {
  SetColour(colour);
  cairo_rectangle(cairo_.get(), box.x, box.y, box.width, box.height);
  cairo_fill(cairo_.get());
}

void Canvas::FrameBox(const PixelBox& box, int margin, int thickness, Colour colour) {
  const int left = box.x - margin;
  const int top = box.y - margin;
  const int width = box.width + 2 * margin;
  const int height = box.height + 2 * margin;
  FillBox({left, top, width, thickness}, colour);
  FillBox({left, top + height - thickness, width, thickness}, colour);
  FillBox({left, top, thickness, height}, colour);
  FillBox({left + width - thickness, top, thickness, height}, colour);
}

void Canvas::Line(const std::vector<Point>& points, double thickness, Colour colour) {
  for (const Point& point : points) {
    cairo_line_to(cairo_.get(), point.x + 0.5, point.y + 0.5);  // cairo counts from corners
  }
  SetColour(colour);
  cairo_set_line_width(cairo_.get(), thickness);
  cairo_stroke(cairo_.get());
}

void Canvas::Disc(Point centre, double radius, Colour colour) {
  SetColour(colour);
  cairo_arc(cairo_.get(), centre.x + 0.5, centre.y + 0.5, radius, 0, 2 * M_PI);
  cairo_fill(cairo_.get());
}

void Canvas::Text(const std::string& text, int x, int baseline, int height, Align align) {
  const int width = align == Align::kLeft ? 0 : TextWidth(text, height);
  SetFont(cairo_.get(), FontSize(height));
  SetColour(Grey(40));
  cairo_move_to(cairo_.get(), align == Align::kCentre ? x - width / 2 : x - width, baseline + 1);
  cairo_show_text(cairo_.get(), OneLine(text).c_str());
  cairo_new_path(cairo_.get());
}

Image Canvas::ToImage() const {
  CheckStatus(cairo_status(cairo_.get()));
  cairo_surface_t* const surface = cairo_get_target(cairo_.get());
  cairo_surface_flush(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  Image image(width_, height_, 3);
  for (int y = 0; y < height_; ++y) {
    const std::uint8_t* const from =
        cairo_image_surface_get_data(surface) + static_cast<std::ptrdiff_t>(y) * stride;
    for (int x = 0; x < width_; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, from + std::ptrdiff_t{4} * x, sizeof(pixel));
      for (int c = 0; c < 3; ++c) {
        image(x, y, c) = static_cast<float>(pixel >> (16 - 8 * c) & 0xffu) / 255.0f;
      }
    }
  }
  return image;
}

Image ScaledPicture(ConstView picture, int width, int height) {
  CheckPicture(picture);
  Image limited = Image::Clone(picture);
  std::transform(limited.data(), limited.data() + limited.size(), limited.data(), [](float value) {
    return std::isfinite(value) ? std::clamp(value, 0.0f, 1.0f) : 0.0f;
  });
  return Resize(limited, width, height,
                width < picture.width ? Resampler::kBox : Resampler::kNearest);
}

}  // namespace dkn::figures
