// Filters an image in memory with a method of the registry, as a user of the installed library.

#include <cmath>
#include <cstdio>
#include <memory>

#include "dkn/error.h"
#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "dkn/registry.h"

namespace {

// Kinds of errors are known on this side of a shared library too.
bool IsRefused(const char* name) {
  try {
    dkn::CreateFilter(name);
  } catch (const dkn::MethodError&) {
    return true;
  }
  return false;
}

}  // namespace

int main() {
  try {
    if (!IsRefused("no_such")) {
      std::printf("a method that there is not was made\n");
      return 1;
    }
    dkn::Image guide(8, 6, 3);
    dkn::Image target(8, 6);
    for (int y = 0; y < 6; ++y) {
      for (int x = 0; x < 8; ++x) {
        target(x, y) = x < 4 ? 0.25f : 0.75f;
      }
    }
    const std::unique_ptr<dkn::JointFilter> filter = dkn::CreateFilter("bicubic");
    dkn::FilterOutput output;
    filter->Apply({guide, target}, output);
    // The target is at the guide's size already: "bicubic" passes it on.
    for (int y = 0; y < 6; ++y) {
      for (int x = 0; x < 8; ++x) {
        if (output.image(x, y) != target(x, y)) {
          std::printf("x = %d, y = %d: %g, expected %g\n", x, y, output.image(x, y), target(x, y));
          return 1;
        }
      }
    }
    std::printf("filtered %d x %d\n", output.image.width(), output.image.height());
    return 0;
  } catch (const dkn::Error& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
