#include "src/io/dpt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "src/io/image_files.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

Data MakeDpt(std::uint32_t width, std::uint32_t height, const std::vector<float>& values) {
  Data bytes{'P', 'I', 'E', 'H'};
  AppendInteger(bytes, width, 4, false);
  AppendInteger(bytes, height, 4, false);
  for (const float value : values) {
    AppendInteger(bytes, std::bit_cast<std::uint32_t>(value), 4, false);
  }
  return bytes;
}

std::string Refusal(const Data& bytes) {
  return ErrorText([&] { ParseDpt(bytes, ReadOptions()); });
}

TEST(Dpt, RowsComeFromTheTopDown) {
  const ImageFile file = ImageFileOf(ParseDpt(MakeDpt(3, 2, {1, 2, 3, 4, 5, 6.5f}), ReadOptions()));
  EXPECT_EQ(file.type, SampleType::kFloat32);
  ASSERT_EQ(file.image.width(), 3);
  ASSERT_EQ(file.image.height(), 2);
  EXPECT_EQ(file.image(2, 0), 3.0f);
  EXPECT_EQ(file.image(2, 1), 6.5f);
}

TEST(Dpt, RefusesDamagedHeaders) {
  Data other = MakeDpt(1, 1, {1});
  other[0] = 'p';
  EXPECT_THAT(Refusal(other), HasSubstr("not a DPT"));
  EXPECT_THAT(Refusal({'P', 'I', 'E', 'H', 1, 0}), HasSubstr("truncated"));
  EXPECT_THAT(Refusal(MakeDpt(0, 1, {})), HasSubstr("0 x 1"));
  EXPECT_THAT(Refusal(MakeDpt(0xFFFFFFFF, 1, {1})), HasSubstr("-1 x 1"));
  EXPECT_THAT(Refusal(MakeDpt(0x7FFFFFFF, 0x7FFFFFFF, {1})), HasSubstr("limit"));
}

TEST(Dpt, TheFileSizeIsExact) {
  EXPECT_THAT(Refusal(MakeDpt(2, 2, {1, 2, 3})), HasSubstr("12 bytes of pixels, expected 4 x 4"));
  Data more = MakeDpt(1, 1, {1});
  more.push_back(0);
  EXPECT_THAT(Refusal(more), HasSubstr("5 bytes"));
  EXPECT_THAT(Refusal(MakeDpt(1, 1, {1, 2})), HasSubstr("optical flow"));
}

class DptFileTest : public FolderTest {};

TEST_F(DptFileTest, ReadImageKnowsItByItsContent) {
  EXPECT_EQ(ReadImage(Put("depth.dpt", MakeDpt(1, 1, {7}))).image(0, 0), 7.0f);
  EXPECT_THAT(ErrorText([&] { ReadImage(Put("bad.dpt", MakeDpt(2, 1, {7}))); }),
              HasSubstr("bad.dpt: the DPT has 4 bytes"));
}

}  // namespace
}  // namespace dkn
