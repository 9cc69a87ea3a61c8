#include "src/eval/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "dkn/error.h"
#include "src/eval/trial_filter.h"

namespace dkn::eval {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

json Valid() {
  return json::parse(R"({
    "title": "T", "note": "N",
    "protocol": {"scale": 4, "down": "last_pixel", "noise_variance": 0.25, "holes": 0.5,
                 "camera_noise": {"electrons": 50, "read_noise": 1.5}, "up": "bilinear",
                 "border": 3, "normalization": "truth"},
    "metrics": ["mae", "bad>2"],
    "sets": [{"label": "s", "folder": "f", "unit": "cm", "unit_per_step": 0.5, "peak": 255}],
    "methods": [{"label": "m", "filter": "guided", "set": {"radius": 2}},
                {"label": "n", "filter": "n.safetensors", "architecture": {"window": 7}, "precision": "bf16",
                 "holes": "dense", "fidelity": 3, "iterations": 4, "orientations": 8,
                 "paper": {"s": 2.5}, "at_most": {"s": 3}}]})");
}

void ExpectError(const json& experiment, const std::string& field, const std::string& reason) {
  EXPECT_THAT([&] { ParseExperiment(experiment.dump()); },
              ThrowsMessage<Error>(AllOf(HasSubstr(field), HasSubstr(reason))));
}

TEST(ParseExperiment, ReadsEveryField) {
  const Experiment experiment = ParseExperiment(Valid().dump());
  EXPECT_EQ(experiment.title, "T");
  EXPECT_EQ(experiment.note, "N");
  ASSERT_EQ(experiment.cases.size(), 1u);
  EXPECT_EQ(experiment.cases[0].label, "");
  const Protocol& protocol = experiment.cases[0].protocol;
  EXPECT_EQ(protocol.scale, 4);
  EXPECT_EQ(std::get<Subsampling>(protocol.down), Subsampling::kLastPixel);
  EXPECT_EQ(protocol.noise_variance, 0.25);
  EXPECT_EQ(protocol.electrons, 50.0);
  EXPECT_EQ(protocol.read_noise, 1.5);
  EXPECT_EQ(protocol.holes, 0.5);
  EXPECT_EQ(protocol.up, Resampler::kBilinear);
  EXPECT_EQ(protocol.border, 3);
  EXPECT_EQ(std::get<Range>(protocol.normalization), Range::kTruth);
  ASSERT_EQ(experiment.metrics.size(), 2u);
  EXPECT_EQ(experiment.metrics[0].kind, MetricKind::kMae);
  EXPECT_EQ(experiment.metrics[1], (Metric{MetricKind::kBadPixels, 2.0}));
  ASSERT_EQ(experiment.sets.size(), 1u);
  EXPECT_EQ(experiment.sets[0].label, "s");
  EXPECT_EQ(experiment.sets[0].data.path, "f");
  EXPECT_EQ(experiment.sets[0].data.layout, "pairs");
  EXPECT_EQ(experiment.sets[0].unit, "cm");
  EXPECT_EQ(experiment.sets[0].peak, 255.0);
  EXPECT_EQ(experiment.sets[0].data.unit_per_step, 0.5);
  ASSERT_EQ(experiment.methods.size(), 2u);
  EXPECT_EQ(experiment.methods[0].filter, "guided");
  EXPECT_EQ(experiment.methods[0].settings, (FilterSettings{{"radius", 2.0}}));
  EXPECT_TRUE(experiment.methods[1].settings.empty());
  EXPECT_EQ(experiment.methods[0].architecture, "");
  EXPECT_EQ(experiment.methods[1].architecture, R"({"window":7})");
  EXPECT_EQ(experiment.methods[0].precision, Precision::kFp32);
  EXPECT_EQ(experiment.methods[1].precision, Precision::kBf16);
  EXPECT_EQ(experiment.methods[0].hole_use, HoleUse::kRefined);
  EXPECT_EQ(experiment.methods[0].fidelity, 0);
  const Protocol of_method = ProtocolOf(experiment.methods[1], experiment.cases[0]);
  EXPECT_EQ(of_method.hole_use, HoleUse::kDense);
  EXPECT_EQ(of_method.fidelity, 3);
  EXPECT_EQ(of_method.iterations, 4);
  EXPECT_EQ(experiment.methods[0].orientations, 1);
  EXPECT_EQ(experiment.methods[1].orientations, 8);
  EXPECT_EQ(experiment.methods[1].paper.at({"s", ""}), 2.5);
  EXPECT_EQ(experiment.methods[1].at_most.at({"s", ""}), 3.0);
}

TEST(ParseExperiment, AddsNoNoiseUnlessToldToAndMeasuresTheRmse) {
  json experiment = Valid();
  experiment["protocol"].erase("noise_variance");
  experiment.erase("metrics");
  const Experiment parsed = ParseExperiment(experiment.dump());
  EXPECT_EQ(parsed.cases[0].protocol.noise_variance, 0.0);
  EXPECT_EQ(parsed.metrics, std::vector<Metric>(1));
}

TEST(ParseExperiment, AsksForReliabilityAndForPixelsInHolesWhereToldTo) {
  json experiment = Valid();
  const Experiment without = ParseExperiment(experiment.dump());
  EXPECT_FALSE(without.reliability);
  EXPECT_FALSE(without.cases[0].protocol.count_holes);
  experiment["reliability"] = true;
  experiment["protocol"]["count_holes"] = true;
  const Experiment with = ParseExperiment(experiment.dump());
  EXPECT_TRUE(with.reliability);
  EXPECT_TRUE(with.cases[0].protocol.count_holes);
}

TEST(ParseExperiment, ReadsHowADepthCameraMeasures) {
  json experiment = Valid();
  json& protocol = experiment["protocol"];
  for (const char* member : {"scale", "down", "noise_variance", "holes", "camera_noise"}) {
    protocol.erase(member);
  }
  protocol["measured"] = {{"ratio", 1.5}, {"sensor_noise", 1}, {"holes", 0.12}};
  experiment["sets"][0]["metres"] = 0.01;
  const Experiment parsed = ParseExperiment(experiment.dump());
  ASSERT_TRUE(parsed.cases[0].protocol.depth_case);
  EXPECT_EQ(parsed.cases[0].protocol.depth_case->holes.high, 0.12);
  EXPECT_EQ(parsed.cases[0].protocol.scale, 2);
  EXPECT_EQ(parsed.sets[0].metres, 0.01);
  EXPECT_THAT(Describe(parsed.cases[0].protocol), HasSubstr(R"("ratio":1.5)"));
  protocol["measured"]["ratio"] = {1, 2};
  ExpectError(experiment, "'ratio'", "one number");
  protocol["measured"]["ratio"] = 2;
  protocol["scale"] = 2;
  ExpectError(experiment, "'scale'", "");
}

TEST(ParseExperiment, SetsMayHavePartInSomeCases) {
  json experiment = Valid();
  experiment["protocol"]["scale"] = {4, 16};
  experiment["methods"].erase(1);
  experiment["sets"][0]["only"] = {"16x"};
  const Experiment parsed = ParseExperiment(experiment.dump());
  EXPECT_FALSE(MeasuredOn(parsed.sets[0], parsed.cases[0]));
  EXPECT_TRUE(MeasuredOn(parsed.sets[0], parsed.cases[1]));
  experiment["sets"][0]["only"] = {"8x"};
  ExpectError(experiment, "'only'", "there is no '8x'");
}

TEST(ParseExperiment, MakesACaseOfEachScale) {
  json experiment = Valid();
  experiment["protocol"]["scale"] = {4, 16};
  ExpectError(experiment, "'s'", "a list of 2 figures");
  experiment["methods"][1]["paper"]["s"] = {1.5, nullptr};
  experiment["methods"][1]["at_most"]["s"] = {nullptr, 3};
  experiment["methods"][1]["filter"] = "n_x{scale}";
  experiment["methods"][1]["only"] = {"16x"};
  const Experiment parsed = ParseExperiment(experiment.dump());
  ASSERT_EQ(parsed.cases.size(), 2u);
  EXPECT_EQ(parsed.cases[1].label, "16x");
  EXPECT_EQ(parsed.cases[1].protocol.scale, 16);
  EXPECT_EQ(parsed.cases[1].protocol.border, 3);
  const Method& method = parsed.methods[1];
  EXPECT_EQ(method.paper, (Figures{{{"s", "4x"}, 1.5}}));
  EXPECT_EQ(method.at_most, (Figures{{{"s", "16x"}, 3.0}}));
  EXPECT_EQ(FilterNameAt(method, 16), "n_x16");
  EXPECT_EQ(FilterNameAt(parsed.methods[0], 16), "guided");
  experiment["methods"][1]["only"] = {"8x"};
  ExpectError(experiment, "'only'", "there is no '8x'");
  experiment["protocol"]["scale"] = {4, 4};
  ExpectError(experiment, "cases", "two have the label '4x'");
}

TEST(ParseExperiment, TakesProtocolsByName) {
  json experiment = Valid();
  json first = experiment["protocol"];
  first["label"] = "first";
  json second = first;
  second["label"] = "second";
  second["down"] = "provided";
  second["normalization"] = {0, 255};
  experiment.erase("protocol");
  experiment["protocols"] = {first, second};
  experiment["methods"][1].erase("paper");
  experiment["methods"][1].erase("at_most");
  experiment["methods"][1]["normalization"] = "input";
  const Experiment parsed = ParseExperiment(experiment.dump());
  ASSERT_EQ(parsed.cases.size(), 2u);
  EXPECT_EQ(parsed.cases[1].label, "second");
  EXPECT_TRUE(std::holds_alternative<ProvidedInput>(parsed.cases[1].protocol.down));
  EXPECT_EQ(std::get<ValueRange>(parsed.cases[1].protocol.normalization), (ValueRange{0, 255}));
  EXPECT_FALSE(parsed.methods[0].normalization);
  EXPECT_EQ(std::get<Range>(*parsed.methods[1].normalization), Range::kInput);
  for (const json& range : {json{255, 0}, json{0}, json{"0", 1}, json("both")}) {
    experiment["protocols"][1]["normalization"] = range;
    ExpectError(experiment, "'normalization'", "");
  }
}

TEST(ParseExperiment, TakesRowsAndColumnsThatNobodyHas) {
  json experiment = Valid();
  experiment["sets"].push_back({{"label", "t"}, {"unit", "cm"}, {"missing", "no copy"}});
  experiment["methods"][0] = {{"label", "m"}, {"missing", "no code"}, {"paper", {{"t", 3.5}}}};
  const Experiment parsed = ParseExperiment(experiment.dump());
  EXPECT_EQ(parsed.sets[1].missing, "no copy");
  EXPECT_EQ(parsed.methods[0].missing, "no code");
  EXPECT_EQ(parsed.methods[0].paper.at({"t", ""}), 3.5);
  EXPECT_EQ(parsed.sets[1].data.path, "");
  experiment["sets"][1]["folder"] = "f";
  ExpectError(experiment, "'unit_per_step'", "lacks");
  experiment["sets"][1]["unit_per_step"] = 1;
  EXPECT_EQ(ParseExperiment(experiment.dump()).sets[1].data.path, "f");
}

TEST(ParseExperiment, NamesUnknownFields) {
  for (const char* place : {"/x", "/protocol/x", "/sets/0/x", "/methods/1/x", "/methods/1/paper/x",
                            "/methods/1/at_most/x"}) {
    json experiment = Valid();
    experiment[json::json_pointer(place)] = 1;
    ExpectError(experiment, "'x'", "unknown field");
  }
}

TEST(ParseExperiment, NamesMissingFields) {
  for (const char* place : {"/title", "/protocol", "/protocol/scale", "/protocol/normalization",
                            "/sets", "/sets/0/folder", "/methods", "/methods/0/filter"}) {
    json experiment = Valid();
    const json::json_pointer pointer(place);
    experiment[pointer.parent_pointer()].erase(pointer.back());
    ExpectError(experiment, "'" + pointer.back() + "'", "lacks");
  }
}

TEST(ParseExperiment, NamesFieldsOfWrongTypeOrValue) {
  const std::pair<const char*, json> wrong[] = {{"/title", 7},
                                                {"/title", ""},
                                                {"/protocol/scale", "8"},
                                                {"/protocol/scale", 8.5},
                                                {"/protocol/scale", true},
                                                {"/protocol/scale", 0},
                                                {"/protocol/scale", 18446744073709551615u},
                                                {"/protocol/border", -1},
                                                {"/protocol/down", "cubic"},
                                                {"/protocol/up", "last_pixel"},
                                                {"/protocol/noise_variance", -0.1},
                                                {"/protocol/noise_variance", "0.1"},
                                                {"/protocol/normalization", "none"},
                                                {"/protocol/count_holes", 1},
                                                {"/reliability", {"m"}},
                                                {"/metrics", {"rms"}},
                                                {"/metrics", {7}},
                                                {"/sets", json::array()},
                                                {"/sets/0/layout", 3},
                                                {"/sets/0/invalid", "0"},
                                                {"/sets/0/images", {1}},
                                                {"/sets/0/stretch", {5, 5}},
                                                {"/sets/0/unit_per_step", 0},
                                                {"/sets/0/unit_per_step", "1"},
                                                {"/methods", json::object()},
                                                {"/methods/1/architecture", "fdkn"},
                                                {"/methods/1/precision", "fp64"},
                                                {"/methods/1/paper/s", "2.5"},
                                                {"/methods/1/at_most/s", -3}};
  for (const auto& [place, value] : wrong) {
    json experiment = Valid();
    const json::json_pointer pointer(place);
    experiment[pointer] = value;
    ExpectError(experiment, "'" + pointer.back() + "'", "");
  }
}

TEST(ParseExperiment, RefusesOtherShapes) {
  EXPECT_THAT([] { ParseExperiment("{"); }, ThrowsMessage<Error>(HasSubstr("not JSON")));
  EXPECT_THROW(ParseExperiment(""), Error);
  EXPECT_THROW(ParseExperiment("[]"), Error);
  json experiment = Valid();
  experiment["methods"][1]["label"] = "m";
  ExpectError(experiment, "methods", "two have the label 'm'");
  experiment = Valid();
  experiment["sets"].push_back(experiment["sets"][0]);
  ExpectError(experiment, "sets", "two have the label 's'");
}

TEST(Select, TakesLabelsThatHoldCommas) {
  json json = Valid();
  json["methods"][1]["label"] = "m, ours";
  json["methods"].push_back({{"label", "o"}, {"filter", "guided"}});
  const Experiment experiment = ParseExperiment(json.dump());
  EXPECT_EQ(Select(experiment, {}, {}).methods.size(), 3u);
  const Experiment two = Select(experiment, {"o,m"}, {"s"});
  ASSERT_EQ(two.methods.size(), 2u);
  EXPECT_EQ(two.methods[0].label, "m");
  EXPECT_EQ(two.methods[1].label, "o");
  const Experiment one = Select(experiment, {"m, ours"}, {});
  ASSERT_EQ(one.methods.size(), 1u);
  EXPECT_EQ(one.methods[0].label, "m, ours");
  EXPECT_EQ(Select(experiment, {"m,m, ours"}, {}).methods.size(), 2u);
  EXPECT_THROW(Select(experiment, {"m,"}, {}), Error);
  EXPECT_THROW(Select(experiment, {""}, {}), Error);
  EXPECT_THAT([&] { Select(experiment, {"o,x"}, {}); },
              ThrowsMessage<Error>(AllOf(HasSubstr("no method 'x'"), HasSubstr("'m, ours'"))));
  EXPECT_THAT([&] { Select(experiment, {}, {"t"}); },
              ThrowsMessage<Error>(HasSubstr("no set 't'")));
}

TEST(ReadExperiment, NamesTheFile) {
  EXPECT_THAT([] { ReadExperiment("absent.json"); },
              ThrowsMessage<Error>(HasSubstr("absent.json")));
  EXPECT_THAT([] { ReadExperiment(DKN_SOURCE_DIR "/CMakeLists.txt"); },
              ThrowsMessage<Error>(HasSubstr("CMakeLists.txt: not JSON")));
}

TEST(ReadExperiment, ReadsThoseThatShip) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(DKN_SOURCE_DIR "/experiments")) {
    if (entry.path().extension() == ".json") {
      EXPECT_NO_THROW(ReadExperiment(entry.path().string())) << entry.path();
      ++count;
    }
  }
  EXPECT_GE(count, 7);
  const Experiment experiment = ReadExperiment(DKN_SOURCE_DIR "/experiments/depth_x8.json");
  EXPECT_EQ(experiment.cases[0].protocol.scale, 8);
  EXPECT_EQ(experiment.sets.size(), 3u);
  EXPECT_EQ(experiment.methods.size(), 4u);
}

}  // namespace
}  // namespace dkn::eval
