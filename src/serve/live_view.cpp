#include "src/serve/live_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "dkn/registry.h"

namespace dkn::serve {
namespace {

constexpr std::chrono::seconds kFpsTime{2};  // over which frames are counted

Json Methods() {
  Json methods = Json::array();
  for (const FilterInfo& filter : ListFilters()) {
    methods.push_back({{"name", filter.name}, {"summary", filter.summary}});
  }
  return methods;
}

}  // namespace

LiveView::LiveView(std::unique_ptr<FrameSource> source, ViewSetup setup)
    : setup_(std::move(setup)),
      camera_raw_(source->CameraRaw()),
      frames_(source->frames()),
      live_(source->IsLive()),
      filter_(std::make_unique<FrameFilter>(setup_.filter, setup_.controls)),
      controls_(setup_.controls) {
  // One frame alone stays.
  const bool again = setup_.again && frames_ != 1;
  reader_ = std::make_unique<ReadAhead>(std::move(source), again, [this] {
    { const std::lock_guard<std::mutex> lock(mutex_); }
    changed_.notify_all();
  });
}

void LiveView::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  latest_.Close();
}

bool LiveView::Wait(std::packaged_task<Json()>& job, std::optional<ReadResult>& read) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (stopped_) {
      return false;
    }
    if (!jobs_.empty()) {
      job = std::move(jobs_.front());
      jobs_.pop_front();
      return true;
    }
    const bool has = !waits_ && reader_->HasSome();
    if (has && Clock::now() >= due_) {
      read = reader_->Take();
      return true;
    }
    if (has) {
      changed_.wait_until(lock, due_);
    } else {
      changed_.wait(lock);
    }
  }
}

void LiveView::Run() {
  std::exception_ptr failure;
  try {
    Work();
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    finished_ = true;
    jobs_.clear();  // who waits for them gets an error
  }
  latest_.Close();
  if (failure) {
    std::rethrow_exception(failure);
  }
}

void LiveView::Work() {
  for (;;) {
    std::packaged_task<Json()> job;
    std::optional<ReadResult> read;
    if (!Wait(job, read)) {
      return;
    }
    if (job.valid()) {
      job();
    } else if (read) {
      const bool first = shown_ == nullptr;
      Take(std::move(*read));
      if (first && shown_ != nullptr && setup_.began) {
        setup_.began();
      }
    }
  }
}

void LiveView::Take(ReadResult read) {
  if (!live_) {
    const std::lock_guard<std::mutex> lock(mutex_);
    due_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                              std::chrono::duration<double>(1.0 / setup_.most_fps));
  }
  ended_ = ended_ || read.ended;
  if (read.failure.empty() && read.ended) {
    if (shown_ == nullptr) {
      throw Error(failure_.empty() ? setup_.names.target + ": ends before the first frame"
                                   : failure_);
    }
    ShowFailure(failure_);  // none, as a rule: tells that the end has come
    return;
  }
  if (!read.failure.empty()) {
    ShowFailure(read.failure);
    return;
  }
  try {
    std::shared_ptr<ShownFrame> shown = filter_->Filter(read.frame);
    current_ = std::move(read.frame);
    read_ms_ = read.read_ms;
    failure_.clear();
    times_.push_back(Clock::now());
    while (times_.back() - times_.front() > kFpsTime) {
      times_.pop_front();
    }
    Show(std::move(shown));
  } catch (const Error& error) {
    ShowFailure(error.what());
  }
}

// Of what the source gave in the last seconds.
double LiveView::FramesASecond() const {
  const double seconds =
      times_.empty() ? 0.0 : std::chrono::duration<double>(times_.back() - times_.front()).count();
  return seconds > 0.0 ? static_cast<double>(times_.size() - 1) / seconds : 0.0;
}

void LiveView::TellNotes(const SourceFrame& frame) {
  for (const FileNote& note : frame.notes) {
    TellOnce((note.file.empty() ? "" : note.file + ": ") + note.note, notes_);
  }
}

void LiveView::TellOnce(const std::string& line, std::vector<std::string>& told) const {
  if (std::find(told.begin(), told.end(), line) == told.end()) {
    told.push_back(line);
    if (setup_.tell) {
      setup_.tell(line);
    }
  }
}

void LiveView::ShowFailure(const std::string& failure) {
  failure_ = failure;
  if (shown_ == nullptr) {
    if (ended_ || ++early_failures_ == frames_) {
      throw Error(failure);
    }
    return;
  }
  if (!failure.empty()) {
    TellOnce(failure, failures_);
  }
  Show(std::make_shared<ShownFrame>(*shown_));
}

// Of the frame that is current, filtered anew or not.
void LiveView::Show(std::shared_ptr<ShownFrame> shown) {
  TellNotes(*current_);
  shown->number = ++number_;
  if (!guide_.IsSame(current_->guide)) {
    guide_ = current_->guide;
    guide_number_ = number_;
  }
  shown->guide_number = guide_number_;
  Json& header = shown->header;
  header["name"] = current_->name;
  header["fps"] = FramesASecond();
  header["ms"]["read"] = read_ms_;
  header["failure"] = failure_.empty() ? Json(nullptr) : Json(failure_);
  header["ended"] = ended_;
  header["notes"] = notes_;
  header["controls"] = JsonOf(controls_);
  header["command"] = UpsampleCommand(setup_, controls_, camera_raw_);
  shown_ = shown;
  latest_.Put(std::move(shown));
}

Json LiveView::Do(std::function<Json()> work) {
  std::packaged_task<Json()> job(std::move(work));
  std::future<Json> done = job.get_future();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_ || finished_) {
      throw Error("the view has ended");
    }
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
  return done.get();
}

Json LiveView::Described() const {
  return {{"controls", JsonOf(controls_)},
          {"models", ListModels()},
          {"methods", Methods()},
          {"command", UpsampleCommand(setup_, controls_, camera_raw_)},
          {"name", setup_.names.target},
          {"frames", frames_},
          {"live", live_}};
}

Json LiveView::State() {
  return Do([this] { return Described(); });
}

Json LiveView::SetControls(const std::string& json) {
  return Do([this, json] {
    const ViewControls controls = ParseControls(json, controls_);
    std::shared_ptr<ShownFrame> shown;
    if (!controls.SameResults(controls_) || controls.confidence != controls_.confidence) {
      auto filter = std::make_unique<FrameFilter>(setup_.filter, controls);
      if (current_) {
        shown = filter->Filter(*current_);
      }
      filter_ = std::move(filter);
    } else if (shown_ != nullptr) {
      shown = std::make_shared<ShownFrame>(*shown_);
    }
    controls_ = controls;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      waits_ = controls_.paused;
    }
    if (shown != nullptr) {
      Show(std::move(shown));
    }
    return Described();
  });
}

Json LiveView::KernelAt(const Pixel& pixel) {
  return Do([this, pixel] {
    if (!current_) {
      throw Error("there is no frame yet");
    }
    Json kernel = filter_->KernelAt(*current_, pixel);
    kernel["number"] = shown_->number;
    return kernel;
  });
}

}  // namespace dkn::serve
