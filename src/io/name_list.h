#ifndef DKN_SRC_IO_NAME_LIST_H_
#define DKN_SRC_IO_NAME_LIST_H_

#include <algorithm>
#include <string>
#include <vector>

namespace dkn {

// "; there are a, b and 5 more", for messages; names that are longer than people's are cut.
inline std::string NameList(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 20;
  constexpr std::size_t kLongest = 64;  // bytes
  std::string text = names.empty()       ? "; there is none"
                     : names.size() == 1 ? "; there is "
                                         : "; there are ";
  const std::size_t shown = std::min(names.size(), kMost);
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i > 0 ? ", " : "") + names[i].substr(0, kLongest);
  }
  return shown < names.size() ? text + " and " + std::to_string(names.size() - shown) + " more"
                              : text;
}

}  // namespace dkn

#endif  // DKN_SRC_IO_NAME_LIST_H_
