#include "src/io/labels.h"

#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/io/image_codecs.h"

namespace dkn {

Image ReadLabels(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return InContext(path, [&] {
    Image labels = ImageOf(DecodePngLabels(bytes, {}));
    for (int y = 0; y < labels.height(); ++y) {
      for (int x = 0; x < labels.width(); ++x) {
        if (labels(x, y) > kMaxStoredLabel) {
          throw Error("the label at x " + std::to_string(x) + ", y " + std::to_string(y) + " is " +
                      ShortestText(labels(x, y)) + ", expected 0 to " +
                      std::to_string(kMaxStoredLabel));
        }
      }
    }
    return labels;
  });
}

}  // namespace dkn
