#include <cstddef>
#include <cstdint>
#include <string>

#include "src/serve/local_server.h"
#include "src/serve/static_folder.h"
#include "src/serve/view_controls.h"
#include "tests/fuzz/check_error.h"

// What a request of `dkn serve` and `dkn view` says: a path, which becomes one without "..", and
// the controls' JSON and a pixel, which become an Error or what reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto path = dkn::serve::DecodePath(text)) {
    if (path->empty() || path->front() != '/' || (*path + "/").find("/../") != std::string::npos ||
        path->find('\0') != std::string::npos) {
      __builtin_trap();
    }
  }
  dkn::serve::IsLocalHost(text);
  dkn::serve::ShellText({text});
  try {
    const dkn::serve::ViewControls controls = dkn::serve::ParseControls(text, {});
    if (!(dkn::serve::ParseControls(dkn::serve::JsonOf(controls).dump(), {}) == controls)) {
      __builtin_trap();
    }
    dkn::serve::WordsOf(controls);
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  try {
    const dkn::serve::Pixel pixel = dkn::serve::ParsePixel(text, "0");
    if (pixel.x < 0 || std::to_string(pixel.x).size() > text.size()) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
