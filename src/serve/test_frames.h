#ifndef DKN_SRC_SERVE_TEST_FRAMES_H_
#define DKN_SRC_SERVE_TEST_FRAMES_H_

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/io/frame_source.h"
#include "src/serve/shown_frame.h"

// What the tests of views share.
namespace dkn::serve {

// A picture of 8 x 6 with an edge, R,G,B of 8 bits.
inline HeldFrame TestGuide() {
  FrameBuffer guide(SampleType::kUint8, 8, 6, 3);
  for (int i = 0; i < 8 * 6 * 3; ++i) {
    guide.As<std::uint8_t>()[i] = static_cast<std::uint8_t>(i / 3 % 8 < 4 ? 40 : 200 + i % 3);
  }
  return HeldFrame(std::move(guide));
}

// Depth of 4 x 3, of 16 bits, with the same edge; the second pixel is 0.
inline HeldFrame TestDepth(int number) {
  FrameBuffer depth(SampleType::kUint16, 4, 3);
  for (int i = 0; i < 4 * 3; ++i) {
    const int value = (i % 4 < 2 ? 1000 : 3000) + 7 * i + 10 * number;
    depth.As<std::uint16_t>()[i] = static_cast<std::uint16_t>(i == 1 ? 0 : value);
  }
  return HeldFrame(std::move(depth));
}

// What happens on a source, in this order, and then its end.
struct TestSource : FrameSource {
  enum Event { kFrame, kFailure, kWait };  // kWait: nothing comes until Stop

  explicit TestSource(std::vector<Event> what) : events(std::move(what)) {}

  bool Next(SourceFrame& frame) override {
    if (next == events.size()) {
      return false;
    }
    const Event event = events[next++];
    if (event == kFailure) {
      throw Error("event " + std::to_string(next) + " is bad");
    }
    if (event == kWait) {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return stopped; });
      return false;
    }
    frame = SourceFrame{"frame " + std::to_string(next)};
    frame.guide = guide;
    frame.target = TestDepth(static_cast<int>(next));
    return true;
  }
  bool Rewind() override {
    next = 0;
    return true;
  }
  void Stop() override {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      stopped = true;
    }
    changed.notify_all();
  }
  int frames() const override { return count; }
  bool GoesOn() const override { return goes_on; }
  bool IsLive() const override { return live; }

  const std::vector<Event> events;
  const HeldFrame guide = TestGuide();
  std::size_t next = 0;
  int count = 0;
  bool goes_on = true;
  bool live = false;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
};

// A record as bytes have it.
struct Record {
  Json header;
  std::vector<std::string> planes;
};

// The records that these bytes begin with; what is left of one that is not whole is not among them.
inline std::vector<Record> ParseRecords(const std::string& bytes) {
  std::vector<Record> records;
  std::size_t at = 0;
  while (at + 8 <= bytes.size()) {
    EXPECT_EQ(bytes.substr(at, 4), "DKNF");
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at + 4, sizeof(length));
    at += 8;
    if (at + length > bytes.size()) {
      break;
    }
    Record record{Json::parse(bytes.substr(at, length)), {}};
    at += length;
    bool whole = true;
    for (const Json& plane : record.header["planes"]) {
      const std::size_t size = plane["bytes"];
      whole = whole && at + size <= bytes.size();
      record.planes.push_back(bytes.substr(std::min(at, bytes.size()), size));
      at += size;
    }
    if (!whole) {
      break;
    }
    records.push_back(std::move(record));
  }
  return records;
}

inline std::string BytesIn(const ConstFrame& frame) {
  return {static_cast<const char*>(frame.data),
          SampleBytes(frame.type) * static_cast<std::size_t>(frame.width) *
              static_cast<std::size_t>(frame.height) * static_cast<std::size_t>(frame.channels)};
}

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_TEST_FRAMES_H_
