#ifndef DKN_SRC_SEGMENTATION_CLASSES_H_
#define DKN_SRC_SEGMENTATION_CLASSES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace dkn {

// The palette of Pascal VOC's label files: bits 0, 3, 6 ... of a label are red's from the highest
// down, the next ones green's, then blue's.
std::vector<std::array<std::uint8_t, 3>> PascalColours(int count);

// "sky,road,...", as a model file names its classes. Throws Error unless there are `count`, of
// which each can be printed as it is.
std::vector<std::string> ParseClassNames(const std::string& text, int count);

// "R G B,R G B,...", values from 0 to 255. Throws Error unless there are `count`.
std::vector<std::array<std::uint8_t, 3>> ParseLabelColours(const std::string& text, int count);

}  // namespace dkn

#endif  // DKN_SRC_SEGMENTATION_CLASSES_H_
