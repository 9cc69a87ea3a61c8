#include "src/eval/result_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "src/core/test_files.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;

class ResultStoreTest : public FolderTest {
 protected:
  void Append(const std::string& text) const {
    std::ofstream(path_, std::ios::app | std::ios::binary) << text;
  }
  const std::string path_ = Path("scores.jsonl");
};

TEST_F(ResultStoreTest, GivesBackWhatWasKept) {
  {
    ResultStore store(path_);
    EXPECT_FALSE(store.Find("k"));
    store.Add({"k", "DKN, \"ours\"", "nyu", "8x", "a", {{"rmse", 0.1}, {"mae", 1.0 / 3.0}}});
    store.Add({"l", "m", "s", "", "b", {{"rmse", 2.0}}});
    store.Add({"k", "m", "s", "", "a", {{"rmse", 0.2}, {"mae", 1.0 / 3.0}}});
  }
  const ResultStore store(path_);
  EXPECT_EQ(store.Find("k"), (MetricValues{{"rmse", 0.2}, {"mae", 1.0 / 3.0}}));
  EXPECT_EQ(store.Find("l"), (MetricValues{{"rmse", 2.0}}));
  EXPECT_FALSE(store.Find("m"));
}

TEST_F(ResultStoreTest, KeepsReliabilityToTheBit) {
  const ConfidenceHistogram kept{{{0, {3, 1.0 / 3.0}}, {999, {7, 1e-20}}},
                                 {{-kLastErrorBin, {1, 0.0}}, {kLastErrorBin, {9, 1e300}}}};
  {
    ResultStore store(path_);
    store.Add({"k", "m", "s", "", "a", {{"rmse", 1.0}}, kept});
    store.Add({"none", "m", "s", "", "a", {{"rmse", 1.0}}, ConfidenceHistogram()});
    store.Add({"without", "m", "s", "", "a", {{"rmse", 1.0}}});
    EXPECT_EQ(store.FindReliability("k"), kept);
  }
  EXPECT_EQ(ResultStore(path_).FindReliability("k"), kept);
  EXPECT_EQ(ResultStore(path_).FindReliability("none"), ConfidenceHistogram());
  EXPECT_FALSE(ResultStore(path_).FindReliability("without"));
  ResultStore(path_).Add({"k", "m", "s", "", "a", {{"rmse", 1.0}}});  // the last line counts
  EXPECT_FALSE(ResultStore(path_).FindReliability("k"));
}

TEST_F(ResultStoreTest, KeepsCountsOfLabels) {
  const MetricCounts kept{{"mean_iou", IouCounts::Of({{1, 2, 3}, {}, {0, 0, 7}})},
                          {"mean_iou_band_4", IouCounts()}};
  {
    ResultStore store(path_);
    store.Add({"k", "m", "s", "", "a", {{"mean_iou", 1.0}}, {}, kept});
    store.Add({"without", "m", "s", "", "a", {{"rmse", 1.0}}});
    EXPECT_EQ(store.FindCounts("k"), kept);
  }
  EXPECT_EQ(ResultStore(path_).FindCounts("k"), kept);
  EXPECT_EQ(ResultStore(path_).FindCounts("without"), MetricCounts());
  ResultStore(path_).Add({"k", "m", "s", "", "a", {{"rmse", 1.0}}});  // the last line counts
  EXPECT_EQ(ResultStore(path_).FindCounts("k"), MetricCounts());
}

TEST_F(ResultStoreTest, RefusesCountsThatNobodyMeasured) {
  for (const char* counts :
       {"3", "{\"m\": 3}", "{\"m\": [3]}", "{\"m\": [[0, 1, 1]]}", "{\"m\": [[0, 2, 1, 2]]}",
        "{\"m\": [[0, -1, 1, 2]]}", "{\"m\": [[65536, 0, 0, 0]]}", "{\"m\": [[0, 1.5, 2, 2]]}",
        "{\"m\": [[0, 0, 0, 1], [0, 0, 0, 1]]}", "{\"m\": [[0, 0, 0, 18446744073709551615]]}"}) {
    std::filesystem::remove(path_);
    Append(std::string(R"({"key": "k", "values": {}, "counts": )") + counts + "}\n");
    EXPECT_THAT(ErrorText([&] { ResultStore store(path_); }), HasSubstr("line 1")) << counts;
  }
}

TEST_F(ResultStoreTest, RefusesHistogramsThatNobodyMeasured) {
  for (const char* bins : {"3", "[3]", "[[1, 2]]", "[[-1, 1, 0.5]]", "[[1000, 1, 0.5]]",
                           "[[1, 0, 0.5]]", "[[1, 1, -0.5]]", "[[1, 1, \"2\"]]", "[[1.5, 1, 1]]",
                           "[[1, 1, 1], [1, 1, 1]]", "[[1, 18446744073709551615, 1]]"}) {
    std::filesystem::remove(path_);
    Append(std::string(R"({"key": "k", "values": {}, "reliability": {"by_confidence": )") + bins +
           ", \"by_error\": []}}\n");
    EXPECT_THAT(ErrorText([&] { ResultStore store(path_); }),
                testing::AllOf(HasSubstr("line 1"), HasSubstr("'by_confidence'")))
        << bins;
  }
}

TEST_F(ResultStoreTest, GoesOnAfterALineThatWasCutShort) {
  ResultStore(path_).Add({"k", "m", "s", "", "a", {{"rmse", 1.0}}});
  Append(R"({"key":"l","values":{"rm)");
  {
    ResultStore store(path_);
    EXPECT_TRUE(store.Find("k"));
    store.Add({"l", "m", "s", "", "b", {{"rmse", 2.0}}});
  }
  EXPECT_EQ(ResultStore(path_).Find("l"), (MetricValues{{"rmse", 2.0}}));
}

TEST_F(ResultStoreTest, RefusesFilesOfOtherKindsAndLeavesThemAsTheyAre) {
  for (const char* text : {"a picture\n", "{\"key\": 3}\n",
                           "{\"key\": \"k\", \"values\": {\"a\": \"b\"}}\n", "[]\n"}) {
    ResultStore(path_).Add({"k", "m", "s", "", "a", {}});
    Append(text);
    const auto before = Get(path_);
    EXPECT_THAT(ErrorText([&] { ResultStore store(path_); }), HasSubstr("scores.jsonl, line 2"));
    EXPECT_EQ(Get(path_), before);
    std::filesystem::remove(path_);
  }
  EXPECT_THAT(ErrorText([&] { ResultStore store(Path("absent/scores.jsonl")); }),
              HasSubstr("cannot be written"));
}

TEST_F(ResultStoreTest, ReportsAFullDisk) {
  ResultStore store(path_);
  const FullDisk full;
  EXPECT_THAT(ErrorText([&] {
                store.Add({"k", std::string(200000, 'x'), "s", "", "a", {}});
              }),
              HasSubstr("cannot be written"));
}

TEST_F(ResultStoreTest, KeysTellPartsAndFilesApart) {
  EXPECT_EQ(ScoreKey({"a", "b"}), ScoreKey({"a", "b"}));
  EXPECT_NE(ScoreKey({"a", "b"}), ScoreKey({"ab", ""}));
  EXPECT_NE(ScoreKey({"a", "b"}), ScoreKey({"b", "a"}));
  EXPECT_NE(ScoreKey({}), ScoreKey({""}));
  const std::string first = Put("first", {1, 2, 3});
  const std::string second = Put("second", {1, 2, 4});
  EXPECT_NE(FileContentKey(first), FileContentKey(second));
  const std::string before = FileStamp(first);
  Put("first", {1, 2, 3, 4});
  EXPECT_NE(FileStamp(first), before);
  EXPECT_EQ(FileStamp(Path("absent")), Path("absent"));
  std::filesystem::create_directory(Path("other"));
  EXPECT_EQ(FileStamp(Path("other/../second")), FileStamp(second));
  EXPECT_EQ(std::string(kSourceKey).size(), 64u);
}

}  // namespace
}  // namespace dkn::eval
