#include "bindings/python/arrays.h"

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "dkn/error.h"
#include "src/io/stored_samples.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

static_assert(std::endian::native == std::endian::little, "arrays are turned into this order");

// Lengths of the image's axes and bytes from a place to the next, of a pixel's channels last.
struct Layout {
  std::array<py::ssize_t, 3> lengths = {1, 1, 1};
  std::array<py::ssize_t, 3> strides = {0, 0, 0};
};

Layout LayoutOf(const py::array& array, const ImageAxes& axes) {
  Layout layout;
  const std::array<int, 3> indices = {static_cast<int>(axes.height), static_cast<int>(axes.width),
                                      axes.channels};
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] >= 0) {
      layout.lengths[i] = array.shape(indices[i]);
      layout.strides[i] = array.strides(indices[i]);
    }
  }
  return layout;
}

struct ArrayType {
  StoredType stored;
  bool is_bool = false;
  bool native = true;  // order of bytes
};

ArrayType TypeOf(const py::array& array, const std::string& what) {
  const py::dtype dtype = array.dtype();
  const char kind = dtype.kind();
  const auto bytes = static_cast<int>(dtype.itemsize());
  if ((kind != 'b' && kind != 'u' && kind != 'i' && kind != 'f') || bytes > 8) {
    throw Error("the " + what + " has values of type " +
                py::str(static_cast<const py::object&>(dtype)).cast<std::string>() +
                ", expected bool, integers or floats of at most 64 bits");
  }
  ArrayType type;
  type.stored.kind = kind == 'f'   ? StoredType::kFloat
                     : kind == 'i' ? StoredType::kSigned
                                   : StoredType::kUnsigned;
  type.stored.bytes = bytes;
  type.is_bool = kind == 'b';
  type.native = dtype.attr("isnative").cast<bool>();
  return type;
}

bool IsAligned(const py::array& array, const Layout& layout, py::ssize_t bytes) {
  return reinterpret_cast<std::uintptr_t>(array.data()) % static_cast<std::uintptr_t>(bytes) == 0 &&
         std::all_of(layout.strides.begin(), layout.strides.end(),
                     [bytes](py::ssize_t stride) { return stride % bytes == 0; });
}

// Whether the frame's strides can be the array's; sets them.
bool LiesAsFrame(const Layout& layout, py::ssize_t bytes, ConstFrame& frame) {
  const auto [height, width, channels] = layout.lengths;
  const auto [row, column, channel] = layout.strides;
  const bool one_channel = channels == 1;
  const bool side_by_side = (one_channel || channel == bytes) &&
                            (width == 1 || column == channels * bytes) &&
                            (height == 1 || row >= width * channels * bytes);
  const bool planes =
      (width == 1 || column == bytes) && (height == 1 || row >= width * bytes) &&
      (one_channel || channel >= (height - 1) * std::max(row, width * bytes) + width * bytes);
  if (!side_by_side && !planes) {
    return false;
  }
  frame.planar = !side_by_side;
  frame.row_stride = height == 1 ? 0 : row;
  frame.plane_stride = side_by_side || one_channel ? 0 : channel;
  return true;
}

// The values in the processor's order of bytes, a pixel's channels side by side.
std::vector<std::uint8_t> Gathered(const py::array& array, const Layout& layout, std::size_t bytes,
                                   bool native) {
  const auto [height, width, channels] = layout.lengths;
  std::vector<std::uint8_t> values(static_cast<std::size_t>(height * width * channels) * bytes);
  std::uint8_t* to = values.data();
  const auto* const first = static_cast<const std::uint8_t*>(array.data());
  for (py::ssize_t y = 0; y < height; ++y) {
    for (py::ssize_t x = 0; x < width; ++x) {
      for (py::ssize_t c = 0; c < channels; ++c, to += bytes) {
        const std::uint8_t* const from =
            first + y * layout.strides[0] + x * layout.strides[1] + c * layout.strides[2];
        if (native) {
          std::copy(from, from + bytes, to);
        } else {
          std::reverse_copy(from, from + bytes, to);
        }
      }
    }
  }
  return values;
}

FrameBuffer FloatsOfBools(const std::vector<std::uint8_t>& values, const FrameShape& shape) {
  FrameBuffer frame(SampleType::kFloat32, shape.width, shape.height, shape.channels);
  std::transform(values.begin(), values.end(), frame.As<float>(),
                 [](std::uint8_t value) { return value != 0 ? 1.0f : 0.0f; });
  return frame;
}

}  // namespace

ImageAxes AxesOf(const py::array& array, const std::string& what) {
  ImageAxes axes;
  axes.shape.assign(array.shape(), array.shape() + array.ndim());
  const ArrayAxes found = FindAxes({axes.shape.begin(), axes.shape.end()}, "the " + what);
  std::vector<std::size_t> left = found.left;
  axes.channels_first = found.channels_first;
  if (left.size() == 3) {
    const std::size_t channel = axes.channels_first ? 0 : 2;
    axes.channels = static_cast<int>(left[channel]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(channel));
  }
  axes.height = left[0];
  axes.width = left[1];
  return axes;
}

ChannelOrder OrderNamed(const std::string& name) {
  if (name != "rgb" && name != "bgr") {
    throw ArgumentError("an order of channels '" + name + "', expected 'rgb' or 'bgr'");
  }
  return name == "bgr" ? ChannelOrder::kBgr : ChannelOrder::kRgb;
}

ArrayFrame FrameOfArray(const py::array& array, const std::string& what, Role role,
                        ChannelOrder order, std::vector<Note>& notes) {
  ArrayFrame result{array, {}, {}, AxesOf(array, what)};
  const ArrayType type = TypeOf(array, what);
  const Layout layout = LayoutOf(array, result.axes);
  if (std::any_of(layout.lengths.begin(), layout.lengths.end(),
                  [](py::ssize_t length) { return length < 1 || length > INT_MAX; })) {
    const std::vector<std::int64_t> shape(result.axes.shape.begin(), result.axes.shape.end());
    throw Error("the " + what + " has the dimensions " + ShapeText(shape) +
                ", expected at least one pixel");
  }
  const FrameShape shape{static_cast<int>(layout.lengths[1]), static_cast<int>(layout.lengths[0]),
                         static_cast<int>(layout.lengths[2])};
  const std::optional<SampleType> same = SameSampleType(type.stored);
  const bool white_is_true = type.is_bool && role == Role::kGuide;
  if (same && type.native && IsAligned(array, layout, type.stored.bytes) && !white_is_true) {
    result.frame = {array.data(), *same, shape.width, shape.height, shape.channels};
    if (LiesAsFrame(layout, type.stored.bytes, result.frame)) {
      result.frame.order = order;
      return result;
    }
  }
  const std::vector<std::uint8_t> values =
      Gathered(array, layout, static_cast<std::size_t>(type.stored.bytes), type.native);
  std::vector<std::string> lost;
  ReadOptions reading;
  reading.notes = &lost;
  result.own = white_is_true ? FloatsOfBools(values, shape)
                             : FrameOfSamples(values, type.stored, shape, reading);
  result.frame = result.own.frame();
  result.frame.order = order;
  for (const std::string& text : lost) {
    // float64 is what NumPy computes in: that it is rounded is no news.
    const bool usual = text.ends_with("rounded to float32");
    notes.push_back({"type", usual ? Level::kInfo : Level::kWarning, "the " + what + ": " + text});
  }
  return result;
}

OutputArray OutputFor(const ImageAxes& target, SampleType type, int width, int height) {
  std::vector<py::ssize_t> shape = target.shape;
  shape[target.height] = height;
  shape[target.width] = width;
  py::array array(py::dtype(SampleTypeName(type)), shape);
  const int channels =
      target.channels < 0 ? 1 : static_cast<int>(shape[static_cast<std::size_t>(target.channels)]);
  Frame frame(array.mutable_data(), type, width, height, channels);
  frame.planar = target.channels_first;
  return {std::move(array), frame};
}

py::array ArrayOf(Image image) {
  auto owned = std::make_unique<Image>(std::move(image));
  const Image* const pixels = owned.get();
  py::capsule owner(owned.get(), [](void* memory) { delete static_cast<Image*>(memory); });
  owned.release();
  return py::array_t<float>({pixels->height(), pixels->width()}, pixels->data(), owner);
}

}  // namespace dkn::python
