#include "src/serve/live_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "src/core/test_files.h"
#include "src/io/test_camera.h"
#include "src/serve/test_frames.h"

namespace dkn::serve {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr milliseconds kLong{60000};
constexpr TestSource::Event kFrame = TestSource::kFrame;
constexpr TestSource::Event kFailure = TestSource::kFailure;
constexpr TestSource::Event kWait = TestSource::kWait;

class LiveViewTest : public ::testing::Test {
 protected:
  LiveViewTest() {
    setup_.controls.model = "bicubic";
    setup_.names = {"rgb/", "depth/", ""};
    setup_.most_fps = 1000.0;
    setup_.tell = [this](const std::string& line) { told_.push_back(line); };
  }
  ~LiveViewTest() override { End(); }

  void Begin(std::unique_ptr<FrameSource> source) {
    view_.emplace(std::move(source), setup_);
    running_ = std::thread([this] { failure_ = ErrorText([&] { view_->Run(); }); });
  }
  void Begin(std::vector<TestSource::Event> events) {
    Begin(std::make_unique<TestSource>(std::move(events)));
  }
  // What Run has thrown.
  std::string End() {
    if (running_.joinable()) {
      view_->Stop();
      running_.join();
    }
    return failure_;
  }
  std::shared_ptr<const ShownFrame> Newer(std::int64_t seen) {
    const auto frame = view_->latest().Newer(seen, kLong);
    EXPECT_NE(frame, nullptr);
    return frame;
  }
  // The first frame of which this holds.
  template <typename Condition>
  std::shared_ptr<const ShownFrame> Await(const Condition& condition) {
    std::shared_ptr<const ShownFrame> frame = Newer(0);
    while (frame != nullptr && !condition(frame->header)) {
      frame = Newer(frame->number);
    }
    return frame;
  }

  ViewSetup setup_;
  std::vector<std::string> told_;
  std::optional<LiveView> view_;
  std::thread running_;
  std::string failure_;
};

TEST_F(LiveViewTest, ASequenceBeginsAnewUnlessOnce) {
  Begin({kFrame, kFrame, kFrame});
  Newer(7);
  EXPECT_EQ(End(), "");
  setup_.again = false;
  Begin({kFrame, kFrame, kFrame});
  const auto last = Await([](const Json& header) { return header["ended"] == true; });
  EXPECT_EQ(last->header["name"], "frame 3");
  EXPECT_EQ(view_->latest().Newer(last->number, milliseconds(50)), nullptr);
}

TEST_F(LiveViewTest, OneFrameIsShownOnceAndFilteredAnewByOtherControls) {
  auto source = std::make_unique<TestSource>(std::vector{kFrame});
  source->count = 1;
  Begin(std::move(source));
  const auto first = Await([](const Json& header) { return header["ended"] == true; });
  EXPECT_EQ(first->header["fps"], 0.0);  // of one frame nobody can tell
  EXPECT_EQ(view_->latest().Newer(first->number, milliseconds(50)), nullptr);
  const Json state = view_->SetControls(R"({"model": "guided", "fidelity": 3})");
  EXPECT_EQ(state["controls"]["model"], "guided");
  const auto second = Newer(first->number);
  EXPECT_EQ(second->header["method"], "guided");
  EXPECT_NE(BytesIn(second->planes[1].frame.frame()), BytesIn(first->planes[1].frame.frame()));
  EXPECT_EQ(second->guide_number, first->guide_number);
}

TEST_F(LiveViewTest, ControlsThatDoNotWorkChangeNothing) {
  Begin({kFrame, kWait});
  Newer(0);
  EXPECT_THAT(ErrorText([&] { view_->SetControls(R"({"model": "no_such"})"); }),
              HasSubstr("no_such"));
  EXPECT_NE(ErrorText([&] { view_->SetControls(R"({"holes": "dig"})"); }), "");
  // Two values of a picture cannot be all invalid.
  EXPECT_NE(ErrorText([&] { view_->SetControls(R"({"invalid": ">=0"})"); }), "");
  EXPECT_EQ(view_->State()["controls"], JsonOf(setup_.controls));
  EXPECT_EQ(view_->latest().Newer(1, milliseconds(50)), nullptr);
}

TEST_F(LiveViewTest, APauseHoldsFrames) {
  Begin({kFrame, kFrame});
  Newer(2);
  view_->SetControls(R"({"paused": true})");
  const auto held = Await([](const Json& header) { return header["controls"]["paused"] == true; });
  EXPECT_EQ(view_->latest().Newer(held->number, milliseconds(100)), nullptr);
  view_->SetControls(R"({"paused": false})");
  Newer(held->number + 3);
}

TEST_F(LiveViewTest, BadFramesAreToldAndTheNextOneFollows) {
  setup_.again = false;
  Begin({kFailure, kFrame, kFailure, kFrame, kWait});
  Await([](const Json& header) {
    return header["name"] == "frame 4" && header["failure"] == nullptr;
  });
  End();
  EXPECT_THAT(told_, ElementsAre(HasSubstr("event 3 is bad")));
}

TEST_F(LiveViewTest, AFailureThatEndsTheSourceIsShownBesideTheLastFrame) {
  auto source = std::make_unique<TestSource>(std::vector{kFrame, kFailure});
  source->goes_on = false;
  Begin(std::move(source));
  const auto last = Await([](const Json& header) { return header["failure"] != nullptr; });
  EXPECT_EQ(last->header["failure"], "event 2 is bad");
  EXPECT_EQ(last->header["ended"], true);
  EXPECT_EQ(last->header["name"], "frame 1");
  view_->SetControls(R"({"model": "guided"})");  // still works
  EXPECT_EQ(Newer(last->number)->header["method"], "guided");
}

TEST_F(LiveViewTest, WithoutAGoodFrameItFails) {
  setup_.again = false;
  Begin({kFailure, kFailure});
  running_.join();
  EXPECT_EQ(failure_, "event 2 is bad");
  EXPECT_THAT(ErrorText([&] { view_->State(); }), HasSubstr("has ended"));
  Begin(std::vector<TestSource::Event>{});
  running_.join();
  EXPECT_THAT(failure_, HasSubstr("depth/: ends before the first frame"));
}

TEST_F(LiveViewTest, StopsWhileItWaitsForFrames) {
  Begin({kWait});
  EXPECT_EQ(End(), "");
}

TEST_F(LiveViewTest, KernelsAreOfTheShownFrame) {
  setup_.controls.model = "fdkn_x4";
  Begin({kFrame, kWait});
  Newer(0);
  const Json kernel = view_->KernelAt({3, 2});
  EXPECT_EQ(kernel["number"], 1);
  EXPECT_EQ(kernel["taps"].size(), 9u);
  EXPECT_NE(ErrorText([&] { view_->KernelAt({100, 2}); }), "");
}

TEST_F(LiveViewTest, ACameraIsFollowedUntilItGoes) {
  TestVideo video;
  TestCamera& camera = video.cameras["/dev/video3"];
  camera.modes = {{V4L2_PIX_FMT_Z16, 4, 3, 8, 24}};
  int left = 3;
  camera.when_waited = [&left](TestCamera& it) {
    if (left-- == 0) {
      it.gone = true;
    } else {
      const std::string depth = BytesIn(TestDepth(left).frame());
      it.frames.push_back({{depth.begin(), depth.end()}});
    }
  };
  TestCamera& colours = video.cameras["/dev/video4"];
  colours.modes = {{V4L2_PIX_FMT_RGB24, 8, 6, 24, 144}};
  colours.when_waited = [](TestCamera& it) {
    const std::string guide = BytesIn(TestGuide().frame());
    it.frames.push_back({{guide.begin(), guide.end()}});
  };
  setup_.names = {"/dev/video4", "/dev/video3", ""};
  Begin(OpenFrameSource(setup_.names, {}, "", std::nullopt, std::nullopt, video));
  const auto last = Await([](const Json& header) { return header["failure"] != nullptr; });
  EXPECT_THAT(last->header["failure"].get<std::string>(), HasSubstr("/dev/video3: has gone"));
  EXPECT_EQ(BytesIn(last->guide.frame.frame()), BytesIn(TestGuide().frame()));
  EXPECT_THAT(last->header["command"].get<std::string>(),
              HasSubstr("-i /dev/video3 -f rawvideo -pix_fmt gray16le -) --raw 4x3:8x6"));
  EXPECT_EQ(End(), "");
  view_.reset();  // before the cameras
}

TEST(UpsampleCommandTest, IsTheOneOfWhatOneSees) {
  ViewSetup setup;
  setup.names = {"my rgb.png", "depth.npz", ""};
  setup.words = {"--scale", "0.002"};
  setup.method_words = {"--set", "radius=3"};
  setup.filter.first_model = "guided";
  EXPECT_EQ(UpsampleCommand(setup, {.model = "guided"}, ""),
            "dkn upsample 'my rgb.png' depth.npz -o sharp.npy --model guided --scale 0.002 "
            "--set radius=3");
  EXPECT_EQ(UpsampleCommand(setup, {.holes = "keep"}, ""),
            "dkn upsample 'my rgb.png' depth.npz -o sharp.npy --holes keep --scale 0.002");
  setup = {};
  setup.names = {"rgb_%04d.png", "d/depth_%04d.pgm", ""};
  EXPECT_EQ(UpsampleCommand(setup, {}, ""),
            "dkn upsample rgb_%04d.png d/depth_%04d.pgm -o sharp/depth_%04d.png");
  setup.names = {"/", "/", ""};
  EXPECT_EQ(UpsampleCommand(setup, {}, ""), "dkn upsample / / -o sharp/");
  setup.raw = "4x4";
  EXPECT_EQ(UpsampleCommand(setup, {}, ""), "dkn upsample / / --raw 4x4 -o sharp.raw");
}

}  // namespace
}  // namespace dkn::serve
