#ifndef DKN_SRC_SERVE_LIVE_VIEW_H_
#define DKN_SRC_SERVE_LIVE_VIEW_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/core/json_members.h"
#include "src/serve/frame_filter.h"
#include "src/serve/read_ahead.h"
#include "src/serve/shown_frame.h"
#include "src/serve/view_controls.h"

namespace dkn::serve {

// What is looked at, and how it is told again as a command.
struct ViewSetup {
  FilterSetup filter;
  ViewControls controls;
  FrameNames names;
  std::string raw;                        // --raw; empty: none
  std::vector<std::string> words;         // of the command's other options
  std::vector<std::string> method_words;  // --set and its values, of the first model alone
  bool again = true;                      // sequences begin anew at their end
  double most_fps = 30.0;                 // of frames that do not come by themselves
  // Gets what a person should know, one line each: of frames that fail, and notes, once each.
  std::function<void(const std::string&)> tell = {};
  std::function<void()> began = {};  // is called when the first frame is there
};

// Filters a source's frames, one after the other, as the controls say, for readers of latest().
class LiveView {
 public:
  LiveView(std::unique_ptr<FrameSource> source, ViewSetup setup);
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  // Filters in the calling thread until Stop. Throws Error where no frame was good before the
  // source ended; a later failure is shown beside the last frame, and the view goes on.
  void Run();

  // All below is for other threads. Those that give JSON wait for the filtering thread, and throw
  // Error where it refuses or has ended.
  void Stop();
  const LatestFrame& latest() const { return latest_; }
  // "controls", "models", "methods" (of "name" and "summary"), "command", "name", "frames" (0:
  // nobody knows), "live".
  Json State();
  // Takes the controls (ParseControls) if the last frame can be filtered so, and gives State.
  // Nothing changes where it throws.
  Json SetControls(const std::string& json);
  // FrameFilter::KernelAt of the frame that is shown, with its "number".
  Json KernelAt(const Pixel& pixel);

 private:
  using Clock = std::chrono::steady_clock;

  Json Do(std::function<Json()> work);
  // Waits for a job or a frame; false after Stop.
  bool Wait(std::packaged_task<Json()>& job, std::optional<ReadResult>& read);
  void Work();
  void Take(ReadResult read);
  void Show(std::shared_ptr<ShownFrame> shown);
  void ShowFailure(const std::string& failure);
  void TellNotes(const SourceFrame& frame);
  double FramesASecond() const;
  void TellOnce(const std::string& line, std::vector<std::string>& told) const;
  Json Described() const;

  const ViewSetup setup_;
  const std::string camera_raw_;
  const int frames_;
  const bool live_;
  std::unique_ptr<FrameFilter> filter_;
  std::optional<SourceFrame> current_;
  std::shared_ptr<ShownFrame> shown_;
  ViewControls controls_;
  double read_ms_ = 0.0;
  std::string failure_;  // of the source, since the last good frame
  bool ended_ = false;
  std::int64_t number_ = 0;
  HeldFrame guide_;  // of the last frame
  std::int64_t guide_number_ = 0;
  std::deque<Clock::time_point> times_;  // of the frames of the last seconds
  std::vector<std::string> notes_;       // that were told
  std::vector<std::string> failures_;    // the same
  int early_failures_ = 0;               // frames that failed before a good one
  LatestFrame latest_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<Json()>> jobs_;
  bool stopped_ = false;
  bool finished_ = false;
  bool waits_ = false;                 // paused
  Clock::time_point due_{};            // of the next frame
  std::unique_ptr<ReadAhead> reader_;  // the last member: its thread uses others
};

// The command that makes what one sees: `dkn upsample` with these controls. `camera_raw` is
// FrameSource::CameraRaw.
std::string UpsampleCommand(const ViewSetup& setup, const ViewControls& controls,
                            const std::string& camera_raw);

}  // namespace dkn::serve

#endif  // DKN_SRC_SERVE_LIVE_VIEW_H_
