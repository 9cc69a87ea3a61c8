#include "src/bench/process_memory.h"

#include <malloc.h>

#include <fstream>
#include <string>

namespace dkn {

void ResetPeakMemory() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets VmHWM
}

double PeakMemoryMb() {
  std::ifstream status("/proc/self/status");
  std::string name;
  while (status >> name) {
    double kibibytes = 0.0;
    if (name == "VmHWM:" && status >> kibibytes) {
      return kibibytes * 1024 * 1e-6;
    }
    std::getline(status, name);
  }
  return 0.0;
}

}  // namespace dkn
