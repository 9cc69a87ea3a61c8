#ifndef DKN_SRC_IO_EXR_CHANNELS_H_
#define DKN_SRC_IO_EXR_CHANNELS_H_

#include <cstddef>
#include <vector>

#include "src/io/exr_header.h"

namespace dkn {

// One channel, or R, G and B of one layer.
struct ExrChoice {
  std::size_t part = 0;
  std::vector<ExrChannel> channels;
};

// What is read of a file: of the channels, alpha left out and R, G and B of a layer taken as one,
// the only one; of several
//   by ReadOptions::name  the channel "depth.Z", the layer "ViewLayer.Depth", the colours of no
//                         layer "RGB", those of a part "left", or with the part's name and a point
//                         before it
//   of guides             the colours, if one layer has some
//   of others             the depth (Z or V beside no X or Y), if there is one, else the colours as
//                         of guides
// of which the last two are told in the options' notes. Throws Error, listing what there is, where
// this leaves none or several.
ExrChoice ChooseExrChannels(const ExrHeader& header, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_EXR_CHANNELS_H_
