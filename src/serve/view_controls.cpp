#include "src/serve/view_controls.h"

#include <algorithm>
#include <string_view>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/pipeline/invalid_text.h"

namespace dkn::serve {
namespace {

constexpr std::size_t kMostText = 4096;
constexpr int kMostFidelity = 1000;

// A string, which may be empty.
std::string TextOf(JsonMembers& members, const std::string& key, const std::string& before) {
  const Json* const value = members.Find(key);
  if (value == nullptr) {
    return before;
  }
  members.Check(value->is_string() && value->get_ref<const std::string&>().size() <= kMostText, key,
                "a text of at most " + std::to_string(kMostText) + " bytes");
  return value->get<std::string>();
}

int ParseCoordinate(const char* name, const std::string& text) {
  const bool digits =
      !text.empty() && text.size() <= 9 &&
      std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
  if (!digits) {
    throw Error(std::string(name) + ": '" + text + "' is no pixel; expected x=X&y=Y, integers");
  }
  return std::stoi(text);
}

}  // namespace

bool ViewControls::SameResults(const ViewControls& other) const {
  return model == other.model && invalid == other.invalid && holes == other.holes &&
         fidelity == other.fidelity;
}

ViewControls ParseControls(const std::string& json, const ViewControls& before) {
  const Json object = ParseJson(json);
  JsonMembers members(object, "options");
  ViewControls controls;
  controls.model = TextOf(members, "model", before.model);
  controls.invalid = TextOf(members, "invalid", before.invalid);
  controls.holes = TextOf(members, "holes", before.holes);
  controls.fidelity = members.Integer("fidelity", 0, kMostFidelity, before.fidelity);
  controls.confidence = members.Boolean("confidence", before.confidence);
  controls.paused = members.Boolean("paused", before.paused);
  members.CheckAllTaken();
  UpsamplerOptions unused;
  Apply(controls, "", unused);
  return controls;
}

Json JsonOf(const ViewControls& controls) {
  return {{"model", controls.model},           {"invalid", controls.invalid},
          {"holes", controls.holes},           {"fidelity", controls.fidelity},
          {"confidence", controls.confidence}, {"paused", controls.paused}};
}

void Apply(const ViewControls& controls, const std::string& first, UpsamplerOptions& options) {
  if (controls.model != first) {
    options.settings.clear();
  }
  options.method = controls.model;
  InContext("invalid", [&] { SetInvalid(controls.invalid, options); });
  options.upsample.holes = InContext("holes", [&] { return ParseHoleMode(controls.holes); });
  options.upsample.fidelity_iterations = controls.fidelity;
  options.upsample.confidence = controls.confidence;
}

Pixel ParsePixel(const std::string& x, const std::string& y) {
  return {ParseCoordinate("x", x), ParseCoordinate("y", y)};
}

std::string ShellText(const std::vector<std::string>& words) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  std::string text;
  for (const std::string& word : words) {
    text += text.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) {
      text += c == '\'' ? "'\\''" : std::string(1, c);
    }
    text += '\'';
  }
  return text;
}

std::vector<std::string> WordsOf(const ViewControls& controls) {
  const ViewControls defaults;
  std::vector<std::string> words;
  const auto add = [&](const char* option, const std::string& value, bool is_default) {
    if (!is_default) {
      // A value that begins with a minus is no option.
      words.push_back(value[0] == '-' ? std::string(option) + "=" + value : option);
      if (value[0] != '-') {
        words.push_back(value);
      }
    }
  };
  add("--model", controls.model, controls.model == defaults.model);
  add("--invalid", controls.invalid, controls.invalid == defaults.invalid);
  add("--holes", controls.holes, controls.holes == defaults.holes);
  add("--fidelity", std::to_string(controls.fidelity), controls.fidelity == defaults.fidelity);
  return words;
}

}  // namespace dkn::serve
