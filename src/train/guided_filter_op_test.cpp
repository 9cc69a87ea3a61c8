#include "src/train/guided_filter_op.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "src/io/npy_array.h"

namespace dkn::train {
namespace {

// One image of a batch.
Image ImageFrom(const torch::Tensor& tensor, int64_t n) {
  const torch::Tensor values = tensor[n].to(torch::kFloat).contiguous();
  Image image(static_cast<int>(values.size(2)), static_cast<int>(values.size(1)),
              static_cast<int>(values.size(0)));
  std::copy_n(values.data_ptr<float>(), values.numel(), image.data());
  return image;
}

void ExpectClose(const torch::Tensor& result, const torch::Tensor& expected, double most) {
  ASSERT_EQ(result.sizes(), expected.sizes());
  EXPECT_LE((result - expected).abs().max().item<double>(), most);
}

// The largest difference.
float Largest(const Image& a, const Image& b) {
  float largest = a.size() == b.size() ? 0.0f : 1e30f;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(a.data()[i] - b.data()[i]));
  }
  return largest;
}

TEST(GuidedFilterOp, GivesWhatTheLayerGives) {  // and so do the composed operations
  torch::manual_seed(1);
  for (const int guides : {1, 3}) {
    for (const GuidedLayer layer : {GuidedLayer{1, 1e-8}, {4, 1e-2}, {30, 1e-3}}) {
      const auto guide = torch::rand({2, guides, 9, 14});
      const auto target = torch::randn({2, 3, 9, 14}) * 10;
      const auto high = torch::rand({2, guides, 31, 47});
      const auto full = FullGuidedFilterOp(guide, target, layer);
      const auto fast = FastGuidedFilterOp(guide, target, high, layer);
      ExpectClose(ComposedFullGuidedFilter(guide, target, layer), full, 1e-4);
      ExpectClose(ComposedFastGuidedFilter(guide, target, high, layer), fast, 1e-4);
      EXPECT_EQ(full.scalar_type(), torch::kFloat);
      EXPECT_EQ(fast.scalar_type(), torch::kFloat);
      for (int64_t n = 0; n < 2; ++n) {
        const Image x = ImageFrom(guide, n);
        const Image y = ImageFrom(target, n);
        EXPECT_LE(Largest(FullGuidedLayer(layer, x, y), ImageFrom(full, n)), 1e-4f);
        EXPECT_LE(Largest(FastGuidedLayer(layer, x, y, ImageFrom(high, n)), ImageFrom(fast, n)),
                  1e-4f);
      }
    }
  }
}

struct Gradients {
  torch::Tensor value;
  std::vector<torch::Tensor> by_image;
};

// By a cotangent at random, always the same one.
template <typename Op>
Gradients Differentiate(const std::vector<torch::Tensor>& images, const Op& op) {
  Gradients result;
  std::vector<torch::Tensor> leaves;
  for (const torch::Tensor& image : images) {
    leaves.push_back(image.detach().clone().requires_grad_());
  }
  const torch::Tensor value = op(leaves);
  torch::manual_seed(7);
  (value.to(torch::kDouble) * torch::randn(value.sizes(), torch::kDouble)).sum().backward();
  result.value = value.detach();
  for (const torch::Tensor& leaf : leaves) {
    result.by_image.push_back(leaf.grad());
  }
  return result;
}

void ExpectSame(const Gradients& ours, const Gradients& composed) {
  ExpectClose(ours.value, composed.value, 1e-4);
  for (std::size_t i = 0; i < ours.by_image.size(); ++i) {
    const double scale = composed.by_image[i].abs().max().item<double>();
    EXPECT_GT(scale, 0.1);
    ExpectClose(ours.by_image[i], composed.by_image[i], 1e-5 * scale);
  }
}

// Our kernels against automatic derivatives; the second guides are flat, of variances of epsilon's
// size, which sums in float would lose.
TEST(GuidedFilterOp, ValuesAndGradientsAreThoseOfComposedOperations) {
  torch::manual_seed(1);
  const auto target = torch::randn({2, 3, 9, 14});
  for (const int guides : {1, 3}) {
    const auto rough = torch::rand({2, guides, 9, 14});
    const auto flat = 0.9 + 1e-3 * torch::rand({2, guides, 9, 14});
    const auto high = torch::rand({2, guides, 31, 47});
    for (const auto& [guide, layer] :
         {std::pair{rough, GuidedLayer{1, 1e-2}}, {rough, {30, 1e-3}}, {flat, {2, 1e-8}}}) {
      const auto full = [layer = layer](const auto& images) {
        return FullGuidedFilterOp(images[0], images[1], layer);
      };
      const auto composed_full = [layer = layer](const auto& images) {
        return ComposedFullGuidedFilter(images[0], images[1], layer);
      };
      ExpectSame(Differentiate({guide, target}, full),
                 Differentiate({guide, target}, composed_full));
    }
    const GuidedLayer layer{2, 1e-2};
    const auto fast = [&](const auto& images) {
      return FastGuidedFilterOp(images[0], images[1], images[2], layer);
    };
    const auto composed_fast = [&](const auto& images) {
      return ComposedFastGuidedFilter(images[0], images[1], images[2], layer);
    };
    ExpectSame(Differentiate({rough, target, high}, fast),
               Differentiate({rough, target, high}, composed_fast));
  }
}

TEST(GuidedFilterOp, TakesAnyLayoutInMemoryAndShorterNumbers) {
  torch::manual_seed(1);
  const auto guide = torch::rand({2, 3, 9, 14});
  const auto target = torch::randn({2, 3, 9, 14});
  const GuidedLayer layer{2, 1e-2};
  const auto op = [&](const auto& images) {
    return FullGuidedFilterOp(images[0], images[1], layer);
  };
  const Gradients plain = Differentiate({guide, target}, op);
  const auto last = torch::MemoryFormat::ChannelsLast;
  const Gradients other = Differentiate({guide.contiguous(last), target.contiguous(last)}, op);
  EXPECT_TRUE(torch::equal(plain.value, other.value));
  EXPECT_TRUE(torch::equal(plain.by_image[0], other.by_image[0]));
  EXPECT_TRUE(torch::equal(plain.by_image[1], other.by_image[1]));
  const Gradients shorter = Differentiate({guide, target.to(torch::kBFloat16)}, op);
  EXPECT_EQ(shorter.value.scalar_type(), torch::kBFloat16);
  EXPECT_EQ(shorter.by_image[1].scalar_type(), torch::kBFloat16);
  ExpectClose(shorter.value.to(torch::kFloat), plain.value, 0.05);
}

// What others computed (../shared/reference/rivals, not part of the repository): gradients by the
// published layer.
class GuidedFilterReference : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) {
      GTEST_SKIP() << kFolder << " is not there";
    }
  }
  // [1, C, H, W].
  static torch::Tensor Array(const std::string& name, torch::ScalarType type = torch::kFloat) {
    const NpyArray array(kFolder + name + ".npy");
    std::vector<int64_t> shape = {1};
    std::int64_t count = 1;
    for (const std::int64_t size : array.shape()) {
      shape.push_back(size);
      count *= size;
    }
    std::vector<double> values = array.Read(0, static_cast<std::size_t>(count));
    return torch::tensor(values, torch::kDouble).reshape(shape).to(type);
  }
  static inline const std::string kFolder = DKN_SOURCE_DIR "/../shared/reference/rivals/dgf/";
};

TEST_F(GuidedFilterReference, ValuesAreThoseOfThePublishedLayer) {
  for (const auto& [name, layer] :
       {std::pair{std::string("r1_eps1e-08"), GuidedLayer{1, 1e-8}}, {"r2_eps0.01", {2, 0.01}}}) {
    const auto x = Array("x_lr");
    const auto y = Array("y_lr");
    const auto high = Array("x_hr");
    const auto fast = Array("fast_" + name);
    const auto full = Array("full_" + name);
    ExpectClose(ComposedFastGuidedFilter(x, y, high, layer), fast, 1e-5);
    ExpectClose(ComposedFullGuidedFilter(x, y, layer), full, 1e-5);
    const Image low_guide = ImageFrom(x, 0);
    const Image low_target = ImageFrom(y, 0);
    EXPECT_LE(Largest(FastGuidedLayer(layer, low_guide, low_target, ImageFrom(high, 0)),
                      ImageFrom(fast, 0)),
              1e-5f);
    EXPECT_LE(Largest(FullGuidedLayer(layer, low_guide, low_target), ImageFrom(full, 0)), 1e-5f);
  }
}

TEST_F(GuidedFilterReference, GradientsAreThoseOfThePublishedLayer) {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    std::vector<torch::Tensor> leaves;
    for (const char* name : {"x_lr", "y_lr", "x_hr"}) {
      leaves.push_back(Array(name, type).requires_grad_());
    }
    const auto result = FastGuidedFilterOp(leaves[0], leaves[1], leaves[2], {2, 0.01});
    (result * Array("grad_upstream", type)).sum().backward();
    ExpectClose(leaves[0].grad(), Array("grad_x_lr_r2_eps0.01", type), 1e-5);
    ExpectClose(leaves[1].grad(), Array("grad_y_lr_r2_eps0.01", type), 1e-5);
    ExpectClose(leaves[2].grad(), Array("grad_x_hr_r2_eps0.01", type), 1e-5);
  }
}

}  // namespace
}  // namespace dkn::train
