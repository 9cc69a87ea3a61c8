#ifndef DKN_SRC_DATA_LAYOUTS_MANIFEST_H_
#define DKN_SRC_DATA_LAYOUTS_MANIFEST_H_

#include <string>
#include <string_view>
#include <vector>

namespace dkn {

// One line of a manifest; paths as written.
struct ManifestRow {
  int line = 0;  // the first line is 1
  std::string guide;
  std::string target;  // empty: the input is made of the truth
  std::string truth;
};

// A manifest: CSV (RFC 4180) in UTF-8 whose first line is guide,target,truth. Fields may be quoted,
// a quote inside is doubled; none spans lines. Empty lines do not count. Throws Error, which begins
// with the line's number, when a line is damaged or lacks a guide or a truth, or none is there.
std::vector<ManifestRow> ParseManifest(std::string_view text);

}  // namespace dkn

#endif  // DKN_SRC_DATA_LAYOUTS_MANIFEST_H_
