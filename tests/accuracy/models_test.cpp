#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dkn/model.h"
#include "dkn/registry.h"
#include "src/eval/evaluate.h"
#include "src/eval/experiment.h"
#include "tests/accuracy/rooms.h"

// The accuracy of the weights that ship, on rooms that nobody trained on. A change that costs 3 %
// of it is a change of the weights, or a fault.
namespace dkn {
namespace {

struct Shipped {
  const char* model;
  double rmse;  // mean over the rooms, by the protocol that the model's file tells, in metres
};

constexpr Shipped kShipped[] = {
    {"dkn_denoise", 0.06429},
    {"dkn_x16", 0.24234},
    {"dkn_x4", 0.09713},
    {"dkn_x8", 0.15657},
    {"dkn_x8_no_residual", 0.16624},
    {"dkn_x8_target_only", 0.17304},
    {"fdkn_any", 0.15601},
    {"fdkn_denoise", 0.07117},
    {"fdkn_x16", 0.24589},
    {"fdkn_x4", 0.09378},
    {"fdkn_x8", 0.15950},
    {"fdkn_x8_no_residual", 0.16769},
    {"fdkn_x8_target_only", 0.16762},
};

class ShippedModelTest : public testing::TestWithParam<Shipped> {};

TEST_P(ShippedModelTest, KeepsItsAccuracy) {
  const auto& [name, expected] = GetParam();
  const auto model = LoadModel(name);
  const eval::Protocol protocol = eval::CardProtocol(model->metadata());
  double sum = 0.0;
  constexpr unsigned kRooms = 2;
  for (unsigned i = 0; i < kRooms; ++i) {
    const RgbdImage& room = Room(4000 + i);
    sum += eval::EvaluateImage(*model, room.rgb, room.depth, protocol, i);
  }
  EXPECT_NEAR(sum / kRooms, expected, 0.03 * expected) << name;
}

INSTANTIATE_TEST_SUITE_P(Rooms, ShippedModelTest, testing::ValuesIn(kShipped),
                         [](const auto& info) { return std::string(info.param.model); });

TEST(ShippedModels, AreAllHeld) {
  for (const std::string& name : ListModels()) {
    if (name == "fdkn_photo" || name == "fdkn_scores" || name == "fdkn_camvid") {
      continue;  // pictures_test.cpp, scores_test.cpp, tests/e2e/segment_test.py
    }
    EXPECT_TRUE(std::any_of(std::begin(kShipped), std::end(kShipped), [&](const Shipped& shipped) {
      return name == shipped.model;
    })) << name;
  }
}

}  // namespace
}  // namespace dkn
