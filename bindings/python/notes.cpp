#include "bindings/python/notes.h"

#include <algorithm>
#include <regex>

#include "src/core/number_text.h"
#include "src/core/size_text.h"

namespace dkn::python {
namespace {

std::string Share(int pixels, const ConstFrame& target) {
  return DigitsText(100.0 * pixels / (1.0 * target.width * target.height), 3) + " % of the pixels";
}

std::string Joined(const std::vector<float>& values, const char* between) {
  std::string text;
  for (const float value : values) {
    text += (text.empty() ? "" : between) + ShortestText(value);
  }
  return text;
}

ConstView SizeOf(int width, int height) {
  ConstView view;
  view.width = width;
  view.height = height;
  return view;
}

}  // namespace

std::string WithArguments(const std::string& text) {
  static const std::regex option("--([a-z]+(-[a-z]+)*)");
  std::string result;
  auto from = text.cbegin();
  for (std::sregex_iterator match(text.begin(), text.end(), option), end; match != end; ++match) {
    std::string name = (*match)[1];
    std::replace(name.begin(), name.end(), '-', '_');
    // The names that differ.
    name = name == "scale" ? "step" : name == "model" ? "method" : name;
    result.append(from, (*match)[0].first);
    result += name;
    from = (*match)[0].second;
  }
  return result.append(from, text.cend());
}

void AddFindings(const UpsampledFrame& found, const ConstFrame& target, const std::string& invalid,
                 std::vector<Note>& notes) {
  if (found.zero_holes > 0) {
    notes.push_back({"zero_holes", Level::kInfo,
                     "0 counts as a hole: " + Share(found.zero_holes, target) +
                         "; invalid=\"none\" takes it for a value"});
  }
  if (found.zero_values > 0) {
    notes.push_back({"zero_values", Level::kWarning,
                     "0 counts as a value, as in masks and labels: " +
                         Share(found.zero_values, target) + "; invalid=0 takes it for a hole"});
  }
  if (found.lone_pixels > 0) {
    const std::string known = !invalid.empty() ? invalid + "," : found.zero_holes > 0 ? "0," : "";
    notes.push_back({"lone_values", Level::kWarning,
                     Share(found.lone_pixels, target) + " are " +
                         Joined(found.lone_values, " or ") +
                         ", far from all others; if that means no measurement, invalid=\"" + known +
                         Joined(found.lone_values, ",") + "\" makes holes of them"});
  }
  if (found.wild_values > 0) {
    const bool one = found.wild_values == 1;
    notes.push_back({"wild_values", Level::kWarning,
                     std::to_string(found.wild_values) + (one ? " value" : " values") +
                         " far from all others (" + (one ? "" : "up to ") +
                         DigitsText(found.wildest_value) + ") " +
                         (one ? "counts as a hole" : "count as holes") +
                         "; keep_wild_values=True takes " + (one ? "it" : "them") + " for real"});
  }
}

void AddShape(int guide_width, int guide_height, const ConstFrame& target,
              const Placement& placement, std::vector<Note>& notes) {
  constexpr double kMost = 1.1;  // more is no rounding (Stretch)
  const auto fits = [&](int width, int height) {
    const double stretch =
        Stretch(SizeOf(guide_width, guide_height), SizeOf(width, height), placement);
    return 1.0 / kMost <= stretch && stretch <= kMost;
  };
  if (fits(target.width, target.height)) {
    return;
  }
  const int width = placement.place ? placement.place->width : guide_width;
  const int height = placement.place ? placement.place->height : guide_height;
  const bool turned = fits(target.height, target.width);
  notes.push_back(
      {"shape", Level::kWarning,
       "the target is " + SizeText(target.width, target.height) + " on " +
           (placement.place ? "a place of " : "a guide of ") + SizeText(width, height) +
           " (width x height), and was stretched " + DigitsText(1.0 * width / target.width, 3) +
           " times along x and " + DigitsText(1.0 * height / target.height, 3) + " along y; " +
           (turned ? "turned by a quarter it would fit; else " : "") +
           "place= tells the part of the guide that it covers, camera= moves it into the "
           "picture's view"});
}

void AddChoices(const std::vector<MethodChoice>& choices, const std::string& used,
                std::vector<Note>& notes) {
  for (const MethodChoice& choice : choices) {
    if (choice.method == used) {
      notes.push_back({"method", Level::kInfo,
                       DigitsText(choice.scale, 3) + "x: used " + used +
                           (choice.reason.empty() ? "" : " (" + choice.reason + ")")});
      return;
    }
  }
}

}  // namespace dkn::python
