#ifndef DKN_SRC_IO_TEST_FILES_H_
#define DKN_SRC_IO_TEST_FILES_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/image.h"

// What the tests of io share.
namespace dkn {

// A folder of its own for each test, removed at the end.
class FolderTest : public ::testing::Test {
 protected:
  FolderTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("dkn_io_") + info->test_suite_name() + "_" + info->name() + "_" +
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

// Whole values 0..`max` that differ between neighbours, rows and channels.
inline Image Pattern(int width, int height, int channels, int max) {
  Image image(width, height, channels);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        image(x, y, c) = static_cast<float>((x * 7919 + y * 104729 + c * 1299709 + 11) % (max + 1));
      }
    }
  }
  return image;
}

inline void ExpectEqual(ConstView a, ConstView b) {
  ASSERT_EQ(a.width, b.width);
  ASSERT_EQ(a.height, b.height);
  ASSERT_EQ(a.channels, b.channels);
  for (int c = 0; c < a.channels; ++c) {
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        ASSERT_EQ(a(x, y, c), b(x, y, c)) << "x " << x << " y " << y << " channel " << c;
      }
    }
  }
}

inline void Append(std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& more) {
  for (const std::uint8_t byte : more) {  // g++ 12 warns of insert() here, for no reason
    bytes.push_back(byte);
  }
}

// `value` in `size` bytes.
inline void AppendInteger(std::vector<std::uint8_t>& bytes, std::uint64_t value, int size,
                          bool big_endian) {
  for (int i = 0; i < size; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (big_endian ? size - 1 - i : i))));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_IO_TEST_FILES_H_
