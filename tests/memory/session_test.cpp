// A session takes its memory once, by the end of the first frame. This program replaces the C
// library's allocation functions, on which operator new and oneDNN's own rest, to see what they are
// asked for.

#include <dkn/registry.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>

#include "src/core/test_images.h"

namespace {

// oneDNN's C++ interface makes lists of a few arguments each time that it runs a primitive.
constexpr std::size_t kSmall = 1024;

std::atomic<bool> watching = false;
std::atomic<std::size_t> large_count = 0;    // of allocations above kSmall while watching
std::atomic<std::size_t> largest_bytes = 0;  // of any while watching

void Saw(std::size_t bytes) {
  if (!watching) {
    return;
  }
  large_count += bytes > kSmall ? 1 : 0;
  std::size_t largest = largest_bytes;
  while (bytes > largest && !largest_bytes.compare_exchange_weak(largest, bytes)) {
  }
}

}  // namespace

// The C library's functions under their other names (glibc).
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* old, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);

void* malloc(std::size_t bytes) {
  Saw(bytes);
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  Saw(count * bytes);
  return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) {
  Saw(bytes);
  return __libc_realloc(old, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  Saw(bytes);
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return memalign(alignment, bytes);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
  *memory = memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}
}

namespace dkn {
namespace {

struct Frames {
  const char* model;
  int width;  // no multiple of 4: guide and target are padded
  int height;
  int max_memory_mb;
};

class SessionMemoryTest : public testing::TestWithParam<Frames> {};

TEST_P(SessionMemoryTest, FramesAfterTheFirstTakeNone) {
  const auto& [model, width, height, max_memory_mb] = GetParam();
  const Image guides[] = {RandomImage(width, height, 3, 1), RandomImage(width, height, 3, 2)};
  const Image target = RandomImage(width, height, 1, 3);
  const Image mask = RandomImage(width, height, 1, 4);
  for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
    const std::unique_ptr<JointFilter> filter =
        CreateFilter(model, {.precision = precision, .max_memory_mb = max_memory_mb});
    const auto session = filter->StartSession({.width = width, .height = height});
    const FilterInput input{{}, target, mask, {}, true};  // all that a frame can ask for
    FilterOutput output;
    session->SetGuide(guides[0]);
    session->Apply(input, output);
    large_count = largest_bytes = 0;
    watching = true;
    session->Apply(input, output);
    session->SetGuide(guides[1]);
    session->Apply({{}, target}, output);
    session->Apply(input, output);
    watching = false;
    EXPECT_EQ(large_count, 0u) << PrecisionName(precision) << ": the largest has " << largest_bytes
                               << " bytes";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Models, SessionMemoryTest,
    testing::Values(Frames{"fdkn_x8", 161, 110, 0}, Frames{"fdkn_x8", 701, 62, 23},  // in tiles
                    Frames{"fdkn_x8_target_only", 161, 110, 0}, Frames{"dkn_x8", 29, 18, 0}),
    [](const auto& info) {
      return info.param.model + std::string("_within_") + std::to_string(info.param.max_memory_mb);
    });

// The test sees what it looks for.
TEST(SessionMemoryTest, ImagesAreSeen) {
  large_count = 0;
  watching = true;
  const Image image(100, 100);
  watching = false;
  EXPECT_EQ(large_count, 1u);
  EXPECT_GE(largest_bytes, 40000u);
}

}  // namespace
}  // namespace dkn
