#ifndef DKN_SRC_SERVE_STATIC_FOLDER_H_
#define DKN_SRC_SERVE_STATIC_FOLDER_H_

#include <httplib.h>

#include <filesystem>
#include <optional>
#include <string>

namespace dkn::serve {

// The files of one folder, to be read, and nothing beside it.
class StaticFolder {
 public:
  // Throws Error where there is no such folder.
  explicit StaticFolder(const std::string& folder);

  const std::filesystem::path& root() const { return root_; }

  // The file that a request's target means, as it came, "/assets/a%20b.js?x"; of a folder its
  // index.html. None where there is no such plain file in the folder, links followed, or the path
  // may mean another one elsewhere: with "..", a backslash, an encoded slash or a control
  // character.
  std::optional<std::filesystem::path> Find(const std::string& target) const;

  // Answers with the file, whole or the ranges that are asked for; false: there is none.
  bool Answer(const httplib::Request& request, httplib::Response& response) const;

 private:
  std::filesystem::path root_;  // all links of it followed
};

// By the ending, "text/html; charset=utf-8"; application/octet-stream of others.
std::string MimeType(const std::filesystem::path& file);

// The path of a request's target, decoded; none where it may mean another one elsewhere.
std::optional<std::string> DecodePath(const std::string& target);

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_STATIC_FOLDER_H_
