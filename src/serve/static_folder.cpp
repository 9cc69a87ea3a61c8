#include "src/serve/static_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <system_error>

#include "dkn/error.h"

namespace dkn::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256 << 10;

struct Ending {
  const char* ending;
  const char* type;
};
constexpr Ending kTypes[] = {{".html", "text/html; charset=utf-8"},
                             {".css", "text/css; charset=utf-8"},
                             {".js", "text/javascript; charset=utf-8"},
                             {".mjs", "text/javascript; charset=utf-8"},
                             {".json", "application/json"},
                             {".map", "application/json"},
                             {".webmanifest", "application/manifest+json"},
                             {".txt", "text/plain; charset=utf-8"},
                             {".md", "text/plain; charset=utf-8"},
                             {".svg", "image/svg+xml"},
                             {".png", "image/png"},
                             {".jpg", "image/jpeg"},
                             {".jpeg", "image/jpeg"},
                             {".webp", "image/webp"},
                             {".ico", "image/vnd.microsoft.icon"},
                             {".woff2", "font/woff2"},
                             {".wasm", "application/wasm"}};

int HexDigit(char c) {
  return '0' <= c && c <= '9'   ? c - '0'
         : 'a' <= c && c <= 'f' ? c - 'a' + 10
         : 'A' <= c && c <= 'F' ? c - 'A' + 10
                                : -1;
}

// An open file.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path)
      : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
    struct stat status {};
    plain_ = file_ >= 0 && fstat(file_, &status) == 0 && S_ISREG(status.st_mode);
    size_ = plain_ ? static_cast<std::size_t>(status.st_size) : 0;
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (file_ >= 0) {
      close(file_);
    }
  }
  bool plain() const { return plain_; }
  std::size_t size() const { return size_; }
  // Writes some of the bytes from `offset` on, at most `length`; false where there are none.
  bool Write(std::size_t offset, std::size_t length, httplib::DataSink& sink) const {
    std::array<char, kBlock> block;
    const ssize_t got =
        pread(file_, block.data(), std::min(length, block.size()), static_cast<off_t>(offset));
    return got > 0 && sink.write(block.data(), static_cast<std::size_t>(got));
  }

 private:
  int file_;
  bool plain_ = false;
  std::size_t size_ = 0;
};

}  // namespace

std::string MimeType(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Ending& row : kTypes) {
    if (ending == row.ending) {
      return row.type;
    }
  }
  return "application/octet-stream";
}

std::optional<std::string> DecodePath(const std::string& target) {
  std::string path;
  for (std::size_t i = 0; i < target.size() && target[i] != '?' && target[i] != '#'; ++i) {
    char c = target[i];
    const bool encoded = c == '%';
    if (encoded) {
      const int high = i + 1 < target.size() ? HexDigit(target[i + 1]) : -1;
      const int low = i + 2 < target.size() ? HexDigit(target[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      c = static_cast<char>(16 * high + low);
      i += 2;
    }
    const auto code = static_cast<unsigned char>(c);
    if (code < ' ' || code == 0x7f || c == '\\' || (encoded && c == '/')) {
      return std::nullopt;
    }
    path += c;
  }
  if (path.empty() || path[0] != '/') {
    return std::nullopt;
  }
  for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
    const std::string part = path.substr(at + 1, path.find('/', at + 1) - at - 1);
    if (part == ".." || part == ".") {
      return std::nullopt;
    }
  }
  return path;
}

StaticFolder::StaticFolder(const std::string& folder) {
  std::error_code failure;
  root_ = fs::canonical(folder, failure);
  if (failure || !fs::is_directory(root_, failure)) {
    throw Error(folder + ": is no folder that can be read" +
                (failure ? ": " + failure.message() : ""));
  }
}

std::optional<fs::path> StaticFolder::Find(const std::string& target) const {
  const std::optional<std::string> path = DecodePath(target);
  if (!path) {
    return std::nullopt;
  }
  std::error_code failure;
  fs::path file = fs::canonical(root_ / fs::path(*path).relative_path(), failure);
  if (!failure && fs::is_directory(file, failure)) {
    file = fs::canonical(file / "index.html", failure);
  }
  if (failure || !fs::is_regular_file(file, failure)) {
    return std::nullopt;
  }
  const auto [of_root, of_file] =
      std::mismatch(root_.begin(), root_.end(), file.begin(), file.end());
  return of_root == root_.end() ? std::optional(file) : std::nullopt;
}

bool StaticFolder::Answer(const httplib::Request& request, httplib::Response& response) const {
  const std::optional<fs::path> path = Find(request.target);
  if (!path) {
    return false;
  }
  const auto file = std::make_shared<OpenFile>(*path);
  if (!file->plain()) {
    return false;
  }
  if (file->size() == 0) {
    response.set_content("", MimeType(*path));
    return true;
  }
  response.set_content_provider(
      file->size(), MimeType(*path),
      [file](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return file->Write(offset, length, sink);
      });
  return true;
}

}  // namespace dkn::serve
