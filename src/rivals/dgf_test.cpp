#include "src/rivals/dgf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/net/test_graph.h"
#include "src/rivals/test_guided_layer.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(DgfFilter, IsTheLayerByALearnedGuide) {
  for (const int guides : {1, 2}) {
    const Graph graph = DgfGuide(5, guides);
    const TensorFile file = RandomTensors(graph, 1);
    const DgfFilter filter(file, {3, 1e-3});
    const Image picture = RandomImage(14, 11, 3, 1);
    const Image target = RandomImage(14, 11, 2, 2);
    FilterOutput output;
    filter.Apply({picture, target}, output);
    std::vector<Image> inputs;
    inputs.push_back(Image::Clone(picture));
    const Image guide = PlainGraph(graph, file).Run(inputs);
    ASSERT_EQ(guide.channels(), guides);
    ExpectNear(output.image, PlainFull({3, 1e-3}, guide, target), 1e-4f);
    EXPECT_GT(filter.ApplyBytes({14, 11, 3, 2}), 14u * 11u * 4u * 7u);
  }
  const DgfFilter filter(RandomTensors(DgfGuide(5, 2), 1), {});
  const Image picture = RandomImage(14, 11, 1, 1);  // grey
  FilterOutput output;
  filter.Apply({picture, RandomImage(14, 11, 2, 2)}, output);
  EXPECT_THROW(filter.Apply({picture, picture}, output), Error);
}

TEST(DgfFilter, RefusesOtherTensors) {
  TensorFile file = RandomTensors(DgfGuide(5, 2), 1);
  file.tensors["more"] = {{1}, {0.0f}};
  EXPECT_THROW(DgfFilter(file, {}), Error);
  file.tensors.erase("more");
  file.tensors.erase("guided_map_conv2.bias");
  EXPECT_THROW(DgfFilter(file, {}), Error);
  EXPECT_THAT([] { DgfFilter(TensorFile(), {}); },
              ThrowsMessage<Error>(HasSubstr("guided_map_conv1.weight")));
}

}  // namespace
}  // namespace dkn
