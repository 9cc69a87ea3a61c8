#include "bindings/python/files.h"

#include <pybind11/stl.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/python/options.h"
#include "bindings/python/thread_count.h"
#include "dkn/registry.h"
#include "dkn/upsample_files.h"
#include "src/io/frame_files.h"
#include "src/io/listed_frames.h"
#include "src/io/task_files.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

// FrameFiles as Python keeps and sends them: the target as the user named it, guide, mask, result,
// confidence, and why there is nothing to do.
using FrameTuple =
    std::tuple<std::string, std::string, std::string, std::string, std::string, std::string>;

std::vector<FrameTuple> TuplesOf(const std::vector<FrameFiles>& frames) {
  std::vector<FrameTuple> tuples;
  tuples.reserve(frames.size());
  for (const FrameFiles& frame : frames) {
    tuples.emplace_back(frame.target, frame.guide, frame.mask, frame.output, frame.confidence,
                        frame.problem);
  }
  return tuples;
}

FrameFiles FrameOfTuple(const FrameTuple& frame) {
  const auto& [target, guide, mask, output, confidence, problem] = frame;
  return {target, guide, target, output, confidence, mask, problem};
}

std::vector<FrameTuple> FolderFramesOf(const std::string& guides, const std::string& targets,
                                       const std::string& masks, const std::string& output,
                                       const std::string& confidence) {
  const py::gil_scoped_release other_threads_run;
  return TuplesOf(FolderFrames({guides, targets, output, confidence}, masks));
}

std::vector<FrameTuple> ListedFramesOf(
    const std::vector<std::tuple<std::string, std::string, std::string>>& listed,
    const std::string& root, const std::string& output, const std::string& confidence) {
  const py::gil_scoped_release other_threads_run;
  std::vector<ListedFrame> frames;
  frames.reserve(listed.size());
  for (const auto& [guide, target, mask] : listed) {
    frames.push_back({guide, target, mask});
  }
  return TuplesOf(ListedFrames(frames, root, output, confidence));
}

// UpsampleFiles for frames as they come, by methods that are made once.
class FilesUpsampler {
 public:
  // By the arguments of PythonUpsampler. `share`: in MB, of all frames at a time where the
  // arguments have no bound of memory; 0: half of what is free.
  FilesUpsampler(const py::dict& arguments, int share)
      : threads_(Argument<int>(arguments, "threads")),
        upsampler_(WithShare(OptionsOf(arguments), share)) {
    Threads(threads_);  // throws for a number that is none
    task_.options = upsampler_.options();
    task_.packed = Argument<std::string>(arguments, "packed");
    if (task_.options.network.max_memory_mb == 0) {
      task_.options.network.max_memory_mb = share;  // bounds how many frames, of any method
    }
  }

  // A dict of what FilesResult has. Frames that are made already are left as they are.
  py::dict Upsample(const std::vector<FrameTuple>& tuples) const {
    std::vector<FrameFiles> frames;
    FilesResult result;
    {
      const py::gil_scoped_release other_threads_run;
      const auto threads = Threads(threads_);
      for (const FrameTuple& tuple : tuples) {
        if (FrameFiles frame = FrameOfTuple(tuple); !IsMade(frame)) {
          frames.push_back(std::move(frame));
        }
      }
      result = UpsampleFrames(frames, task_, upsampler_);
    }
    return FieldsOf(result, static_cast<int>(tuples.size()) - result.frames);
  }

 private:
  // A method that is no network refuses a bound.
  static UpsamplerOptions WithShare(UpsamplerOptions options, int share) {
    const bool may_have_one = options.method.empty() || !FindModelFile(options.method).empty();
    if (options.network.max_memory_mb == 0 && may_have_one) {
      options.network.max_memory_mb = share;
    }
    return options;
  }

  static py::dict FieldsOf(const FilesResult& result, int made_before) {
    py::dict fields;
    py::list failures;
    for (const FileFailure& failure : result.failures) {
      failures.append(py::make_tuple(failure.frame, failure.reason));
    }
    py::list notes;
    for (const FileNote& note : result.notes) {
      notes.append(py::make_tuple(note.file, note.note, note.files));
    }
    py::list choices;
    for (const MethodChoice& choice : result.choices) {
      choices.append(py::make_tuple(choice.method, choice.reason, choice.scale));
    }
    const TargetFindings& found = result.findings;
    fields["frames"] = result.frames;
    fields["made_before"] = made_before;
    fields["failures"] = failures;
    fields["notes"] = notes;
    fields["choices"] = choices;
    fields["zero_holes"] = found.zero_holes.frames;
    fields["zero_values"] = found.zero_values.frames;
    fields["lone_values"] = found.lone.frames;
    fields["wild_values"] = result.wild_frames;
    return fields;
  }

  const int threads_;
  const Upsampler upsampler_;  // never used itself, but for its siblings
  FileTask task_;
};

}  // namespace

void AddFiles(py::module_& module) {
  module.def("folder_frames", &FolderFramesOf);
  module.def("listed_frames", &ListedFramesOf);
  py::class_<FilesUpsampler>(module, "FilesUpsampler")
      .def(py::init<const py::dict&, int>())
      .def("upsample", &FilesUpsampler::Upsample);
}

}  // namespace dkn::python
