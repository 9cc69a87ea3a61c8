#ifndef DKN_ORIENTATIONS_H_
#define DKN_ORIENTATIONS_H_

#include <memory>

#include "dkn/export.h"
#include "dkn/joint_filter.h"

namespace dkn {

// A filter that filters each frame in so many orientations and gives their mean, turned back: as it
// is; from 2 on turned by half, too; from 4 on mirrored left-right and upside down; with 8 all four
// transposed, too. A network has learned no symmetry, so that its errors differ and their mean is
// smaller, at so many times the cost (Timofte, Rothe and Van Gool, CVPR 2016: enhanced prediction;
// of later authors self-ensemble). A method that treats all directions alike gives what
// it gives once. Confidence and support are means, too. What the method works out for a guide is
// not kept between frames. Throws as CheckOrientations does; of 1 it gives the filter itself.
DKN_EXPORT std::unique_ptr<JointFilter> AverageOrientations(std::unique_ptr<JointFilter> filter,
                                                            int orientations);

// Throws ArgumentError for other numbers than 1, 2, 4 and 8.
DKN_EXPORT void CheckOrientations(int orientations);

}  // namespace dkn

#endif  // DKN_ORIENTATIONS_H_
