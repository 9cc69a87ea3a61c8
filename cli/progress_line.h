#ifndef DKN_CLI_PROGRESS_LINE_H_
#define DKN_CLI_PROGRESS_LINE_H_

#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace dkn {

// What is done and the time left, on a terminal's standard error, once two seconds have passed.
// Gone in the end.
class ProgressLine {
 public:
  explicit ProgressLine(const char* things = "images") : things_(things) {}
  ~ProgressLine() {
    if (shown_) {
      std::fputs("\r\033[K", stderr);
    }
  }
  void operator()(int done, int total) {
    if (IsTime()) {
      std::fprintf(stderr, "\r\033[K%d of %d %s, %.0f s left", done, total, things_,
                   seconds_ / done * (total - done));
    }
  }
  // Of one thing: the share, from 0 to 1.
  void operator()(double done) {
    if (done > 0.0 && IsTime()) {
      std::fprintf(stderr, "\r\033[K%.0f %%, %.0f s left", 100.0 * done,
                   seconds_ / done * (1.0 - done));
    }
  }

 private:
  // At most ten times a second.
  bool IsTime() {
    const double now =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (!terminal_ || now < 2.0 || (shown_ && now < seconds_ + 0.1)) {
      return false;
    }
    seconds_ = now;
    shown_ = true;
    return true;
  }

  const char* const things_;
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_ = 0.0;  // from the beginning to what was shown last
  bool shown_ = false;
};

}  // namespace dkn

#endif  // DKN_CLI_PROGRESS_LINE_H_
