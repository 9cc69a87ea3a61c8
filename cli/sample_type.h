#ifndef DKN_CLI_SAMPLE_TYPE_H_
#define DKN_CLI_SAMPLE_TYPE_H_

#include <algorithm>
#include <cmath>
#include <optional>

#include "dkn/io.h"

namespace dkn {

// Interpolation overshoots at edges: what lies outside an integer type's values goes to the
// nearest.
inline void ClampToType(Image& image, SampleType type) {
  if (type == SampleType::kFloat32) {
    return;
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = std::clamp(image.data()[i], 0.0f, FullScale(type));
  }
}

// From a result in which NaN is a hole to what a file of this type holds: `invalid` for a hole. Of
// integer types a value that would be rounded to it becomes the next one: it is no hole.
inline void MarkInvalid(Image& image, SampleType type, std::optional<float> invalid) {
  for (std::size_t i = 0; invalid && i < image.size(); ++i) {
    float& value = image.data()[i];
    if (std::isnan(value)) {
      value = *invalid;
    } else if (type != SampleType::kFloat32 && std::nearbyint(value) == *invalid) {
      const bool above = value >= *invalid ? *invalid < FullScale(type) : *invalid <= 0.0f;
      value = *invalid + (above ? 1.0f : -1.0f);
    }
  }
}

}  // namespace dkn

#endif  // DKN_CLI_SAMPLE_TYPE_H_
