#include "src/imaging/padding.h"

#include <algorithm>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {

Image ReplicatePad(ConstView source, int right, int bottom) {
  Image out;
  ReplicatePad(source, right, bottom, out);
  return out;
}

void ReplicatePad(ConstView source, int right, int bottom, Image& out) {
  if (source.empty() || right < 0 || bottom < 0) {
    throw Error("cannot pad an image of " + SizeText(source) + " by " + std::to_string(right) +
                " and " + std::to_string(bottom) + ", expected pixels and counts of at least 0");
  }
  out.Reset(source.width + right, source.height + bottom, source.channels);
  for (int c = 0; c < out.channels(); ++c) {
    for (int y = 0; y < out.height(); ++y) {
      const float* in = source.Row(std::min(y, source.height - 1), c);
      float* row = std::copy_n(in, source.width, out.Row(y, c));
      std::fill_n(row, right, in[source.width - 1]);
    }
  }
}

}  // namespace dkn
