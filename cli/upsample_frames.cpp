#include "cli/upsample_frames.h"

#include <omp.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <system_error>

#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/free_memory.h"
#include "src/core/parallel_for.h"
#include "src/core/run_jobs.h"

namespace dkn {
namespace {

constexpr int kUnknownMemoryMb = 1000;

// Guide and target of one frame in memory.
struct LoadedFrame {
  Image own_guide;  // empty where one is for all frames
  ImageFile target;
};

void MakeFolderOf(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code failure;
  if (!folder.empty()) {
    std::filesystem::create_directories(folder, failure);
  }
  if (failure) {
    throw Error(folder.string() + ": cannot make this folder: " + failure.message());
  }
}

class Batch {
 public:
  Batch(const std::vector<FrameFiles>& frames, const UpsamplingTask& task)
      : frames_(frames), task_(task), filters_(task), threads_(omp_get_max_threads()) {
    const bool one_guide = std::all_of(frames.begin(), frames.end(), [&](const FrameFiles& frame) {
      return !frame.guide.empty() && frame.guide == frames.front().guide;
    });
    if (one_guide) {
      guide_ = ReadGuide(frames.front().guide);
    }
  }

  void Run() {
    const int jobs = ChooseJobs();
    failures_.resize(frames_.size());
    ProgressLine progress("frames");
    RunJobs(jobs, frames_.size(), [&](std::size_t i) {
      try {
        UpsampleOne(frames_[i]);
      } catch (const std::bad_alloc&) {
        failures_[i] = "out of memory";
      } catch (const std::exception& error) {
        failures_[i] = error.what();
      }
      const std::lock_guard<std::mutex> lock(progress_mutex_);
      progress(++done_, static_cast<int>(frames_.size()));
    });
  }

  // Each frame that failed, and the choice of a method.
  void Tell() const {
    std::size_t failed = 0;
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      if (!failures_[i].empty()) {
        std::fprintf(stderr, "dkn: frame %s: %s\n", frames_[i].name.c_str(), failures_[i].c_str());
        ++failed;
      }
    }
    filters_.TellChoice();
    if (failed > 0) {
      throw Error(std::to_string(failed) + " of " + std::to_string(frames_.size()) +
                  " frames failed, each told above");
    }
  }

 private:
  LoadedFrame Load(const FrameFiles& frame) const {
    if (!frame.problem.empty()) {
      throw Error(frame.problem);
    }
    LoadedFrame loaded;
    if (guide_.empty()) {
      loaded.own_guide = ReadGuide(frame.guide);
    }
    loaded.target = ReadImage(frame.target);
    return loaded;
  }

  const Image& GuideOf(const LoadedFrame& loaded) const {
    return guide_.empty() ? loaded.own_guide : guide_;
  }

  const JointFilter& FilterOf(const LoadedFrame& loaded) {
    return filters_.For(UpsamplingScale(GuideOf(loaded), loaded.target.image, task_.geometry));
  }

  // What a frame takes when all threads work on it.
  std::size_t Bytes(const LoadedFrame& loaded) {
    const Image& guide = GuideOf(loaded);
    const Image& target = loaded.target.image;
    const FrameSize size{guide.width(), guide.height(), guide.channels(), target.channels()};
    const ThreadCount all(threads_);
    return FilterOf(loaded).ApplyBytes(size);
  }

  // How many frames of the first good one's size fit in memory as wholes. Where not even two do,
  // one at a time has all threads, and the tiles that it would have alone.
  int ChooseJobs() {
    const int megabytes =
        task_.max_memory_mb > 0 ? task_.max_memory_mb : HalfOfFreeMemoryMb(kUnknownMemoryMb);
    const std::size_t bound = static_cast<std::size_t>(megabytes) * 1'000'000;
    const std::size_t most = std::min(frames_.size(), static_cast<std::size_t>(threads_));
    for (const FrameFiles& frame : frames_) {
      try {
        const std::size_t bytes = std::max<std::size_t>(Bytes(Load(frame)), 1);
        const std::size_t jobs = std::clamp<std::size_t>(bound / bytes, 1, most);
        share_ = bound / jobs;
        return static_cast<int>(jobs);
      } catch (const std::exception&) {
        continue;  // told when its turn comes
      }
    }
    return 1;
  }

  void UpsampleOne(const FrameFiles& frame) {
    std::shared_lock<std::shared_mutex> beside_others(memory_);
    const LoadedFrame loaded = Load(frame);
    if (Bytes(loaded) <= share_) {
      Upsample(loaded, frame);
      return;
    }
    beside_others.unlock();
    const std::unique_lock<std::shared_mutex> alone(memory_);
    const ThreadCount all(threads_);
    Upsample(loaded, frame);
  }

  void Upsample(const LoadedFrame& loaded, const FrameFiles& frame) {
    MakeFolderOf(frame.output);
    MakeFolderOf(frame.confidence);
    const FrameTypes types = TypesFor(frame.output, loaded.target.type);
    const Upsampled result =
        UpsampleForType(GuideOf(loaded), loaded.target.image, types, FilterOf(loaded), task_);
    WriteUpsampled({frame.output, frame.confidence}, result, types.result);
  }

  const std::vector<FrameFiles>& frames_;
  const UpsamplingTask& task_;
  UpsamplingFilters filters_;
  const int threads_;
  Image guide_;            // of all frames; empty where each has its own
  std::size_t share_ = 0;  // bytes for one of the frames in flight
  std::shared_mutex memory_;
  std::mutex progress_mutex_;
  int done_ = 0;
  std::vector<std::string> failures_;  // by frame; empty: none
};

}  // namespace

void UpsampleFrames(const std::vector<FrameFiles>& frames, const UpsamplingTask& task) {
  Batch batch(frames, task);
  batch.Run();
  batch.Tell();
}

}  // namespace dkn
