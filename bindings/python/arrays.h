#ifndef DKN_BINDINGS_PYTHON_ARRAYS_H_
#define DKN_BINDINGS_PYTHON_ARRAYS_H_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <string>
#include <vector>

#include "dkn/frame.h"
#include "src/io/array_axes.h"

namespace dkn::python {

// Whether a user should act on what is told, or may want to know it.
enum class Level { kInfo, kWarning };

struct Note {
  std::string kind;  // of an Upsampler's warnings each kind is shown once
  Level level = Level::kInfo;
  std::string text;
};

// How an array's axes are those of an image.
struct ImageAxes {
  std::vector<pybind11::ssize_t> shape;  // all axes
  std::size_t height = 0;                // indices of axes
  std::size_t width = 1;
  int channels = -1;  // -1: there is none
  bool channels_first = false;
};
ImageAxes AxesOf(const pybind11::array& array, const std::string& what);

// An array as a frame: where it lies, where its type, order of bytes, strides and alignment allow
// that, else a copy.
struct ArrayFrame {
  pybind11::array array;  // keeps the memory
  FrameBuffer own;        // empty where nothing was copied
  ConstFrame frame;
  ImageAxes axes;
};

// Of "rgb" or "bgr"; ArgumentError otherwise.
ChannelOrder OrderNamed(const std::string& name);

// Bool is 0 and 1, and of other types FrameOfSamples tells what becomes of them; `notes` gets its
// notes. Bool guides become floats, so that True is white. Throws Error, which says `what`, for an
// array that is no image.
enum class Role { kGuide, kTarget };
ArrayFrame FrameOfArray(const pybind11::array& array, const std::string& what, Role role,
                        ChannelOrder order, std::vector<Note>& notes);

// An array of the guide's size with the axes of the target, and the frame that it is.
struct OutputArray {
  pybind11::array array;
  Frame frame;
};
OutputArray OutputFor(const ImageAxes& target, SampleType type, int width, int height);

// The image, of one channel, as an array [H, W] that owns it.
pybind11::array ArrayOf(Image image);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_ARRAYS_H_
