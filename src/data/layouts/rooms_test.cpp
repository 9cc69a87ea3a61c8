#include <gmock/gmock.h>

#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/data/dataset.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class RoomsTest : public FolderTest {
 protected:
  RoomsTest() {
    options_.layout = "rooms";
    options_.path = Path("");
    options_.unit_per_step = 0.1;
  }
  DatasetOptions options_;
};

TEST_F(RoomsTest, ReadsWhatSynthRenders) {
  for (const char* name : {"room_2", "room_1"}) {
    Image truth(16, 8);
    truth(3, 4) = name[5] == '1' ? 1000.0f : 2000.0f;
    WriteImage(Path(std::string(name) + "_rgb.png"), Image(16, 8, 3), SampleType::kUint8);
    WriteImage(Path(std::string(name) + "_truth.png"), truth, SampleType::kUint16);
    WriteImage(Path(std::string(name) + "_depth.png"), Image(2, 1), SampleType::kUint16);
  }
  const auto data = OpenDataset(options_);
  ASSERT_EQ(data->size(), 2u);
  EXPECT_EQ(data->Name(0), "room_1");
  EXPECT_FLOAT_EQ(data->Read(0).truth(3, 4), 100.0f);
  EXPECT_FLOAT_EQ(data->Read(1).truth(3, 4), 200.0f);
}

TEST_F(RoomsTest, NamesWhatIsMissing) {
  EXPECT_THAT(ErrorText([&] { OpenDataset(options_); }), HasSubstr("NAME_truth.png among its 0"));
  WriteImage(Path("a_truth.png"), Image(16, 8), SampleType::kUint16);
  const auto data = OpenDataset(options_);
  EXPECT_THAT(ErrorText([&] { data->Read(0); }),
              AllOf(HasSubstr("a_rgb.png"), HasSubstr("No such file")));
}

}  // namespace
}  // namespace dkn
