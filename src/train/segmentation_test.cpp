#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/segmenter.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/train/segmentation_run.h"
#include "src/train/segmentation_set.h"
#include "src/train/segmentation_trainer.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

// Two classes that a picture's brightness tells, and a strip without label.
class SegmentationTest : public FolderTest {
 protected:
  SegmentationTest() {
    torch::set_num_threads(1);  // else LibTorch sets a number of its own when it first counts cores
    fs::create_directories(Path("data/train"));
    for (int i = 0; i < 32; ++i) {
      Image picture(48, 40, 3);
      Image labels(48, 40);
      for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 48; ++x) {
          const bool bright = (x + 3 * i) % 48 < 24;
          labels(x, y) = y < 4 ? 11.0f : bright ? 1.0f : 0.0f;
          for (int c = 0; c < 3; ++c) {
            picture(x, y, c) = bright ? 220.0f : 30.0f;
          }
        }
      }
      const std::string name = Path("data/train/") + std::to_string(100 + i);
      WriteImage(name + "_color.png", picture, SampleType::kUint8);
      WriteImage(name + "_label.png", labels, SampleType::kUint8);
    }
  }

  static std::string Config(const std::string& more, int steps = 6) {
    return R"({"task": "segmentation", "classes": ["dark", "bright"], "network": "deeplab_mobile",
      "data": {"layout": "camvid", "split": "train", "held_out": 2}, "batch": 2, "crop_width": 32,
      "crop_height": 24, "validate_every": 4, "checkpoint_every": 2, "steps": )" +
           std::to_string(steps) + ", " + more + "}";
  }
  RunOptions Options(const std::string& name) const {
    RunOptions options;
    options.data = Path("data");
    options.out = Path(name + ".safetensors");
    options.work = Path(name);
    return options;
  }

  // What Segmenter makes of a picture equals the trainer's network, as it stands, in its unit.
  void ExpectSameAsInference(const std::string& more, const std::string& name, float share) {
    const std::string text = Config(more);
    RunSegmentation(text, Options(name), [](const RunProgress&, const std::optional<LogRow>&) {});
    const SegmentationConfig config = ParseSegmentationConfig(text);
    const SegmentationData data = ReadSegmentationData(config, Path("data"));
    SegmentationTrainer trainer(config, data);
    trainer.Load(Path(name + "/last.pt"));
    const Image picture = RandomImage(44, 36, 3, 3);
    const torch::NoGradGuard no_gradients;
    auto& network = const_cast<SegmentationNetwork&>(trainer.network());
    network.eval();
    const torch::Tensor scores =
        network.Forward(torch::from_blob(const_cast<float*>(picture.data()), {1, 3, 36, 44}));
    const auto segmenter = Segmenter::Load(Options(name).out);
    const Image result = segmenter->Scores(picture);
    const torch::Tensor same = torch::from_blob(const_cast<float*>(result.data()), {1, 2, 36, 44});
    const float range = (scores.max() - scores.min()).item<float>();
    EXPECT_GT(range, 0.0f);
    EXPECT_LT((scores - same).abs().max().item<float>(), share * range) << name;
  }
};

constexpr char kBackbone[] = R"("backbone": {"rate": 0.02})";
constexpr char kFdkn[] = R"("backbone": {"rate": 0.02}, "filter": {"kind": "fdkn", "rate": 0.01})";
constexpr char kByAdam[] = R"("backbone": {"rate": 0.004},
  "filter": {"kind": "fdkn", "rate": 0.001, "optimizer": "adam"})";
constexpr char kGuided[] =
    R"("backbone": {"rate": 0.02}, "filter": {"kind": "guided", "rate": 0.01, "radius": 2})";

TEST_F(SegmentationTest, TrainsWhatTheSegmenterComputes) {
  ExpectSameAsInference(kBackbone, "plain", 1e-4f);
  ExpectSameAsInference(kFdkn, "fdkn", 1e-3f);
  ExpectSameAsInference(kGuided, "guided", 1e-3f);
  EXPECT_EQ(Segmenter::Load(Options("fdkn").out)->filter(), "fdkn_filter");
  EXPECT_EQ(Segmenter::Load(Options("guided").out)->filter(), "guided_filter");
  const auto plain = Segmenter::Load(Options("plain").out);
  EXPECT_EQ(plain->classes()[1], "bright");
  EXPECT_EQ(plain->metadata().at("max_pixels"), std::to_string(2 * 48 * 40));
}

TEST_F(SegmentationTest, LearnsAndGoesOnWhereItWasKilled) {
  const std::string text = Config(kByAdam, 60);
  double loss = 1e9;
  double first = 0.0;
  struct Killed {};
  const auto report = [&](const RunProgress& progress, const std::optional<LogRow>& row) {
    if (row) {
      first = first == 0.0 ? row->loss : first;
      loss = row->loss;
    }
    if (progress.step == 13) {
      throw Killed();
    }
  };
  EXPECT_THROW(RunSegmentation(text, Options("killed"), report), Killed);
  std::int64_t went_on = 0;
  const auto go_on = [&](const RunProgress& progress, const std::optional<LogRow>& row) {
    went_on = went_on == 0 ? progress.step : went_on;
    loss = row ? row->loss : loss;
  };
  RunSegmentation(text, Options("killed"), go_on);
  EXPECT_EQ(went_on, 13);  // the checkpoint is of step 12
  EXPECT_LT(loss, 0.8 * first);
  RunSegmentation(text, Options("whole"), [](const RunProgress&, const std::optional<LogRow>&) {});
  for (const char* file : {"", "_filter"}) {
    const TensorFile whole = ReadSafetensors(Path(std::string("whole") + file + ".safetensors"));
    const TensorFile killed = ReadSafetensors(Path(std::string("killed") + file + ".safetensors"));
    for (const auto& [name, tensor] : whole.tensors) {
      EXPECT_EQ(tensor.values, killed.tensors.at(name).values) << name;
    }
  }
  EXPECT_THROW(RunSegmentation(Config(kByAdam, 41), Options("whole"), go_on), Error);
}

// Gradients reach the scores through the filter: by them a part without a rate is left alone.
TEST_F(SegmentationTest, PartsWithoutARateStay) {
  const auto tensors = [&](const std::string& more, const std::string& name) {
    RunSegmentation(Config(more, 2), Options(name),
                    [](const RunProgress&, const std::optional<LogRow>&) {});
    return std::pair(ReadSafetensors(Options(name).out).tensors.at("stem.weight").values,
                     ReadSafetensors(Path(name + "_filter.safetensors"))
                         .tensors.at("ImageKernel.conv1.weight")
                         .values);
  };
  const auto both = tensors(kFdkn, "both");
  const auto filter =
      tensors(R"("backbone": {"rate": 0}, "filter": {"kind": "fdkn", "rate": 0.01})", "filter");
  const auto backbone =
      tensors(R"("backbone": {"rate": 0.02}, "filter": {"kind": "fdkn", "rate": 0})", "backbone");
  EXPECT_NE(both.first, filter.first);
  EXPECT_NE(both.second, backbone.second);
  EXPECT_NE(filter.second, backbone.second);
  EXPECT_NE(backbone.first, filter.first);
}

// Without an enlargement and changes of colour a crop is a part of the picture.
TEST_F(SegmentationTest, CropsArePartsOfThePicture) {
  SegmentationConfig config = ParseSegmentationConfig(Config(kBackbone));
  const SegmentationData data = ReadSegmentationData(config, Path("data"));
  ASSERT_EQ(data.training.size(), 30u);
  ASSERT_EQ(data.validation.size(), 2u);
  config.augmentation = {1.0, 1.0, true, 0.0};
  std::vector<int> seen(30);
  bool flipped[2] = {};
  for (int index = 0; index < 60; ++index) {
    PictureCrop crop = ChoosePictureCrop(config, data.training, index);
    ++seen[static_cast<std::size_t>(crop.picture)];
    flipped[crop.flip ? 1 : 0] = true;
    crop.left = std::floor(crop.left);
    crop.top = std::floor(crop.top);
    const LabelledPicture& picture = data.training[static_cast<std::size_t>(crop.picture)];
    const torch::Tensor rgb = torch::empty({3, 24, 32});
    const torch::Tensor labels = torch::empty({24, 32}, torch::kLong);
    FillPictureCrop(picture, crop, rgb, labels);
    for (const auto& [x, y] : {std::pair{0, 0}, {31, 23}, {11, 5}}) {
      const int from_x = static_cast<int>(crop.left) + (crop.flip ? 31 - x : x);
      const int from_y = static_cast<int>(crop.top) + y;
      const auto at = static_cast<std::size_t>(from_y * 48 + from_x);
      EXPECT_EQ(labels[y][x].item<int>(), picture.labels[at]);
      EXPECT_NEAR(rgb[1][y][x].item<float>(),
                  static_cast<float>(picture.rgb[48 * 40 + at]) / 255.0f, 1e-6f);
    }
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), 2), 30);  // two epochs
  EXPECT_TRUE(flipped[0] && flipped[1]);

  // Larger than the picture: grey around it, which has no label.
  PictureCrop small{0, 0.5, -10.0, -6.0};
  const torch::Tensor rgb = torch::empty({3, 24, 32});
  const torch::Tensor labels = torch::empty({24, 32}, torch::kLong);
  FillPictureCrop(data.training[0], small, rgb, labels);
  EXPECT_EQ(labels[0][0].item<int>(), LabelledPicture::kNoLabel);
  EXPECT_EQ(labels[23][31].item<int>(), LabelledPicture::kNoLabel);
  EXPECT_NE(labels[12][14].item<int>(), LabelledPicture::kNoLabel);
}

TEST_F(SegmentationTest, NamesWhatIsWrong) {
  const auto refusal = [](const std::string& text) {
    return ErrorText([&] { ParseSegmentationConfig(text); });
  };
  const auto contains = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_TRUE(contains(refusal(Config(R"("backbone": {})")), "'rate'"));
  EXPECT_TRUE(contains(refusal(Config(R"("backbone": {"rate": 0})")), "'backbone'"));
  EXPECT_TRUE(contains(refusal(Config(R"("backbone": {"rate": 1}, "what": 1)")), "'what'"));
  EXPECT_TRUE(contains(
      refusal(Config(R"("backbone": {"rate": 1}, "filter": {"kind": "crf", "rate": 1})")), "crf"));
  EXPECT_TRUE(
      contains(refusal(Config(R"("backbone": {"rate": 1}, "colours": [[0, 0, 256], [1, 2, 3]])")),
               "'colours'"));
  EXPECT_TRUE(IsSegmentation(Config(kBackbone)));
  EXPECT_FALSE(IsSegmentation(R"({"steps": 3})"));
  // Labels that are none of the classes.
  Image sevens(48, 40);
  std::fill_n(sevens.data(), sevens.size(), 7.0f);
  WriteImage(Path("data/train/100_label.png"), sevens, SampleType::kUint8);
  const std::string text = Config(kBackbone);
  EXPECT_TRUE(contains(
      ErrorText([&] { ReadSegmentationData(ParseSegmentationConfig(text), Path("data")); }),
      "label 7"));
}

TEST(SegmentationScheduleTest, RisesThenFallsToNothing) {
  SegmentationConfig config;
  config.steps = 100;
  config.warm_up = 9;
  EXPECT_NEAR(PolyRate(config, 2.0, 0), 0.2, 1e-12);
  EXPECT_NEAR(PolyRate(config, 2.0, 50), 2.0 * std::pow(0.5, 0.9), 1e-12);
  EXPECT_LT(PolyRate(config, 2.0, 99), 0.05);
}

}  // namespace
}  // namespace dkn::train
