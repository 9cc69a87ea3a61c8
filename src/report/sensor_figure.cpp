#include "src/report/sensor_figure.h"

#include <cmath>
#include <cstddef>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "src/figures/figure.h"
#include "src/figures/figure_grid.h"
#include "src/imaging/value_range.h"
#include "src/report/showcase.h"
#include "src/sensors/sensor.h"

namespace dkn::report {
namespace {

constexpr int kWidest = 1200;  // pixels: for a page

// Errors beyond have the palette's last colours: in rooms of some metres most are smaller.
constexpr float kBrightMillimetres = 50.0f;

std::string HolesText(const Image& measured) {
  std::size_t holes = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    holes += std::isfinite(measured.data()[i]) ? 0 : 1;
  }
  std::ostringstream text;
  text.precision(3);
  text << 100.0 * static_cast<double>(holes) / static_cast<double>(measured.size()) << " % holes";
  return text.str();
}

}  // namespace

Image SensorFigure(ConstView depth, ConstView guide, double focal, std::uint64_t seed) {
  const ValueRange range = FiniteRange(depth);
  std::vector<figures::GridRow> rows;
  for (const sensors::Sensor sensor : sensors::AllSensors()) {
    const Image measured = sensors::Measure(depth, guide, sensors::OptionsOf(sensor, focal), seed);
    Image error = SignedError(measured, depth);
    for (std::size_t i = 0; i < error.size(); ++i) {
      error.data()[i] *= 1000.0f;
    }
    figures::GridRow row;
    row.cells.push_back({"Guide", "", Image::Clone(guide)});
    row.cells.push_back({"Exact depth", "", figures::ColorMap(depth, range.low, range.high)});
    row.cells.push_back({sensors::ToString(sensor), HolesText(measured),
                         figures::ColorMap(measured, range.low, range.high)});
    row.cells.push_back({"Error", "holes grey",
                         figures::ColorMap(error, -kBrightMillimetres, kBrightMillimetres,
                                           figures::Palette::kDiverging)});
    row.bar = {-kBrightMillimetres, kBrightMillimetres, figures::Palette::kDiverging, "error, mm"};
    rows.push_back(std::move(row));
  }
  return figures::FigureGrid(rows, kWidest);
}

}  // namespace dkn::report
