#include "src/net/primal_dual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/core/test_targets.h"
#include "src/net/test_primal_dual.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

// Numbers that differ from one iteration to the next.
PrimalDualLayer LayerOf(std::size_t steps) {
  PrimalDualLayer layer;
  for (std::size_t i = 0; i < steps; ++i) {
    const double part = 0.1 * static_cast<double>(i);
    layer.steps.push_back({0.2 + part, 0.05 + part, 1.0 / 16.0 + 0.1 * part,
                           1.0 / 16.0 + 0.1 * part, 1.1 - 0.3 * part});
  }
  layer.sharpness = 0.7;
  return layer;
}

struct Case {
  Image target;
  Image affinities;
};
Case RandomCase(int width, int height) {
  return {RandomImage(width, height, 1, -1.0f, 1.0f, 1),
          RandomImage(width, height, kPrimalDualDirections, -4.0f, 4.0f, 2)};
}

double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void ExpectSame(const PrimalDualState& state, const PlainPrimalDual& plain, float tolerance) {
  ExpectNear(state.dual, plain.dual(), tolerance);
  ExpectNear(state.primal, plain.primal(), tolerance);
  ExpectNear(state.relaxed, plain.relaxed(), tolerance);
}

void ExpectTheFormula() {
  for (const auto& [width, height] : {std::pair{17, 9}, {64, 21}, {1, 1}, {1, 9}, {8, 1}, {2, 3}}) {
    const Case at = RandomCase(width, height);
    for (const std::size_t steps : {0, 1, 2, 6}) {
      const PrimalDualLayer layer = LayerOf(steps);
      ExpectSame(PrimalDual(layer, at.target, at.affinities),
                 PlainPrimalDual(layer, at.target, at.affinities), 2e-6f);
    }
  }
  // As the authors start, of images of 8 bits.
  const Image target = RandomImage(33, 20, 1, 0.0f, 255.0f, 3);
  const Image affinities = RandomImage(33, 20, kPrimalDualDirections, 0.0f, 255.0f, 4);
  const PrimalDualLayer layer{.steps = std::vector<PrimalDualStep>(20)};
  const PrimalDualState state = PrimalDual(layer, target, affinities);
  const PlainPrimalDual plain(layer, target, affinities);
  ExpectSame(state, plain, 255e-6f);
  float moved = 0.0f;
  for (std::size_t i = 0; i < target.size(); ++i) {
    moved = std::max(moved, std::abs(state.primal.data()[i] - target.data()[i]));
  }
  EXPECT_GT(moved, 5.0f);
}

TEST(PrimalDual, IsWhatItsFormulaSays) {
  OnEachTarget(ExpectTheFormula);
}

// <grad u, p> = <u, grad^T p>: of the definition, which the others are held against.
TEST(PrimalDual, DifferencesAndTheirAdjointGoTogether) {
  const Case at = RandomCase(11, 7);
  const PlainPrimalDual plain({}, at.target, at.affinities);
  const std::vector<double> u = PlainPrimalDual::Values(at.target);
  const std::vector<double> p = PlainPrimalDual::Values(at.affinities);
  const double one = Dot(plain.Differences(u), p);
  const double other = Dot(u, plain.Adjoint(p));
  EXPECT_NEAR(one, other, 1e-12 * std::abs(one));
  EXPECT_GT(std::abs(one), 1.0);
}

TEST(PrimalDual, DirectionsAreHalfAWindow) {
  EXPECT_EQ(kPrimalDualOffsets.front().dx, -3);
  EXPECT_EQ(kPrimalDualOffsets.front().dy, -3);
  EXPECT_EQ(kPrimalDualOffsets.back().dx, 3);
  EXPECT_EQ(kPrimalDualOffsets.back().dy, -1);
  for (const auto& [dx, dy] : kPrimalDualOffsets) {
    EXPECT_TRUE(dy < 0 || (dy == 0 && dx < 0));
  }
}

// To the bit; and a moved target gives a moved result.
TEST(PrimalDual, ConstantsStayWhatTheyAre) {
  const Case at = RandomCase(19, 13);
  Image constant(19, 13);
  std::fill_n(constant.data(), constant.size(), 171.3f);
  const PrimalDualLayer layer = LayerOf(20);
  const Image result = std::move(PrimalDual(layer, constant, at.affinities).primal);
  EXPECT_EQ(std::memcmp(result.data(), constant.data(), sizeof(float) * result.size()), 0);

  Image moved = Image::Clone(at.target);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    moved.data()[i] += 2.0f;
  }
  const Image before = std::move(PrimalDual(layer, at.target, at.affinities).primal);
  const Image after = std::move(PrimalDual(layer, moved, at.affinities).primal);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    ASSERT_NEAR(after.data()[i], before.data()[i] + 2.0f, 2e-5f);
  }
}

// Where affinities tell an edge of all but one side's neighbours, it stays; where they tell none,
// it goes.
TEST(PrimalDual, AffinitiesKeepEdges) {
  constexpr int kSide = 16;
  Image edge(kSide, kSide);
  Image affinities(kSide, kSide, kPrimalDualDirections);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      edge(x, y) = x < kSide / 2 ? 100.0f : 110.0f;
      for (std::size_t k = 0; k < kPrimalDualOffsets.size(); ++k) {
        const bool across = (x < kSide / 2) != (x + kPrimalDualOffsets[k].dx < kSide / 2);
        affinities(x, y, static_cast<int>(k)) = across ? 100.0f : 0.0f;
      }
    }
  }
  const PrimalDualLayer layer{.steps = std::vector<PrimalDualStep>(20)};
  const Image kept = std::move(PrimalDual(layer, edge, affinities).primal);
  const Image gone =
      std::move(PrimalDual(layer, edge, Image(kSide, kSide, kPrimalDualDirections)).primal);
  ExpectNear(kept, edge, 1e-3f);
  EXPECT_LT(gone(kSide / 2, 8) - gone(kSide / 2 - 1, 8), 7.0f);
}

TEST(PrimalDual, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Case at = RandomCase(37, 29);
  const PrimalDualLayer layer = LayerOf(7);
  const auto run = [&](int threads) {
    SetThreads(threads);
    auto result = std::pair(PrimalDual(layer, at.target, at.affinities),
                            GradientsOfPrimalDual(layer, at.target, at.affinities, at.target));
    SetThreads(0);
    return result;
  };
  const auto [one, one_back] = run(1);
  const auto same = [](const Image& a, const Image& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(float) * a.size()) == 0;
  };
  for (const int threads : {2, 3}) {
    const auto [other, other_back] = run(threads);
    EXPECT_TRUE(same(one.primal, other.primal));
    EXPECT_TRUE(same(one.dual, other.dual));
    EXPECT_TRUE(same(one_back.target, other_back.target));
    EXPECT_TRUE(same(one_back.affinities, other_back.affinities));
    EXPECT_EQ(one_back.layer.sharpness, other_back.layer.sharpness);
    EXPECT_EQ(one_back.layer.steps[3].sigma, other_back.layer.steps[3].sigma);
  }
}

// Views into larger images.
TEST(PrimalDual, TakesRowsThatAreApart) {
  const Case at = RandomCase(20, 15);
  const ConstView target = at.target.view().Crop(3, 2, 13, 11);
  const ConstView affinities = at.affinities.view().Crop(3, 2, 13, 11);
  const PrimalDualLayer layer = LayerOf(4);
  const Image whole =
      std::move(PrimalDual(layer, Image::Clone(target), Image::Clone(affinities)).primal);
  ExpectNear(PrimalDual(layer, target, affinities).primal, whole, 0.0f);
}

TEST(PrimalDual, RefusesWhatDoesNotFit) {
  const PrimalDualLayer layer = LayerOf(2);
  const Image target(5, 4);
  const Image affinities(5, 4, kPrimalDualDirections);
  const auto message = [&](const PrimalDualLayer& wrong) {
    return [&] { PrimalDual(wrong, target, affinities); };
  };
  EXPECT_THROW(PrimalDual(layer, Image(), Image()), Error);
  EXPECT_THROW(PrimalDual(layer, Image(4, 5), affinities), Error);
  EXPECT_THROW(PrimalDual(layer, affinities, affinities), Error);
  EXPECT_THROW(PrimalDual(layer, target, target), Error);
  EXPECT_THROW(GradientsOfPrimalDual(layer, target, affinities, Image(4, 5)), Error);
  PrimalDualLayer wrong = layer;
  wrong.steps[1].tau = 0.0;
  EXPECT_THAT(message(wrong), ThrowsMessage<Error>(HasSubstr("a tau of 0")));
  wrong = layer;
  wrong.steps[1].lambda = -1.0;
  EXPECT_THAT(message(wrong), ThrowsMessage<Error>(HasSubstr("a lambda of -1")));
  wrong = layer;
  wrong.sharpness = std::numeric_limits<double>::infinity();
  EXPECT_THAT(message(wrong), ThrowsMessage<Error>(HasSubstr("sharpness")));
}

std::vector<double> Moved(std::vector<double> values, const std::vector<double>& direction,
                          double step) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] += step * direction[i];
  }
  return values;
}

// Against central differences of the definition, in double: of each number, and of the images along
// a direction at random. Steps are so small that no value of p reaches or leaves its bound.
TEST(PrimalDualGradients, AreTheSlopesOfTheIterations) {
  constexpr int kWidth = 12;
  constexpr int kHeight = 9;
  constexpr double kMove = 1e-7;
  const auto values = PlainPrimalDual::Values;
  for (const std::size_t steps : {1, 2, 5, 9}) {
    const Case at = RandomCase(kWidth, kHeight);
    const std::vector<double> target = values(at.target);
    const std::vector<double> affinities = values(at.affinities);
    const Image cotangent = RandomImage(kWidth, kHeight, 1, -1.0f, 1.0f, 5);
    const PrimalDualLayer layer = LayerOf(steps);
    const PrimalDualGradients gradients =
        GradientsOfPrimalDual(layer, at.target, at.affinities, cotangent);
    const auto product = [&](const PrimalDualLayer& by, const std::vector<double>& f,
                             const std::vector<double>& g) {
      return Dot(PlainPrimalDual(by, kWidth, kHeight, f, g).values(), values(cotangent));
    };
    const auto expect = [&](double gradient, const auto& value) {
      const double slope = (value(kMove) - value(-kMove)) / (2.0 * kMove);
      EXPECT_NEAR(gradient, slope, 1e-5 * (1.0 + std::abs(slope)));
      EXPECT_NE(slope, 0.0);
    };
    const auto to = values(RandomImage(kWidth, kHeight, 1, -1.0f, 1.0f, 6));
    expect(Dot(values(gradients.target), to),
           [&](double move) { return product(layer, Moved(target, to, move), affinities); });
    const auto turn = values(RandomImage(kWidth, kHeight, kPrimalDualDirections, -1.0f, 1.0f, 7));
    expect(Dot(values(gradients.affinities), turn),
           [&](double move) { return product(layer, target, Moved(affinities, turn, move)); });
    expect(gradients.layer.sharpness, [&](double move) {
      PrimalDualLayer moved = layer;
      moved.sharpness += move;
      return product(moved, target, affinities);
    });
    for (std::size_t i = 0; i < steps; ++i) {
      for (const PrimalDualNumber& number : kPrimalDualNumbers) {
        const double gradient = gradients.layer.steps[i].*number.value;
        if (i + 1 == steps && number.value == &PrimalDualStep::theta) {
          EXPECT_EQ(gradient, 0.0);  // nothing takes the last `relaxed`
          continue;
        }
        expect(gradient, [&](double move) {
          PrimalDualLayer moved = layer;
          moved.steps[i].*number.value += move;
          return product(moved, target, affinities);
        });
      }
    }
  }
}

}  // namespace
}  // namespace dkn
