#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/check_tensors.h"

namespace {

// The input as a row of choices; 0 when it has run out.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  int Next() { return place_ < size_ ? data_[place_++] : 0; }
  // Mostly 0, now and then -2 to 2 or an extreme number.
  std::int64_t Fault() {
    constexpr std::int64_t kFaults[] = {-2, -1, 1, 2, INT64_MAX / 4, INT64_MAX, INT64_MIN};
    const int choice = Next();
    return choice >= 1 && choice <= 7 ? kFaults[choice - 1] : 0;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t place_ = 0;
};

std::int64_t WrappingSum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

// Headers that are right but for a number or two, which mutations of a whole file seldom give.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr const char* kTypes[] = {"F32", "F16", "BF16", "I8"};
  constexpr std::int64_t kSizes[] = {4, 2, 2, 1};
  Choices choices(data, size);
  std::string header = "{";
  std::int64_t end = 0;
  for (int tensors = 1 + choices.Next() % 3; tensors > 0; --tensors) {
    const int type = choices.Next() % 4;
    const std::int64_t rows = choices.Next() % 3;
    const std::int64_t begin = end;
    end += rows * 2 * kSizes[type];
    header += "\"" + std::to_string(tensors) + R"(":{"dtype":")" + kTypes[type] + R"(","shape":[)" +
              std::to_string(WrappingSum(rows, choices.Fault())) + "," +
              std::to_string(WrappingSum(2, choices.Fault())) + R"(],"data_offsets":[)" +
              std::to_string(WrappingSum(begin, choices.Fault())) + "," +
              std::to_string(WrappingSum(end, choices.Fault())) + "]}";
    header += tensors > 1 ? "," : "}";
  }
  std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(header.size()),
                                  static_cast<std::uint8_t>(header.size() >> 8)};
  bytes.resize(8);
  bytes.insert(bytes.end(), header.begin(), header.end());
  const int surplus = choices.Next() % 8 - 4;  // bytes too many; too few below 0
  for (std::int64_t i = 0; i < end + (surplus == -4 ? 0 : surplus); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(choices.Next()));
  }
  dkn::CheckTensors(bytes);
  return 0;
}
