#ifndef DKN_SRC_NET_WINOGRAD_LANES_H_
#define DKN_SRC_NET_WINOGRAD_LANES_H_

#include <cstddef>

#include "src/net/own_convolution.h"

namespace dkn {

// Winograd's F(4 x 4, 3 x 3) and F(2 x 2, 5 x 5): a tile of 6 x 6 values gives 4 x 4, or 2 x 2,
// results by 36 products of one input and one output channel, where the sums themselves take 144,
// or 100.
inline constexpr int kWinogradTile = 6;
inline constexpr int kWinogradProducts = kWinogradTile * kWinogradTile;
constexpr int WinogradResults(int kernel) {
  return kWinogradTile - kernel + 1;  // along each axis
}

// Tiles of so many results that an axis of `length` of them takes; the last may reach over its end.
constexpr int TilesAlong(int length, int results) {
  return (length + results - 1) / results;
}

// The polynomials behind it are told by their values at 0, a, -a, b, -b and infinity; a and b are
// the square roots of these, whose powers stay nearer to 1 than those of the usual 1 and 2: half of
// the rounding error. Their product, 1, is left out of the transforms.
inline constexpr double kWinogradSquareA = 0.5;
inline constexpr double kWinogradSquareB = 2.0;

// The weights, out x in x kernel x kernel, 3 or 5, of one panel of output channels, as
// WinogradFrame holds them.
void WinogradPanelWeights(const float* weights, int kernel, int in, int out, int panel,
                          float* packed);

// An image, channels innermost, with so many zeros on each side.
struct PaddedImage {
  const float* values;
  int width;
  int height;
  int channels;  // a multiple of 8
  int padding;
};

// One image that a layer takes, and what it is convolved by.
struct WinogradFrame {
  PaddedImage source;
  int kernel;  // 3 or 5
  float* destination;
  int out_width;
  int out_height;
  int out;               // channels, a multiple of kPanelChannels
  const float* weights;  // kWinogradProducts x out / kPanelChannels x in x kPanelChannels
  const float* bias;     // out
  bool relu;
  bool add;  // to what the destination holds, before the ReLU
};

// Floats that WinogradTiles needs for so many tiles.
std::size_t WinogradScratch(int in, int out, int tiles);

// The results of the tiles [begin, end), counted row by row.
void WinogradTiles(const WinogradFrame& frame, int begin, int end, float* scratch);

}  // namespace dkn

#endif  // DKN_SRC_NET_WINOGRAD_LANES_H_
