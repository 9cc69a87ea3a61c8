#include "src/eval/tune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"

namespace dkn::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

// Two images, a guide of whose edge the depth has one, too; noise on the measurement.
class TuneTest : public FolderTest {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b"}) {
      Image color(48, 32, 3);
      Image depth(48, 32);
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 48; ++x) {
          const bool right = x + y / 2 > (name[0] == 'a' ? 26 : 34);
          depth(x, y) = right ? 200.0f : 60.0f;
          for (int c = 0; c < 3; ++c) {
            color(x, y, c) = right ? 220.0f : 30.0f;
          }
        }
      }
      WriteImage(Path(std::string(name) + "_color.png"), color, SampleType::kUint8);
      WriteImage(Path(std::string(name) + "_depth.png"), depth, SampleType::kUint8);
    }
    experiment_.cases = {{"4x", {}}, {"8x", {}}};
    experiment_.cases[0].protocol.scale = 4;
    experiment_.metrics = {{}};
    experiment_.sets.resize(1);
    experiment_.sets[0].label = "steps";
    experiment_.sets[0].unit = "mm";
    experiment_.methods = {MethodOf("GF", "guided"), MethodOf("JBU", "jbu")};
    options_.data = Path("");
    options_.results = Path("results.jsonl");
  }

  static Method MethodOf(const std::string& label, const std::string& filter) {
    Method method;
    method.label = label;
    method.filter = filter;
    return method;
  }

  // The mean over cases of what the method has there alone, over the same of `start`.
  double ScoreOf(const Method& method, const Method& start) const {
    Experiment alone = experiment_;
    alone.methods = {method, start};
    alone.methods[0].label = "one";
    alone.methods[1].label = "start";
    const Report report = RunExperiment(alone, options_);
    double sum = 0.0;
    for (const char* item : {"4x", "8x"}) {
      sum += StatisticsOf(*FindResult(report, "one", "steps", item), 0).mean /
             StatisticsOf(*FindResult(report, "start", "steps", item), 0).mean;
    }
    return sum / 2.0;
  }

  Experiment experiment_;
  RunOptions options_;
};

TEST_F(TuneTest, AGridTriesEveryCombinationAndPutsTheBestFirst) {
  const Tuning tuning{"GF", Search::kGrid, {{"radius", {"1", "6"}}, {"epsilon", {"1", "0.0001"}}}};
  int last = 0;
  int most = 0;
  const TuneReport report = Tune(experiment_, tuning, options_, [&](int done, int total) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, total);
    last = done;
    most = total;
  });
  EXPECT_EQ(last, 5 * 2 * 2);  // choices, images, cases
  EXPECT_EQ(most, last);
  ASSERT_EQ(report.tried.size(), 5u);  // and as it is
  EXPECT_THAT(report.cells, ElementsAre("steps 4x", "steps 8x"));
  int as_it_is = 0;
  for (const Trying& trying : report.tried) {
    as_it_is += trying.choice.empty() ? 1 : 0;
    EXPECT_NEAR(trying.score, ScoreOf(trying.method, experiment_.methods[0]), 1e-9);
    EXPECT_GE(trying.score, report.tried.front().score);
  }
  EXPECT_EQ(as_it_is, 1);
  EXPECT_LT(report.tried.front().score, 1.0);
  EXPECT_EQ(report.tried.front().choice.at("epsilon"), "0.0001");
  const std::string table = TuneTable(experiment_, tuning, report);
  EXPECT_THAT(table, HasSubstr("| radius"));
  EXPECT_THAT(table, HasSubstr("RMSE, steps 8x"));
  EXPECT_LT(table.find("0.0001"), table.find("as it is"));
}

TEST_F(TuneTest, ACoordinateSearchFollowsWhatGains) {
  const Tuning tuning{
      "guided", Search::kCoordinate, {{"epsilon", {"0.1", "0.0001"}}, {"radius", {"2", "5", "9"}}}};
  const TuneReport report = Tune(experiment_, tuning, options_);
  const Choice& best = report.tried.front().choice;
  EXPECT_EQ(best.at("epsilon"), "0.0001");
  // No step along one option gains.
  for (const TuneOption& option : tuning.options) {
    for (const std::string& value : option.values) {
      const Method other = WithOption(report.tried.front().method, option.name, value);
      EXPECT_GE(ScoreOf(other, experiment_.methods[0]), report.tried.front().score - 1e-9);
    }
  }
  // Two options' values and what the second round repeats for another start, but not the whole.
  EXPECT_LT(report.tried.size(), 2u * 3u + 3u);
}

TEST_F(TuneTest, LargerMayBeBetter) {
  experiment_.metrics = {{MetricKind::kPsnr}};
  const Tuning tuning{"GF", Search::kGrid, {{"epsilon", {"1", "0.0001"}}}};
  const TuneReport report = Tune(experiment_, tuning, options_);
  EXPECT_EQ(report.tried.front().choice.at("epsilon"), "0.0001");
  EXPECT_GT(report.tried.front().means[0], report.tried.back().means[0]);
}

TEST_F(TuneTest, MembersOfAMethodAreOptionsToo) {
  const Tuning tuning{
      "GF", Search::kGrid, {{"filter", {"bicubic", "jbu"}}, {"fidelity", {"0", "3"}}}};
  const TuneReport report = Tune(experiment_, tuning, options_);
  ASSERT_EQ(report.tried.size(), 5u);
  const auto json = nlohmann::json::parse(BestChoiceJson(tuning, report));
  EXPECT_EQ(json.at("method"), "GF");
  EXPECT_EQ(json.at("filter"), report.tried.front().method.filter);
  EXPECT_EQ(json.at("score"), report.tried.front().score);
  const Method method = WithOption(MethodOf("m", "x.safetensors"), "precision", "int8");
  EXPECT_EQ(method.precision, Precision::kInt8);
  EXPECT_EQ(WithOption(method, "holes", "nearest").hole_use, HoleUse::kNearest);
  EXPECT_EQ(WithOption(method, "iterations", "4").iterations, 4);
  EXPECT_EQ(WithOption(method, "orientations", "4").orientations, 4);
  EXPECT_THROW(WithOption(method, "orientations", "3"), Error);
  // Of a filter that has a parameter of that name it is the parameter.
  const Method rolling = WithOption(MethodOf("m", "rgf"), "iterations", "4");
  EXPECT_EQ(rolling.iterations, 1);
  EXPECT_EQ(rolling.settings.at("iterations"), 4.0);
}

TEST_F(TuneTest, TheBestChoiceIsWrittenAsASetOfExperiments) {
  experiment_.methods[0].settings = {{"radius", 2.0}};
  const Tuning tuning{"GF", Search::kGrid, {{"epsilon", {"0.0001"}}}};
  const auto json =
      nlohmann::json::parse(BestChoiceJson(tuning, Tune(experiment_, tuning, options_)));
  EXPECT_EQ(json.at("set"), nlohmann::json::parse(R"({"epsilon": 0.0001, "radius": 2})"));
}

TEST_F(TuneTest, RefusesWhatCannotBeTried) {
  const auto tune = [&](const Tuning& tuning) { return Tune(experiment_, tuning, options_); };
  EXPECT_THAT(
      [&] {
        tune({"sdf", Search::kGrid, {{"mu", {"1"}}}});
      },
      ThrowsMessage<Error>(HasSubstr("no methods 'sdf'; it has 'GF', 'JBU'")));
  EXPECT_THAT(
      [&] {
        tune({"GF", Search::kGrid, {{"sigma", {"1"}}}});
      },
      ThrowsMessage<Error>(HasSubstr("sigma")));
  EXPECT_THAT(
      [&] {
        tune({"GF", Search::kGrid, {{"radius", {"wide"}}}});
      },
      ThrowsMessage<Error>(HasSubstr("'radius' cannot be 'wide'")));
  EXPECT_THAT(
      [&] {
        tune({"GF", Search::kGrid, {}});
      },
      ThrowsMessage<Error>(HasSubstr("no option")));
  EXPECT_THAT(
      [&] {
        tune({"GF", Search::kGrid, {{"radius", {"1"}}, {"radius", {"2"}}}});
      },
      ThrowsMessage<Error>(HasSubstr("twice")));
  EXPECT_THAT([&] { WithOption(experiment_.methods[0], "fidelity", "-1"); },
              ThrowsMessage<Error>(HasSubstr("0 to 100")));
  experiment_.methods[1].missing = "nobody has it";
  EXPECT_THAT(
      [&] {
        tune({"JBU", Search::kGrid, {{"radius", {"1"}}}});
      },
      ThrowsMessage<Error>(HasSubstr("nobody has it")));
}

TEST(ParseTunings, ReadsWhatAnExperimentSays) {
  const std::vector<Tuning> tunings = ParseTunings(R"({"title": "T", "tune": [
    {"method": "GF", "try": {"radius": [1, 2.5]}},
    {"method": "FDKN", "search": "grid", "try": {"precision": ["fp32", "int8"], "fidelity": [0]}}]})");
  ASSERT_EQ(tunings.size(), 2u);
  EXPECT_EQ(tunings[0].search, Search::kCoordinate);
  EXPECT_THAT(tunings[0].options[0].values, ElementsAre("1", "2.5"));
  EXPECT_EQ(tunings[1].search, Search::kGrid);
  EXPECT_EQ(tunings[1].options.size(), 2u);
  EXPECT_TRUE(ParseTunings("{}").empty());
  EXPECT_THAT([] { ParseTunings(R"({"tune": [{"method": "GF", "try": {}}]})"); },
              ThrowsMessage<Error>(HasSubstr("tune[0]: 'try'")));
  EXPECT_THAT([] { ParseTunings(R"({"tune": [{"method": "GF", "try": {"radius": [true]}}]})"); },
              ThrowsMessage<Error>(HasSubstr("'radius' is not a list of numbers")));
  EXPECT_THAT([] { ParseSearch("random"); }, ThrowsMessage<Error>(HasSubstr("grid or coordinate")));
}

TEST(ParseTuneOption, TakesANameAndValues) {
  const TuneOption option = ParseTuneOption("radius=1,2,4");
  EXPECT_EQ(option.name, "radius");
  EXPECT_THAT(option.values, ElementsAre("1", "2", "4"));
  for (const char* wrong : {"radius", "radius=", "=1", "radius=1,,2", "radius=1,"}) {
    EXPECT_THAT([&] { ParseTuneOption(wrong); }, ThrowsMessage<Error>(HasSubstr("NAME=VALUE")));
  }
}

}  // namespace
}  // namespace dkn::eval
