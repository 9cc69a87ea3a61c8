#ifndef DKN_SRC_SERVE_LOCAL_SERVER_H_
#define DKN_SRC_SERVE_LOCAL_SERVER_H_

#include <httplib.h>

#include <functional>
#include <string>
#include <thread>

namespace dkn::serve {

// An HTTP server for browsers of this machine, at 127.0.0.1 alone. It refuses requests whose Host
// is no name of this machine (403; a foreign page may reach 127.0.0.1 under a name of its own), and
// methods other than GET, HEAD and the POSTs that it was given (405). Its answers forbid browsers
// to load anything from, to be read or framed by, other hosts, and let pages use threads in
// WebAssembly.
class LocalServer {
 public:
  // Answers GET and HEAD; gives whether there is something of this path. Errors that it throws are
  // answered by status 500 and their text.
  using Get = std::function<bool(const httplib::Request&, httplib::Response&)>;
  using Post = std::function<void(const httplib::Request&, httplib::Response&)>;

  // Takes the port; 0: one that is free. Throws Error where it cannot be had.
  explicit LocalServer(int port);
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;
  // Stop.
  ~LocalServer();

  int port() const { return port_; }
  // "http://127.0.0.1:8000/"
  std::string url() const;

  // To be called before Start. Bodies of POSTs are JSON of at most 64 KiB, sent by a page of this
  // server or by a program (no Origin).
  void OnGet(Get get) { get_ = std::move(get); }
  void OnPost(const std::string& path, Post post);

  // Serves from threads of its own until Stop, which waits for answers that are being written; a
  // reader that takes nothing ends them after a minute.
  void Start();
  void Stop();

 private:
  httplib::Server::HandlerResponse Route(const httplib::Request& request,
                                         httplib::Response& response);

  httplib::Server server_;
  Get get_;
  int port_ = 0;
  std::thread thread_;
};

// Sets a JSON answer.
void Answer(httplib::Response& response, int status, const std::string& json);
// Sets an answer of one line of text.
void Refuse(httplib::Response& response, int status, const std::string& text);

// Whether a Host header, "NAME" or "NAME:PORT", names this machine: 127.0.0.1, localhost or [::1].
bool IsLocalHost(const std::string& host);

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_LOCAL_SERVER_H_
