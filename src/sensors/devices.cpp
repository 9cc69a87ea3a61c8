#include <algorithm>
#include <cmath>
#include <numbers>

#include "dkn/error.h"
#include "src/sensors/sensor.h"

// Every constant of the simulated devices, with its source; "ours" is a choice that no source
// gives, made by what frames of such devices look like.
namespace dkn::sensors {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

// A window of so many of the device's pixels in those of the image, at least 1.
int Window(double device_pixels, double scale) {
  return std::clamp(static_cast<int>(std::lround(device_pixels * scale)), 1, 63);
}

// Kinect v1. Khoshelham and Elberink, Accuracy and Resolution of Kinect Depth Data for Indoor
// Mapping Applications, Sensors 12(2), 2012: f = 5.453 mm of 9.3 um = 586 pixels, b = 75 mm, steps
// of 1/8 pixel, deviation of disparity half a step, hence sigma_z = 1.42e-5 z^2 (cm).
SensorOptions KinectV1(double focal) {
  const double scale = focal / 586.0;
  SensorOptions options;
  options.min_range = 0.5;   // Khoshelham and Elberink 2012, Section 4
  options.max_range = 10.0;  // what the driver reports (OpenNI); specified to 3.5
  // A white wall (0.8) to 10 m, black cloth (0.04) to 2.2: ours.
  options.min_signal = 0.008;
  options.speckle = 0.003;  // ours
  options.baseline = 0.075;
  options.disparity_noise = scale / 16.0;
  options.disparity_step = scale / 8.0;
  // Gschwandtner, Kwitt, Uhl, Pree, BlenSor, ISVC 2011: windows of 9 x 9.
  options.window = Window(9.0, scale);
  options.min_cosine = 0.17;  // 80 degrees, as far as Nguyen et al. 2012 got values
  // Nguyen, Izadi, Lovell, Modeling Kinect Sensor Noise, 3DIMPVT 2012, Eq. (1): 0.8 pixels + 0.035
  // theta / (pi / 2 - theta), whose second part, below 0.1 up to 65 degrees, is left out.
  options.lateral_noise = 0.8 * scale;
  options.edge_loss = 0.25;  // ours
  options.shiny = 0.02;      // ours
  return options;
}

// Kinect v2: the curve of Fankhauser et al., Kinect v2 for Mobile Robot Navigation, ICAR 2015,
// 1.5 - 0.5 z + 0.3 z^2 mm in front of a white wall, written as Lange and Seitz (Solid-State
// Time-of-Flight Range Camera, IEEE J. Quantum Electronics 37, 2001) derive it; the three numbers
// follow it within 7 % from 1 to 4 m.
SensorOptions KinectV2(double focal) {
  const double scale = focal / 366.0;  // libfreenect2's factory values: 365.5
  SensorOptions options;
  options.min_range = 0.5;  // Azure Kinect DK hardware specification, NFOV unbinned
  options.max_range = 8.0;  // of Kinect v2's raw data; specified to 4.5
  // The same specification: 15 % of reflectivity are seen as far as 3.86 m.
  options.min_signal = 0.15 / (3.86 * 3.86);
  options.speckle = 0.001;  // ours
  options.noise_floor = 0.0011;
  options.shot_noise = 0.00045;
  options.ambient = 0.275;
  options.blur = std::max(0.5 * scale, 0.3);  // ours: a pixel's width, and a little defocus
  options.flying_kept = 0.5;                  // ours: the drivers' filters take a part
  return options;
}

// RealSense D435: 848 x 480 with 90 degrees of view (Intel, Subpixel Linearity Improvement for
// D400, white paper): f = 424, b = 50 mm; steps of 1/32 pixel (the same paper); deviation of
// disparity 0.08 pixels in front of a textured wall (Intel, Tuning Depth Cameras for Best
// Performance).
SensorOptions RealSenseD435(double focal) {
  const double scale = focal / 424.0;
  SensorOptions options;
  options.min_range = 0.2;   // data sheet: 0.195 at this size
  options.max_range = 10.0;  // data sheet
  options.min_signal = 0.0;  // passive: light of others
  options.speckle = 0.002;   // ours
  options.baseline = 0.05;
  options.disparity_noise = 0.08 * scale;
  options.disparity_step = scale / 32.0;
  options.window = Window(7.0, scale);  // ours: between the usual 5 and 9
  options.min_cosine = 0.17;            // ours
  // Half a window of 7: Scharstein and Szeliski, A Taxonomy of Dense Two-Frame Stereo, IJCV 2002,
  // Section 5.1, on the fattening of foregrounds.
  options.fattening = std::clamp(3.0 * scale, 1.0, 64.0);
  options.min_texture = 0.008;  // ours: two grey values
  return options;
}

// Velodyne HDL-64E, data sheet: 64 lines in 26.8 degrees, 0.17 degrees between points at 10 turns a
// second, less than 2 cm (one deviation).
SensorOptions VelodyneHdl64() {
  SensorOptions options;
  options.min_range = 0.9;    // "approximately three feet", user's manual
  options.max_range = 120.0;  // cars and foliage (0.8)
  options.min_signal = 0.8 / (120.0 * 120.0);
  options.speckle = 0.02;  // ours
  options.line_step = 0.4 * kDegree;
  options.point_step = 0.1728 * kDegree;
  options.place_noise = 0.1;  // ours: lines of lasers that are not evenly mounted
  options.range_noise = 0.02;
  return options;
}

// Hesai FT120, product page: 160 x 120 points in 100 x 75 degrees, 22 m at 10 %.
SensorOptions HesaiFt120() {
  SensorOptions options;
  options.min_range = 0.1;
  options.max_range = 30.0;  // ours
  options.min_signal = 0.1 / (22.0 * 22.0);
  options.speckle = 0.02;  // ours
  options.line_step = 0.625 * kDegree;
  options.point_step = 0.625 * kDegree;
  options.place_noise = 0.05;  // ours
  options.range_noise = 0.02;  // ours, as above
  return options;
}

SensorOptions DeviceOf(Sensor sensor, double focal) {
  switch (sensor) {
    case Sensor::kStructuredLight:
      return KinectV1(focal);
    case Sensor::kTimeOfFlight:
      return KinectV2(focal);
    case Sensor::kStereo:
      return RealSenseD435(focal);
    case Sensor::kSpinningLidar:
      return VelodyneHdl64();
    case Sensor::kSolidStateLidar:
      return HesaiFt120();
  }
  throw Error("a sensor that there is not");
}

}  // namespace

SensorOptions OptionsOf(Sensor sensor, double focal) {
  if (!(focal > 0.0 && std::isfinite(focal))) {
    throw Error("a focal length of " + std::to_string(focal) + " pixels, expected more than 0");
  }
  SensorOptions options = DeviceOf(sensor, focal);
  options.sensor = sensor;
  options.focal = focal;
  return options;
}

}  // namespace dkn::sensors
