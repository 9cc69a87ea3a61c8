// Sessions of a network: the same bits as Apply, and no work twice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/parallel_for.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/dkn/random_weights.h"
#include "src/dkn/test_distant_rows.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class SessionTest : public FolderTest {
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

FilterOutput Applied(const JointFilter& filter, const FilterInput& input) {
  FilterOutput output;
  filter.Apply(input, output);
  return output;
}

TEST_F(SessionTest, GivesTheBitsOfApply) {
  const ThreadCount two(2);  // each takes memory
  struct {
    const char* architecture;
    int max_memory_mb;
  } const cases[] = {{R"({"kind": "fdkn"})", 0},
                     {R"({"kind": "fdkn"})", 22},  // tiles
                     {R"({"kind": "fdkn", "guide": "none"})", 0},
                     {R"({"kind": "fdkn", "levels": 5, "target": "measurement"})", 0},
                     {R"({"kind": "fdkn", "streams": "one"})", 0},
                     {R"({"kind": "dkn", "n1": 32, "n2": 32})", 0}};
  for (const auto& [architecture, max_memory_mb] : cases) {
    const auto model = Make(architecture, max_memory_mb);
    const int width = max_memory_mb == 0 ? 50 : 350;
    const Image mask = RandomImage(width, 131, 1, 2);
    const auto session = model->StartSession({.width = width, .height = 131});
    FilterOutput output;
    for (const unsigned guide_seed : {1u, 5u}) {
      const Image guide = RandomImage(width, 131, 3, guide_seed);
      session->SetGuide(guide);
      for (const bool confidence : {false, true, false}) {
        const Image target = RandomImage(width, 131, 1, confidence ? 3 : 4);
        session->Apply({{}, target, mask, {}, confidence}, output);
        const FilterOutput expected = Applied(*model, {guide, target, mask, {}, confidence});
        EXPECT_TRUE(Same(output.image, expected.image)) << architecture;
        EXPECT_TRUE(Same(output.support, expected.support)) << architecture;
        EXPECT_TRUE(Same(output.confidence, expected.confidence)) << architecture;
        EXPECT_EQ(output.support.empty(), !confidence);
      }
    }
  }
}

// The promise is broken here, to see that the guide's part is not repeated.
TEST_F(SessionTest, DoesNotLookAtTheGuideAgain) {
  const auto model = Make(R"({"kind": "fdkn"})");
  Image guide = RandomImage(40, 30, 3, 1);
  const Image target = RandomImage(40, 30, 1, 2);
  const auto session = model->StartSession({.width = 40, .height = 30});
  FilterOutput output;
  session->SetGuide(guide);
  session->Apply({{}, target}, output);
  const Image before = Image::Clone(output.image);
  std::fill_n(guide.data(), guide.size(), 0.5f);
  session->Apply({{}, target}, output);
  EXPECT_TRUE(Same(output.image, before));
  session->SetGuide(guide);
  session->Apply({{}, target}, output);
  EXPECT_FALSE(Same(output.image, before));
}

// What a session prepares is for a number of threads; it goes on with another.
TEST_F(SessionTest, GoesOnWithMoreThreads) {
  const auto model = Make(R"({"kind": "fdkn"})");
  const Image guide = RandomImage(40, 30, 3, 1);
  const Image target = RandomImage(40, 30, 1, 2);
  std::unique_ptr<FilterSession> session;
  {
    const ThreadCount one(1);
    session = model->StartSession({.width = 40, .height = 30});
    session->SetGuide(guide);
  }
  const ThreadCount three(3);
  FilterOutput output;
  session->Apply({{}, target}, output);
  EXPECT_TRUE(Same(output.image, Applied(*model, {guide, target}).image));
}

// Rows may lie as far apart as they like: 4 GB here, where 32 bits do not suffice to count them.
TEST_F(SessionTest, RowsMayLieFarApart) {
  const auto model = Make(R"({"kind": "fdkn"})");
  const Image guide = RandomImage(12, 8, 3, 1);
  const Image target = RandomImage(12, 8, 1, 2);
  const Image mask = RandomImage(12, 8, 1, 3);
  const DistantRows far_target(target, (std::ptrdiff_t{1} << 30) + 12);
  const DistantRows far_mask(mask, (std::ptrdiff_t{1} << 30) + 12);
  if (!far_target.mapped() || !far_mask.mapped()) {
    GTEST_SKIP() << "the system does not give 70 GB of addresses";
  }
  const FilterOutput far = Applied(*model, {guide, far_target.view(), far_mask.view(), {}, true});
  const FilterOutput near = Applied(*model, {guide, target, mask, {}, true});
  EXPECT_TRUE(Same(far.image, near.image));
  EXPECT_TRUE(Same(far.support, near.support));
  EXPECT_TRUE(Same(far.confidence, near.confidence));
}

TEST_F(SessionTest, RefusesOtherFramesAndNamesBothSizes) {
  const auto model = Make(R"({"kind": "fdkn"})");
  EXPECT_THROW(model->StartSession({.width = 0, .height = 8}), Error);
  EXPECT_THROW(model->StartSession({.width = 8, .height = 8, .guide_channels = 2}), Error);
  const auto session = model->StartSession({.width = 8, .height = 8});
  const Image guide = RandomImage(8, 8, 3, 1);
  const Image target = RandomImage(8, 8, 1, 2);
  FilterOutput output;
  EXPECT_THAT(
      [&] {
        session->Apply({{}, target}, output);
      },
      ThrowsMessage<Error>(HasSubstr("SetGuide")));
  EXPECT_THAT([&] { session->SetGuide(RandomImage(8, 9, 3, 1)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("8 x 9"), HasSubstr("8 x 8"))));
  session->SetGuide(guide);
  EXPECT_THAT(
      [&] {
        session->Apply({{}, RandomImage(8, 8, 2, 1)}, output);
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("2 channels"), HasSubstr("1 channels"))));
  Image wrong = RandomImage(8, 8, 1, 2);
  wrong(1, 1) = std::nanf("");
  EXPECT_THROW(session->Apply({{}, wrong}, output), Error);
  // The guide before stays where one is refused.
  Image wrong_guide = RandomImage(8, 8, 3, 7);
  wrong_guide(1, 1) = std::nanf("");
  EXPECT_THROW(session->SetGuide(wrong_guide), Error);
  session->Apply({{}, target}, output);
  EXPECT_TRUE(Same(output.image, Applied(*model, {guide, target}).image));
}

}  // namespace
}  // namespace dkn
