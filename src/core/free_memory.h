#ifndef DKN_SRC_CORE_FREE_MEMORY_H_
#define DKN_SRC_CORE_FREE_MEMORY_H_

#include <fstream>
#include <string>

namespace dkn {

// Half of the memory that new work can have without swapping, in MB, as Linux estimates it;
// `unknown` where it does not tell.
inline int HalfOfFreeMemoryMb(int unknown) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("MemAvailable:")) {
      return static_cast<int>(std::stoll(line.substr(13)) / 2048);
    }
  }
  return unknown;
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_FREE_MEMORY_H_
