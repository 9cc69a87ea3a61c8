#include "dkn/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/dkn/calibration.h"
#include "src/dkn/random_weights.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

class ModelTest : public testing::Test {
 protected:
  ~ModelTest() override { std::filesystem::remove(path_); }

  std::unique_ptr<Model> Make(const TensorFile& file) const {
    WriteSafetensors(path_, file);
    return Model::Load(path_);
  }
  std::unique_ptr<Model> Make(const Architecture& architecture = {}) const {
    return Make(RandomWeights(architecture, 1));
  }
  // What loading says after `change` to a good file.
  std::string ErrorAfter(const std::function<void(TensorFile&)>& change) const {
    TensorFile file = RandomWeights({}, 1);
    change(file);
    try {
      Make(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  const std::string path_ = PathOfTest();

 private:
  static std::string PathOfTest() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');  // before a parameter
    return testing::TempDir() + "model_test_" + name + ".safetensors";
  }
};

Image Filter(const JointFilter& filter, ConstView guide, ConstView target) {
  FilterOutput output;
  filter.Apply({guide, target}, output);
  return std::move(output.image);
}

void ExpectSameBits(const Image& a, const Image& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a.data()[i], b.data()[i]) << "at " << i;
  }
}

TEST_F(ModelTest, TellsWhatItIs) {
  Architecture architecture;
  architecture.kernel_size = 5;
  TensorFile file = RandomWeights(architecture, 1);
  file.metadata["task"] = "upsampling";
  const auto model = Make(file);
  EXPECT_EQ(model->architecture().kernel_size, 5);
  EXPECT_EQ(model->metadata().at("task"), "upsampling");
  EXPECT_EQ(Make()->parameter_count(), 703072);  // Table 10's first column, 48-channel guide
}

TEST_F(ModelTest, RefusesFilesThatDoNotFitTheirArchitecture) {
  const std::string name = "DepthKernel.conv5.weight";
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) { file.tensors.erase(name); }),
              testing::AllOf(testing::HasSubstr(path_), testing::HasSubstr(name)));
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) {
                file.tensors[name].shape = {64, 128, 3, 3};
              }),
              testing::HasSubstr("is 64x128x3x3, expected 128x64x3x3"));
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) {
                file.tensors["more"] = {{1}, {0.0f}};
              }),
              testing::HasSubstr("'more' does not belong"));
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) { file.metadata["kernel_size"] = "5"; }),
              testing::HasSubstr("conv_weight"));
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) {
                file.tensors["ImageKernel.conv1_bn.running_var"].values[3] = -1.0f;
              }),
              testing::HasSubstr("negative running variance"));
  EXPECT_THAT(ErrorAfter([&](TensorFile& file) { file.metadata["kind"] = "dkn"; }),
              testing::HasSubstr("expected 32x3x7x7"));
  EXPECT_THROW(Model::Load(path_ + ".absent"), Error);
}

TEST_F(ModelTest, TakesAnySizeAsIfItsEdgeWentOn) {
  const auto model = Make();
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 5}, {7, 3}, {30, 21}, {32, 20}}) {
    const Image guide = RandomImage(width, height, 3, 2);
    const Image target = RandomImage(width, height, 1, 3);
    const int right = (4 - width % 4) % 4;
    const int bottom = (4 - height % 4) % 4;
    const Image whole =
        Filter(*model, ReplicatePad(guide, right, bottom), ReplicatePad(target, right, bottom));
    ExpectSameBits(Filter(*model, guide, target),
                   Image::Clone(whole.view().Crop(0, 0, width, height)));
  }
}

TEST_F(ModelTest, EachTargetChannelIsFilteredByItself) {
  const auto model = Make();
  const Image guide = RandomImage(36, 24, 3, 4);
  const Image target = RandomImage(36, 24, 3, 5);
  const Image all = Filter(*model, guide, target);
  for (int c = 0; c < 3; ++c) {
    ExpectSameBits(Image::Clone(all.view().Channel(c)),
                   Filter(*model, guide, target.view().Channel(c)));
  }
}

TEST_F(ModelTest, GuideChannelsAreRepeatedReversedOrWeighed) {
  const Image target = RandomImage(24, 24, 1, 6);
  const Image rgb = RandomImage(24, 24, 3, 7);
  Image grey(24, 24, 3);
  Image bgr(24, 24, 3);
  Image luma(24, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 24; ++x) {
      for (int c = 0; c < 3; ++c) {
        grey(x, y, c) = rgb(x, y, 0);
        bgr(x, y, c) = rgb(x, y, 2 - c);
      }
      luma(x, y) = 0.299f * rgb(x, y, 0) + 0.587f * rgb(x, y, 1) + 0.114f * rgb(x, y, 2);
    }
  }
  Architecture architecture;
  const auto plain = Make(architecture);
  ExpectSameBits(Filter(*plain, rgb.view().Channel(0), target), Filter(*plain, grey, target));
  architecture.channel_order = ChannelOrder::kBgr;
  ExpectSameBits(Filter(*Make(architecture), bgr, target), Filter(*plain, rgb, target));
  architecture.guide = GuideInput::kLuma;
  const auto by_luma = Make(architecture);
  const Image expected = Filter(*by_luma, luma, target);
  const Image out = Filter(*by_luma, rgb, target);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out.data()[i], expected.data()[i], 1e-5f);
  }
}

// A wide image in tiles as a whole one; the result's bits are the same with and without.
TEST_F(ModelTest, TellsSupportAndConfidence) {
  for (const char* json : {R"({"kind": "fdkn"})", R"({"kind": "dkn"})"}) {
    const auto model = Make(ArchitectureFromJson(json));
    const Image guide = RandomImage(45, 38, 3, 20);
    Image target = RandomImage(45, 38, 2, 21);
    Image mask(45, 38);
    for (int y = 0; y < 38; ++y) {
      for (int x = 0; x < 45; ++x) {
        mask(x, y) = x < 20 ? 1.0f : 0.0f;
        if (x >= 35) {
          target(x, y, 0) = target(x, y, 1) = 0.5f;  // nothing to choose from
        }
      }
    }
    FilterOutput output;
    model->Apply({guide, target, mask, {}, true}, output);
    ExpectSameBits(output.image, Filter(*model, guide, target));
    EXPECT_EQ(output.support(2, 30), 1.0f);
    EXPECT_EQ(output.support(40, 30), 0.0f);
    EXPECT_EQ(output.confidence(44, 30), 0.0f);
    EXPECT_LT(output.confidence(2, 30), 0.5f);  // noise
    FilterOutput unmasked;
    model->Apply({guide, target, {}, {}, true}, unmasked);
    EXPECT_FLOAT_EQ(unmasked.confidence(44, 30), 1.0f);
    model->Apply({guide, target}, output);
    EXPECT_TRUE(output.confidence.empty());
    EXPECT_TRUE(output.support.empty());
  }
}

class ModelPrecisionTest : public ModelTest, public testing::WithParamInterface<Precision> {
 protected:
  // With the ranges that int8 needs.
  std::unique_ptr<Model> MakeCalibrated(const Architecture& architecture) const {
    TensorFile file = RandomWeights(architecture, 1);
    const Calibration calibration(file);
    FilterOutput output;
    calibration.Apply({RandomImage(72, 64, 3, 40), RandomImage(72, 64, 1, 41)}, output);
    calibration.Store(file);
    WriteSafetensors(path_, file);
    return Model::Load(path_, {.precision = GetParam()});
  }
};

TEST_P(ModelPrecisionTest, SameBitsOnAnyNumberOfThreadsAndConcurrently) {
  if (SupportedPrecision(GetParam()) != GetParam()) {
    GTEST_SKIP() << "this processor computes it as another precision";
  }
  for (const char* json : {R"({"kind": "fdkn"})", R"({"kind": "dkn"})"}) {
    const auto model = MakeCalibrated(ArchitectureFromJson(json));
    const Image guide = RandomImage(60, 44, 3, 8);
    const Image target = RandomImage(60, 44, 1, 9);
    const Image expected = Filter(*model, guide, target);
    for (const int threads : {1, 2, 3, 4}) {
      SetThreads(threads);
      ExpectSameBits(Filter(*model, guide, target), expected);
    }
    SetThreads(0);
    std::vector<Image> results(3);
    std::vector<std::thread> threads;
    for (Image& result : results) {
      threads.emplace_back([&] {
        for (int repeat = 0; repeat < 3; ++repeat) {
          result = Filter(*model, guide, target);
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    for (const Image& result : results) {
      ExpectSameBits(result, expected);
    }
  }
}

// What a precision changes is little beside what the filter does.
TEST_P(ModelPrecisionTest, FiltersAsFp32DoesOrNearlySo) {
  const double tolerance = GetParam() == Precision::kInt8 ? 0.1 : 0.02;
  for (const char* json : {R"({"kind": "fdkn"})", R"({"kind": "dkn"})",
                           R"({"kind": "dkn", "dkn_features": "small"})"}) {
    const auto model = MakeCalibrated(ArchitectureFromJson(json));
    ASSERT_EQ(model->precision(), SupportedPrecision(GetParam()));
    const auto fp32 = Model::Load(path_);
    const Image guide = RandomImage(44, 32, 3, 13);
    const Image target = RandomImage(44, 32, 1, 14);
    const Image expected = Filter(*fp32, guide, target);
    const Image out = Filter(*model, guide, target);
    double error = 0.0;
    double change = 0.0;  // of the filter to its target
    for (std::size_t i = 0; i < out.size(); ++i) {
      error += std::pow(out.data()[i] - expected.data()[i], 2);
      change += std::pow(expected.data()[i] - target.data()[i], 2);
    }
    EXPECT_LT(error, std::pow(tolerance, 2) * change) << json;
    EXPECT_EQ(error > 0.0, model->precision() != Precision::kFp32) << json;
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, ModelPrecisionTest,
                         testing::Values(Precision::kFp32, Precision::kBf16, Precision::kInt8),
                         [](const auto& info) { return PrecisionName(info.param); });

// The fastest precision that the file says to cost little enough.
TEST_F(ModelTest, AutoTakesTheFastestPrecisionThatIsAccurate) {
  TensorFile file = RandomWeights({}, 1);
  const auto chosen = [&](double limit) {
    WriteSafetensors(path_, file);
    return Model::Load(path_, {.precision = std::nullopt, .max_rmse_change_percent = limit})
        ->precision();
  };
  EXPECT_EQ(chosen(0.5), Precision::kFp32);  // nothing is recorded
  file.metadata[RmseChangeName(Precision::kBf16)] = "0.3";
  EXPECT_EQ(chosen(0.5), SupportedPrecision(Precision::kBf16));
  EXPECT_EQ(chosen(0.2), Precision::kFp32);
  file.metadata[RmseChangeName(Precision::kInt8)] = "0.9";
  EXPECT_EQ(chosen(0.5), SupportedPrecision(Precision::kBf16));
  if (SupportedPrecision(Precision::kBf16) == Precision::kBf16) {  // else it is not asked about
    file.metadata[RmseChangeName(Precision::kBf16)] = "little";
    EXPECT_THROW(chosen(0.5), Error);
  }
}

TEST_F(ModelTest, Int8NeedsRanges) {
  Make();
  if (SupportedPrecision(Precision::kInt8) != Precision::kInt8) {
    EXPECT_EQ(Model::Load(path_, {.precision = Precision::kInt8})->precision(), Precision::kFp32);
    return;
  }
  EXPECT_THAT([&] { Model::Load(path_, {.precision = Precision::kInt8}); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("dkn calibrate")));
}

TEST_F(ModelTest, ConstantTargetStaysConstant) {
  for (const bool residual : {true, false}) {
    Architecture architecture;
    architecture.residual = residual;
    Image target(40, 32);
    std::fill_n(target.data(), target.size(), 0.4f);
    const Image out = Filter(*Make(architecture), RandomImage(40, 32, 3, 10), target);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_NEAR(out.data()[i], 0.4f, 1e-5f);
    }
  }
}

TEST_F(ModelTest, TilesAreNotSeen) {
  for (const char* json :
       {R"({"kind": "fdkn"})", R"({"kind": "fdkn", "streams": "one", "guide": "luma"})",
        R"({"kind": "dkn", "n1": 32, "n2": 32})",
        R"({"kind": "dkn", "dkn_features": "small", "n1": 32, "n2": 32})"}) {
    const Architecture architecture = ArchitectureFromJson(json);
    Make(architecture);
    const Image guide = RandomImage(210, 161, 3, 15);
    const Image target = RandomImage(210, 161, 2, 16);
    for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
      if (SupportedPrecision(precision) != precision) {
        continue;  // it would be the other one again
      }
      const auto whole = Model::Load(path_, {.precision = precision});
      // Not enough for the whole.
      const FrameSize size{210, 161, 3, 2};
      const std::size_t bytes = (whole->LeastBytes(size) + whole->ApplyBytes(size)) / 2;
      const int megabytes = static_cast<int>(bytes / 1'000'000) + 1;
      SCOPED_TRACE(json);
      ASSERT_GT(whole->ApplyBytes(size), megabytes * std::size_t{1'000'000});
      const auto tiled = Model::Load(path_, {.precision = precision, .max_memory_mb = megabytes});
      // Tiles of Winograd's algorithm, in fp32 alone, lie elsewhere and round differently.
      const float tolerance = precision == Precision::kFp32 ? 5e-5f : 1e-6f;
      ExpectNear(Filter(*tiled, guide, target), Filter(*whole, guide, target), tolerance);
    }
  }
}

TEST_F(ModelTest, TellsWhenTheMemoryBoundIsTooLow) {
  Make();
  const auto model = Model::Load(path_, {.max_memory_mb = 1});
  const Image guide = RandomImage(200, 200, 3, 1);
  const Image target = RandomImage(200, 200, 1, 2);
  FilterOutput output;
  const FrameSize size{200, 200, 3, 1};
  const int least = static_cast<int>(model->LeastBytes(size) / 1'000'000) + 1;
  EXPECT_THAT(
      [&] {
        model->Apply({guide, target}, output);
      },
      testing::ThrowsMessage<MemoryError>(
          testing::HasSubstr("200 x 200, which takes at least " + std::to_string(least))));
  Model::Load(path_, {.max_memory_mb = least})->Apply({guide, target}, output);
  EXPECT_EQ(output.image.width(), 200);
  EXPECT_LT(model->LeastBytes(size), model->ApplyBytes(size));
}

// What the caller holds beside leaves less for tiles.
TEST_F(ModelTest, CountsWhatIsBesideAgainstTheBound) {
  Make();
  const auto model = Model::Load(path_, {.max_memory_mb = 20});
  FrameSize size{200, 200, 3, 1};
  model->StartSession(size);
  size.beside = 19'000'000;
  EXPECT_EQ(model->LeastBytes(size) - size.beside, model->LeastBytes({200, 200, 3, 1}));
  EXPECT_THROW(model->StartSession(size), MemoryError);
}

TEST_F(ModelTest, RefusesBadInput) {
  const auto model = Make();
  const Image guide = RandomImage(8, 8, 3, 11);
  Image target = RandomImage(8, 8, 1, 12);
  FilterOutput output;
  EXPECT_THROW(model->Apply({guide, RandomImage(8, 7, 1, 1)}, output), Error);
  EXPECT_THROW(model->Apply({RandomImage(8, 8, 2, 1), target}, output), Error);
  EXPECT_THROW(model->Apply({guide, Image()}, output), Error);
  target(3, 5) = std::nanf("");
  EXPECT_THROW(model->Apply({guide, target}, output), Error);
}

}  // namespace
}  // namespace dkn
