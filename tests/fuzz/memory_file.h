#ifndef DKN_TESTS_FUZZ_MEMORY_FILE_H_
#define DKN_TESTS_FUZZ_MEMORY_FILE_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace dkn {

// The name of a file in memory that holds these bytes, until the next call.
inline std::string MemoryFile(const std::uint8_t* data, std::size_t size) {
  static const int kFile = memfd_create("input", 0);
  if (ftruncate(kFile, 0) != 0 || pwrite(kFile, data, size, 0) != static_cast<ssize_t>(size)) {
    __builtin_trap();
  }
  return "/proc/self/fd/" + std::to_string(kFile);
}

}  // namespace dkn

#endif  // DKN_TESTS_FUZZ_MEMORY_FILE_H_
