#ifndef DKN_SRC_NET_SESSION_MEMORY_H_
#define DKN_SRC_NET_SESSION_MEMORY_H_

#include <cstddef>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>

#include "dkn/error.h"
#include "src/core/aligned_memory.h"

namespace dkn {

// Values of a session and the memory that they lie in, which sessions may share.
struct Block {
  Block() = default;
  // Throws MemoryError where there is none.
  Block(const dnnl::memory::desc& desc, const dnnl::engine& engine)
      : bytes(AllocateAligned(desc.get_size()), [](void* memory) { FreeAligned(memory); }) {
    if (bytes == nullptr) {
      throw MemoryError("no memory for what the layers of a network pass on");
    }
    values = dnnl::memory(desc, engine, bytes.get());
  }
  dnnl::memory values;
  std::shared_ptr<void> bytes;
};

inline dnnl::memory::desc BytesDesc(std::size_t size) {
  return {{static_cast<dnnl::memory::dim>(size)},
          dnnl::memory::data_type::u8,
          dnnl::memory::format_tag::x};
}

// `lent` itself where it suffices.
inline Block BytesOf(const dnnl::engine& engine, std::size_t size, const Block* lent) {
  if (lent != nullptr && lent->values.get_desc().get_size() >= size) {
    return *lent;
  }
  return {BytesDesc(size), engine};
}

}  // namespace dkn

#endif  // DKN_SRC_NET_SESSION_MEMORY_H_
