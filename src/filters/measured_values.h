#ifndef DKN_SRC_FILTERS_MEASURED_VALUES_H_
#define DKN_SRC_FILTERS_MEASURED_VALUES_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"

// What filters that work on the measured samples themselves share.
namespace dkn {

// The input's samples; where it has none, the pixels of its target, which its mask tells of.
MeasuredSamples SamplesOf(const FilterInput& input);

// How much of each pixel of the target is measured, 0 to 1: its mask, 1 everywhere without one.
Image MeasuredShare(const FilterInput& input);

// The mean of the guide over each sample's cell, the pixels nearer to it than to its neighbours in
// x and y; of the nearest pixel where a cell has none.
Image GuideAtSamples(ConstView guide, const MeasuredSamples& samples);

// What is measured on the guide's pixels.
struct PixelMeasurements {
  Image values;  // the target's channels; where nothing is measured, the target's values
  Image weight;  // 1 channel: how much is measured there, at least 0
};

// Each measured sample is shared by the four pixels around it, by bilinear weights; a pixel's value
// is the weighted mean of what it gets. Where nothing is measured at all, the target is,
// everywhere.
PixelMeasurements MeasurementsOnPixels(const FilterInput& input);

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_MEASURED_VALUES_H_
