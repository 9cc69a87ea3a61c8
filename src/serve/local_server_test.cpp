#include "src/serve/local_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "dkn/error.h"
#include "src/core/test_files.h"
#include "src/serve/static_folder.h"
#include "src/serve/test_client.h"

namespace dkn::serve {
namespace {

constexpr const char* kJson = "application/json";

// Shows a folder; /failing throws, POST /echo gives the body back.
class LocalServerTest : public FolderTest {
 protected:
  LocalServerTest() : server_(0), file_(Put("big.wasm", std::vector<std::uint8_t>(600000, 7))) {
    Put("index.html", {'h', 'i'});
    Put("empty.txt", {});
    folder_.emplace(Path(""));
    server_.OnGet([this](const httplib::Request& request, httplib::Response& response) {
      if (request.path == "/failing") {
        throw Error("what went wrong");
      }
      return folder_->Answer(request, response);
    });
    server_.OnPost("/echo", [](const httplib::Request& request, httplib::Response& response) {
      Answer(response, 200, request.body);
    });
    server_.Start();
  }

  std::string Raw(const std::string& line, const std::string& headers) const {
    return RawAnswer(server_.port(), line + "\r\n" + headers + "Connection: close\r\n\r\n");
  }
  static int StatusOf(const std::string& answer) {
    return answer.compare(0, 9, "HTTP/1.1 ") == 0 ? std::stoi(answer.substr(9, 3)) : 0;
  }

  LocalServer server_;
  std::string file_;
  std::optional<StaticFolder> folder_;
};

TEST_F(LocalServerTest, GivesFilesWithTheirTypes) {
  httplib::Client client = ClientOf(server_.port());
  const httplib::Result page = client.Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->body, "hi");
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  const httplib::Result big = client.Get("/big.wasm");
  ASSERT_TRUE(big);
  EXPECT_EQ(big->body, std::string(600000, 7));
  EXPECT_EQ(big->get_header_value("Content-Type"), "application/wasm");
  const httplib::Result empty = client.Get("/empty.txt");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->status, 200);
  EXPECT_EQ(empty->body, "");
  const httplib::Result part = client.Get("/index.html", {httplib::make_range_header({{1, 1}})});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "i");
  const httplib::Result absent = client.Get("/absent");
  ASSERT_TRUE(absent);
  EXPECT_EQ(absent->status, 404);
}

TEST_F(LocalServerTest, LetsPagesUseThreadsAndNoOtherHost) {
  httplib::Client client = ClientOf(server_.port());
  for (const char* path : {"/", "/absent", "/failing"}) {
    const httplib::Result result = client.Get(path);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->get_header_value("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(result->get_header_value("Cross-Origin-Embedder-Policy"), "require-corp");
    EXPECT_EQ(result->get_header_value("X-Content-Type-Options"), "nosniff");
    const std::string policy = result->get_header_value("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
    EXPECT_EQ(policy.find("http"), std::string::npos);
    EXPECT_EQ(result->get_header_value("Access-Control-Allow-Origin"), "");
  }
}

TEST_F(LocalServerTest, ReadsAlone) {
  httplib::Client client = ClientOf(server_.port());
  const httplib::Result head = client.Head("/index.html");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(head->get_header_value("Content-Length"), "2");
  for (const httplib::Result& result :
       {client.Put("/index.html", "x", "text/plain"), client.Delete("/index.html"),
        client.Patch("/index.html", "x", "text/plain"), client.Options("/index.html")}) {
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 405);
    EXPECT_EQ(result->get_header_value("Allow"), "GET, HEAD");
  }
  const httplib::Result post = client.Post("/index.html", "{}", kJson);
  ASSERT_TRUE(post);
  EXPECT_EQ(post->status, 404);
  EXPECT_EQ(Get(Path("index.html")), (std::vector<std::uint8_t>{'h', 'i'}));
}

TEST_F(LocalServerTest, LeavesItsFolderByNoPath) {
  for (const char* path : {"/../../../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                           "/..%2f..%2f..%2f..%2fetc%2fpasswd", "/index.html%00.txt",
                           "//etc/passwd", "/....//etc/passwd", "/etc/passwd"}) {
    const std::string answer = Raw("GET " + std::string(path) + " HTTP/1.1", "Host: 127.0.0.1\r\n");
    EXPECT_EQ(StatusOf(answer), 404) << path;
    EXPECT_EQ(answer.find("root:"), std::string::npos) << path;
  }
}

TEST_F(LocalServerTest, AnswersThisMachineAlone) {
  const std::string line = "GET / HTTP/1.1";
  const std::string port = std::to_string(server_.port());
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]"}) {
    EXPECT_EQ(StatusOf(Raw(line, "Host: " + host + "\r\n")), 200) << host;
    EXPECT_EQ(StatusOf(Raw(line, "Host: " + host + ":" + port + "\r\n")), 200) << host;
  }
  for (const char* host : {"evil.example", "evil.example:8000", "127.0.0.1.evil.example", "",
                           "127.0.0.1:", "127.0.0.1:8000x", "localhost.", "0.0.0.0"}) {
    const std::string answer = Raw(line, "Host: " + std::string(host) + "\r\n");
    EXPECT_EQ(StatusOf(answer), 403) << host;
    EXPECT_EQ(answer.find("\r\n\r\nhi"), answer.npos) << host;
  }
  EXPECT_EQ(StatusOf(Raw(line, "")), 403);
  EXPECT_EQ(StatusOf(Raw(line, "Host: localhost\r\nHost: evil.example\r\n")), 403);
}

TEST_F(LocalServerTest, TakesJsonFromItsOwnPages) {
  httplib::Client client = ClientOf(server_.port());
  const auto status = [&](const httplib::Headers& headers, const std::string& body,
                          const char* type) {
    const httplib::Result result = client.Post("/echo", headers, body, type);
    return result ? result->status : 0;
  };
  const std::string own = "http://127.0.0.1:" + std::to_string(server_.port());
  EXPECT_EQ(status({}, "{}", kJson), 200);
  EXPECT_EQ(status({{"Origin", own}}, "{}", kJson), 200);
  EXPECT_EQ(status({{"Origin", "http://evil.example"}}, "{}", kJson), 403);
  EXPECT_EQ(status({{"Origin", "null"}}, "{}", kJson), 403);
  EXPECT_EQ(status({}, "{}", "text/plain"), 415);
  EXPECT_EQ(status({}, std::string(100000, ' '), kJson), 413);
}

TEST_F(LocalServerTest, FailuresAreTold) {
  const httplib::Result result = ClientOf(server_.port()).Get("/failing");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 500);
  EXPECT_EQ(result->body, "what went wrong\n");
}

TEST_F(LocalServerTest, HasItsPortAlone) {
  EXPECT_EQ(server_.url(), "http://127.0.0.1:" + std::to_string(server_.port()) + "/");
  EXPECT_NE(ErrorText([&] { LocalServer other(server_.port()); }).find("cannot be had"),
            std::string::npos);
}

TEST(LocalServerStopTest, StopsAtOnceAndTwice) {
  LocalServer server(0);
  server.Start();
  server.Stop();
  server.Stop();
  EXPECT_FALSE(ClientOf(server.port()).Get("/"));
}

}  // namespace
}  // namespace dkn::serve
