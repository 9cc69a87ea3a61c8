// The classical filters against published code and results, and against their formulas as somebody
// else wrote them down (../shared/reference/rivals, whose README says which; not part of the
// repository).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <tuple>
#include <utility>

#include "dkn/io.h"
#include "dkn/registry.h"
#include "src/core/test_sanitizers.h"

namespace dkn {
namespace {

const std::string kRivals = DKN_SOURCE_DIR "/../shared/reference/rivals/";

class RivalsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kRivals)) {
      GTEST_SKIP() << kRivals << " is not there";
    }
  }

  // A picture of 8 bits, in [0, 1].
  static Image Picture(const std::string& name) { return ReadGuide(kRivals + name); }

  // An array, multiplied.
  static Image Array(const std::string& name, float factor = 1.0f) {
    Image image = std::move(ReadImage(kRivals + name).image);
    std::for_each(image.data(), image.data() + image.size(),
                  [factor](float& value) { value *= factor; });
    return image;
  }

  static Image Apply(const std::string& method, const FilterSettings& settings,
                     const FilterInput& input) {
    FilterOutput output;
    CreateFilter(method, {}, settings)->Apply(input, output);
    return std::move(output.image);
  }

  // No difference larger than `most`.
  static void ExpectClose(const Image& result, const Image& expected, float most) {
    ASSERT_EQ(result.width(), expected.width());
    ASSERT_EQ(result.height(), expected.height());
    ASSERT_EQ(result.channels(), expected.channels());
    float largest = 0.0f;
    for (std::size_t i = 0; i < result.size(); ++i) {
      largest = std::max(largest, std::abs(result.data()[i] - expected.data()[i]));
    }
    RecordProperty("largest_difference", std::to_string(largest));
    EXPECT_LE(largest, most);
  }
};

constexpr float kFull = 1.0f / 255.0f;

TEST_F(RivalsTest, JointBilateralUpsampling) {
  const Image guide = Picture("jbu/guide.png");
  const Image values = Array("jbu/lowres.npy", kFull);
  const Image target(guide.width(), guide.height());
  const MeasuredSamples samples{values, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  const Image result = Apply("jbu", {{"radius", 2.0}, {"sigma_space", 0.5}, {"sigma_color", 0.1}},
                             {guide, target, {}, samples});
  ExpectClose(result, Array("jbu/output_boxguide.npy", kFull), 1e-4f);
}

TEST_F(RivalsTest, MarkovRandomField) {
  const Image guide = Picture("mrf/color.png");
  const Image measured = Array("mrf/measured.npy", kFull);
  const Image mask = Array("mrf/mask.npy");
  for (const auto& [name, k, c] : {std::tuple{"a", 1.0, 5.0}, {"b", 10.0, 15.0}}) {
    const Image result =
        Apply("mrf", {{"data_weight", k}, {"color_weight", c}, {"tolerance", 1e-10}},
              {guide, measured, mask});
    ExpectClose(result, Array(std::string("mrf/output_") + name + ".npy", kFull), 1e-4f);
  }
}

TEST_F(RivalsTest, WeightedLeastSquares) {
  const Image input = Picture("smoothing/input.png");
  const Image result =
      Apply("wls", {{"lambda", 1.0}, {"alpha", 1.2}, {"tolerance", 1e-10}}, {input, input});
  ExpectClose(result, Array("smoothing/wls_l1_a1.2.npy"), 1e-4f);
}

TEST_F(RivalsTest, FastGlobalSmoother) {
  const Image input = Picture("smoothing/input.png");
  const double sigma = 8.0 / 255.0;
  const Image paper = Apply("fgs", {{"lambda", 900.0}, {"sigma_color", sigma}}, {input, input});
  ExpectClose(paper, Array("smoothing/fgs_formula_paper.npy"), 1e-4f);
  // OpenCV begins with lambda itself, where the paper has 24 / 63 of it.
  const Image opencv =
      Apply("fgs", {{"lambda", 900.0 * 63.0 / 24.0}, {"sigma_color", sigma}}, {input, input});
  ExpectClose(opencv, Array("smoothing/fgs_opencv_float.npy"), 1e-4f);
}

TEST_F(RivalsTest, RollingGuidance) {
  const Image input = Picture("smoothing/input.png");
  for (const int iterations : {0, 4}) {
    const Image result = Apply("rgf",
                               {{"sigma_space", 3.0},
                                {"sigma_color", 0.1},
                                {"iterations", static_cast<double>(iterations)}},
                               {input, input});
    ExpectClose(result, Array("smoothing/rgf_paper_" + std::to_string(iterations + 1) + ".npy"),
                1e-4f);
  }
}

TEST_F(RivalsTest, RelativeTotalVariation) {
  const Image input = Picture("smoothing/input.png");
  for (const int iterations : {1, 4}) {
    const Image result =
        Apply("rtv", {{"iterations", static_cast<double>(iterations)}, {"tolerance", 1e-10}},
              {input, input});
    ExpectClose(result, Array("smoothing/rtv_iter" + std::to_string(iterations) + ".npy"), 1e-3f);
  }
}

// Depth from sparse samples, and a picture in its own colours: all of the published results that
// the formula gave to the last bit are of this kind.
TEST_F(RivalsTest, StaticDynamicFilter) {
  const Image guide = Picture("sdf/small_depthsr_guide.png");
  const Image sparse = Picture("sdf/small_depthsr_sparse_depth.png");
  Image mask(sparse.width(), sparse.height());
  std::transform(sparse.data(), sparse.data() + sparse.size(), mask.data(),
                 [](float depth) { return depth > 0.0f ? 1.0f : 0.0f; });
  FilterSettings settings = {{"lambda", 10.0}, {"mu", 500.0}, {"nu", 200.0}, {"tolerance", 1e-10}};
  for (const int steps : {1, 5, 20}) {
    settings["steps"] = steps;
    const Image result = Apply("sdf", settings, {guide, sparse, mask});
    ExpectClose(result, Array("sdf/small_depthsr_step" + std::to_string(steps) + ".npy"), 1e-3f);
  }
  const Image input = Picture("sdf/small_scalespace_input.png");
  settings = {{"mu", 50.0}, {"nu", 400.0}, {"eight_neighbours", 1.0}, {"tolerance", 1e-10}};
  for (const int lambda : {30, 4000}) {
    for (const int steps : {1, 10}) {
      settings["lambda"] = lambda;
      settings["steps"] = steps;
      const Image result = Apply("sdf", settings, {input, input});
      ExpectClose(result,
                  Array("sdf/small_scalespace_sd" + std::to_string(lambda) + "_step" +
                        std::to_string(steps) + ".npy"),
                  1e-3f);
    }
  }
}

// The published classes, run by their author's steps: 25 of conjugate gradients, or to the end.
TEST_F(RivalsTest, FastBilateralSolver) {
  const Image guide = Picture("fbs/reference.png");
  const Image target = Array("fbs/target_u16.png", 1.0f / 65535.0f);
  const Image confidence = Array("fbs/confidence_u16.png", 1.0f / 65535.0f);
  FilterSettings settings = {
      {"sigma_space", 8.0}, {"sigma_luma", 4.0}, {"sigma_chroma", 4.0}, {"lambda", 128.0}};
  ExpectClose(Apply("fbs", settings, {guide, target, confidence}),
              Array("fbs/output_solver_cg25.npy"), 1e-3f);
  settings["iterations"] = 10000;
  ExpectClose(Apply("fbs", settings, {guide, target, confidence}),
              Array("fbs/output_solver_exact.npy"), 1e-3f);
}

// Against the published program, whose lattice is this one's, closely, and against whole sums as
// far as a lattice comes to them.
TEST_F(RivalsTest, DenseCrf) {
  const Image guide = Picture("densecrf/image.png");
  Image scores = Array("densecrf/unary.npy");
  std::for_each(scores.data(), scores.data() + scores.size(),
                [](float& value) { value = std::exp(-value); });
  FilterSettings settings[3] = {
      {},
      {{"smooth_sigma", 1.5},
       {"smooth_weight", 2.0},
       {"sigma_space", 10.0},
       {"sigma_color", 20.0 / 255.0},
       {"color_weight", 4.0}},
      {{"smooth_sigma", 2.0}, {"smooth_weight", 3.0}, {"color_weight", 0.0}}};
  const std::string names[3] = {"a_default", "b_small", "c_gauss_only"};
  const auto mean_difference = [](const Image& a, const Image& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      sum += std::abs(a.data()[i] - b.data()[i]) / static_cast<double>(a.size());
    }
    return sum;
  };
  for (int k = 0; k < 3; ++k) {
    for (const int iterations : {5, 10}) {
      settings[k]["iterations"] = iterations;
      const Image result = Apply("densecrf", settings[k], {guide, scores});
      const std::string end = "_iter" + std::to_string(iterations) + ".npy";
      const Image published = Array("densecrf/" + names[k] + "_permutohedral" + end);
      ASSERT_EQ(result.size(), published.size());
      EXPECT_LT(mean_difference(result, published), 1e-4) << names[k] << end;
      EXPECT_LT(mean_difference(result, Array("densecrf/" + names[k] + "_exact" + end)), 5e-3)
          << names[k] << end;
    }
  }
}

// The energy's minimum, by 80,000 iterations of somebody else's, and how near as many iterations
// as the authors take come to it.
TEST_F(RivalsTest, TotalGeneralizedVariation) {
  const Image guide = Array("tgv/gray.npy");
  const Image sparse = Array("tgv/sparse_normalised.npy");
  Image mask = Array("tgv/weight.npy", 1.0f / 40.0f);
  const Image converged = Array("tgv/converged.npy");
  const auto distance = [&](const Image& u) {
    double squares = 0.0;
    for (std::size_t i = 0; i < u.size(); ++i) {
      squares += std::pow(static_cast<double>(u.data()[i]) - converged.data()[i], 2.0);
    }
    return std::sqrt(squares / static_cast<double>(u.size()));
  };
  FilterSettings settings = {{"alpha0", 17.0}, {"alpha1", 1.2}};
  if (!kSanitized) {  // more of the same code
    settings["iterations"] = 20000.0;
    EXPECT_LT(distance(Apply("tgv", settings, {guide, sparse, mask})), 0.008);
  }
  settings["iterations"] = 1000.0;
  EXPECT_LT(distance(Apply("tgv", settings, {guide, sparse, mask})),
            0.5 * distance(Array("tgv/published_1001it.npy")));
}

}  // namespace
}  // namespace dkn
