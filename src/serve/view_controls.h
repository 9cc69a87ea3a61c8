#ifndef DKN_SRC_SERVE_VIEW_CONTROLS_H_
#define DKN_SRC_SERVE_VIEW_CONTROLS_H_

#include <string>
#include <utility>
#include <vector>

#include "dkn/upsampler.h"
#include "src/core/json_members.h"

namespace dkn::serve {

// What a person changes while looking.
struct ViewControls {
  std::string model = {};      // as --model; empty: what fits
  std::string invalid = {};    // as --invalid; empty: by what the target is
  std::string holes = "fill";  // as --holes
  int fidelity = 0;            // as --fidelity
  bool confidence = true;      // whether it is shown
  bool paused = false;         // no further frame is taken

  bool operator==(const ViewControls&) const = default;
  // Whether results are the same, but for their confidence.
  bool SameResults(const ViewControls& other) const;
};

// The controls with what the JSON object tells of them. Throws Error for anything else: another
// member, another type, a value that means nothing; whether a model exists, Upsampler tells.
ViewControls ParseControls(const std::string& json, const ViewControls& before);
Json JsonOf(const ViewControls& controls);

// Puts them into the options of who started the program. Parameters of a method (--set) are those
// of `first`, the method that the program was started with, and of no other.
void Apply(const ViewControls& controls, const std::string& first, UpsamplerOptions& options);

// A pixel in a request's path, x=3&y=4.
struct Pixel {
  int x = 0;
  int y = 0;
};
// Throws Error unless both are integers of at most 9 digits.
Pixel ParsePixel(const std::string& x, const std::string& y);

// A command as a shell takes it: words that need it are quoted.
std::string ShellText(const std::vector<std::string>& words);
// --model, --invalid, --holes and --fidelity, as far as they are not the defaults.
std::vector<std::string> WordsOf(const ViewControls& controls);

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_VIEW_CONTROLS_H_
