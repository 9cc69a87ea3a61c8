#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "dkn/model.h"
#include "src/core/parallel_for.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

class KeptGuideTest : public FolderTest {
 protected:
  std::unique_ptr<Model> Make(const char* architecture, int max_memory_mb = 0) const {
    const std::string path = Path("random.safetensors");
    WriteSafetensors(path, RandomWeights(ArchitectureFromJson(architecture), 1));
    return Model::Load(path, {.max_memory_mb = max_memory_mb});
  }
};

bool Same(ConstView a, const Image& b) {
  return SameSize(a, b.view()) && std::equal(b.data(), b.data() + b.size(), a.data);
}

Image Filter(const JointFilter& filter, ConstView guide, ConstView target) {
  FilterOutput output;
  filter.Apply({guide, target}, output);
  return std::move(output.image);
}

TEST_F(KeptGuideTest, GivesTheSameBits) {
  const ThreadCount two(2);  // each takes memory
  struct {
    const char* architecture;
    int max_memory_mb;
  } const cases[] = {{R"({"kind": "fdkn"})", 0},
                     {R"({"kind": "fdkn"})", 22},  // tiles
                     {R"({"kind": "fdkn", "guide": "none"})", 0},
                     {R"({"kind": "dkn", "n1": 32, "n2": 32})", 0}};
  for (const auto& [architecture, max_memory_mb] : cases) {
    const auto model = Make(architecture, max_memory_mb);
    const int width = max_memory_mb == 0 ? 50 : 350;
    const Image guide = RandomImage(width, 131, 3, 1);
    const Image mask = RandomImage(width, 131, 1, 2);
    FilterOutput output;
    for (const bool stays : {true, true, false, true}) {
      const Image target = RandomImage(width, 131, 1, stays ? 3 : 4);
      model->Apply({guide, target, mask, !stays, stays}, output);
      EXPECT_TRUE(Same(output.image, Filter(*model, guide, target)));
      EXPECT_EQ(output.kept != nullptr, stays);
      EXPECT_EQ(output.support.empty(), stays);
    }
  }
}

// The promise is broken here, to see that the guide's part is not repeated.
TEST_F(KeptGuideTest, IsNotLookedAtAgain) {
  const auto model = Make(R"({"kind": "fdkn"})");
  Image guide = RandomImage(40, 30, 3, 1);
  const Image target = RandomImage(40, 30, 1, 2);
  FilterOutput output;
  model->Apply({guide, target, {}, false, true}, output);
  const Image before = Image::Clone(output.image);
  std::fill_n(guide.data(), guide.size(), 0.5f);
  model->Apply({guide, target}, output);
  EXPECT_TRUE(Same(output.image, before));
  model->Apply({guide, target}, output);
  EXPECT_FALSE(Same(output.image, before));
}

TEST_F(KeptGuideTest, IsOfOneModelOneGuideAndOneSize) {
  const auto model = Make(R"({"kind": "fdkn"})");
  const auto other = Make(R"({"kind": "fdkn", "residual": false})");
  const Image guide = RandomImage(40, 30, 3, 1);
  const Image other_guide = RandomImage(40, 30, 3, 2);
  const Image target = RandomImage(40, 30, 1, 3);
  FilterOutput output;
  const auto expect_right = [&](const Model& filter, ConstView by, ConstView of) {
    filter.Apply({by, of, {}, false, true}, output);
    EXPECT_TRUE(Same(output.image, Filter(filter, by, of)));
  };
  expect_right(*model, guide, target);
  expect_right(*other, guide, target);
  expect_right(*other, other_guide, target);
  expect_right(*other, other_guide.view().Crop(0, 0, 20, 30), target.view().Crop(0, 0, 20, 30));
  {
    const auto brief = Make(R"({"kind": "fdkn"})");
    expect_right(*brief, guide, target);
  }
  expect_right(*model, guide, target);  // what was kept outlived its model
}

}  // namespace
}  // namespace dkn
