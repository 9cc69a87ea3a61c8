#ifndef DKN_SRC_NET_ONEDNN_ERRORS_H_
#define DKN_SRC_NET_ONEDNN_ERRORS_H_

#include <sys/mman.h>

#include <cstddef>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "dkn/error.h"

namespace dkn {

// Throws MemoryError where there is no memory for the machine code of a primitive: oneDNN 2.6 would
// write it where the memory should have been, at 0.
inline void RequireMemoryForCode() {
  constexpr std::size_t kBytes = 16 << 20;  // a primitive has several kernels of 256 KB each
  void* probe = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) {
    throw MemoryError("no memory for the machine code of a network");
  }
  munmap(probe, kBytes);
}

// oneDNN's exceptions as ours.
template <typename Body>
auto Translated(const Body& body) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) {
      throw MemoryError("oneDNN: no memory for the network");
    }
    throw Error(std::string("oneDNN: ") + error.what());
  }
}

}  // namespace dkn

#endif  // DKN_SRC_NET_ONEDNN_ERRORS_H_
