#include "src/serve/local_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "dkn/error.h"

namespace dkn::serve {
namespace {

constexpr const char* kAddress = "127.0.0.1";
constexpr std::size_t kMostBody = 64 << 10;
constexpr std::size_t kThreads = 24;  // a page has one for its stream and up to five others
constexpr time_t kWriteSeconds = 60;  // a page in the background may be held up for long

// Pages run their own scripts, WebAssembly and workers, some of which are made of blobs; they load
// nothing from elsewhere and tell nobody anything.
constexpr const char* kPolicy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Of a port that another program has, binding fails: SO_REUSEPORT, cpp-httplib's default, would
// share it.
void SetSocketOptions(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

bool IsPort(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

// A page of another host may send a POST, too.
bool IsFromHere(const httplib::Request& request) {
  return !request.has_header("Origin") ||
         request.get_header_value("Origin") == "http://" + request.get_header_value("Host");
}

bool IsJson(const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  return type.substr(0, type.find(';')) == "application/json";
}

// Runs work; what it throws becomes an answer.
template <typename Work>
void Guard(httplib::Response& response, const Work& work) {
  try {
    work();
  } catch (const std::exception& error) {
    Refuse(response, 500, error.what());
  }
}

}  // namespace

bool IsLocalHost(const std::string& host) {
  for (const char* name : {kAddress, "localhost", "[::1]"}) {
    if (host.compare(0, std::strlen(name), name) == 0) {
      const std::string rest = host.substr(std::strlen(name));
      return rest.empty() || (rest[0] == ':' && IsPort(rest.substr(1)));
    }
  }
  return false;
}

void Answer(httplib::Response& response, int status, const std::string& json) {
  response.status = status;
  response.set_content(json, "application/json");
}

void Refuse(httplib::Response& response, int status, const std::string& text) {
  response.status = status;
  response.set_content(text + "\n", "text/plain; charset=utf-8");
}

LocalServer::LocalServer(int port) {
  server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server_.set_socket_options(SetSocketOptions);
  server_.set_tcp_nodelay(true);
  server_.set_payload_max_length(kMostBody);
  server_.set_write_timeout(kWriteSeconds);
  server_.set_keep_alive_timeout(2);
  server_.set_default_headers({{"Cross-Origin-Opener-Policy", "same-origin"},
                               {"Cross-Origin-Embedder-Policy", "require-corp"},
                               {"Cross-Origin-Resource-Policy", "same-origin"},
                               {"Content-Security-Policy", kPolicy},
                               {"X-Content-Type-Options", "nosniff"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cache-Control", "no-cache"}});
  server_.set_pre_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        return Route(request, response);
      });
  if (port == 0) {
    port_ = server_.bind_to_any_port(kAddress);
  } else {
    port_ = server_.bind_to_port(kAddress, port) ? port : -1;
  }
  if (port_ <= 0) {
    throw Error("port " + std::to_string(port) +
                " cannot be had, another program may have it; --port 0 takes a free one");
  }
}

LocalServer::~LocalServer() {
  Stop();
}

std::string LocalServer::url() const {
  return "http://" + std::string(kAddress) + ":" + std::to_string(port_) + "/";
}

void LocalServer::OnPost(const std::string& path, Post post) {
  server_.Post(
      path, [post = std::move(post)](const httplib::Request& request, httplib::Response& response) {
        if (!IsJson(request)) {
          Refuse(response, 415, "expected Content-Type: application/json");
          return;
        }
        Guard(response, [&] { post(request, response); });
      });
}

httplib::Server::HandlerResponse LocalServer::Route(const httplib::Request& request,
                                                    httplib::Response& response) {
  const auto handled = httplib::Server::HandlerResponse::Handled;
  if (request.get_header_value_count("Host") != 1 ||
      !IsLocalHost(request.get_header_value("Host"))) {
    Refuse(response, 403, "expected a Host that is this machine: 127.0.0.1 or localhost");
    return handled;
  }
  if (request.method == "GET" || request.method == "HEAD") {
    Guard(response, [&] {
      if (!get_ || !get_(request, response)) {
        Refuse(response, 404, "there is no such file");
      }
    });
    return handled;
  }
  if (request.method != "POST") {
    response.set_header("Allow", "GET, HEAD");
    Refuse(response, 405, "expected GET or HEAD");
    return handled;
  }
  if (!IsFromHere(request)) {
    Refuse(response, 403, "expected an Origin that is this server");
    return handled;
  }
  return httplib::Server::HandlerResponse::Unhandled;
}

void LocalServer::Start() {
  try {
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  } catch (const std::system_error& error) {
    throw Error(std::string("no thread to serve by: ") + error.what());
  }
  while (!server_.is_running()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void LocalServer::Stop() {
  if (thread_.joinable()) {
    server_.stop();
    thread_.join();
  }
}

}  // namespace dkn::serve
