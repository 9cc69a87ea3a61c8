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
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (terminal_ && seconds > 2.0) {
      std::fprintf(stderr, "\r\033[K%d of %d %s, %.0f s left", done, total, things_,
                   seconds / done * (total - done));
      shown_ = true;
    }
  }

 private:
  const char* const things_;
  const bool terminal_ = isatty(STDERR_FILENO) == 1;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

}  // namespace dkn

#endif  // DKN_CLI_PROGRESS_LINE_H_
