#include "src/io/byte_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "dkn/error.h"

namespace dkn {
namespace {

int Open(const std::string& path, int flags) {
  int file = -1;
  do {
    file = open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (file < 0 && errno == EINTR);
  if (file < 0) {
    throw Error(path + ": cannot be opened: " + std::strerror(errno));
  }
  return file;
}

Error ReaderHasGone(const ByteStream& output) {
  return Error(output.name() + ": who reads it has closed it");
}

}  // namespace

ByteStream::ByteStream(const std::string& path, int flags) {
  const bool standard = path == "-";
  const bool writes = (flags & O_WRONLY) != 0;
  name_ = !standard ? path : writes ? "standard output" : "standard input";
  file_ = standard ? (writes ? STDOUT_FILENO : STDIN_FILENO) : Open(path, flags);
  owned_ = !standard;
  if (standard && isatty(file_) == 1) {
    throw Error(name_ + " is a terminal; raw frames need a pipe or a file");
  }
}

ByteStream::~ByteStream() {
  if (owned_) {
    close(file_);
  }
}

std::size_t ByteStream::Read(std::span<std::uint8_t> bytes, Watch& watch) {
  std::size_t done = 0;
  while (done < bytes.size() && watch.Wait(*this)) {
    const ssize_t count = read(file_, bytes.data() + done, bytes.size() - done);
    if (count == 0) {
      break;
    }
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR && errno != EAGAIN) {
      throw Error(name_ + ": cannot be read: " + std::strerror(errno));
    }
  }
  return done;
}

void ByteStream::Write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(file_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno == EPIPE) {
      throw ReaderHasGone(*this);
    } else if (errno != EINTR) {
      throw Error(name_ + ": cannot be written: " + std::strerror(errno));
    }
  }
}

Watch::Watch(std::vector<const ByteStream*> outputs) : outputs_(std::move(outputs)) {
  if (pipe2(wake_, O_CLOEXEC) != 0) {
    throw Error(std::string("a pipe cannot be made: ") + std::strerror(errno));
  }
}

Watch::~Watch() {
  close(wake_[0]);
  close(wake_[1]);
}

bool Watch::Wait(const ByteStream& input) {
  std::vector<pollfd> files{{wake_[0], POLLIN, 0}, {input.file(), POLLIN, 0}};
  for (const ByteStream* output : outputs_) {
    files.push_back({output->file(), 0, 0});  // tells errors alone
  }
  while (poll(files.data(), files.size(), -1) < 0) {
    if (errno != EINTR && errno != EAGAIN) {
      throw Error(input.name() + ": cannot be waited for: " + std::strerror(errno));
    }
  }
  if (files[0].revents != 0) {
    return false;
  }
  if (files[1].revents != 0) {
    return true;
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (files[i + 2].revents != 0) {
      throw ReaderHasGone(*outputs_[i]);
    }
  }
  return true;
}

void Watch::Stop() {
  const char byte = 0;
  while (write(wake_[1], &byte, 1) < 0 && errno == EINTR) {
  }
}

}  // namespace dkn
