#include "src/serve/shown_frame.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "src/serve/test_frames.h"

namespace dkn::serve {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<ShownFrame> Frame(std::int64_t number, std::int64_t guide_number) {
  auto frame = std::make_shared<ShownFrame>();
  frame->number = number;
  frame->guide_number = guide_number;
  frame->header = {{"name", "a"}};
  frame->guide = {"guide", TestGuide()};
  frame->planes.push_back({"result", TestDepth(static_cast<int>(number))});
  return frame;
}

// A reader that takes all.
struct Taker {
  FrameReader reader;
  std::string bytes = {};
  bool Next(const LatestFrame& latest) {
    return reader.Next(latest, [this](const char* data, std::size_t size) {
      bytes.append(data, size);
      return true;
    });
  }
};

TEST(FrameReaderTest, GivesHeaderAndPlanes) {
  LatestFrame latest;
  latest.Put(Frame(1, 1));
  Taker taker;
  ASSERT_TRUE(taker.Next(latest));
  const std::vector<Record> records = ParseRecords(taker.bytes);
  ASSERT_EQ(records.size(), 1u);
  const Json& header = records[0].header;
  EXPECT_EQ(header["name"], "a");
  EXPECT_EQ(header["number"], 1);
  EXPECT_EQ(header["dropped"], 0);
  EXPECT_EQ(header["planes"][0], Json({{"name", "guide"},
                                       {"type", "uint8"},
                                       {"width", 8},
                                       {"height", 6},
                                       {"channels", 3},
                                       {"bytes", 144}}));
  EXPECT_EQ(header["planes"][1]["type"], "uint16");
  EXPECT_EQ(records[0].planes[0], BytesIn(TestGuide().frame()));
  EXPECT_EQ(records[0].planes[1], BytesIn(TestDepth(1).frame()));
}

TEST(FrameReaderTest, TheGuideIsSentAgainWhenItChanges) {
  LatestFrame latest;
  Taker taker;
  for (const auto& [number, guide] : {std::pair(1, 1), {2, 1}, {3, 3}}) {
    latest.Put(Frame(number, guide));
    ASSERT_TRUE(taker.Next(latest));
  }
  const std::vector<Record> records = ParseRecords(taker.bytes);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].planes.size(), 2u);
  EXPECT_EQ(records[1].planes.size(), 1u);
  EXPECT_EQ(records[2].planes.size(), 2u);
}

TEST(FrameReaderTest, WhoIsSlowMissesFramesAndIsTold) {
  LatestFrame latest;
  Taker slow;
  Taker late;
  for (int number = 1; number <= 10; ++number) {
    latest.Put(Frame(number, 1));
    if (number == 2 || number == 7) {
      ASSERT_TRUE(slow.Next(latest));
    }
  }
  ASSERT_TRUE(slow.Next(latest));
  ASSERT_TRUE(late.Next(latest));
  const std::vector<Record> records = ParseRecords(slow.bytes);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].header["number"], 7);
  EXPECT_EQ(records[1].header["dropped"], 4);
  EXPECT_EQ(records[2].header["number"], 10);
  EXPECT_EQ(records[2].header["dropped"], 6);
  EXPECT_EQ(ParseRecords(late.bytes)[0].header["dropped"], 0);  // came later
}

TEST(FrameReaderTest, FramesThatNobodyHoldsAreFreed) {
  LatestFrame latest;
  std::vector<std::weak_ptr<const ShownFrame>> frames;
  std::size_t most_alive = 0;
  FrameReader stuck;  // is within its first frame all the time
  for (int number = 1; number <= 20; ++number) {
    const std::shared_ptr<const ShownFrame> frame = Frame(number, 1);
    frames.push_back(frame);
    latest.Put(frame);
  }
  stuck.Next(latest, [&](const char*, std::size_t) {
    for (int number = 21; number <= 40; ++number) {
      const std::shared_ptr<const ShownFrame> frame = Frame(number, 1);
      frames.push_back(frame);
      latest.Put(frame);
    }
    std::size_t alive = 0;
    for (const auto& frame : frames) {
      alive += frame.expired() ? 0 : 1;
    }
    most_alive = std::max(most_alive, alive);
    return true;
  });
  EXPECT_EQ(most_alive, 2u);  // the newest, and the one that is written
}

TEST(FrameReaderTest, EndsWhereTheReaderHasGoneOrTheViewEnds) {
  LatestFrame latest;
  latest.Put(Frame(1, 1));
  FrameReader gone;
  EXPECT_FALSE(gone.Next(latest, [](const char*, std::size_t) { return false; }));
  Taker taker;
  ASSERT_TRUE(taker.Next(latest));
  std::thread closing([&] { latest.Close(); });
  EXPECT_FALSE(taker.Next(latest));
  closing.join();
}

TEST(FrameReaderTest, TellsThatAllIsWellWhereNothingComes) {
  const LatestFrame latest;
  Taker taker;
  ASSERT_TRUE(taker.Next(latest));
  const std::vector<Record> records = ParseRecords(taker.bytes);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].header, Json({{"planes", Json::array()}}));
}

TEST(FrameReaderTest, NamesThatAreNoUtf8DoNotEndIt) {
  LatestFrame latest;
  const auto frame = Frame(1, 1);
  frame->header["name"] = "\xff.png";
  latest.Put(frame);
  Taker taker;
  ASSERT_TRUE(taker.Next(latest));
  EXPECT_EQ(ParseRecords(taker.bytes).size(), 1u);
}

TEST(LatestFrameTest, NewerWaitsForIt) {
  LatestFrame latest;
  EXPECT_EQ(latest.Newer(0, milliseconds(1)), nullptr);
  std::thread putting([&] { latest.Put(Frame(1, 1)); });
  const auto frame = latest.Newer(0, milliseconds(60000));
  putting.join();
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(frame->number, 1);
  EXPECT_EQ(latest.Newer(1, milliseconds(1)), nullptr);
}

}  // namespace
}  // namespace dkn::serve
