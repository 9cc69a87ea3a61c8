#include "src/io/npy_array.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

Data MakeNpy(const std::string& type, const std::string& shape, const Data& values,
             const std::string& order = "False") {
  const std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  Data bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  AppendInteger(bytes, header.size(), 2, false);
  Append(bytes, Data(header.begin(), header.end()));
  Append(bytes, values);
  return bytes;
}

class NpyArrayTest : public FolderTest {
 protected:
  NpyArray Open(const Data& bytes) const { return NpyArray(Put("array.npy", bytes)); }
  std::string Refusal(const Data& bytes) const {
    return ErrorText([&] { Open(bytes); });
  }
};

TEST_F(NpyArrayTest, ReadsAPartOfEachType) {
  const NpyArray bytes = Open(MakeNpy("|u1", "(2, 1, 2)", {7, 8, 9, 255}));
  EXPECT_THAT(bytes.shape(), ElementsAre(2, 1, 2));
  EXPECT_EQ(bytes.ShapeText(), "[2, 1, 2]");
  EXPECT_EQ(bytes.full_scale(), 255.0);
  EXPECT_THAT(bytes.Read(2, 2), ElementsAre(9.0, 255.0));
  const NpyArray shorts = Open(MakeNpy("<u2", "(2,)", {1, 2, 3, 4}));
  EXPECT_EQ(shorts.full_scale(), 65535.0);
  EXPECT_THAT(shorts.Read(1, 1), ElementsAre(3.0 + 4 * 256));
  EXPECT_THAT(Open(MakeNpy("<f4", "(1, 1)", {0, 0, 0x80, 0xBF})).Read(0, 1), ElementsAre(-1.0));
  Data doubles;
  AppendInteger(doubles, std::bit_cast<std::uint64_t>(0.1), 8, false);
  AppendInteger(doubles, std::bit_cast<std::uint64_t>(1e300), 8, false);
  const NpyArray wide = Open(MakeNpy("<f8", "(1, 2)", doubles));
  EXPECT_EQ(wide.full_scale(), 1.0);
  EXPECT_THAT(wide.Read(0, 2), ElementsAre(0.1, 1e300));
}

TEST_F(NpyArrayTest, ReadsNothingBeyondTheEnd) {
  const NpyArray array = Open(MakeNpy("|u1", "(3,)", {1, 2, 3}));
  EXPECT_THAT(ErrorText([&] { array.Read(2, 2); }), HasSubstr("has 3 values, expected 2 from 2"));
  EXPECT_THAT(ErrorText([&] { array.Read(UINT64_MAX, 2); }), HasSubstr("has 3 values"));
  EXPECT_THAT(ErrorText([&] { array.Read(1, SIZE_MAX); }), HasSubstr("has 3 values"));
}

TEST_F(NpyArrayTest, RefusesOtherFiles) {
  EXPECT_THAT(Refusal({'P', '6'}), HasSubstr("array.npy: is not an NPY file"));
  EXPECT_THAT(Refusal({}), HasSubstr("is not an NPY file"));
  EXPECT_THAT(Refusal({0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 9}), HasSubstr("truncated"));
  EXPECT_THAT(Refusal(MakeNpy("<i8", "(1,)", Data(8))), HasSubstr("expected uint8"));
  EXPECT_THAT(Refusal(MakeNpy(">f4", "(1,)", Data(4))), HasSubstr("little-endian"));
  EXPECT_THAT(Refusal(MakeNpy("|u1", "(2, 2)", Data(4), "True")), HasSubstr("C order"));
  EXPECT_THAT(ErrorText([&] { NpyArray(Path("absent.npy")); }), HasSubstr("absent.npy: "));
  EXPECT_THAT(ErrorText([&] { NpyArray(Path("")); }), HasSubstr("is not a plain file"));
}

// Products of the shape that overflow 64 bits must not pass for small ones.
TEST_F(NpyArrayTest, TheFileSizeIsExact) {
  EXPECT_THAT(Refusal(MakeNpy("|u1", "(2, 2)", Data(3))), HasSubstr("promises another number"));
  EXPECT_THAT(Refusal(MakeNpy("|u1", "(2, 2)", Data(5))), HasSubstr("5 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy("<f4", "(1,)", Data(7))), HasSubstr("7 bytes of values"));
  EXPECT_THAT(Refusal(MakeNpy("|u1", "(4294967296, 4294967296)", Data(4))),
              HasSubstr("promises another number"));
  EXPECT_THAT(Refusal(MakeNpy("|u1", "(0, 4)", {})), HasSubstr("promises another number"));
}

}  // namespace
}  // namespace dkn
