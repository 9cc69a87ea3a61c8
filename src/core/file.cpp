#include "src/core/file.h"

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <random>
#include <system_error>

#include "dkn/error.h"

namespace dkn {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

// Who is writing, and whether nobody may begin any more.
struct Writers {
  std::mutex mutex;
  std::condition_variable changed;
  int count = 0;
  bool stopped = false;
};

// Never destroyed: threads may write until the program's last moment.
Writers& AllWriters() {
  static Writers& writers = *new Writers;
  return writers;
}

// Lives as long as a temporary file.
class Writing {
 public:
  Writing() {
    Writers& writers = AllWriters();
    std::unique_lock<std::mutex> lock(writers.mutex);
    writers.changed.wait(lock, [&] { return !writers.stopped; });
    ++writers.count;
  }
  ~Writing() {
    Writers& writers = AllWriters();
    const std::lock_guard<std::mutex> lock(writers.mutex);
    --writers.count;
    writers.changed.notify_all();
  }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
};

Error SystemError(const std::string& path, const std::string& what, int code) {
  return Error(path + ": " + what + ": " + std::generic_category().message(code));
}

// A new file beside `path`, whose name nothing else has; its name goes to `name`.
File CreateBeside(const std::string& path, std::string& name) {
  std::random_device random;
  for (;;) {
    name = path + "." + std::to_string(random()) + ".tmp";
    File file(std::fopen(name.c_str(), "wbx"));
    if (file || errno != EEXIST) {
      return file;
    }
  }
}

}  // namespace

std::vector<std::uint8_t> ReadFileBytes(const std::string& path, std::uint64_t max_size) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) {
    throw SystemError(path, "cannot be read", failure ? failure.value() : ENOENT);
  }
  if (std::filesystem::is_directory(status)) {
    throw Error(path + ": is a folder, expected a file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw Error(path + ": is not a plain file");
  }
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    throw SystemError(path, "cannot be read", errno);
  }
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure) {
    throw SystemError(path, "cannot be read", failure.value());
  }
  if (size == 0) {
    throw Error(path + ": the file is empty");
  }
  if (size > max_size) {
    throw Error(path + ": has " + std::to_string(size) + " bytes, expected at most " +
                std::to_string(max_size));
  }
  std::vector<std::uint8_t> bytes;
  try {
    bytes.resize(static_cast<std::size_t>(size));
  } catch (const std::exception&) {
    throw MemoryError(path + ": no memory for a file of " + std::to_string(size >> 20) + " MB");
  }
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    throw Error(path + ": the file cannot be read to its end");
  }
  return bytes;
}

void WriteFileBytes(const std::string& path, Bytes bytes) {
  const Writing writing;
  std::string temporary;
  File file = CreateBeside(path, temporary);
  if (!file) {
    throw SystemError(path, "cannot be written", errno);
  }
  errno = 0;
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  int code = errno;
  const bool closed = std::fclose(file.release()) == 0;
  if (written && closed) {
    std::error_code failure;
    std::filesystem::rename(temporary, path, failure);
    if (!failure) {
      return;
    }
    code = failure.value();
  } else if (written) {
    code = errno;
  }
  std::remove(temporary.c_str());
  throw SystemError(path, "cannot be written", code);
}

void StopWriting() {
  Writers& writers = AllWriters();
  std::unique_lock<std::mutex> lock(writers.mutex);
  writers.stopped = true;
  writers.changed.wait(lock, [&] { return writers.count == 0; });
}

void WriteFileText(const std::string& path, const std::string& text) {
  WriteFileBytes(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace dkn
