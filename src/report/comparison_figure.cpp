#include "src/report/comparison_figure.h"

#include <string>
#include <vector>

#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/figures/figure.h"
#include "src/figures/figure_grid.h"
#include "src/report/showcase.h"

namespace dkn::report {
namespace {

figures::GridCell MapCell(const std::string& title, ConstView map, ValueRange range) {
  return {title, SizeText(map), figures::ColorMap(map, range.low, range.high)};
}

figures::GridRow FirstRow(ConstView guide, ConstView input, ConstView result, ValueRange range) {
  figures::GridRow row;
  row.cells.push_back({"Guide", SizeText(guide), Image::Clone(guide)});
  row.cells.push_back(MapCell("Input", input, range));
  row.cells.push_back(MapCell("Result", result, range));
  row.bar = {range.low, range.high, figures::Palette::kSpectrum, "value"};
  return row;
}

}  // namespace

Image ComparisonFigure(ConstView guide, ConstView input, ConstView result, ValueRange range) {
  std::vector<figures::GridRow> rows;
  rows.push_back(FirstRow(guide, input, result, range));
  return figures::FigureGrid(rows);
}

Image ComparisonFigure(ConstView guide, ConstView input, ConstView result, ValueRange range,
                       ConstView truth, const eval::Comparison& comparison) {
  const float bright = static_cast<float>(2.0 * comparison.bicubic_rmse);
  const auto error_cell = [&](const std::string& title, ConstView map, double rmse) {
    return figures::GridCell{title, "RMSE " + DigitsText(rmse, 4),
                             figures::ColorMap(AbsoluteError(map, comparison.truth), 0.0f, bright,
                                               figures::Palette::kGlow)};
  };
  std::vector<figures::GridRow> rows;
  rows.push_back(FirstRow(guide, input, result, range));
  figures::GridRow& errors = rows.emplace_back();
  errors.cells.push_back(MapCell("Truth", truth, range));
  errors.cells.push_back(
      error_cell("Error of bicubic", comparison.bicubic, comparison.bicubic_rmse));
  errors.cells.push_back(error_cell("Error of the result", result, comparison.result_rmse));
  errors.bar = {0.0f, bright, figures::Palette::kGlow, "|error|"};
  return figures::FigureGrid(rows);
}

}  // namespace dkn::report
