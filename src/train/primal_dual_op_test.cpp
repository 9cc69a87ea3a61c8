#include "src/train/primal_dual_op.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "src/io/npy_array.h"
#include "src/net/primal_dual.h"

namespace dkn::train {
namespace {

void ExpectClose(const torch::Tensor& result, const torch::Tensor& expected, double most) {
  ASSERT_EQ(result.sizes(), expected.sizes());
  EXPECT_LE((result - expected).abs().max().item<double>(), most);
}

// What both take: two images, and numbers that differ between the iterations.
std::vector<torch::Tensor> RandomCase(int64_t width, int64_t height, int64_t steps) {
  const torch::Tensor numbers = torch::rand({5, steps}, torch::kDouble) * 0.2 + 0.05;
  numbers[4] += 0.7;  // theta
  return {torch::randn({2, 1, height, width}, torch::kDouble),
          torch::randn({2, kPrimalDualDirections, height, width}, torch::kDouble) * 3.0, numbers,
          torch::full({1}, 0.6, torch::kDouble)};
}

std::vector<torch::Tensor> As(const std::vector<torch::Tensor>& values, torch::ScalarType type) {
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& value : values) {
    result.push_back(value.to(type).detach().clone());
  }
  return result;
}

torch::Tensor Op(const std::vector<torch::Tensor>& in) {
  return PrimalDualOp(in[0], in[1], in[2], in[3]);
}
torch::Tensor Composed(const std::vector<torch::Tensor>& in) {
  return ComposedPrimalDual(in[0], in[1], in[2], in[3]);
}

// The value, then the gradients by all that goes in, of a cotangent at random, always the same one.
template <typename Function>
std::vector<torch::Tensor> Differentiate(const std::vector<torch::Tensor>& in,
                                         const Function& function) {
  std::vector<torch::Tensor> leaves = As(in, in[0].scalar_type());
  for (torch::Tensor& leaf : leaves) {
    leaf.requires_grad_();
  }
  const torch::Tensor value = function(leaves);
  torch::manual_seed(7);
  (value.to(torch::kDouble) * torch::randn(value.sizes(), torch::kDouble)).sum().backward();
  std::vector<torch::Tensor> results = {value.detach()};
  for (const torch::Tensor& leaf : leaves) {
    results.push_back(leaf.grad().defined() ? leaf.grad().to(torch::kDouble)
                                            : torch::zeros_like(leaf, torch::kDouble));
  }
  return results;
}

TEST(PrimalDualOp, ValuesAndGradientsAreThoseOfComposedOperations) {
  torch::manual_seed(1);
  for (const auto& [width, height] : {std::pair{13, 9}, {2, 5}, {1, 1}, {33, 4}}) {
    for (const int64_t steps : {1, 4, 20}) {
      const std::vector<torch::Tensor> in = As(RandomCase(width, height, steps), torch::kFloat);
      const std::vector<torch::Tensor> ours = Differentiate(in, Op);
      const std::vector<torch::Tensor> composed = Differentiate(As(in, torch::kDouble), Composed);
      EXPECT_EQ(ours[0].scalar_type(), torch::kFloat);
      for (std::size_t i = 0; i < ours.size(); ++i) {
        const double scale = composed[i].abs().max().item<double>();
        ExpectClose(ours[i], composed[i], 2e-5 * scale + 1e-12);
        EXPECT_GT(scale, width == 1 && i > 1 ? -1.0 : 1e-6) << i;
      }
    }
  }
}

// Of the composed operation, in double, by every number and by some of the images' pixels.
TEST(PrimalDualOp, GradientsAreCentralDifferences) {
  torch::manual_seed(2);
  constexpr double kMove = 1e-7;
  const std::vector<torch::Tensor> in = RandomCase(9, 7, 6);
  const std::vector<torch::Tensor> gradients = Differentiate(in, Op);
  torch::manual_seed(7);
  const torch::Tensor cotangent = torch::randn(gradients[0].sizes(), torch::kDouble);
  for (std::size_t i = 0; i < in.size(); ++i) {
    const int64_t count = in[i].numel();
    for (int64_t at = 0; at < count; at += 1 + count / 40) {
      const auto value = [&](double move) {
        std::vector<torch::Tensor> moved = As(in, torch::kDouble);
        moved[i].view({-1})[at] += move;
        return (Composed(moved) * cotangent).sum().item<double>();
      };
      const double slope = (value(kMove) - value(-kMove)) / (2.0 * kMove);
      EXPECT_NEAR(gradients[i + 1].view({-1})[at].item<double>(), slope,
                  1e-6 * (1.0 + std::abs(slope)))
          << i << " " << at;
    }
  }
}

TEST(PrimalDualOp, TakesAnyLayoutInMemoryAndShorterNumbers) {
  torch::manual_seed(3);
  const std::vector<torch::Tensor> in = As(RandomCase(13, 9, 3), torch::kFloat);
  const std::vector<torch::Tensor> plain = Differentiate(in, Op);
  const auto turned = [](const std::vector<torch::Tensor>& leaves) {
    return PrimalDualOp(leaves[0], leaves[1].contiguous(torch::MemoryFormat::ChannelsLast),
                        leaves[2], leaves[3]);
  };
  const std::vector<torch::Tensor> other = Differentiate(in, turned);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_TRUE(torch::equal(plain[i], other[i])) << i;
  }
  const auto shorter = [](const std::vector<torch::Tensor>& leaves) {
    return PrimalDualOp(leaves[0], leaves[1].to(torch::kBFloat16), leaves[2], leaves[3]);
  };
  ExpectClose(Differentiate(in, shorter)[0], plain[0], 0.02);
}

// Outputs that others made by the formula (not part of the repository).
class PdnReference : public testing::Test {
 protected:
  static inline const std::string kFolder = DKN_SOURCE_DIR "/../shared/reference/rivals/pdn/";

  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) {
      GTEST_SKIP() << kFolder << " is not there";
    }
  }

  static torch::Tensor Array(const std::string& name) {
    const NpyArray array(kFolder + name + ".npy");
    const std::vector<std::size_t> shape(array.shape().begin(), array.shape().end());
    std::vector<int64_t> sizes(shape.begin(), shape.end());
    std::size_t count = 1;
    for (const std::size_t size : shape) {
      count *= size;
    }
    std::vector<double> values = array.Read(0, count);
    torch::Tensor result = torch::tensor(values, torch::kDouble).view(sizes);
    return sizes.size() == 2 ? result.unsqueeze(0) : result;
  }

  static Image ImageOf(const torch::Tensor& tensor) {
    const torch::Tensor values = tensor.to(torch::kFloat).contiguous();
    Image image(static_cast<int>(values.size(2)), static_cast<int>(values.size(1)),
                static_cast<int>(values.size(0)));
    std::copy_n(values.data_ptr<float>(), values.numel(), image.data());
    return image;
  }

  // Within 1e-5 of the largest value.
  static void ExpectEqual(const Image& result, const std::string& name) {
    const torch::Tensor expected = Array(name);
    const torch::Tensor given =
        torch::from_blob(const_cast<float*>(result.data()), expected.sizes(), torch::kFloat);
    ExpectClose(given, expected, 1e-5 * expected.abs().max().item<double>());
  }
};

TEST_F(PdnReference, DirectionsAreTheirs) {
  const torch::Tensor theirs = Array("directions_dx_dy")[0];
  for (std::size_t k = 0; k < kPrimalDualOffsets.size(); ++k) {
    EXPECT_EQ(theirs[0][static_cast<int64_t>(k)].item<int>(), kPrimalDualOffsets[k].dx);
    EXPECT_EQ(theirs[1][static_cast<int64_t>(k)].item<int>(), kPrimalDualOffsets[k].dy);
  }
}

TEST_F(PdnReference, IterationsGiveWhatTheirsDo) {
  const Image target = ImageOf(Array("f"));
  const Image affinities = ImageOf(Array("guide_feature"));
  const PrimalDualStep start;
  PrimalDualStep visible;
  visible.lambda = 0.5;
  visible.tau = 1.0 / 16.0;
  for (const auto& [name, step] :
       {std::pair<std::string, PrimalDualStep>{"default", start}, {"visible", visible}}) {
    const PrimalDualLayer one{.steps = {step}};
    const PrimalDualState first = PrimalDual(one, target, affinities);
    ExpectEqual(first.dual, name + "_iter1_p");
    ExpectEqual(first.primal, name + "_iter1_u");
    ExpectEqual(first.relaxed, name + "_iter1_ubar");
    const PrimalDualLayer all{.steps = std::vector<PrimalDualStep>(20, step)};
    ExpectEqual(PrimalDual(all, target, affinities).primal, name + "_iter20_u");
  }
}

}  // namespace
}  // namespace dkn::train
