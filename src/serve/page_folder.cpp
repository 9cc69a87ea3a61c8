#include "src/serve/page_folder.h"

#include <system_error>

#include "dkn/error.h"

namespace dkn::serve {

namespace fs = std::filesystem;

std::vector<fs::path> PageFolders(const fs::path& program) {
  const fs::path folder = program.parent_path();
  std::vector<fs::path> folders = {(folder / "../share/dkn/web").lexically_normal()};
  // build/PRESET/bin/dkn
  folders.push_back((folder / "../../../web/dist").lexically_normal());
  return folders;
}

std::string FindPage() {
  std::error_code failure;
  const std::vector<fs::path> folders = PageFolders(fs::read_symlink("/proc/self/exe", failure));
  for (const fs::path& folder : folders) {
    if (fs::is_regular_file(folder / "index.html", failure)) {
      return folder.string();
    }
  }
  throw Error("the page is neither in " + folders[0].string() + " nor in " + folders[1].string() +
              "; the package dkn-web installs it, `npm ci && npm run build` in web/ of the sources "
              "makes it, and `dkn serve FOLDER` shows any folder");
}

}  // namespace dkn::serve
