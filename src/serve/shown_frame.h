#ifndef DKN_SRC_SERVE_SHOWN_FRAME_H_
#define DKN_SRC_SERVE_SHOWN_FRAME_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/core/json_members.h"
#include "src/io/frame_source.h"

namespace dkn::serve {

// A result, as pages get it.
struct ShownFrame {
  struct Plane {
    std::string name;  // guide, input, result, confidence
    HeldFrame frame;   // without gaps, channels side by side
  };
  std::int64_t number = 0;        // from 1 on, in the order in which they were made
  std::int64_t guide_number = 0;  // of the frame that first had this guide
  Json header;                    // what is told beside the planes
  Plane guide;
  std::vector<Plane> planes;  // all others
};

// The newest frame, for any number of readers: who is slow misses the ones between, and none waits
// for another.
class LatestFrame {
 public:
  void Put(std::shared_ptr<const ShownFrame> frame);
  // The newest frame once it is newer than this one; null after the time, and after Close.
  std::shared_ptr<const ShownFrame> Newer(std::int64_t seen, std::chrono::milliseconds wait) const;
  void Close();
  bool closed() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::shared_ptr<const ShownFrame> frame_;
  bool closed_ = false;
};

// What one reader has got, frame after frame, in bytes:
//   "DKNF"  4 bytes
//   length  uint32, little-endian, of the header
//   header  JSON: ShownFrame::header, with "number", "guide_number", "dropped", how many frames
//   this
//           reader missed so far, "send_ms", what writing the last one took, and "planes", each
//           with "name", "type", "width", "height", "channels" and "bytes"
//   planes  one behind the other, values little-endian
// The guide is among the planes where it is another one than the reader got last. A record without
// a frame, of a header without "number", tells that all is well.
class FrameReader {
 public:
  using Write = std::function<bool(const char* data, std::size_t size)>;

  // Writes the newest frame once there is one that this reader has not, or after a second a record
  // without. False where the reader has gone or there will be no further frame.
  bool Next(const LatestFrame& latest, const Write& write);

 private:
  bool WriteFrame(const ShownFrame& frame, const Write& write);

  std::int64_t seen_ = 0;
  std::int64_t guide_ = 0;
  std::int64_t dropped_ = 0;
  double send_ms_ = 0.0;
};

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_SHOWN_FRAME_H_
