#ifndef DKN_SRC_IO_PACKED_DEPTH_H_
#define DKN_SRC_IO_PACKED_DEPTH_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dkn/frame.h"

namespace dkn {

// How depth is packed into a pixel whose stored values are not it.
struct Packing {
  enum Kind {
    kBits,        // some of the bits of a 16-bit value
    kConfidence,  // the same; the 3 highest bits are a confidence, as of Android's DEPTH16
    kRotated,     // the 16 bits turned by 3
    kSum,         // a weighted sum of R, G and B
    kFloat        // the four bytes of a float
  };
  Kind kind = kBits;
  int first_bit = 0;
  int last_bit = 15;
  double least_confidence = 0.0;       // 0 to 1; less is a hole, and 0 always
  std::array<double, 3> weights = {};  // of R, G and B
  double scale = 1.0;                  // of the sum
  double offset = 0.0;

  // Of the frame that holds it: 1 of uint16, or 3 or 4 of uint8.
  int Channels() const { return kind == kSum ? 3 : kind == kFloat ? 4 : 1; }
};

// Of 16 bits, whose result is uint16:
//   bits:A-B        bits A to B alone, 0 the lowest, moved down: bits:3-15 of Kinect for Windows 1,
//                   whose lowest three tell a player
//   depth16[:C]     Android's and ARCore's DEPTH16: 13 bits of millimetres, and above them a
//                   confidence, where that is 0 or less than C a hole (0)
//   sunrgbd         SUN RGB-D and SUN3D: the bits turned to the left by 3
// Of R,G,B of 8 bits, whose result is float32:
//   rgb24[:FAR]     R + 256 G + 65536 B; with FAR divided by 2^24 - 1 and multiplied by it
//   bgr24[:FAR]     the same with R and B exchanged
//   carla           rgb24:1000, metres
//   mapbox          Terrain-RGB: -10000 + (65536 R + 256 G + B) / 10, metres
//   terrarium       256 R + G + B / 256 - 32768, metres
// Of R,G,B and alpha of 8 bits, whose result is float32:
//   tartanair       TartanAir V2: B, G, R and alpha are the bytes of a float, the lowest first
// Throws Error for anything else.
Packing ParsePacking(const std::string& text);

// The depth of a frame, whose channels stand side by side without gaps. Throws Error, which names
// the option, where the frame is of another type or has other channels (alpha beside R,G,B is left
// alone).
FrameBuffer Unpack(const ConstFrame& frame, const std::string& packing);

// Whether 16-bit values, one row after the other, seem to be packed as depth16: most neighbours
// that differ in the 3 high bits, more than where depth passes such a number, are alike in the
// others.
bool SeemsDepth16(const std::vector<std::uint16_t>& values);

}  // namespace dkn

#endif  // DKN_SRC_IO_PACKED_DEPTH_H_
