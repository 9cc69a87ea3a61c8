#include "src/net/machine.h"

#include <gtest/gtest.h>

namespace dkn {
namespace {

TEST(MachineTest, PeaksAreThoseOfAProcessor) {
  EXPECT_GT(PeakGflops(Precision::kFp32), 1.0);
  EXPECT_LT(PeakGflops(Precision::kFp32), 1e6);
  if (SupportedPrecision(Precision::kBf16) == Precision::kBf16) {
    EXPECT_GT(PeakGflops(Precision::kBf16), 1.0);
  }
  EXPECT_GT(PeakMemoryGbps(), 0.1);
  EXPECT_LT(PeakMemoryGbps(), 1e5);
}

TEST(MachineTest, NamesAnInstructionSet) {
  EXPECT_FALSE(InstructionSet().empty());
  EXPECT_EQ(InstructionSet().find_first_of(" \n"), std::string::npos);
}

}  // namespace
}  // namespace dkn
