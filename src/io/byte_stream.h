#ifndef DKN_SRC_IO_BYTE_STREAM_H_
#define DKN_SRC_IO_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "src/core/bytes.h"

namespace dkn {

class Watch;

// A file, a pipe or a device, opened here; or a standard stream, which it leaves open.
class ByteStream {
 public:
  // "-" is standard input or output, as `flags`, those of open, tell. Throws Error where it cannot
  // be opened and where a standard stream is a terminal.
  ByteStream(const std::string& path, int flags);
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  ~ByteStream();

  const std::string& name() const { return name_; }
  int file() const { return file_; }

  // Fills `bytes`; returns how many came: fewer at the end alone, and after watch.Stop(). Throws
  // Error where it cannot be read, and as Watch::Wait.
  std::size_t Read(std::span<std::uint8_t> bytes, Watch& watch);

  // Writes all. Throws Error, also where the reader of a pipe has gone (SIGPIPE must be ignored).
  void Write(Bytes bytes);

 private:
  std::string name_;
  int file_ = -1;
  bool owned_ = false;
};

// What ends a wait for input besides input.
class Watch {
 public:
  // The outputs, pipes among them, must outlive it.
  explicit Watch(std::vector<const ByteStream*> outputs);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  // Waits until `input` has bytes or has ended; false after Stop. Throws Error where meanwhile the
  // reader of an output has gone: nobody would ever see what comes.
  bool Wait(const ByteStream& input);

  // Ends the wait of another thread, and all later ones.
  void Stop();

 private:
  std::vector<const ByteStream*> outputs_;
  int wake_[2] = {-1, -1};  // a pipe; a byte in it says Stop
};

}  // namespace dkn

#endif  // DKN_SRC_IO_BYTE_STREAM_H_
