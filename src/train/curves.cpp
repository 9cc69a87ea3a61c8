#include "src/train/curves.h"

#include "src/figures/figure.h"

namespace dkn::train {

void DrawCurves(const std::vector<LogRow>& rows, const std::string& unit, const std::string& path) {
  figures::Series loss{"L1 loss", {}, {}};
  figures::Series validation{"validation", {}, {}};
  for (const LogRow& row : rows) {
    loss.xs.push_back(static_cast<double>(row.step));
    loss.ys.push_back(row.loss);
    if (row.validation) {
      validation.xs.push_back(static_cast<double>(row.step));
      validation.ys.push_back(*row.validation);
    }
  }
  figures::LinePlotOptions options;
  options.x_label = "step";
  options.y_label = "L1 loss, normalised";
  options.log_y = true;
  options.height = 400;
  const Image above = figures::LinePlot({loss}, options);
  options.y_label = "RMSE, " + unit;
  const Image below = figures::LinePlot({validation}, options);
  figures::WriteFigure(path, figures::Montage({{"", above}, {"", below}}, 1));
}

}  // namespace dkn::train
