#ifndef DKN_SRC_IO_LABELS_H_
#define DKN_SRC_IO_LABELS_H_

#include <string>

#include "dkn/image.h"

namespace dkn {

// A segmentation's labels, integers from 0 to 255, 1 channel, of a PNG in grey or with a palette
// (Pascal VOC's), whose indices they are: ReadImage would give colours. Throws Error, which names
// the file, when it is no such PNG, cannot be read, or has a larger value (in grey of 16 bits).
inline constexpr int kMaxStoredLabel = 255;
Image ReadLabels(const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_IO_LABELS_H_
