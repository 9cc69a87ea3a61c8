#ifndef DKN_SRC_RIVALS_WINDOW_PLANES_H_
#define DKN_SRC_RIVALS_WINDOW_PLANES_H_

#include <cstddef>
#include <vector>

#include "dkn/image.h"

// What the guided-filter layer and its gradients do to one channel, in double.
namespace dkn {

struct Plane {
  Plane(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w) * h) {}

  int width;
  int height;
  std::vector<double> values;

  double* Row(int y) { return values.data() + static_cast<std::size_t>(y) * width; }
  const double* Row(int y) const { return values.data() + static_cast<std::size_t>(y) * width; }
};

Plane PlaneOf(ConstView channel);

// The means over the windows of 2 radius + 1 pixels around each pixel, of those in the image.
Plane WindowMeans(const Plane& plane, int radius);

// The transpose of WindowMeans.
Plane SpreadOverWindows(Plane plane, int radius);

// Bilinear, the corner pixels' centres on each other.
class Enlargement {
 public:
  Enlargement(int low_width, int low_height, int width, int height);

  Plane Enlarge(const Plane& low) const;
  Plane Gather(const Plane& high) const;  // the transpose

 private:
  // Between two pixels of the lower size.
  struct Place {
    int first = 0;
    int second = 0;
    double share = 0.0;  // of the second
  };
  static std::vector<Place> PlacesOf(int size, int low_size);

  int low_width_;
  int low_height_;
  std::vector<Place> columns_;
  std::vector<Place> rows_;
};

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_WINDOW_PLANES_H_
