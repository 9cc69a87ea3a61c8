#include "src/train/training_log.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/number_text.h"

namespace dkn::train {
namespace {

constexpr char kHeader[] = "step,loss,rate,validation";
constexpr int kDigits = 9;

// False where the line is not a row.
bool ParseRow(const std::string& line, LogRow& row) {
  std::istringstream fields(line);
  char commas[3] = {};
  fields >> row.step >> commas[0] >> row.loss >> commas[1] >> row.rate >> commas[2];
  if (!fields || std::string(commas, 3) != ",,,") {
    return false;
  }
  if (double validation; fields >> validation) {
    row.validation = validation;
  }
  return fields.eof();
}

}  // namespace

std::vector<LogRow> ReadLog(const std::string& path) {
  std::vector<LogRow> rows;
  if (!std::filesystem::exists(path)) {
    return rows;
  }
  std::ifstream file(path);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    LogRow row;
    if (number == 1 ? line != kHeader : !ParseRow(line, row)) {
      throw Error(path + ": line " + std::to_string(number) + " is not as expected: " + kHeader);
    }
    if (number > 1) {
      rows.push_back(row);
    }
  }
  return rows;
}

void WriteLog(const std::string& path, const std::vector<LogRow>& rows) {
  std::string text = std::string(kHeader) + "\n";
  for (const LogRow& row : rows) {
    text += std::to_string(row.step) + "," + DigitsText(row.loss, kDigits) + "," +
            DigitsText(row.rate, kDigits) + "," +
            (row.validation ? DigitsText(*row.validation, kDigits) : "") + "\n";
  }
  WriteFileText(path, text);
}

}  // namespace dkn::train
