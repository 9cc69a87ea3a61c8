#ifndef DKN_SRC_FIGURES_PALETTE_H_
#define DKN_SRC_FIGURES_PALETTE_H_

#include <array>

#include "src/figures/canvas.h"
#include "src/figures/figure.h"

namespace dkn::figures {

inline constexpr int kPaletteSteps = 256;

// The colours of a palette from low to high.
const std::array<Colour, kPaletteSteps>& PaletteColours(Palette palette);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_PALETTE_H_
