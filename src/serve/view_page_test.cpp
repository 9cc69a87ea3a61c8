#include "src/serve/view_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "src/core/test_files.h"
#include "src/serve/test_client.h"
#include "src/serve/test_frames.h"
#include "src/serve/view_assets.h"

namespace dkn::serve {
namespace {

using ::testing::HasSubstr;

constexpr const char* kJson = "application/json";

class ViewPageTest : public ::testing::Test {
 protected:
  ViewPageTest() : server_(0) {
    ViewSetup setup;
    setup.controls.model = "fdkn_x4";
    setup.names = {"a.png", "b.png", ""};
    setup.most_fps = 1000.0;
    setup.began = [this] { server_.Start(); };
    auto source = std::make_unique<TestSource>(
        std::vector{TestSource::kFrame, TestSource::kFrame, TestSource::kFrame});
    view_.emplace(std::move(source), setup);
    ServeView(*view_, server_);
    running_ = std::thread([this] { view_->Run(); });
    EXPECT_NE(view_->latest().Newer(0, std::chrono::seconds(60)), nullptr);
    while (!ClientOf(server_.port()).Get("/live.css")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  ~ViewPageTest() override {
    view_->Stop();
    running_.join();
  }

  Json Ask(const std::string& path, int status) {
    const httplib::Result result = ClientOf(server_.port()).Get(path.c_str());
    EXPECT_TRUE(result && result->status == status) << path;
    return result ? Json::parse(result->body) : Json();
  }
  Json Change(const std::string& body, int status) {
    const httplib::Result result = ClientOf(server_.port()).Post("/options", body, kJson);
    EXPECT_TRUE(result && result->status == status) << body;
    return result ? Json::parse(result->body) : Json();
  }
  // The records that come first.
  std::vector<Record> Frames(std::size_t count) {
    std::string bytes;
    std::vector<Record> records;
    ClientOf(server_.port()).Get("/frames", [&](const char* data, std::size_t size) {
      bytes.append(data, size);
      records = ParseRecords(bytes);
      return records.size() < count;
    });
    return records;
  }

  LocalServer server_;
  std::optional<LiveView> view_;
  std::thread running_;
};

TEST_F(ViewPageTest, HasAPage) {
  httplib::Client client = ClientOf(server_.port());
  const httplib::Result page = client.Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body, kLiveHtml);
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  const httplib::Result script = client.Get("/live.js");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->body, kLiveScript);
  EXPECT_GT(script->body.size(), 10000u);
  const httplib::Result points = client.Get("/points.js");
  ASSERT_TRUE(points);
  EXPECT_EQ(points->body, kPointsScript);
  EXPECT_THAT(points->body, HasSubstr("three.js authors"));
  const httplib::Result absent = client.Get("/index.html");
  ASSERT_TRUE(absent);
  EXPECT_EQ(absent->status, 404);
}

TEST_F(ViewPageTest, GivesFrames) {
  const std::vector<Record> records = Frames(3);
  ASSERT_GE(records.size(), 3u);
  EXPECT_EQ(records[0].planes[0], BytesIn(TestGuide().frame()));
  EXPECT_EQ(records[0].header["planes"][2]["name"], "result");
  EXPECT_EQ(records[1].header["planes"][0]["name"], "input");  // the guide stays
  EXPECT_LT(records[0].header["number"], records[1].header["number"]);
  EXPECT_THAT(records[0].header["command"].get<std::string>(),
              HasSubstr("dkn upsample a.png b.png"));
}

TEST_F(ViewPageTest, AReaderThatTakesNothingHoldsNobodyUp) {
  const Connection stuck(server_.port());
  stuck.Send("GET /frames HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto frame = view_->latest().Newer(0, std::chrono::seconds(60));
  ASSERT_NE(frame, nullptr);
  ASSERT_NE(view_->latest().Newer(frame->number + 20, std::chrono::seconds(60)), nullptr);
  EXPECT_GE(Frames(2).size(), 2u);
}

TEST_F(ViewPageTest, ReadersAreLimited) {
  std::vector<std::unique_ptr<Connection>> readers;
  for (int i = 0; i < 8; ++i) {
    readers.push_back(std::make_unique<Connection>(server_.port()));
    readers.back()->Send("GET /frames HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(readers.back()->Receive(100), HasSubstr("200 OK"));
  }
  const httplib::Result more = ClientOf(server_.port()).Get("/frames");
  ASSERT_TRUE(more);
  EXPECT_EQ(more->status, 503);
  readers.clear();
  std::string answer;  // once the server has seen that they have gone
  for (int i = 0; i < 1000 && answer.find("200 OK") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const Connection again(server_.port());
    again.Send("GET /frames HTTP/1.1\r\nHost: localhost\r\n\r\n");
    answer = again.Receive(100);
  }
  EXPECT_THAT(answer, HasSubstr("200 OK"));
}

TEST_F(ViewPageTest, OptionsAreToldAndChanged) {
  const Json state = Ask("/options", 200);
  EXPECT_EQ(state["controls"]["model"], "fdkn_x4");
  EXPECT_THAT(state["models"].get<std::vector<std::string>>(), testing::Contains("fdkn_x8"));
  const Json changed = Change(R"({"model": "guided"})", 200);
  EXPECT_EQ(changed["controls"]["model"], "guided");
  EXPECT_EQ(changed["command"], "dkn upsample a.png b.png -o sharp.png --model guided");
  EXPECT_EQ(Ask("/options", 200)["controls"]["model"], "guided");
  EXPECT_THAT(Change(R"({"model": "no_such"})", 400)["error"].get<std::string>(),
              HasSubstr("no_such"));
  EXPECT_THAT(Change("{", 400)["error"].get<std::string>(), HasSubstr("JSON"));
  EXPECT_EQ(Ask("/options", 200)["controls"]["model"], "guided");
}

TEST_F(ViewPageTest, KernelsAreToldOfPixels) {
  const Json kernel = Ask("/kernel?x=3&y=2", 200);
  EXPECT_EQ(kernel["taps"].size(), 9u);
  EXPECT_EQ(kernel["x"], 3);
  for (const char* query : {"", "?x=3", "?x=3&y=a", "?x=-1&y=2", "?x=8&y=2"}) {
    EXPECT_NE(Ask(std::string("/kernel") + query, 400)["error"], "") << query;
  }
}

}  // namespace
}  // namespace dkn::serve
