#ifndef DKN_SRC_DKN_LAYERS_H_
#define DKN_SRC_DKN_LAYERS_H_

#include <vector>

#include "src/dkn/architecture.h"
#include "src/net/layer.h"

namespace dkn {

// Paper: Tables 1 and 2. The convolutions of one stream: those of the feature extraction in order,
// then the heads that it has, conv_weight before conv_offset, which both take the last feature map.
// Throws Error when `architecture` makes no sense (see CheckArchitecture).
std::vector<Layer> Layers(const Architecture& architecture, Stream stream);

// What a feature extraction makes of an image: one result for each `stride` pixels, from size x
// size pixels of which `before` lie left of and above the result's. Of DKN, which does not pad: 50,
// 25 and 4 for Table 1 (of its 51 rows and columns the first DownConv drops the last); 51, 25 and 1
// for kPlain and kDilated; 23, 11 and 1 for kSmall. Of FDKN, in resampled pixels: 13, 6 and 1.
struct Footprint {
  int size;
  int before;
  int stride;
};
Footprint FootprintOf(const Architecture& architecture);

}  // namespace dkn

#endif  // DKN_SRC_DKN_LAYERS_H_
