#include "src/serve/view_page.h"

#include <atomic>
#include <memory>
#include <string_view>

#include "dkn/error.h"
#include "src/serve/view_assets.h"

namespace dkn::serve {
namespace {

constexpr int kMostReaders = 8;

void Give(httplib::Response& response, std::string_view text, const char* type) {
  response.set_content(text.data(), text.size(), type);
}

std::string JsonText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // names may be no UTF-8
}

// What `work` gives, or why it refuses.
template <typename Work>
void AnswerBy(httplib::Response& response, const Work& work) {
  try {
    Answer(response, 200, JsonText(work()));
  } catch (const Error& error) {
    Answer(response, 400, JsonText({{"error", error.what()}}));
  }
}

// Counts a reader while it lives.
class ReaderCount {
 public:
  explicit ReaderCount(std::atomic<int>& readers) : readers_(readers), place_(++readers_) {}
  ReaderCount(const ReaderCount&) = delete;
  ReaderCount& operator=(const ReaderCount&) = delete;
  ~ReaderCount() { --readers_; }
  bool fits() const { return place_ <= kMostReaders; }

 private:
  std::atomic<int>& readers_;
  const int place_;
};

struct Reader {
  explicit Reader(std::atomic<int>& readers) : count(readers) {}
  ReaderCount count;
  FrameReader frames;
};

void GiveFrames(const LiveView& view, std::atomic<int>& readers, httplib::Response& response) {
  const auto reader = std::make_shared<Reader>(readers);
  if (!reader->count.fits()) {
    Refuse(response, 503, "there are " + std::to_string(kMostReaders) + " readers already");
    return;
  }
  response.set_chunked_content_provider(
      "application/octet-stream", [reader, &view](std::size_t, httplib::DataSink& sink) {
        return reader->frames.Next(view.latest(), [&sink](const char* data, std::size_t size) {
          return sink.write(data, size);
        });
      });
}

}  // namespace

void ServeView(LiveView& view, LocalServer& server) {
  const auto readers = std::make_shared<std::atomic<int>>(0);
  server.OnGet([&view, readers](const httplib::Request& request, httplib::Response& response) {
    const std::string& path = request.path;
    if (path == "/") {
      Give(response, kLiveHtml, "text/html; charset=utf-8");
    } else if (path == "/live.js") {
      Give(response, kLiveScript, "text/javascript; charset=utf-8");
    } else if (path == "/points.js") {
      Give(response, kPointsScript, "text/javascript; charset=utf-8");
    } else if (path == "/live.css") {
      Give(response, kLiveStyle, "text/css; charset=utf-8");
    } else if (path == "/frames") {
      GiveFrames(view, *readers, response);
    } else if (path == "/options") {
      AnswerBy(response, [&] { return view.State(); });
    } else if (path == "/kernel") {
      AnswerBy(response, [&] {
        return view.KernelAt(
            ParsePixel(request.get_param_value("x"), request.get_param_value("y")));
      });
    } else {
      return false;
    }
    return true;
  });
  server.OnPost("/options", [&view](const httplib::Request& request, httplib::Response& response) {
    AnswerBy(response, [&] { return view.SetControls(request.body); });
  });
}

}  // namespace dkn::serve
