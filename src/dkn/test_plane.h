#ifndef DKN_SRC_DKN_TEST_PLANE_H_
#define DKN_SRC_DKN_TEST_PLANE_H_

#include <utility>
#include <vector>

#include "dkn/image.h"

namespace dkn {

// An image of the type, row by row, one plane after the other.
template <typename T>
struct TestPlane {
  TestPlane(int width, int height, std::vector<T> of)
      : values(std::move(of)),
        view(values.data(), width, height, static_cast<int>(values.size()) / (width * height),
             width, width * height) {}
  std::vector<T> values;
  BasicView<T> view;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_TEST_PLANE_H_
