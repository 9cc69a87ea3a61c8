#ifndef DKN_SRC_SENSORS_SENSOR_H_
#define DKN_SRC_SENSORS_SENSOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/image.h"

// Depth cameras, simulated: what they make of exact depth. docs/sensors.md has the formulas, the
// sources and what is left out.
namespace dkn::sensors {

enum class Sensor {
  kStructuredLight,  // Kinect v1
  kTimeOfFlight,     // Kinect v2, Azure Kinect
  kStereo,           // RealSense D435
  kSpinningLidar,    // Velodyne HDL-64E
  kSolidStateLidar,  // a grid of points: Hesai FT120
};

// "structured_light", "time_of_flight", "stereo", "spinning_lidar" and "solid_state_lidar". Parsing
// any other name throws Error.
Sensor ParseSensor(const std::string& name);
std::string ToString(Sensor sensor);
// All of them, and their names with commas in between, for help texts.
std::vector<Sensor> AllSensors();
std::string SensorNames();

// A device in front of an image: lengths across the image in the image's pixels, depth in metres.
// Each group belongs to the sensors named; the others do not look at it. OptionsOf gives every
// value and its source.
struct SensorOptions {
  Sensor sensor = Sensor::kStructuredLight;
  double focal = 0.0;      // focal length of the image, pixels
  double min_range = 0.0;  // nearer and farther is a hole
  double max_range = 0.0;
  // What comes back from a surface is albedo * cos(incidence) / z^2. Where it is less than about
  // this there are holes: dark, far and grazing surfaces.
  double min_signal = 0.0;
  double speckle = 0.0;  // share of the pixels that are holes for no visible reason

  // Structured light and stereo.
  double baseline = 0.0;         // metres; the second eye (projector or camera) is to the right
  double disparity_noise = 0.0;  // deviation in pixels, the steps' own included
  double disparity_step = 0.0;   // pixels; 0: none
  int window = 1;                // width of the matched window, pixels: neighbours share noise
  double min_cosine = 0.0;       // of the angle of incidence; more grazing is a hole

  // Structured light.
  double lateral_noise = 0.0;  // deviation of an edge's place, pixels
  double edge_loss = 0.0;      // share of the pixels at edges that are holes
  double shiny = 0.0;          // share of the guide's colours that are shiny, with holes in them

  // Stereo.
  double fattening = 0.0;    // how far what is near grows over what is far, pixels, at most
  double min_texture = 0.0;  // mean step of luma between squares of 3 pixels; less fails

  // Time of flight: variance floor^2 + shot^2 (1 / s + ambient / s^2), s the signal of a pixel as a
  // multiple of that of a white surface (albedo 0.8) that faces the camera at 1 m.
  double noise_floor = 0.0;  // metres
  double shot_noise = 0.0;   // metres
  double ambient = 0.0;      // light of others over our own at 1 m
  double blur = 0.0;         // deviation of what a pixel sees, pixels: flying pixels at edges
  double flying_kept = 0.0;  // share of them that the device does not take away

  // Lidar.
  double line_step = 0.0;    // between lines (spinning) or rows (solid-state), radians
  double point_step = 0.0;   // between points of a line, radians
  double place_noise = 0.0;  // points are off by up to this share of a step
  double range_noise = 0.0;  // deviation along the ray, metres
};

// The device of each sensor as it would stand behind an image of this focal length in pixels: what
// a device has in its own pixels is scaled with the focal length. A Kinect's own 640 x 480 pixels
// have 586; NYU Depth's colour images 519; rooms of dkn synth 0.9 * width. Throws Error unless
// focal > 0.
SensorOptions OptionsOf(Sensor sensor, double focal);

// The same lidar with both steps scaled so that its points cover about this share of the pixels,
// before any is lost. Throws Error unless 0 < share <= 1 and it is a lidar.
SensorOptions WithShare(SensorOptions lidar, double share);

// What the sensor gives: depth in metres, NaN where it gives none. `depth` is exact, in metres, 1
// channel, all values finite and more than 0; `guide` has 1 or 3 channels, the same size and finite
// values, and stands for how bright and how textured surfaces are: albedo is luma, brought to
// [0.01, 1]. The optical axis goes through the image's centre. What lies outside the image casts no
// shadow. A function of its arguments alone, the same bits on every machine. Throws Error when
// images or options are not as said.
Image Measure(ConstView depth, ConstView guide, const SensorOptions& options, std::uint64_t seed);

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_SENSOR_H_
