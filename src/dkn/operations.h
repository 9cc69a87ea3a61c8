#ifndef DKN_SRC_DKN_OPERATIONS_H_
#define DKN_SRC_DKN_OPERATIONS_H_

#include "src/dkn/architecture.h"

namespace dkn {

// Multiplications and additions of the convolutions that MakeExecution runs for one image, whose
// sides are padded to PaddedSize, the zeros of padded layers included.
double Operations(const Architecture& architecture, int width, int height);

}  // namespace dkn

#endif  // DKN_SRC_DKN_OPERATIONS_H_
