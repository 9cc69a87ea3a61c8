#ifndef DKN_SRC_CORE_GUIDE_RANGE_H_
#define DKN_SRC_CORE_GUIDE_RANGE_H_

#include <string>

#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn {

// How a picture's values, as they are stored, become [0, 1] for a joint filter: docs/formats.md has
// the rule in words.
struct GuideRange {
  float low = 0.0f;   // becomes 0
  float high = 1.0f;  // becomes 1
  // Where it is above 0, a value v of light or counts becomes v / (v + middle) instead.
  float middle = 0.0f;
  // One line for people, without a number that another picture of the same kind would not have;
  // empty where samples are full-scale integers or floats in about [0, 1].
  std::string note = {};
};

// The 1 or 3 channels of a picture that ToGuide takes, as they are stored. Throws Error as it does.
void ToPicture(const ConstFrame& frame, Image& picture);

// Whether floats of this range are a picture in [0, 1], but for what resampling adds.
bool IsUnitPicture(float low, float high);

// The range of the values of a picture whose samples have this type. They are finite.
GuideRange FindGuideRange(ConstView picture, SampleType type);

// Brings a picture into the range.
void ToUnitRange(const GuideRange& range, Image& picture);

// The first channels of a frame that has been checked, as stored, in R,G,B.
void FirstChannels(const ConstFrame& frame, int channels, Image& image);

}  // namespace dkn

#endif  // DKN_SRC_CORE_GUIDE_RANGE_H_
