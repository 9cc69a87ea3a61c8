#ifndef DKN_SRC_REPORT_SENSOR_FIGURE_H_
#define DKN_SRC_REPORT_SENSOR_FIGURE_H_

#include <cstdint>

#include "dkn/image.h"

namespace dkn::report {

// A row of pictures for each sensor of src/sensors: guide, exact depth, what the sensor gives, its
// error. Arguments as sensors::Measure and sensors::OptionsOf take them; throws Error as they do.
Image SensorFigure(ConstView depth, ConstView guide, double focal, std::uint64_t seed);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_SENSOR_FIGURE_H_
