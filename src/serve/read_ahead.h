#ifndef DKN_SRC_SERVE_READ_AHEAD_H_
#define DKN_SRC_SERVE_READ_AHEAD_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "src/io/frame_source.h"

namespace dkn::serve {

// What a source gave.
struct ReadResult {
  SourceFrame frame;
  double read_ms = 0.0;
  std::string failure = "";  // why there is no frame; empty: there is one, or `ended`
  bool ended = false;        // no further one will come
};

// Reads a source in a thread of its own, one frame ahead; of live ones the newest, and those that
// nobody took are lost, but for the one before a failure or the end.
class ReadAhead {
 public:
  // `again`: what can begin anew does at its end. `arrived` is called in the reading thread
  // whenever Take has something.
  ReadAhead(std::unique_ptr<FrameSource> source, bool again, std::function<void()> arrived);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  // Waits for no input.
  ~ReadAhead();

  // What was read, if there is something.
  std::optional<ReadResult> Take();
  bool HasSome() const;

 private:
  void Run();
  ReadResult ReadOne();
  // Whether to read on.
  bool Give(ReadResult result);

  const std::unique_ptr<FrameSource> source_;
  const bool again_;
  const std::function<void()> arrived_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<ReadResult> next_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_READ_AHEAD_H_
