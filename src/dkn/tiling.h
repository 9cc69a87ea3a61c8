#ifndef DKN_SRC_DKN_TILING_H_
#define DKN_SRC_DKN_TILING_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "src/dkn/architecture.h"

namespace dkn {

// A rectangle that is filtered, and the part of it that counts.
struct Tile {
  int x = 0;  // of the rectangle: multiples of kResampling
  int y = 0;
  int inner_x = 0;  // of the part, in the image
  int inner_y = 0;
  int inner_width = 0;
  int inner_height = 0;
};

// Tiles of one size whose inner parts cover an image, each pixel once.
struct Tiling {
  int width = 0;  // of a tile
  int height = 0;
  std::vector<Tile> tiles;
};

// How many pixels around a tile's inner part its results depend on: what the network sees (13 x 13
// resampled pixels for FDKN, the footprint for DKN) and what its kernels sample. It is a multiple
// of kResampling.
int TileMargin(const Architecture& architecture);

// The tiles that filter the fewest pixels of those for which `bytes` of their size is at most
// `max_bytes`; one tile, where it fits; the smallest tiles, where none are that small. The image's
// sides are multiples of kResampling.
Tiling ChooseTiling(int width, int height, int margin, std::size_t max_bytes,
                    const std::function<std::size_t(int width, int height)>& bytes);

// What the smallest tiles take.
std::size_t LeastTileBytes(int width, int height, int margin,
                           const std::function<std::size_t(int width, int height)>& bytes);

}  // namespace dkn

#endif  // DKN_SRC_DKN_TILING_H_
