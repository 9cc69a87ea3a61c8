#ifndef DKN_SRC_DKN_STAGE_CLOCK_H_
#define DKN_SRC_DKN_STAGE_CLOCK_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace dkn {

// Parts of a network's work on one image, in their order.
enum class Stage {
  kGuide,    // the guide's stream; of FDKN its features alone
  kTarget,   // the same of the target, or of both where they share a stream
  kHeads,    // FDKN: weights and offsets of both streams, strip by strip
  kKernels,  // kernels combined, samples read and averaged
};
inline constexpr int kStages = 4;

// While it lives, StageScopes of all threads add their times to it. There is one clock at a time.
class StageClock {
 public:
  StageClock() { active_.store(this); }
  StageClock(const StageClock&) = delete;
  StageClock& operator=(const StageClock&) = delete;
  ~StageClock() { active_.store(nullptr); }

  double Milliseconds(Stage stage) const {
    return 1e-6 * static_cast<double>(nanoseconds_[static_cast<int>(stage)].load());
  }

 private:
  friend class StageScope;
  static inline std::atomic<StageClock*> active_ = nullptr;
  std::array<std::atomic<std::int64_t>, kStages> nanoseconds_{};
};

// Counts the time from here to the end of the block, where a clock lives. Of `threads` that work on
// the stage side by side each counts its share, so that sums are of the clock on the wall.
class StageScope {
 public:
  explicit StageScope(Stage stage, int threads = 1)
      : clock_(StageClock::active_.load(std::memory_order_relaxed)),
        stage_(stage),
        threads_(threads) {
    if (clock_ != nullptr) {
      start_ = std::chrono::steady_clock::now();
    }
  }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;
  ~StageScope() {
    if (clock_ != nullptr) {
      const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - start_;
      clock_->nanoseconds_[static_cast<int>(stage_)] += time.count() / threads_;
    }
  }

 private:
  StageClock* const clock_;
  const Stage stage_;
  const int threads_;
  std::chrono::steady_clock::time_point start_{};
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_STAGE_CLOCK_H_
