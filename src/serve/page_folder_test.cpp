#include "src/serve/page_folder.h"

#include <gtest/gtest.h>

namespace dkn::serve {
namespace {

TEST(PageFolderTest, LiesBesideTheInstalledProgramOrInTheSources) {
  EXPECT_EQ(PageFolders("/usr/bin/dkn")[0], "/usr/share/dkn/web");
  EXPECT_EQ(PageFolders("/home/a/dkn/build/dev/bin/dkn")[1], "/home/a/dkn/web/dist");
}

}  // namespace
}  // namespace dkn::serve
