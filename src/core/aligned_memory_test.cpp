#include "src/core/aligned_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace dkn {
namespace {

TEST(AlignedMemoryTest, IsAlignedAndWhole) {
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{(1 << 21) - 1},
        std::size_t{1 << 21}, std::size_t{(1 << 22) - 100}, std::size_t{(1 << 22) + 1}}) {
    void* const memory = AllocateAligned(bytes);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0u);
    std::memset(memory, 1, bytes);
    FreeAligned(memory);
  }
}

TEST(AlignedMemoryTest, IsNullWhereThereIsNone) {
  for (const std::size_t bytes : {SIZE_MAX, SIZE_MAX / 2}) {
    EXPECT_EQ(AllocateAligned(bytes), nullptr);
  }
}

}  // namespace
}  // namespace dkn
