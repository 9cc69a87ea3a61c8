#include <cmath>
#include <string>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/dkn/random_weights.h"
#include "src/net/machine.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

using ApplyBytesTest = FolderTest;

Image Filter(const JointFilter& filter, ConstView guide, ConstView target) {
  FilterOutput output;
  filter.Apply({guide, target}, output);
  return std::move(output.image);
}

// What it names suffices for the whole image, and a tenth less does not: tiles would begin.
TEST_F(ApplyBytesTest, IsWhereTilesBegin) {
  const std::string path = Path("random.safetensors");
  WriteSafetensors(path, RandomWeights({}, 1));
  const auto whole = Model::Load(path);
  const std::size_t bytes = whole->ApplyBytes({330, 253, 3, 2});
  const Image guide = RandomImage(330, 253, 3, 15);
  const Image target = RandomImage(330, 253, 2, 16);
  const Image expected = Filter(*whole, guide, target);
  const auto differing = [&](double share) {
    const int megabytes = static_cast<int>(std::ceil(share * static_cast<double>(bytes) / 1e6));
    const Image out = Filter(*Model::Load(path, {.max_memory_mb = megabytes}), guide, target);
    int count = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      count += out.data()[i] != expected.data()[i];
    }
    return count;
  };
  EXPECT_EQ(differing(1.0), 0);
  if (InstructionSet().starts_with("AVX512")) {
    EXPECT_GT(differing(0.9), 0);  // Winograd's tiles round differently
  }
  EXPECT_THROW(whole->ApplyBytes({0, 253, 3, 2}), Error);
}

}  // namespace
}  // namespace dkn
