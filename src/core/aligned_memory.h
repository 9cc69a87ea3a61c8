#ifndef DKN_SRC_CORE_ALIGNED_MEMORY_H_
#define DKN_SRC_CORE_ALIGNED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace dkn {

// Memory for `bytes`, at a multiple of 64; null where there is none. For large blocks the system is
// asked for pages of 2 MB: the first touch of each 4 KB would take longer than clearing them.
inline void* AllocateAligned(std::size_t bytes) noexcept {
  constexpr std::size_t kAlignment = 64;
  constexpr std::size_t kLargePage = std::size_t{1} << 21;
  const std::size_t alignment = bytes < kLargePage ? kAlignment : kLargePage;
  if (bytes > PTRDIFF_MAX - alignment) {
    return nullptr;
  }
  const std::size_t size = (bytes / alignment + 1) * alignment;
  void* const memory = std::aligned_alloc(alignment, size);
#ifdef __linux__
  if (memory != nullptr && alignment == kLargePage) {
    // Of the last page as much may be unused; the pages of a small rest are small ones.
    constexpr std::size_t kUnused = kLargePage / 8;
    madvise(memory, (bytes + kUnused) / kLargePage * kLargePage, MADV_HUGEPAGE);
  }
#endif
  return memory;
}

inline void FreeAligned(void* memory) noexcept {
  std::free(memory);
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_ALIGNED_MEMORY_H_
