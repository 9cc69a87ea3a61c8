#ifndef DKN_SRC_DATA_LAYOUTS_VOC_H_
#define DKN_SRC_DATA_LAYOUTS_VOC_H_

#include <string>
#include <string_view>
#include <vector>

namespace dkn {

// The images that a list of Pascal VOC names, in its order: of each line the first word, NAME or,
// as in the lists of DeepLab, /JPEGImages/NAME.jpg (its labels' path stands behind it); empty lines
// do not count. Throws Error, which tells the line, when a name could not be one of a file in a
// folder or comes twice, and when there is none.
std::vector<std::string> ParseImageSet(std::string_view text);

}  // namespace dkn

#endif  // DKN_SRC_DATA_LAYOUTS_VOC_H_
