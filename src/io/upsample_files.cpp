#include "dkn/upsample_files.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/free_memory.h"
#include "src/core/in_context.h"
#include "src/core/parallel_for.h"
#include "src/core/run_jobs.h"
#include "src/io/frame_files.h"
#include "src/io/named_file.h"
#include "src/io/own_guides.h"
#include "src/io/packed_depth.h"
#include "src/io/raw_frames.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

constexpr int kUnknownMemoryMb = 1000;

// Whether each frame has a mask of its own.
bool HasOwnMasks(const FileTask& task) {
  return AreManyFrames(task.mask);
}

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

// Whether all targets are their own guides; those of which only some are have guides like others.
bool AreOwnGuides(const std::vector<FrameFiles>& frames, const FileTask& task) {
  const auto same = [](const FrameFiles& frame) {
    return SplitName(frame.guide).name == SplitName(frame.target).name &&
           SameFile(frame.guide, frame.target);
  };
  return task.options.own_guide || (std::all_of(frames.begin(), frames.end(), same) &&
                                    IsOwnGuide(frames.front().guide, frames.front().target, task));
}

// Guide, target and mask of one frame in memory.
struct LoadedFrame {
  FrameBuffer own_guide;  // empty where one is for all frames, or the target is it
  FrameBuffer target;
  FrameBuffer own_mask;  // empty where one is for all frames, or none
  std::vector<FileNote> notes;
};

class Batch {
 public:
  Batch(std::vector<FrameFiles> frames, const FileTask& task, Upsampler first)
      : frames_(std::move(frames)),
        own_guides_(AreOwnGuides(frames_, task)),
        one_size_(task.options.upsample.same_size),
        first_(std::move(first)),
        mask_(ReadMaskFrame(HasOwnMasks(task) ? "" : task.mask)),
        packed_(task.packed),
        max_memory_mb_(task.options.network.max_memory_mb),
        threads_(omp_get_max_threads()) {
    const FrameFiles& front = frames_.front();
    const bool one_guide = !front.guide.empty() && std::all_of(frames_.begin(), frames_.end(),
                                                               [&](const FrameFiles& frame) {
                                                                 return frame.guide == front.guide;
                                                               });
    if (one_guide && !own_guides_) {
      guide_ = ReadGuideFrame(front.guide, told_.notes);
    }
  }

  FilesResult Run(const FramesDone& progress) {
    const int jobs = ChooseJobs();
    failures_.resize(frames_.size());
    RunJobs(jobs, frames_.size(), [&](std::size_t i) {
      try {
        UpsampleOne(frames_[i]);
      } catch (const std::bad_alloc&) {
        failures_[i] = "out of memory";
      } catch (const std::exception& error) {
        failures_[i] = error.what();
      }
      const std::lock_guard<std::mutex> lock(progress_mutex_);
      ++done_;
      if (progress) {
        progress(done_, static_cast<int>(frames_.size()));
      }
    });
    FilesResult result = told_;
    result.frames = static_cast<int>(frames_.size());
    result.choices = first_.choices();
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      if (!failures_[i].empty()) {
        result.failures.push_back({frames_[i].name, failures_[i]});
      }
    }
    return result;
  }

 private:
  // An Upsampler that waits for its next frame, and whose guide it has.
  struct Worker {
    Upsampler upsampler;
    bool has_common_guide = false;
  };

  LoadedFrame Load(const FrameFiles& frame) const {
    if (!frame.problem.empty()) {
      throw Error(frame.problem);
    }
    LoadedFrame loaded;
    if (guide_.empty() && !own_guides_) {
      loaded.own_guide = ReadGuideFrame(frame.guide, loaded.notes);
    }
    loaded.target = ReadTargetFrame(frame.target, packed_, loaded.notes);
    if (!one_size_) {
      CheckGuideIsNoTarget({frame.guide, frame.target, frame.output}, GuideOf(loaded),
                           loaded.target);
    }
    if (mask_.empty()) {
      loaded.own_mask = ReadMaskFrame(frame.mask);
    }
    CheckMaskSize(frame.mask, MaskOf(loaded), {loaded.target.width(), loaded.target.height()});
    return loaded;
  }

  ConstFrame GuideOf(const LoadedFrame& loaded) const {
    return own_guides_      ? loaded.target.frame()
           : guide_.empty() ? loaded.own_guide.frame()
                            : guide_.frame();
  }

  ConstFrame MaskOf(const LoadedFrame& loaded) const {
    return mask_.empty() ? loaded.own_mask.frame() : mask_.frame();
  }

  // What a frame takes when all threads work on it.
  std::size_t Bytes(const LoadedFrame& loaded) {
    const ThreadCount all(threads_);
    const std::lock_guard<std::mutex> lock(workers_mutex_);
    const FrameBuffer& own = loaded.own_guide;
    const std::size_t guide_before =  // which an upsampler keeps
        own.empty() ? 0 : own.bytes() / SampleBytes(own.type()) * sizeof(float);
    return first_.FrameBytes(GuideOf(loaded), loaded.target, MaskOf(loaded)) + own.bytes() +
           guide_before;
  }

  // Of frames as they were read, but the target and its mask.
  std::size_t HeldBytes(const LoadedFrame& loaded) const {
    return guide_.bytes() + loaded.own_guide.bytes();
  }

  // How many frames of the first good one's size fit in memory as wholes. Where not even two do,
  // one at a time has all threads, and the tiles that it would have alone.
  int ChooseJobs() {
    const int megabytes =
        max_memory_mb_ > 0 ? max_memory_mb_ : HalfOfFreeMemoryMb(kUnknownMemoryMb);
    const std::size_t all = static_cast<std::size_t>(megabytes) * 1'000'000;
    const std::size_t bound = all - std::min(all, kProgramBytes + guide_.bytes());
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
      Upsample(loaded, frame, MemoryAfter::kKept);
      return;
    }
    beside_others.unlock();
    const std::unique_lock<std::shared_mutex> alone(memory_);
    workers_.clear();  // with their guides and what they keep
    const ThreadCount all(threads_);
    Upsample(loaded, frame, MemoryAfter::kFreed);
  }

  void Upsample(const LoadedFrame& loaded, const FrameFiles& frame, MemoryAfter after) {
    MakeFolderOf(frame.output);
    MakeFolderOf(frame.confidence);
    const FrameNames names{frame.guide, frame.target, frame.output, frame.confidence};
    std::vector<FileNote> notes = loaded.notes;
    Worker worker = TakeWorker();
    if (!own_guides_ && (guide_.empty() || !worker.has_common_guide)) {
      InContext(frame.guide, [&] { worker.upsampler.SetGuide(GuideOf(loaded)); });
      worker.has_common_guide = true;
    }
    if (guide_.empty() || !common_guide_told_.exchange(true)) {
      AddGuideNote(frame.guide, worker.upsampler, notes);
    }
    const ConstFrame guide = GuideOf(loaded);
    const PixelSize size{guide.width, guide.height};
    AddOrderNote(names, guide, loaded.target, notes);
    AddShapeNote(names, size, {loaded.target.width(), loaded.target.height()},
                 worker.upsampler.options().placement, notes);
    worker.upsampler.Reserve(kProgramBytes + HeldBytes(loaded));
    const UpsampledFrame done =
        UpsampleInto(names, size, loaded.target, MaskOf(loaded), worker.upsampler, after);
    const std::lock_guard<std::mutex> lock(workers_mutex_);
    workers_.push_back(std::move(worker));
    AddWildValues(done);
    AddFindings(done, PixelsOf(loaded.target), told_.findings);
    AddNotes(notes, told_.notes);
  }

  void AddWildValues(const UpsampledFrame& done) {
    told_.wild_frames += done.wild_values > 0 ? 1 : 0;
    told_.wild_values += done.wild_values;
    if (std::abs(done.wildest_value) > std::abs(told_.wildest_value)) {
      told_.wildest_value = done.wildest_value;
    }
  }

  // The one that has waited for the shortest time, whose memory is warm. One whose frame fails does
  // not come back.
  Worker TakeWorker() {
    const std::lock_guard<std::mutex> lock(workers_mutex_);
    if (workers_.empty()) {
      return {first_.Sibling()};
    }
    Worker worker = std::move(workers_.back());
    workers_.pop_back();
    return worker;
  }

  const std::vector<FrameFiles> frames_;
  const bool own_guides_;
  const bool one_size_;
  Upsampler first_;         // has the methods
  const FrameBuffer mask_;  // of all frames; empty where each has its own, or none
  const std::string packed_;
  const int max_memory_mb_;
  const int threads_;
  FrameBuffer guide_;  // of all frames; empty where each has its own
  std::atomic<bool> common_guide_told_ = false;
  std::size_t share_ = 0;  // bytes for one of the frames in flight
  std::shared_mutex memory_;
  std::mutex workers_mutex_;
  std::vector<Worker> workers_;  // that wait
  FilesResult told_;             // its wild values and notes alone
  std::mutex progress_mutex_;
  int done_ = 0;
  std::vector<std::string> failures_;  // by frame; empty: none
};

}  // namespace

bool AreManyFrames(const std::string& target) {
  return IsFramePattern(target) || std::filesystem::is_directory(SplitName(target).file);
}

FilesResult UpsampleFiles(const FrameNames& names, const FileTask& task, std::optional<int> first,
                          std::optional<int> last, const FramesDone& progress) {
  std::vector<FileNote> notes;
  std::vector<FrameFiles> frames = FramesOf(names, task, first, last, notes);
  Upsampler upsampler(
      OptionsOf(task, !frames.front().confidence.empty(), AreOwnGuides(frames, task)));
  Batch batch(std::move(frames), task, std::move(upsampler));
  FilesResult result = batch.Run(progress);
  AddNotes(notes, result.notes);
  return result;
}

FilesResult UpsampleFrames(const std::vector<FrameFiles>& frames, const FileTask& task,
                           const Upsampler& like) {
  FilesResult result;
  result.frames = static_cast<int>(frames.size());
  try {
    return frames.empty() ? result : Batch(frames, task, like.Sibling()).Run({});
  } catch (const Error& error) {  // the guide of all
    for (const FrameFiles& frame : frames) {
      result.failures.push_back({frame.name, error.what()});
    }
    return result;
  }
}

}  // namespace dkn
