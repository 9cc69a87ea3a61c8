#ifndef DKN_SRC_SERVE_TEST_CLIENT_H_
#define DKN_SRC_SERVE_TEST_CLIENT_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace dkn::serve {

inline httplib::Client ClientOf(int port) {
  return httplib::Client("127.0.0.1", port);
}

// A connection that reads nothing by itself.
class Connection {
 public:
  explicit Connection(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  void Send(const std::string& text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Some of what came, at most so much; "" at the end.
  std::string Receive(std::size_t most) const {
    std::string text(most, '\0');
    const ssize_t got = recv(socket_, text.data(), most, 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  const int socket_;
};

// What the server answers to a request as it stands.
inline std::string RawAnswer(int port, const std::string& request) {
  const Connection connection(port);
  connection.Send(request);
  std::string answer;
  for (std::string part = connection.Receive(4096); !part.empty();
       part = connection.Receive(4096)) {
    answer += part;
  }
  return answer;
}

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_TEST_CLIENT_H_
