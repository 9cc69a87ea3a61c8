#ifndef DKN_SRC_CORE_TEST_FILES_H_
#define DKN_SRC_CORE_TEST_FILES_H_

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "dkn/error.h"

// What tests of files share.
namespace dkn {

// A folder of its own for each test, removed at the end.
class FolderTest : public ::testing::Test {
 protected:
  FolderTest() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("dkn_test_" + std::to_string(getpid()) + "_" +
               std::to_string(reinterpret_cast<std::uintptr_t>(this)));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~FolderTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  // Writes the bytes as file `name` and returns its path.
  std::string Put(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
    std::filesystem::remove(Path(name));  // ext4 takes milliseconds to overwrite a file
    std::ofstream stream(Path(name), std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    return Path(name);
  }
  static std::vector<std::uint8_t> Get(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  // Names of all files in the folder.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

 private:
  std::filesystem::path folder_;
};

// What the Error that `work` throws says; "" when it throws none.
template <typename Work>
std::string ErrorText(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// While it lives, no file of the process can grow beyond 100000 bytes; a write that tries fails
// half way, as on a full disk.
class FullDisk {
 public:
  FullDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit small = limit_;
    small.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit limit_{};
};

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEST_FILES_H_
