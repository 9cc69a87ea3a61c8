#include "src/io/named_file.h"

#include <filesystem>
#include <system_error>

namespace dkn {

NamedFile SplitName(const std::string& path) {
  std::error_code absent;
  for (std::size_t colon = path.rfind(':');
       colon != std::string::npos && colon > 0 && !std::filesystem::exists(path, absent);
       colon = path.rfind(':', colon - 1)) {
    const std::string file = path.substr(0, colon);
    if (std::filesystem::exists(file, absent)) {
      return {file, path.substr(colon + 1)};
    }
  }
  return {path, ""};
}

}  // namespace dkn
