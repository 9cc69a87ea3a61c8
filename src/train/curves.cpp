#include "src/train/curves.h"

#include "src/figures/figure.h"
#include "src/figures/figure_grid.h"

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
  std::vector<figures::GridRow> rows_of_plots(2);
  rows_of_plots[0].cells.push_back({"", "", figures::LinePlot({loss}, options)});
  options.y_label = "RMSE, " + unit;
  rows_of_plots[1].cells.push_back({"", "", figures::LinePlot({validation}, options)});
  figures::WriteFigure(path, figures::FigureGrid(rows_of_plots));
}

}  // namespace dkn::train
