#include "src/eval/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "dkn/error.h"

namespace dkn {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

json Valid() {
  return json::parse(R"({
    "title": "T", "note": "N",
    "protocol": {"scale": 4, "down": "last_pixel", "noise_variance": 0.25, "up": "bilinear",
                 "border": 3, "normalization": "truth"},
    "sets": [{"label": "s", "folder": "f", "unit": "cm", "unit_per_step": 0.5}],
    "methods": [{"label": "m", "filter": "bicubic"},
                {"label": "n", "filter": "n.safetensors", "architecture": {"window": 7}, "precision": "bf16",
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
  EXPECT_EQ(experiment.protocol.scale, 4);
  EXPECT_EQ(std::get<Subsampling>(experiment.protocol.down), Subsampling::kLastPixel);
  EXPECT_EQ(experiment.protocol.noise_variance, 0.25);
  EXPECT_EQ(experiment.protocol.up, Resampler::kBilinear);
  EXPECT_EQ(experiment.protocol.border, 3);
  EXPECT_EQ(experiment.protocol.normalization, Normalization::kTruth);
  ASSERT_EQ(experiment.sets.size(), 1u);
  EXPECT_EQ(experiment.sets[0].label, "s");
  EXPECT_EQ(experiment.sets[0].folder, "f");
  EXPECT_EQ(experiment.sets[0].unit, "cm");
  EXPECT_EQ(experiment.sets[0].unit_per_step, 0.5);
  ASSERT_EQ(experiment.methods.size(), 2u);
  EXPECT_EQ(experiment.methods[0].filter, "bicubic");
  EXPECT_EQ(experiment.methods[0].architecture, "");
  EXPECT_EQ(experiment.methods[1].architecture, R"({"window":7})");
  EXPECT_EQ(experiment.methods[0].precision, Precision::kFp32);
  EXPECT_EQ(experiment.methods[1].precision, Precision::kBf16);
  EXPECT_EQ(experiment.methods[1].paper.at("s"), 2.5);
  EXPECT_EQ(experiment.methods[1].at_most.at("s"), 3.0);
}

TEST(ParseExperiment, AddsNoNoiseUnlessToldTo) {
  json experiment = Valid();
  experiment["protocol"].erase("noise_variance");
  EXPECT_EQ(ParseExperiment(experiment.dump()).protocol.noise_variance, 0.0);
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
                                                {"/sets", json::array()},
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

TEST(ReadExperiment, NamesTheFile) {
  EXPECT_THAT([] { ReadExperiment("absent.json"); },
              ThrowsMessage<Error>(HasSubstr("absent.json")));
  EXPECT_THAT([] { ReadExperiment(DKN_SOURCE_DIR "/CMakeLists.txt"); },
              ThrowsMessage<Error>(HasSubstr("CMakeLists.txt: not JSON")));
}

TEST(ReadExperiment, ReadsThoseThatShip) {
  const Experiment experiment = ReadExperiment(DKN_SOURCE_DIR "/experiments/depth_x8.json");
  EXPECT_EQ(experiment.protocol.scale, 8);
  EXPECT_EQ(experiment.protocol.normalization, Normalization::kInput);
  EXPECT_EQ(experiment.sets.size(), 3u);
  EXPECT_EQ(experiment.methods.size(), 4u);
  const Experiment denoise = ReadExperiment(DKN_SOURCE_DIR "/experiments/denoise.json");
  EXPECT_EQ(denoise.protocol.scale, 1);
  EXPECT_EQ(denoise.protocol.noise_variance, 0.005);
}

}  // namespace
}  // namespace dkn
