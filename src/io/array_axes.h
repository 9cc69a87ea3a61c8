#ifndef DKN_SRC_IO_ARRAY_AXES_H_
#define DKN_SRC_IO_ARRAY_AXES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dkn {

// "(60, 80)", as NumPy writes it.
std::string ShapeText(const std::vector<std::int64_t>& shape);

// Which axes of an array are those of an image: [H, W] or [H, W, C], others being of length 1.
// Where there are more than two, those of length 1 do not count, but the rows of an [1, W, C] whose
// last axis may be of colours.
struct ArrayAxes {
  std::vector<std::size_t> left;  // two or three
  bool channels_first = false;    // three that seem to be [C, H, W]
};

// `what` begins the Error that is thrown for an array with fewer or more axes.
ArrayAxes FindAxes(const std::vector<std::int64_t>& shape, const std::string& what);

}  // namespace dkn

#endif  // DKN_SRC_IO_ARRAY_AXES_H_
