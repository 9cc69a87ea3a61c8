#ifndef DKN_SRC_CORE_TEST_SANITIZERS_H_
#define DKN_SRC_CORE_TEST_SANITIZERS_H_

namespace dkn {

// Whether this is a build under the address or the thread sanitizer: there programs are up to
// twenty times as slow, and allocations that are too large end the program.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)  // clang
inline constexpr bool kSanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEST_SANITIZERS_H_
