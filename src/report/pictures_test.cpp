#include "src/report/pictures.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "dkn/io.h"
#include "src/core/test_files.h"

namespace dkn::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// One set of three images, whose depth has steps of 30, 10 and 20, by `bicubic` and `guided`.
class PicturesTest : public FolderTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(Path("rooms"));
    WritePair("a", 30);
    WritePair("b/1", 10);
    WritePair("c", 20);
    eval::EvaluationSet& set = experiment_.sets.emplace_back();
    set.label = "rooms";
    set.data.path = "rooms";
    set.unit = "cm";
    experiment_.title = "A title";
    experiment_.note = "A note";
    experiment_.cases = {{"8x", {}}, {"4x", {}}};
    experiment_.cases[1].protocol.scale = 4;
    experiment_.metrics = {{}, {eval::MetricKind::kSeconds, 0.0}};
    experiment_.methods.resize(2);
    experiment_.methods[0].label = "bicubic";
    experiment_.methods[0].filter = "bicubic";
    experiment_.methods[1].label = "guided";
    experiment_.methods[1].filter = "guided";
    experiment_.methods[1].only = {"8x"};
    eval::RunOptions run;
    run.data = Path("");
    report_ = eval::RunExperiment(experiment_, run);
    options_.data = Path("");
  }
  void WritePair(std::string name, int step) {
    std::replace(name.begin(), name.end(), '/', ' ');
    Image depth(64, 48);
    for (int y = 0; y < 48; ++y) {
      for (int x = 20; x < 64; ++x) {
        depth(x, y) = static_cast<float>(step);
      }
    }
    WriteImage(Path("rooms/" + name + "_color.png"), Image(64, 48, 3), SampleType::kUint8);
    WriteImage(Path("rooms/" + name + "_depth.png"), depth, SampleType::kUint8);
  }

  eval::Experiment experiment_;
  eval::Report report_;
  PictureOptions options_;
};

TEST_F(PicturesTest, ShowsTheImageWithTheMedianScoreInEachCase) {
  options_.kernels = true;
  const std::vector<CaseImage> images = ShowImages(experiment_, report_, options_);
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images[0].image.name, "c");
  EXPECT_EQ(images[0].in_case, "8x");
  ASSERT_EQ(images[0].image.results.size(), 2u);
  EXPECT_EQ(images[0].image.results[1].method, "guided");
  const eval::Result* result = eval::FindResult(report_, "bicubic", "rooms", "8x");
  const ShownImage& shown = images[0].image;
  EXPECT_EQ(shown.results[0].score, result->scores[2].values[0]);
  EXPECT_NEAR(eval::Rmse(shown.results[0].result, shown.truth, 6), shown.results[0].score, 1e-9);
  EXPECT_EQ(shown.input.width(), 8);
  EXPECT_TRUE(shown.kernels.empty());  // no network
  EXPECT_EQ(images[1].image.results.size(), 1u);
  EXPECT_EQ(images[1].image.input.width(), 16);
}

TEST_F(PicturesTest, ShowsTheImagesOfTheseNames) {
  options_.images = {"rooms/a"};
  EXPECT_EQ(ShowImages(experiment_, report_, options_)[0].image.name, "a");
  options_.images = {"rooms/a", "rooms/x"};
  EXPECT_THAT(ErrorText([&] { ShowImages(experiment_, report_, options_); }),
              AllOf(HasSubstr("'rooms/x'"), HasSubstr("SET/NAME")));
}

TEST_F(PicturesTest, WritesFiguresUnderPlainNames) {
  options_.images = {"rooms/b 1"};
  experiment_.cases.resize(1);
  experiment_.difference = {"bicubic", "guided"};
  const std::string folder = Path("made/figures");
  const std::vector<std::string> files =
      WriteFigures(experiment_, report_, ShowImages(experiment_, report_, options_), folder);
  EXPECT_THAT(files, ElementsAre(folder + "/rooms_b_1_8x.png",
                                 folder + "/rooms_b_1_8x_difference.png", folder + "/scatter.png"));
  for (const std::string& file : files) {
    EXPECT_GT(ReadImage(file).image.width(), 300) << file;
  }
}

TEST_F(PicturesTest, PutsTablesPlotsAndTheMiddleCaseOnThePage) {
  const ReportPage page =
      MakeReportPage(experiment_, report_, ShowImages(experiment_, report_, options_));
  EXPECT_EQ(page.title, "A title");
  EXPECT_EQ(page.protocol.size(), 2u);
  ASSERT_EQ(page.tables.size(), 2u);
  EXPECT_EQ(page.tables[0].head.size(), 3u);
  EXPECT_EQ(page.tables[0].rows.size(), 2u);
  EXPECT_EQ(page.tables[1].note, "A note");
  EXPECT_EQ(page.plots.size(), 1u);
  ASSERT_EQ(page.images.size(), 1u);
  EXPECT_EQ(page.images[0].input.width(), 16);  // the second of two
  EXPECT_THAT(HtmlReport(page), HasSubstr("A title"));
}

}  // namespace
}  // namespace dkn::report
