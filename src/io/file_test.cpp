#include "src/io/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileBytes : public FolderTest {};

TEST_F(FileBytes, RoundTripReplacesWhatWasThere) {
  const std::string path = Put("a", {9, 9, 9, 9, 9});
  const std::vector<std::uint8_t> bytes{1, 0, 255};
  WriteFileBytes(path, bytes);
  EXPECT_EQ(ReadFileBytes(path), bytes);
  EXPECT_THAT(Names(), ElementsAre("a"));
}

TEST_F(FileBytes, AFailedWriteLeavesNothing) {
  const std::vector<std::uint8_t> bytes{1};
  const std::string nowhere = Path("none/a.png");
  EXPECT_THAT(ErrorText([&] { WriteFileBytes(nowhere, bytes); }),
              HasSubstr("cannot be written: No such file"));
  EXPECT_THAT(Names(), IsEmpty());

  // The name belongs to a folder: only the last step, the renaming, fails.
  std::filesystem::create_directories(Path("a.png/inside"));
  EXPECT_THAT(ErrorText([&] { WriteFileBytes(Path("a.png"), bytes); }),
              HasSubstr("cannot be written"));
  EXPECT_THAT(Names(), ElementsAre("a.png"));
}

// A limit on file size stands for a full disk: the write fails half way.
TEST_F(FileBytes, AFullDiskKeepsTheOldFile) {
  const std::string path = Put("a", {7});
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string text =
      ErrorText([&] { WriteFileBytes(path, std::vector<std::uint8_t>(1000000)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(text, HasSubstr("cannot be written: File too large"));
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_THAT(ReadFileBytes(path), ElementsAre(7));
}

}  // namespace
}  // namespace dkn
