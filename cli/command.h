#ifndef DKN_CLI_COMMAND_H_
#define DKN_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/image.h"
#include "dkn/io.h"
#include "dkn/precision.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "src/core/file.h"
#include "src/io/frame_files.h"

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
void AddServe(CLI::App& app);
void AddSegment(CLI::App& app);
void AddSynth(CLI::App& app);
void AddTune(CLI::App& app);
void AddView(CLI::App& app);

// The check of an integer. (Those of CLI11 tell bounds in all the digits of a double.)
inline CLI::Validator IntegerFrom(int least, int most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  const auto refusal = [least, most, range](const std::string& text) {
    int value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && least <= value && value <= most;
    return good ? std::string() : "'" + text + "', expected an integer from " + range;
  };
  return {refusal, range};
}
inline CLI::Validator AtLeast(int least) {
  constexpr int kMost = 1'000'000'000;
  CLI::Validator check = IntegerFrom(least, kMost);
  return check.description(">= " + std::to_string(least));
}

// The check of a number, with bounds as a person writes them: "0.001".
inline CLI::Validator NumberFrom(const std::string& least, const std::string& most) {
  const auto refusal = [least, most](const std::string& text) {
    double value = 0.0;
    const bool good = CLI::detail::lexical_cast(text, value) && std::stod(least) <= value &&
                      value <= std::stod(most);
    return good ? std::string() : "'" + text + "', expected a number from " + least + " to " + most;
  };
  return {refusal, least + " to " + most};
}

// Throws Error where a file that is to be written is one of those that are read, or cannot be
// written where it is to be: before the work, not after it. Empty names are no files. `option` is
// how the command's user names it.
inline void CheckOutput(const std::string& option, const std::string& output,
                        const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (!output.empty() && !input.empty() && SameFile(output, input)) {
      throw Error(output + ": " + option + " would take the place of " + input +
                  ", which is read; expected a file of its own");
    }
  }
  if (!output.empty()) {
    CheckPlaceForFile(output);
  }
}

// Throws Error where two outputs, each behind its option, are one file. Empty names are no files.
inline void CheckApart(const std::vector<std::pair<std::string, std::string>>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    for (std::size_t j = i + 1; j < outputs.size(); ++j) {
      if (!outputs[i].second.empty() && !outputs[j].second.empty() &&
          SameFile(outputs[i].second, outputs[j].second)) {
        throw Error(outputs[j].second + ": " + outputs[i].first + " and " + outputs[j].first +
                    " need a file each");
      }
    }
  }
}

// The option that SetThreads is called with.
inline void AddThreadsOption(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "0: one for each processor")
      ->check(IntegerFrom(0, kMostThreads))
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
inline void AddMaxMemoryOption(CLI::App& command, int& max_memory_mb,
                               const std::string& whose = "for the images and the network's work") {
  command
      .add_option(
          "--max-memory", max_memory_mb,
          "The most memory, in MB, " + whose +
              "; larger images are filtered in tiles, with the same result but for rounding. "
              "0: no bound")
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

// ReadGuide, which tells what it did not keep.
inline Image ReadGuideTelling(const std::string& path) {
  std::vector<std::string> notes;
  ReadOptions options;
  options.notes = &notes;
  Image guide = ReadGuide(path, options);
  TellNotes(path, notes);
  return guide;
}

// The precision of this name, none for auto.
inline std::optional<Precision> ChosenPrecision(const std::string& name) {
  return name == "auto" ? std::nullopt : std::optional(ParsePrecision(name));
}

// Says so, on standard error, where the processor lacks what was chosen: once it is taken, so that
// a refusal stands alone.
inline void TellPrecision(const std::optional<Precision>& chosen) {
  if (chosen && SupportedPrecision(*chosen) != *chosen) {
    std::fprintf(stderr, "dkn: this processor does not compute in %s; using %s\n",
                 PrecisionName(*chosen).c_str(),
                 PrecisionName(SupportedPrecision(*chosen)).c_str());
  }
}

}  // namespace dkn

#endif  // DKN_CLI_COMMAND_H_
