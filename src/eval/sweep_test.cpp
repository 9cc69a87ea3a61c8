#include "src/eval/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/core/json_members.h"
#include "src/core/test_files.h"

namespace dkn::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kSweep[] = R"({
  "title": "Two rows", "train": "train", "steps": 20,
  "base": {"architecture": {"kernel_size": 3, "n1": 16}, "crop": 32, "validation": "../val"},
  "set": {"validation": null},
  "columns": [{"label": "3x3"}, {"label": "5x5", "set": {"architecture": {"kernel_size": 5}}}],
  "rows": [
    {"label": "guide", "set": {"architecture": {"weights_from": "guide"}}, "paper": [6.05, null]},
    {"label": "both", "only": ["3x3"], "seeds": [4, 5]},
    {"label": "another", "missing": "not ours", "paper": [1, 2]}],
  "evaluation": {"protocol": {"scale": 8, "down": "bicubic", "up": "bicubic", "border": 6,
                              "normalization": "input"},
                 "sets": [{"label": "val", "folder": "val", "unit": "cm", "unit_per_step": 0.2}],
                 "images": 3}})";

std::string With(const std::string& old, const std::string& now) {
  std::string text = kSweep;
  return text.replace(text.find(old), old.size(), now);
}

std::vector<std::string> Names(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const SweepRun& run : sweep.runs) {
    names.push_back(run.name);
  }
  return names;
}

std::string MessageOf(const std::string& json) {
  try {
    ParseSweep(json, "");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(SweepTest, RunsAreRowsByColumnsBySeeds) {
  const Sweep sweep = ParseSweep(kSweep, "");
  EXPECT_THAT(Names(sweep), ElementsAre("guide, 3x3, seed 1", "both, 3x3, seed 4",
                                        "guide, 5x5, seed 1", "both, 3x3, seed 5"));
  EXPECT_EQ(sweep.runs[2].folder, "guide_5x5_seed_1");
  EXPECT_EQ(sweep.images, 3);
  EXPECT_THAT(sweep.rows[0].paper, ElementsAre(6.05, std::nullopt));
  EXPECT_EQ(sweep.rows[2].missing, "not ours");
}

TEST(SweepTest, ConfigurationsAreTheBaseWithWhatIsSet) {
  const Sweep sweep = ParseSweep(kSweep, "");
  const Json guide = ParseJson(sweep.runs[2].configuration);
  EXPECT_EQ(guide, ParseJson(R"({"architecture": {"kernel_size": 5, "n1": 16,
                                 "weights_from": "guide"}, "crop": 32, "seed": 1, "steps": 20})"));
  EXPECT_EQ(sweep.runs[2].steps, 20);
  EXPECT_EQ(ParseJson(sweep.runs[3].configuration)["seed"], 5);
  EXPECT_NE(ConfigurationKey(sweep.runs[0]), ConfigurationKey(sweep.runs[1]));
  EXPECT_EQ(ConfigurationKey(sweep.runs[0]), ConfigurationKey(ParseSweep(kSweep, "").runs[0]));
}

TEST(SweepTest, AxesGiveTheirProduct) {
  const std::string text = kSweep;
  const std::size_t rows = text.find("\"rows\"");
  const std::size_t evaluation = text.find("\"evaluation\"");
  const std::string axes = text.substr(0, rows) + R"("axes": [
      [{"label": "FDKN"}, {"label": "DKN", "set": {"architecture": {"kind": "dkn"}}}],
      [{"label": "L1"}, {"label": "L2", "set": {"loss": "l2"}}]], )" +
                           text.substr(evaluation);
  const Sweep sweep = ParseSweep(axes, "");
  EXPECT_THAT(Names(sweep),
              ElementsAre("FDKN, L1, 3x3, seed 1", "FDKN, L2, 3x3, seed 1", "DKN, L1, 3x3, seed 1",
                          "DKN, L2, 3x3, seed 1", "FDKN, L1, 5x5, seed 1", "FDKN, L2, 5x5, seed 1",
                          "DKN, L1, 5x5, seed 1", "DKN, L2, 5x5, seed 1"));
  const Json last = ParseJson(sweep.runs[7].configuration);
  EXPECT_EQ(last["loss"], "l2");
  EXPECT_EQ(last["architecture"]["kind"], "dkn");
  EXPECT_EQ(last["architecture"]["kernel_size"], 5);
}

TEST(SweepTest, RefusesWhatItDoesNotUnderstand) {
  EXPECT_THAT(MessageOf(With("\"steps\"", "\"step\"")), HasSubstr("'step'"));
  EXPECT_THAT(MessageOf(With("\"label\": \"both\"", "\"label\": \"guide\"")),
              HasSubstr("rows: two have the label 'guide'"));
  EXPECT_THAT(MessageOf(With("\"label\": \"5x5\"", "\"label\": \"3x3\"")),
              HasSubstr("columns: two have the label '3x3'"));
  EXPECT_THAT(MessageOf(With("\"both\", \"only\": [\"3x3\"], \"seeds\": [4, 5]", "\"guide,\"")),
              HasSubstr("have the same folder"));
  EXPECT_THAT(MessageOf(With("[\"3x3\"]", "[\"7x7\"]")), HasSubstr("there is no \"7x7\""));
  EXPECT_THAT(MessageOf(With("[4, 5]", "[4, 4]")), HasSubstr("'seeds'"));
  EXPECT_THAT(MessageOf(With("[6.05, null]", "[6.05]")), HasSubstr("'paper'"));
  EXPECT_THAT(MessageOf(With("{\"weights_from\": \"guide\"}}", "{}, \"seed\": 3}")),
              HasSubstr("without the seed"));
  EXPECT_THAT(MessageOf(With("\"protocol\"", "\"protocoll\"")), HasSubstr("'evaluation'"));
  EXPECT_THAT(MessageOf(With("\"down\"", "\"downwards\"")), HasSubstr("'down'"));
  EXPECT_THAT(MessageOf(With("\"base\": {", "\"base\": 3, \"other\": {")), HasSubstr("'base'"));
}

class SweepFilesTest : public FolderTest {};

TEST_F(SweepFilesTest, ABaseMayBeAFileBesideTheSweep) {
  const auto put = [&](const std::string& name, const std::string& text) {
    return Put(name, {text.begin(), text.end()});
  };
  put("base.json", R"({"crop": 64, "steps": 7})");
  std::string text = kSweep;
  const std::size_t base = text.find("{\"architecture\"");
  text.replace(base, text.find("},\n  \"set\"") + 1 - base, "\"base.json\"");
  text.replace(text.find("\"steps\": 20,"), 12, "");
  const Sweep sweep = ReadSweep(put("sweep.json", text));
  EXPECT_EQ(ParseJson(sweep.runs[0].configuration)["crop"], 64);
  EXPECT_EQ(sweep.runs[0].steps, 7);
  EXPECT_THAT(sweep.command, HasSubstr("sweep.json"));
  EXPECT_TRUE(IsSweep(Path("sweep.json")));
  EXPECT_FALSE(IsSweep(Path("base.json")));
}

TEST_F(SweepFilesTest, RecordsComeBackAsTheyWere) {
  SweepRecord record{"guide, 3x3, seed 1"};
  record.configuration = "c";
  record.evaluation = "e";
  record.steps = 20;
  record.seconds = 1.5;
  record.parameters = 703072;
  record.loss = 0.25;
  record.version = "1.0.0";
  record.figures = {{"val", "8x", "rmse", 5.5, 0.25, 3}};
  SweepRecord failed = record;
  failed.run = "both";
  failed.error = "killed";
  failed.figures.clear();
  const std::string lines = RecordLine(record) + RecordLine(failed);
  const std::vector<SweepRecord> records =
      ReadRecords(Put("results.jsonl", {lines.begin(), lines.end()}));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(RecordLine(records[0]) + RecordLine(records[1]), lines);
  EXPECT_EQ(FindRecord(records, "both")->error, "killed");
  EXPECT_EQ(FindRecord(records, "nobody"), nullptr);
  EXPECT_TRUE(ReadRecords(Path("not_there.jsonl")).empty());
  EXPECT_EQ(ResultsBeside("a/b.json"), "a/b.results.jsonl");
}

TEST_F(SweepFilesTest, ALineThatIsNoRecordIsNamed) {
  const std::string line = "{\"run\": 3}\n";
  try {
    ReadRecords(Put("results.jsonl", {line.begin(), line.end()}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.jsonl, line 1: no result of a sweep"));
    EXPECT_THAT(error.what(), HasSubstr("'run'"));
  }
}

}  // namespace
}  // namespace dkn::eval
