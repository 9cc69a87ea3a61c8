#include "dkn/segmenter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/core/test_images.h"
#include "src/net/test_graph.h"
#include "src/segmentation/classes.h"
#include "src/segmentation/deeplab.h"
#include "src/segmentation/scores.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

class SegmenterTest : public testing::Test {
 protected:
  SegmenterTest()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::create_directories(folder_);
    file_ = RandomTensors(MakeDeepLab("deeplab_mobile", 3).graph, 1);
    file_.metadata = {{"network", "deeplab_mobile"}, {"classes", "sky,road,tree"}};
  }
  ~SegmenterTest() override { fs::remove_all(folder_); }

  std::string Write() const {
    const std::string path = (folder_ / "network.safetensors").string();
    WriteSafetensors(path, file_);
    return path;
  }
  std::string Refusal() const {
    const std::string path = Write();
    try {
      Segmenter::Load(path);
    } catch (const MethodError& error) {
      return error.what();
    }
    return "";
  }

  const fs::path folder_;
  TensorFile file_;
};

TEST_F(SegmenterTest, FiltersWhatItEnlarges) {
  const std::string path = Write();
  const Image picture = RandomImage(37, 26, 3, 5);
  const auto plain = Segmenter::Load(path);
  EXPECT_EQ(plain->filter(), "none");
  EXPECT_EQ(plain->classes(), (std::vector<std::string>{"sky", "road", "tree"}));
  const Image coarse = plain->NetworkScores(picture);
  EXPECT_EQ(coarse.width(), 5);
  EXPECT_EQ(coarse.height(), 4);
  const Image large = plain->Scores(picture);
  ExpectNear(large, EnlargeScores(coarse, 37, 26), 0.0f);
  const auto guided = Segmenter::Load(path, {.filter = "guided"});
  ExpectNear(guided->Scores(picture), FilterScores(picture, large, *CreateFilter("guided")), 0.0f);

  // The file's own filter, a model beside it.
  file_.metadata["filter"] = "guided";
  EXPECT_EQ(Segmenter::Load(Write())->filter(), "guided");
  EXPECT_EQ(Segmenter::Load(path, {.filter = "none"})->filter(), "none");

  // Grey pictures, and those of one pixel.
  EXPECT_EQ(plain->Scores(RandomImage(1, 1, 1, 5)).channels(), 3);
  EXPECT_THROW(plain->Scores(RandomImage(8, 8, 2, 5)), Error);
  EXPECT_THROW(plain->Scores(Image()), Error);
  Image broken = RandomImage(8, 8, 3, 5);
  broken(3, 3, 1) = NAN;
  EXPECT_THROW(plain->Scores(broken), Error);
}

TEST_F(SegmenterTest, LargePicturesAreMadeSmaller) {
  file_.metadata["max_pixels"] = "1000";
  const std::string path = Write();
  const auto segmenter = Segmenter::Load(path);
  const Image picture = RandomImage(80, 50, 3, 5);
  EXPECT_EQ(segmenter->WorkingSize(80, 50), (Segmenter::Size{40, 25}));
  EXPECT_EQ(segmenter->WorkingSize(40, 25), (Segmenter::Size{40, 25}));
  EXPECT_EQ(segmenter->WorkingSize(1'000'000, 1), (Segmenter::Size{31622, 1}));
  const Image small = Resize(picture, 40, 25, Resampler::kBox);
  ExpectNear(segmenter->Scores(picture),
             Resize(segmenter->Scores(small), 80, 50, Resampler::kBilinear), 0.0f);
  const auto all = Segmenter::Load(path, {.max_pixels = SegmenterOptions::kAllPixels});
  ExpectNear(all->Scores(picture), EnlargeScores(all->NetworkScores(picture), 80, 50), 0.0f);
  EXPECT_EQ(Segmenter::Load(path, {.max_pixels = 4000})->WorkingSize(80, 50),
            (Segmenter::Size{80, 50}));
  EXPECT_THROW(Segmenter::Load(path, {.max_pixels = -2}), ArgumentError);
  for (const char* text : {"", "0", "-1", "many", "5 ", "1e3", "99999999999999999999"}) {
    file_.metadata["max_pixels"] = text;
    EXPECT_NE(Refusal().find("max_pixels"), std::string::npos) << text;
  }
}

TEST_F(SegmenterTest, DenseCrfGetsProbabilities) {
  const std::string path = Write();
  const Image picture = RandomImage(24, 16, 3, 5);
  Image scores = Segmenter::Load(path)->Scores(picture);
  ScoresToProbabilities(scores);
  float sum = 0.0f;
  for (int c = 0; c < 3; ++c) {
    sum += scores(7, 9, c);
  }
  EXPECT_NEAR(sum, 1.0f, 1e-6f);
  const Image result = Segmenter::Load(path, {.filter = "densecrf"})->Scores(picture);
  ExpectNear(result, FilterScores(picture, scores, *CreateFilter("densecrf")), 0.0f);
}

TEST_F(SegmenterTest, RefusesOtherFiles) {
  file_.metadata["classes"] = "sky,road";
  EXPECT_NE(Refusal().find("2 classes and has scores of 3"), std::string::npos) << Refusal();
  file_.metadata["classes"] = "sky,road,tree";
  file_.metadata["colours"] = "0 0 0,1 2 3,4 5 256";
  EXPECT_NE(Refusal().find("beyond 255"), std::string::npos) << Refusal();
  file_.metadata.erase("colours");
  EXPECT_TRUE(HoldsSegmenter(Write()));
  file_.metadata["network"] = "unet";
  EXPECT_FALSE(HoldsSegmenter(Write()));
  file_.metadata.erase("network");
  EXPECT_NE(Refusal().find("is no segmentation network"), std::string::npos) << Refusal();
  file_.metadata["network"] = "deeplab_mobile";
  file_.tensors.erase("stem.weight");
  EXPECT_NE(Refusal().find("stem.weight"), std::string::npos) << Refusal();
  EXPECT_THROW(Segmenter::Load((folder_ / "none.safetensors").string()), MethodError);
  EXPECT_THROW(Segmenter::Load("nowhere"), MethodError);
  EXPECT_THROW(HoldsSegmenter((folder_ / "none.safetensors").string()), MethodError);
}

// Bilinear: scores at their places, means between them, the last ones beyond.
TEST(ScoresTest, LieAtEveryEighthPixel) {
  Image scores(3, 2, 2);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores.data()[i] = static_cast<float>(i * i);
  }
  const Image large = EnlargeScores(scores, 21, 14);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 3; ++x) {
        EXPECT_EQ(large(8 * x, 8 * y, c), scores(x, y, c));
      }
    }
    EXPECT_FLOAT_EQ(large(12, 8, c), 0.5f * (scores(1, 1, c) + scores(2, 1, c)));
    EXPECT_FLOAT_EQ(large(8, 4, c), 0.5f * (scores(1, 0, c) + scores(1, 1, c)));
    EXPECT_EQ(large(20, 13, c), scores(2, 1, c));
  }
  EXPECT_THROW(EnlargeScores(scores, 0, 3), Error);
  EXPECT_THROW(EnlargeScores(Image(), 3, 3), Error);
}

TEST(ScoresTest, LabelsAreTheLargest) {
  Image scores(2, 1, 3);
  scores(0, 0, 0) = scores(0, 0, 1) = 2.0f;
  scores(1, 0, 2) = 0.5f;
  const Image labels = LabelsOf(scores);
  EXPECT_EQ(labels(0, 0), 0.0f);
  EXPECT_EQ(labels(1, 0), 2.0f);
  const Image picture(2, 1, 1);
  const auto colours = PascalColours(3);
  const Image overlay = OverlayLabels(picture, labels, colours, 1.0f);
  EXPECT_FLOAT_EQ(overlay(1, 0, 1), 128.0f / 255.0f);
  EXPECT_EQ(overlay(1, 0, 0), 0.0f);
  Image unknown(2, 1);
  unknown(0, 0) = NAN;
  EXPECT_EQ(OverlayLabels(picture, unknown, colours)(0, 0, 2), picture(0, 0));
  EXPECT_THROW(OverlayLabels(picture, labels, PascalColours(2)), Error);
  EXPECT_THROW(OverlayLabels(Image(3, 1, 3), labels, colours), Error);
}

// The palette of Pascal VOC's development kit.
TEST(ClassesTest, ColoursArePascals) {
  const auto colours = PascalColours(256);
  using Colour = std::array<std::uint8_t, 3>;
  EXPECT_EQ(colours[0], (Colour{0, 0, 0}));
  EXPECT_EQ(colours[1], (Colour{128, 0, 0}));
  EXPECT_EQ(colours[15], (Colour{192, 128, 128}));
  EXPECT_EQ(colours[20], (Colour{0, 64, 128}));
  EXPECT_EQ(colours[255], (Colour{224, 224, 192}));
  EXPECT_EQ(ParseLabelColours("1 2 3,4 5 6", 2)[1], (Colour{4, 5, 6}));
  for (const char* text : {"1 2 3", "1 2,3 4", "1 2 3 4,5 6 7", "a b c,1 2 3", "-1 0 0,1 2 3"}) {
    EXPECT_THROW(ParseLabelColours(text, 2), Error) << text;
  }
}

TEST(ClassesTest, NamesCanBePrinted) {
  EXPECT_EQ(ParseClassNames("sky,a road", 2), (std::vector<std::string>{"sky", "a road"}));
  EXPECT_THROW(ParseClassNames("sky", 2), Error);
  EXPECT_THROW(ParseClassNames("sky,\x1b[2J", 2), Error);
  EXPECT_THROW(ParseClassNames("sky," + std::string(300, 'a'), 2), Error);
}

}  // namespace
}  // namespace dkn
