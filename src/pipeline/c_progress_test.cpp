#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dkn/dkn.h"
#include "src/core/random_image.h"

namespace dkn {
namespace {

struct Calls {
  std::vector<double> shares;
  std::size_t most = 1000;  // one more ends the work
};

int Count(double done, void* user) {
  Calls& calls = *static_cast<Calls*>(user);
  calls.shares.push_back(done);
  return calls.shares.size() <= calls.most ? 1 : 0;
}

dkn_frame Shown(Image& image) {
  dkn_frame frame =
      dkn_frame_of(image.data(), DKN_FLOAT32, image.width(), image.height(), image.channels());
  frame.planar = 1;
  return frame;
}

class CProgressTest : public testing::Test {
 protected:
  // By an upsampler, or dkn_filter_frame.
  dkn_status Filter(bool upsampler) {
    const dkn_frame guide = Shown(guide_);
    const dkn_frame target = Shown(target_);
    const dkn_frame out = Shown(out_);
    if (upsampler) {
      dkn_upsampler_options options = {};
      options.struct_size = sizeof options;
      options.method = "rtv";
      options.progress = Count;
      options.progress_user = &calls_;
      dkn_upsampler* made = nullptr;
      EXPECT_EQ(dkn_upsampler_create(&options, &made), DKN_OK) << dkn_last_error();
      EXPECT_EQ(dkn_upsampler_set_guide(made, &guide), DKN_OK);
      const dkn_status status = dkn_upsampler_upsample(made, &target, nullptr, &out, nullptr);
      dkn_upsampler_destroy(made);
      return status;
    }
    dkn_filter_options options = {};
    options.struct_size = sizeof options;
    options.method = "rtv";
    options.progress = Count;
    options.progress_user = &calls_;
    return dkn_filter_frame(&options, &guide, &target, &out);
  }

  Image guide_ = RandomImage(24, 20, 3, 1);
  Image target_ = RandomImage(24, 20, 1, 2);
  Image out_ = Image(24, 20);
  Calls calls_;
};

TEST_F(CProgressTest, SharesGrow) {
  for (const bool upsampler : {false, true}) {
    calls_ = {};
    ASSERT_EQ(Filter(upsampler), DKN_OK) << dkn_last_error();
    ASSERT_GT(calls_.shares.size(), 3u);
    EXPECT_TRUE(std::is_sorted(calls_.shares.begin(), calls_.shares.end()));
    EXPECT_GE(calls_.shares.front(), 0.0);
    EXPECT_LE(calls_.shares.back(), 1.0);
  }
}

TEST_F(CProgressTest, ZeroEndsTheWorkAndWritesNothing) {
  for (const bool upsampler : {false, true}) {
    calls_ = {};
    calls_.most = 2;
    EXPECT_EQ(Filter(upsampler), DKN_ERROR_CANCELLED);
    EXPECT_EQ(calls_.shares.size(), 3u);
    EXPECT_STREQ(dkn_status_name(DKN_ERROR_CANCELLED), "DKN_ERROR_CANCELLED");
    EXPECT_EQ(std::string(dkn_last_error()), "cancelled");
    EXPECT_TRUE(
        std::all_of(out_.data(), out_.data() + out_.size(), [](float v) { return v == 0.0f; }));
  }
}

}  // namespace
}  // namespace dkn
