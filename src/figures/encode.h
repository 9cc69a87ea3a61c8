#ifndef DKN_SRC_FIGURES_ENCODE_H_
#define DKN_SRC_FIGURES_ENCODE_H_

#include <cstdint>
#include <vector>

#include "dkn/image.h"
#include "dkn/io.h"

namespace dkn::figures {

// Values in [0, 1] times 255, rounded, for the functions below; those beyond are limited, 0 stands
// for what is not finite.
Image PictureBytes(ConstView picture);

// A PNG or JPEG file in memory. Values are as WriteImage takes them (0..255, or 0..65535 for
// kUint16), 1 or 3 channels. Smaller than WriteImage's PNG, and slower. Throws Error for a type
// other than these, for values outside it, and for pictures that the format cannot hold.
std::vector<std::uint8_t> EncodePng(ConstView image, SampleType type);
std::vector<std::uint8_t> EncodeJpeg(ConstView image, int quality);  // 1 to 100

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_ENCODE_H_
