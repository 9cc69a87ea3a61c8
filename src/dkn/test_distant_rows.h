#ifndef DKN_SRC_DKN_TEST_DISTANT_ROWS_H_
#define DKN_SRC_DKN_TEST_DISTANT_ROWS_H_

#include <sys/mman.h>

#include <cstddef>

#include "dkn/image.h"

namespace dkn {

// A copy of an image of one channel whose rows lie `stride` values apart, in memory of which only
// the rows are ever touched. Check mapped() first: the system may refuse so many addresses.
class DistantRows {
 public:
  DistantRows(ConstView image, std::ptrdiff_t stride)
      : bytes_(static_cast<std::size_t>(stride) * static_cast<std::size_t>(image.height) *
               sizeof(float)),
        memory_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    if (mapped()) {
      view_ = View(static_cast<float*>(memory_), image.width, image.height, 1, stride, 0);
      Copy(image, view_);
    }
  }
  DistantRows(const DistantRows&) = delete;
  DistantRows& operator=(const DistantRows&) = delete;
  ~DistantRows() {
    if (mapped()) {
      munmap(memory_, bytes_);
    }
  }

  bool mapped() const { return memory_ != MAP_FAILED; }
  View view() const { return view_; }

 private:
  const std::size_t bytes_;
  void* const memory_;
  View view_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_TEST_DISTANT_ROWS_H_
