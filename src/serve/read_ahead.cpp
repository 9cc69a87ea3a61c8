#include "src/serve/read_ahead.h"

#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

#include "dkn/error.h"

namespace dkn::serve {

ReadAhead::ReadAhead(std::unique_ptr<FrameSource> source, bool again, std::function<void()> arrived)
    : source_(std::move(source)), again_(again), arrived_(std::move(arrived)) {
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error& error) {
    throw Error(std::string("no thread to read frames by: ") + error.what());
  }
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  source_->Stop();
  thread_.join();
}

std::optional<ReadResult> ReadAhead::Take() {
  std::optional<ReadResult> taken;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(taken, next_);
  }
  changed_.notify_all();
  return taken;
}

bool ReadAhead::HasSome() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return next_.has_value();
}

ReadResult ReadAhead::ReadOne() {
  ReadResult result;
  const auto begin = std::chrono::steady_clock::now();
  try {
    const bool has =
        source_->Next(result.frame) || (again_ && source_->Rewind() && source_->Next(result.frame));
    result.ended = !has;
  } catch (const std::exception& error) {
    result.failure = error.what();
    result.ended = !source_->GoesOn();
  }
  result.read_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

bool ReadAhead::Give(ReadResult result) {
  const bool ended = result.ended;
  const bool replaces = source_->IsLive() && !ended && result.failure.empty();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!replaces) {
      changed_.wait(lock, [&] { return stopped_ || !next_; });
    }
    if (stopped_) {
      return false;
    }
    next_ = std::move(result);
  }
  arrived_();
  return !ended;
}

void ReadAhead::Run() {
  while (Give(ReadOne())) {
  }
}

}  // namespace dkn::serve
