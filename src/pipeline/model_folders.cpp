#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "dkn/registry.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

// The models that were installed with the file that this code is in, a shared library or a program,
// wherever both have been moved to; "" where the file is not known.
std::string ModelsBesideLibrary() {
  static const char here = 0;
  Dl_info info;
  link_map* object = nullptr;
  if (dladdr1(&here, &info, reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) == 0 ||
      object == nullptr) {
    return "";
  }
  const bool in_program = *object->l_name == '\0';
  std::error_code code;
  const fs::path file = fs::canonical(in_program ? "/proc/self/exe" : object->l_name, code);
  if (code) {
    return "";
  }
  fs::path folder = file.parent_path();
  if (folder.filename() == DKN_MODULE_FOLDER) {  // of the command's module, beside the libraries
    folder = folder.parent_path();
  }
  const char* const models = in_program ? DKN_MODELS_FROM_PROGRAM : DKN_MODELS_FROM_LIBRARY;
  return (folder / models).lexically_normal().string();
}

}  // namespace

std::vector<std::string> ModelFolders() {
  std::vector<std::string> folders;
  if (const char* folder = std::getenv("DKN_MODELS"); folder != nullptr && *folder != '\0') {
    folders.push_back(folder);
  }
  const std::string beside = ModelsBesideLibrary();
  if (!beside.empty()) {
    folders.push_back(beside);
  }
  folders.push_back(DKN_INSTALLED_MODELS);
  return folders;
}

}  // namespace dkn
