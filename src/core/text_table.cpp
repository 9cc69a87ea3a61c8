#include "src/core/text_table.h"

#include <algorithm>

namespace dkn {

std::string AlignedTable(const std::vector<TextRow>& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = "|";
    std::string rule = "|";
    for (std::size_t column = 0; column < rows[r].size(); ++column) {
      std::size_t width = 0;
      for (const TextRow& row : rows) {
        width = std::max(width, row[column].size());
      }
      const std::string& cell = rows[r][column];
      line += " " + cell + std::string(width - cell.size(), ' ') + " |";
      rule += std::string(width + 2, '-') + "|";
    }
    text += line + "\n";
    if (r == 0) {
      text += rule + "\n";
    }
  }
  return text;
}

}  // namespace dkn
