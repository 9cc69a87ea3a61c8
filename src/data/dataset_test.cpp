#include "src/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "src/core/test_files.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Refusal(const DatasetOptions& options) {
  return ErrorText([&] { OpenDataset(options); });
}

TEST(Dataset, AnUnknownLayoutListsTheKnown) {
  EXPECT_EQ(DatasetLayouts().front(), "pairs");
  DatasetOptions options;
  options.layout = "pear";
  const std::string refusal = Refusal(options);
  EXPECT_THAT(refusal, HasSubstr("unknown layout 'pear'"));
  for (const std::string& layout : DatasetLayouts()) {
    EXPECT_THAT(refusal, HasSubstr(layout));
  }
}

TEST(Dataset, EveryLayoutNamesAPathThatIsNotThere) {
  for (const std::string& layout : DatasetLayouts()) {
    DatasetOptions options;
    options.layout = layout;
    options.path = "/no/such/place";
    options.scale = 4;
    EXPECT_THAT(Refusal(options), HasSubstr("/no/such/place")) << layout;
  }
}

TEST(Dataset, ChecksOptions) {
  DatasetOptions options;
  options.path = "folder";
  options.split = "test";
  EXPECT_THAT(Refusal(options), HasSubstr("'pairs' has no split 'test', expected none"));
  options.split = "";
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    options.unit_per_step = bad;
    EXPECT_THAT(Refusal(options), AllOf(HasSubstr("folder: "), HasSubstr("expected more than 0")));
  }
}

}  // namespace
}  // namespace dkn
