#ifndef DKN_CLI_COMMAND_H_
#define DKN_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/precision.h"
#include "dkn/registry.h"

namespace dkn {

// Each adds one command to the program: its options, an example, and what it does when chosen.
// Commands throw Error, which main prints.
void AddUpsample(CLI::App& app);
void AddFilter(CLI::App& app);
void AddInfo(CLI::App& app);
void AddInspect(CLI::App& app);
void AddCompare(CLI::App& app);
void AddEval(CLI::App& app);
void AddBench(CLI::App& app);
void AddCalibrate(CLI::App& app);
void AddExport(CLI::App& app);
void AddSynth(CLI::App& app);

// The check of an integer. (What CLI11 has for it tells the largest double in all its digits.)
inline CLI::Validator AtLeast(int least) {
  const std::string number = std::to_string(least);
  const auto refusal = [least, number](const std::string& text) {
    int value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && value >= least;
    return good ? std::string() : "'" + text + "', expected an integer of at least " + number;
  };
  return {refusal, ">= " + number};
}

// The option that SetThreads is called with.
inline void AddThreadsOption(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "0: one for each processor")
      ->check(AtLeast(0))
      ->capture_default_str();
}

// The option that ChosenPrecision is called with.
inline void AddPrecisionOption(CLI::App& command, std::string& precision) {
  command
      .add_option(
          "--precision", precision,
          "Of the network's convolutions: fp32; bf16 or int8, faster where the processor has "
          "instructions for them (elsewhere fp32 is used); or auto, the fastest that costs "
          "at most half a percent of accuracy")
      ->check(CLI::IsMember({"auto", "fp32", "bf16", "int8"}))
      ->capture_default_str();
}

// The option that CreateFilter is called with.
inline void AddMaxMemoryOption(CLI::App& command, int& max_memory_mb) {
  command
      .add_option(
          "--max-memory", max_memory_mb,
          "The most memory, in MB, for the images and the network's work; larger images are "
          "filtered in tiles, with the same result. 0: no bound")
      ->check(AtLeast(0))
      ->capture_default_str();
}

// The option that ChosenSettings is called with.
inline void AddSetOption(CLI::App& command, std::vector<std::string>& settings) {
  command
      .add_option("--set", settings,
                  "NAME=NUMBER, as radius=2: a parameter of a method that is no network; may be "
                  "given again. `dkn info METHOD` lists them")
      ->allow_extra_args(false);
}

inline FilterSettings ChosenSettings(const std::vector<std::string>& settings) {
  std::string text;
  for (const std::string& setting : settings) {
    text.append(text.empty() ? "" : ",").append(setting);
  }
  return ParseSettings(text);
}

// What of a file was not read as it stands there.
inline void TellNotes(const std::string& file, const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    std::fprintf(stderr, "dkn: %s: %s\n", file.c_str(), note.c_str());
  }
}

// The precision of this name, none for auto; says so, on standard error, where the processor lacks
// it.
inline std::optional<Precision> ChosenPrecision(const std::string& name) {
  if (name == "auto") {
    return std::nullopt;
  }
  const Precision precision = ParsePrecision(name);
  if (SupportedPrecision(precision) != precision) {
    std::fprintf(stderr, "dkn: this processor does not compute in %s; using %s\n", name.c_str(),
                 PrecisionName(SupportedPrecision(precision)).c_str());
  }
  return precision;
}

}  // namespace dkn

#endif  // DKN_CLI_COMMAND_H_
