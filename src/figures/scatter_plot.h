#ifndef DKN_SRC_FIGURES_SCATTER_PLOT_H_
#define DKN_SRC_FIGURES_SCATTER_PLOT_H_

#include <string>
#include <vector>

#include "dkn/image.h"

namespace dkn::figures {

struct ScatterPoint {
  std::string label;  // ASCII; beside the point; may be empty
  double x = 0.0;
  double y = 0.0;
  int group = 0;  // points of one group have one colour; at least 0
};

struct ScatterPlotOptions {
  std::string x_label;
  std::string y_label;
  bool log_x = false;  // points at or below 0 of such an axis are left out
  bool log_y = false;
  int width = 960;  // pixels, at least 200 x 150
  int height = 600;
};

// Paper: Fig. 15 is one. Points with axes and ticks that span them, each labelled where there is
// room: no label overlaps another or a point as long as there is any place beside its point, joined
// to it by a line where that is not the nearest, and none leaves the plot. Points that cannot be
// drawn (not finite) are left out. R,G,B in [0, 1]. Throws Error for a size below the least.
Image ScatterPlot(const std::vector<ScatterPoint>& points, const ScatterPlotOptions& options);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_SCATTER_PLOT_H_
