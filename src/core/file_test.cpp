#include "src/core/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "src/core/test_files.h"

namespace {

// Called in place of the system's function, below.
std::function<int(int)>* g_on_fsync = nullptr;

}  // namespace

extern "C" int fsync(int file) {
  const int code = g_on_fsync != nullptr ? (*g_on_fsync)(file) : 0;
  return code != 0 ? code : static_cast<int>(syscall(SYS_fsync, file));
}

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

TEST_F(FileBytes, LinksAreFollowedAndStay) {
  const std::vector<std::uint8_t> bytes{1, 2, 3};
  std::filesystem::create_directory(Path("sub"));
  std::filesystem::create_symlink("sub/file", Path("link"));
  std::filesystem::create_symlink(Path("link"), Path("sub/second"));
  EXPECT_EQ(FollowLinks(Path("sub/second")), Path("sub/file"));
  for (int i = 0; i < 2; ++i) {  // the file is not there, and is
    WriteFileBytes(Path("sub/second"), bytes);
    EXPECT_EQ(ReadFileBytes(Path("sub/file")), bytes);
  }
  EXPECT_EQ(std::filesystem::read_symlink(Path("link")), "sub/file");
  EXPECT_THAT(Names(), ::testing::UnorderedElementsAre("link", "sub"));
  std::filesystem::create_symlink("b", Path("a"));
  std::filesystem::create_symlink("a", Path("b"));
  EXPECT_THAT(ErrorText([&] { WriteFileBytes(Path("a"), bytes); }),
              HasSubstr("Too many levels of symbolic links"));
}

TEST_F(FileBytes, PipesAreNoFiles) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  const std::vector<std::uint8_t> bytes{1};
  EXPECT_THAT(ErrorText([&] { WriteFileBytes(Path("pipe"), bytes); }),
              HasSubstr("pipe: cannot be written: is a device or a pipe"));
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

// The same is told beforehand.
TEST_F(FileBytes, APlaceForAFileIsKnownBeforeItIsWritten) {
  Put("old", {1});
  std::filesystem::create_directories(Path("folder"));
  std::filesystem::create_symlink(Path("none/x"), Path("astray"));
  for (const char* good : {"new", "old", "folder/new"}) {
    EXPECT_NO_THROW(CheckPlaceForFile(Path(good))) << good;
  }
  for (const char* bad : {"folder", "none/new", "old/new", "astray"}) {
    const std::string before = ErrorText([&] { CheckPlaceForFile(Path(bad)); });
    EXPECT_THAT(before, HasSubstr("cannot be written")) << bad;
    EXPECT_EQ(before, ErrorText([&] { WriteFileBytes(Path(bad), std::vector<std::uint8_t>{1}); }))
        << bad;
  }
  EXPECT_THAT(Names(), ::testing::UnorderedElementsAre("astray", "folder", "old"));
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

// While it lives, fsync calls this first and fails where this gives -1.
class OnFsync {
 public:
  explicit OnFsync(std::function<int(int)> call) : call_(std::move(call)) { g_on_fsync = &call_; }
  ~OnFsync() { g_on_fsync = nullptr; }
  OnFsync(const OnFsync&) = delete;
  OnFsync& operator=(const OnFsync&) = delete;

 private:
  std::function<int(int)> call_;
};

TEST_F(FileBytes, AllBytesAreOnTheDiskBeforeAnyFileTakesItsName) {
  std::vector<std::string> events;  // what was synchronised, and how many files had names then
  const OnFsync record([&](int file) {
    struct stat status {};
    fstat(file, &status);
    const std::string what = S_ISDIR(status.st_mode) ? "folder" : std::to_string(status.st_size);
    const std::vector<std::string> names = Names();
    events.push_back(
        what + " with " +
        std::to_string(std::count_if(names.begin(), names.end(),
                                     [](const std::string& name) { return name.size() == 1; })));
    return 0;
  });
  WriteFileBytes(Path("a"), std::vector<std::uint8_t>(300000));
  EXPECT_THAT(events, ElementsAre("300000 with 0", "folder with 1"));
  events.clear();
  WriteFilesBytes(std::vector<FileContent>{{Path("b"), {1}}, {Path("c"), {1, 2}}});
  EXPECT_THAT(events, ElementsAre("1 with 1", "2 with 1", "folder with 2", "folder with 3"));
}

TEST_F(FileBytes, ADiskThatTakesNoMoreKeepsTheOldFile) {
  const std::string path = Put("a", {7});
  const OnFsync fail([](int) {
    errno = EIO;
    return -1;
  });
  EXPECT_EQ(ErrorText([&] { WriteFileBytes(path, std::vector<std::uint8_t>{1}); }),
            path + ": cannot be written: Input/output error");
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_THAT(ReadFileBytes(path), ElementsAre(7));
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
  EXPECT_EQ(text(""), "the name of a file to read is empty");
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
