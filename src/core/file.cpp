#include "src/core/file.h"

#include <fcntl.h>
#include <unistd.h>

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
  return Error(path + ": " + what + ": " + std::generic_category().message(code) +
               (code == EFBIG ? ", the file system or `ulimit -f` allows no more" : ""));
}

Error MissingFolder(const std::string& path) {
  return Error(path + ": cannot be written: No such file or directory: its folder is missing");
}

// Where bytes that are written to this name go: a link's file, which need not exist.
std::string WrittenFile(const std::string& path) {
  const std::string file = FollowLinks(path);
  std::error_code absent;
  const std::filesystem::file_status status = std::filesystem::status(file, absent);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_directory(status)) {  // of a folder renaming tells
    throw Error(path + ": cannot be written: is a device or a pipe, expected a plain file");
  }
  return file;
}

// Bytes on the disk, beside the name that they are to take; removed unless they took it.
class Temporary {
 public:
  Temporary(const std::string& path, Bytes bytes) : path_(path), file_(WrittenFile(path)) {
    File file = Create();
    errno = 0;
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
                         std::fflush(file.get()) == 0 && Sync(fileno(file.get()));
    int code = errno;
    const bool closed = std::fclose(file.release()) == 0;
    if (written && closed) {
      return;
    }
    code = written ? errno : code;
    std::remove(name_.c_str());
    throw SystemError(path_, "cannot be written", code);
  }
  ~Temporary() {
    if (!name_.empty()) {
      std::remove(name_.c_str());
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  void TakeName() {
    std::error_code failure;
    std::filesystem::rename(name_, file_, failure);
    if (failure) {
      throw SystemError(path_, "cannot be written", failure.value());
    }
    name_.clear();
    SyncFolder();
  }

 private:
  // Whether the file's bytes are on the disk, or the file system has none to put them on.
  static bool Sync(int file) { return fsync(file) == 0 || errno == EINVAL || errno == EROFS; }

  // After a power failure the name then stands for the new file and not for the old one; both are
  // whole, so that it may fail.
  void SyncFolder() const {
    const std::string folder = std::filesystem::path(file_).parent_path().string();
    const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (descriptor >= 0) {
      fsync(descriptor);
      close(descriptor);
    }
  }

  // A new file, whose name nothing else has.
  File Create() {
    std::random_device random;
    for (;;) {
      name_ = file_ + "." + std::to_string(random()) + ".tmp";
      File file(std::fopen(name_.c_str(), "wbx"));
      if (file) {
        return file;
      }
      if (errno == ENOENT) {
        throw MissingFolder(path_);
      }
      if (errno != EEXIST) {
        throw SystemError(path_, "cannot be written", errno);
      }
    }
  }

  std::string path_;  // as messages name it
  std::string file_;
  std::string name_;  // empty once it is file_
};

}  // namespace

std::string FollowLinks(const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux follows
  std::filesystem::path file = path;
  for (int links = 0; links <= kMostLinks; ++links) {
    std::error_code failure;
    if (!std::filesystem::is_symlink(file, failure)) {
      return file.string();
    }
    const std::filesystem::path next = std::filesystem::read_symlink(file, failure);
    if (failure) {
      throw SystemError(path, "cannot be followed", failure.value());
    }
    file = file.parent_path() / next;  // `next` alone where it is absolute
  }
  throw SystemError(path, "cannot be followed", ELOOP);
}

std::vector<std::uint8_t> ReadFileBytes(const std::string& path, std::uint64_t max_size) {
  if (path.empty()) {
    throw Error("the name of a file to read is empty");
  }
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
  Temporary(path, bytes).TakeName();
}

void CheckPlaceForFile(const std::string& path) {
  std::error_code absent;
  const std::filesystem::path file = WrittenFile(path);
  if (std::filesystem::is_directory(file, absent)) {
    throw SystemError(path, "cannot be written", EISDIR);
  }
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (!std::filesystem::exists(folder, absent)) {
    throw MissingFolder(path);
  }
  if (!std::filesystem::is_directory(folder, absent)) {
    throw SystemError(path, "cannot be written", ENOTDIR);
  }
  if (access(folder.c_str(), W_OK) != 0) {
    throw SystemError(path, "cannot be written", errno);
  }
}

void WriteFilesBytes(std::span<const FileContent> files) {
  const Writing writing;
  std::vector<std::unique_ptr<Temporary>> temporaries;
  for (const FileContent& file : files) {
    temporaries.push_back(std::make_unique<Temporary>(file.path, file.bytes));
  }
  for (const FileContent& file : files) {
    CheckPlaceForFile(file.path);  // renaming would fail
  }
  for (const std::unique_ptr<Temporary>& temporary : temporaries) {
    temporary->TakeName();
  }
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
