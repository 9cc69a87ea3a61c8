#include "src/train/curves.h"

#include "src/io/figure.h"

namespace dkn {

void DrawCurves(const std::vector<LogRow>& rows, const std::string& unit, const std::string& path) {
  Series loss{"L1 loss", {}, {}};
  Series validation{"validation", {}, {}};
  for (const LogRow& row : rows) {
    loss.xs.push_back(static_cast<double>(row.step));
    loss.ys.push_back(row.loss);
    if (row.validation) {
      validation.xs.push_back(static_cast<double>(row.step));
      validation.ys.push_back(*row.validation);
    }
  }
  LinePlotOptions options;
  options.x_label = "step";
  options.y_label = "L1 loss, normalised";
  options.log_y = true;
  options.height = 400;
  const Image above = LinePlot({loss}, options);
  options.y_label = "RMSE, " + unit;
  const Image below = LinePlot({validation}, options);
  WriteFigure(path, Montage({{"", above}, {"", below}}, 1));
}

}  // namespace dkn
