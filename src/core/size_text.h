#ifndef DKN_SRC_CORE_SIZE_TEXT_H_
#define DKN_SRC_CORE_SIZE_TEXT_H_

#include <string>

#include "dkn/image.h"

namespace dkn {

// "640 x 480", for messages.
inline std::string SizeText(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height);
}
inline std::string SizeText(ConstView view) {
  return SizeText(view.width, view.height);
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_SIZE_TEXT_H_
