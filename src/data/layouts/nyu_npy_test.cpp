#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "src/data/layouts/test_layouts.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Two images of 2 x 1 pixels.
class NyuNpyTest : public LayoutTest {
 protected:
  NyuNpyTest() { options_.layout = "nyu_npy"; }

  template <typename T>
  void PutArray(const std::string& name, const std::string& type, const std::string& shape,
                const std::vector<T>& values) const {
    const std::string header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    std::vector<std::uint8_t> bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    AppendLittleEndian(static_cast<std::uint16_t>(header.size()), bytes);
    for (const char c : header) {
      bytes.push_back(static_cast<std::uint8_t>(c));
    }
    for (const T value : values) {
      if constexpr (sizeof(T) == 1) {
        bytes.push_back(value);
      } else if constexpr (sizeof(T) == 4) {
        AppendLittleEndian(std::bit_cast<std::uint32_t>(value), bytes);
      } else {
        AppendLittleEndian(std::bit_cast<std::uint64_t>(value), bytes);
      }
    }
    Put(name, bytes);
  }
  void PutTest() const {
    PutArray<std::uint8_t>("test_images_v2.npy", "|u1", "(2, 1, 2, 3)",
                           {0, 1, 2, 3, 4, 255, 9, 9, 9, 51, 9, 9});
    PutArray<float>("test_depth.npy", "<f4", "(2, 1, 2)", {0.0f, 1.0f, 0.25f, kNan});
    PutArray<double>("test_minmax.npy", "<f8", "(2, 2)", {5.0, 8.0, 1.0, 4.0});
  }
};

TEST_F(NyuNpyTest, GivesMetresByTheRangeOfEachImage) {
  PutTest();
  options_.unit_per_step = 100.0;  // cm
  const auto dataset = Open();
  EXPECT_THAT(NamesOf(*dataset), ElementsAre("test_0000", "test_0001"));
  EXPECT_THAT(dataset->Files(1), ElementsAre(Path("test_images_v2.npy"), Path("test_depth.npy"),
                                             Path("test_minmax.npy")));
  const Sample first = dataset->Read(0);
  EXPECT_EQ(first.guide(1, 0, 2), 1.0f);
  EXPECT_FLOAT_EQ(first.guide(0, 0, 1), 1.0f / 255.0f);
  EXPECT_FLOAT_EQ(first.truth(0, 0), 100.0f);
  EXPECT_FLOAT_EQ(first.truth(1, 0), 500.0f);
  const Sample second = dataset->Read(1);
  EXPECT_EQ(second.guide(1, 0, 0), 0.2f);
  EXPECT_FLOAT_EQ(second.truth(0, 0), 500.0f);
  EXPECT_TRUE(std::isnan(second.truth(1, 0)));
}

TEST_F(NyuNpyTest, RangesMayStandInRows) {
  PutTest();
  PutArray<std::uint8_t>("test_images_v2.npy", "|u1", "(1, 1, 2, 3)", {0, 1, 2, 3, 4, 255});
  PutArray<float>("test_depth.npy", "<f4", "(1, 1, 2, 1)", {0.0f, 1.0f});
  PutArray<float>("test_minmax.npy", "<f4", "(1, 2)", {1.0f, 5.0f});
  EXPECT_FLOAT_EQ(Open()->Read(0).truth(1, 0), 5.0f);
}

TEST_F(NyuNpyTest, SplitsAreFiles) {
  PutTest();
  PutArray<float>("train_images_split.npy", "<f4", "(1, 1, 1, 3)", {0.0f, 0.5f, 1.0f});
  PutArray<double>("train_depth_split.npy", "<f8", "(1, 1, 1)", {3.5});  // metres
  options_.split = "train";
  const auto train = Open();
  EXPECT_THAT(NamesOf(*train), ElementsAre("train_0000"));
  EXPECT_EQ(train->Read(0).guide(0, 0, 1), 0.5f);
  EXPECT_EQ(train->Read(0).truth(0, 0), 3.5f);
  options_.split = "all";
  EXPECT_THAT(NamesOf(*Open()), ElementsAre("train_0000", "test_0000", "test_0001"));
  EXPECT_FLOAT_EQ(Open()->Read(1).truth(1, 0), 5.0f);
}

TEST_F(NyuNpyTest, NormalisedDepthsNeedTheirRanges) {
  PutTest();
  std::filesystem::remove(Path("test_minmax.npy"));
  EXPECT_THAT(ReadRefusal(), HasSubstr("test_depth.npy: the depths of image 0 were brought to"));
}

TEST_F(NyuNpyTest, RefusesWhatDoesNotFit) {
  PutText("images.npy", "x");
  EXPECT_THAT(OpenRefusal(),
              AllOf(HasSubstr("no test_images_v2.npy or "), HasSubstr("(images.npy)")));
  PutTest();
  PutArray<double>("test_minmax.npy", "<f8", "(3, 2)", std::vector<double>(6));
  EXPECT_THAT(OpenRefusal(), HasSubstr("test_minmax.npy: is [3, 2], expected [2, 2]"));
  PutArray<double>("test_minmax.npy", "<f8", "(2, 2)", {5.0, 8.0, 1.0, kNan});
  EXPECT_THAT(OpenRefusal(), HasSubstr("range of image 1 is not finite"));
  PutArray<float>("test_depth.npy", "<f4", "(2, 2, 1)", std::vector<float>(4));
  EXPECT_THAT(OpenRefusal(), HasSubstr("test_depth.npy: is [2, 2, 1], expected N, H and W"));
  PutArray<std::uint8_t>("test_images_v2.npy", "|u1", "(2, 3, 1, 2)",
                         std::vector<std::uint8_t>(12));
  EXPECT_THAT(OpenRefusal(), HasSubstr("is [2, 3, 1, 2], expected [N, H, W, 3]"));
  PutText("test_images_v2.npy", "x");
  EXPECT_THAT(OpenRefusal(), HasSubstr("test_images_v2.npy: is not an NPY file"));
  PutTest();
  PutArray<float>("test_images_v2.npy", "<f4", "(2, 1, 2, 3)", std::vector<float>(12, 1.5f));
  EXPECT_THAT(ReadRefusal(), HasSubstr("outside [0, 1]"));
}

}  // namespace
}  // namespace dkn
