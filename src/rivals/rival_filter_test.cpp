#include "src/rivals/rival_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/rivals/load_rival.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

using testing::HasSubstr;

template <typename Body>
std::string MessageOf(const Body& body) {
  try {
    body();
  } catch (const MethodError& error) {
    return error.what();
  }
  return "";
}

TEST(RivalFilterTest, KnowsAFileByItsMetadataOrItsTensors) {
  for (const RivalInfo& info : ListRivals()) {
    TensorFile file = RandomRivalFile(info.name);
    EXPECT_EQ(RivalIn(file), info.name);
    file.metadata.clear();
    EXPECT_EQ(RivalIn(file), info.name);
    file.metadata["kind"] = "fdkn";
    EXPECT_EQ(RivalIn(file), std::nullopt);
    file.metadata.clear();
    file.tensors.erase(file.tensors.begin());
    EXPECT_EQ(RivalIn(file), std::nullopt);
    file.metadata["network"] = "unet";
    EXPECT_THAT(MessageOf([&] { RivalIn(file); }), HasSubstr("'unet'; there are: djf, dmsg, pac"));
    file.metadata["classes"] = "sky,road";
    EXPECT_THAT(MessageOf([&] { RivalIn(file); }), HasSubstr("dkn segment"));
  }
}

TEST(RivalFilterTest, TakesParametersFromTheCallerThenTheFile) {
  TensorFile file = RandomRivalFile("djf", {{"stream_width", 4.0}, {"joint_width", 4.0}});
  file.metadata["residual"] = "1";
  const auto value = [&](const FilterSettings& settings, const std::string& name) {
    for (const FilterParameter& parameter : RivalFilter(file, "djf", settings, 0).parameters()) {
      if (parameter.name == name) {
        return parameter.value;
      }
    }
    return -1.0;
  };
  EXPECT_EQ(value({}, "residual"), 1.0);
  EXPECT_EQ(value({{"residual", 0.0}}, "residual"), 0.0);
  EXPECT_EQ(value({}, "stream_width"), 4.0);
  EXPECT_EQ(value({}, "shift"), 0.0);
  const auto message = [&](const FilterSettings& settings) {
    return MessageOf([&] { RivalFilter(file, "djf", settings, 0); });
  };
  EXPECT_THAT(message({{"radius", 1.0}}), HasSubstr("no parameter is named 'radius'"));
  EXPECT_THAT(message({{"shift", 1000.0}}), HasSubstr("from -64 to 64"));
  file.metadata["shift"] = "some";
  EXPECT_THAT(message({}), HasSubstr("its shift is 'some', expected a number"));
}

TEST(RivalFilterTest, ABoundOfMemoryIsKeptOrRefused) {
  const TensorFile file = RandomRivalFile("djf");
  const Image guide = RandomImage(64, 48, 3, 1);
  const Image target = RandomImage(64, 48, 1, 2);
  const std::size_t bytes = RivalFilter(file, "djf", {}, 0).ApplyBytes({64, 48});
  // The joint layer's 64 channels and the 2 that it takes, at the least.
  EXPECT_GT(bytes, sizeof(float) * 64 * 48 * 66);
  FilterOutput output;
  RivalFilter(file, "djf", {}, static_cast<int>(bytes / 1'000'000) + 1)
      .Apply({guide, target}, output);
  EXPECT_THROW(RivalFilter(file, "djf", {}, 1).Apply({guide, target}, output), MemoryError);
}

class RivalFileTest : public FolderTest {};

TEST_F(RivalFileTest, IsLoadedOrNamedWhereItIsWrong) {
  const std::string path = Path("rival.safetensors");
  TensorFile file = RandomRivalFile("dmsg");
  WriteSafetensors(path, file);
  EXPECT_NE(LoadRival(path, {}, 0), nullptr);
  EXPECT_THAT(MessageOf([&] {
                LoadRival(path, {{"levels", 2.0}}, 0);
              }),
              testing::AllOf(HasSubstr(path), HasSubstr("tensor '")));
  file.metadata = {{"kind", "dkn"}};
  WriteSafetensors(path, file);
  EXPECT_EQ(LoadRival(path, {}, 0), nullptr);
  EXPECT_THAT(MessageOf([&] { LoadRival(path + "x", {}, 0); }), HasSubstr(path + "x"));
}

}  // namespace
}  // namespace dkn
