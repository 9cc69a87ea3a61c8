#include "src/core/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "src/core/test_files.h"

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

TEST_F(FileBytes, OfFilesThatBelongTogetherAllAreWrittenOrNone) {
  const std::vector<std::uint8_t> bytes{1, 0, 255};
  WriteFilesBytes(std::vector<FileContent>{{Put("a", {9}), bytes}, {Path("b"), {2}}});
  EXPECT_EQ(ReadFileBytes(Path("a")), bytes);
  EXPECT_THAT(ReadFileBytes(Path("b")), ElementsAre(2));

  std::filesystem::create_directories(Path("folder/inside"));
  for (const std::string& second : {Path("none/c"), Path("folder")}) {
    const std::string text = ErrorText([&] {
      WriteFilesBytes(
          std::vector<FileContent>{{Path("a"), {3}}, {Path("new"), {3}}, {second, {3}}});
    });
    EXPECT_THAT(text, HasSubstr(second + ": cannot be written"));
    EXPECT_EQ(ReadFileBytes(Path("a")), bytes);
    EXPECT_THAT(Names(), ::testing::UnorderedElementsAre("a", "b", "folder"));
  }
  const std::string text = ErrorText([&] {
    const FullDisk full;
    WriteFilesBytes(std::vector<FileContent>{{Path("a"), {3}},
                                             {Path("c"), std::vector<std::uint8_t>(1000000)}});
  });
  EXPECT_THAT(text, HasSubstr("cannot be written: File too large"));
  EXPECT_EQ(ReadFileBytes(Path("a")), bytes);
  EXPECT_THAT(Names(), ::testing::UnorderedElementsAre("a", "b", "folder"));
}

TEST_F(FileBytes, AFullDiskKeepsTheOldFile) {
  const std::string path = Put("a", {7});
  const std::string text = ErrorText([&] {
    const FullDisk full;
    WriteFileBytes(path, std::vector<std::uint8_t>(1000000));
  });
  EXPECT_THAT(text, HasSubstr("cannot be written: File too large"));
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_THAT(ReadFileBytes(path), ElementsAre(7));
}

TEST_F(FileBytes, StopWritingLetsWritersFinishAndNoneBegin) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "the thread sanitizer lets a process that was forked make no threads";
#endif
#endif
  // In a process of its own, as nothing can be written in it afterwards: it ends in the middle of
  // four threads' work.
  const pid_t child = fork();
  if (child == 0) {
    const std::vector<std::uint8_t> bytes(300000, 7);
    for (int i = 0; i < 4; ++i) {
      std::thread([&, i] {
        for (;;) {
          WriteFileBytes(Path(std::to_string(i)), bytes);
        }
      }).detach();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    StopWriting();
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  for (const std::string& name : Names()) {
    EXPECT_EQ(name.size(), 1u) << name;  // no temporary file
    EXPECT_EQ(Get(Path(name)).size(), 300000u);
  }
  EXPECT_FALSE(Names().empty());
}

TEST_F(FileBytes, RefusesWhatIsNoFile) {
  const auto text = [&](const std::string& path) {
    return ErrorText([&] { ReadFileBytes(path); });
  };
  EXPECT_EQ(text(Path("none")), Path("none") + ": cannot be read: No such file or directory");
  EXPECT_EQ(text(Path(".")), Path(".") + ": is a folder, expected a file");
  EXPECT_EQ(text("/dev/null"), "/dev/null: is not a plain file");
  EXPECT_EQ(text(Put("empty", {})), Path("empty") + ": the file is empty");
}

TEST_F(FileBytes, RefusesMoreThanTheMaximum) {
  const std::string path = Put("a", {1, 2, 3});
  EXPECT_THAT(ReadFileBytes(path, 3), ElementsAre(1, 2, 3));
  EXPECT_EQ(ErrorText([&] { ReadFileBytes(path, 2); }), path + ": has 3 bytes, expected at most 2");

  // Far more than there is memory: taking it would give another message. Sparse: takes no disk.
  const std::uintmax_t size = std::uintmax_t{1} << 40;
  std::filesystem::resize_file(path, size);
  EXPECT_EQ(ErrorText([&] { ReadFileBytes(path, size - 1); }),
            path + ": has 1099511627776 bytes, expected at most 1099511627775");
}

}  // namespace
}  // namespace dkn
