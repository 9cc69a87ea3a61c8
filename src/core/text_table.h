#ifndef DKN_SRC_CORE_TEXT_TABLE_H_
#define DKN_SRC_CORE_TEXT_TABLE_H_

#include <string>
#include <vector>

namespace dkn {

using TextRow = std::vector<std::string>;

// A Markdown table whose columns are aligned, for the terminal too. The first row is the head; all
// have as many cells.
std::string AlignedTable(const std::vector<TextRow>& rows);

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEXT_TABLE_H_
