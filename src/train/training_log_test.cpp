#include "src/train/training_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "dkn/error.h"

namespace dkn::train {
namespace {

TEST(TrainingLogTest, RowsGoToAFileAndBack) {
  const std::string path = testing::TempDir() + "training_log_test.csv";
  WriteLog(path, {{100, 0.25, 1e-3, std::nullopt}, {200, 0.125, 5e-4, 3.0625}});
  const auto rows = ReadLog(path);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].step, 100);
  EXPECT_FALSE(rows[0].validation.has_value());
  EXPECT_DOUBLE_EQ(rows[1].loss, 0.125);
  EXPECT_DOUBLE_EQ(rows[1].rate, 5e-4);
  EXPECT_DOUBLE_EQ(rows[1].validation.value(), 3.0625);
  for (const char* wrong : {"step,loss\n", "step,loss,rate,validation\n100,0.5\n",
                            "step,loss,rate,validation\n100,0.5,0.1,x\n"}) {
    std::ofstream(path) << wrong;
    EXPECT_THROW(ReadLog(path), Error) << wrong;
  }
  std::filesystem::remove(path);
  EXPECT_TRUE(ReadLog(path).empty());
}

}  // namespace
}  // namespace dkn::train
