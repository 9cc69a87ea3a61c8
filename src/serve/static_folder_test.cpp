#include "src/serve/static_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "src/core/test_files.h"

namespace dkn::serve {
namespace {

namespace fs = std::filesystem;

// A folder `page` with a file beside it that must not be found.
class StaticFolderTest : public FolderTest {
 protected:
  StaticFolderTest() {
    fs::create_directories(Path("page/sub/empty"));
    Put("page/index.html", {'h'});
    Put("page/sub/index.html", {'s'});
    Put("page/sub/a b.js", {'j'});
    Put("secret.txt", {'x'});
    fs::create_directories(Path("page2"));
    Put("page2/secret.txt", {'x'});
    fs::create_symlink(Path("secret.txt"), Path("page/out.txt"));
    fs::create_directory_symlink(Path("page2"), Path("page/out"));
    fs::create_symlink("index.html", Path("page/in.html"));
  }
  // The name of the file that is found, from the folder; "" for none.
  std::string Found(const std::string& target) const {
    const StaticFolder folder(Path("page"));
    const auto file = folder.Find(target);
    return file ? fs::relative(*file, folder.root()).string() : "";
  }
};

TEST_F(StaticFolderTest, FindsItsFiles) {
  EXPECT_EQ(Found("/"), "index.html");
  EXPECT_EQ(Found("/index.html"), "index.html");
  EXPECT_EQ(Found("/index.html?x=../1"), "index.html");
  EXPECT_EQ(Found("/sub"), "sub/index.html");
  EXPECT_EQ(Found("/sub/"), "sub/index.html");
  EXPECT_EQ(Found("//sub//index.html"), "sub/index.html");
  EXPECT_EQ(Found("/sub/a%20b.js"), "sub/a b.js");
  EXPECT_EQ(Found("/in.html"), "index.html");  // a link that stays inside
}

TEST_F(StaticFolderTest, FindsNothingOutside) {
  for (const char* target :
       {"/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/.%2E/secret.txt",
        "/..%2fsecret.txt", "/sub%2f..%2f..%2fsecret.txt", "/..\\secret.txt", "/..%5csecret.txt",
        "/out.txt", "/out/secret.txt", "/../page2/secret.txt", "//../secret.txt", "/.", "/..",
        "/sub/./index.html"}) {
    EXPECT_EQ(Found(target), "") << target;
  }
  EXPECT_EQ(Found(Path("secret.txt")), "");  // an absolute one is below the folder
}

TEST_F(StaticFolderTest, FindsNothingByMalformedPaths) {
  for (const char* target : {"", "index.html", "*", "http://127.0.0.1/index.html",
                             "/index.html%00.png", "/index.html%00", "/%", "/%4", "/%zz",
                             "/index.html%0a", "/sub/empty", "/absent", "/index.html/"}) {
    EXPECT_EQ(Found(target), "") << target;
  }
  EXPECT_EQ(Found("/" + std::string(8000, 'a')), "");
}

TEST_F(StaticFolderTest, NeedsAFolder) {
  EXPECT_NE(ErrorText([&] { StaticFolder(Path("absent")); }).find("absent: is no folder"),
            std::string::npos);
  EXPECT_NE(ErrorText([&] { StaticFolder(Path("secret.txt")); }), "");
}

TEST(MimeTypeTest, EndingsTellIt) {
  EXPECT_EQ(MimeType("a/x.HTML"), "text/html; charset=utf-8");
  EXPECT_EQ(MimeType("x.mjs"), "text/javascript; charset=utf-8");
  EXPECT_EQ(MimeType("x.wasm"), "application/wasm");
  EXPECT_EQ(MimeType("x.json"), "application/json");
  EXPECT_EQ(MimeType("x.onnx"), "application/octet-stream");
  EXPECT_EQ(MimeType("x"), "application/octet-stream");
}

}  // namespace
}  // namespace dkn::serve
