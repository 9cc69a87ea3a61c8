#ifndef DKN_SRC_SERVE_PAGE_FOLDER_H_
#define DKN_SRC_SERVE_PAGE_FOLDER_H_

#include <filesystem>
#include <string>
#include <vector>

namespace dkn::serve {

// Where the page (web/) may lie, seen from the program's file, first hit first: installed with it,
// ../share/dkn/web, or built in the sources that it was built in, web/dist.
std::vector<std::filesystem::path> PageFolders(const std::filesystem::path& program);

// The first of this program's that has an index.html. Throws Error, which says how to make the
// page, where there is none.
std::string FindPage();

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_PAGE_FOLDER_H_
