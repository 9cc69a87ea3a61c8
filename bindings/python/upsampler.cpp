#include "bindings/python/upsampler.h"

#include <pybind11/stl.h>

#include <array>
#include <utility>

#include "bindings/python/notes.h"
#include "bindings/python/options.h"
#include "bindings/python/thread_count.h"
#include "dkn/error.h"
#include "src/io/packed_depth.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

py::object ArrayOrNone(Image image) {
  return image.empty() ? py::object(py::none()) : py::object(ArrayOf(std::move(image)));
}

// Depth as it is packed becomes depth of one channel.
void UnpackFrame(const std::string& packed, ArrayFrame& frame) {
  if (frame.own.empty()) {
    frame.own = FrameOf(ImageOf(frame.frame), frame.frame.type);  // without gaps
  }
  frame.own = Unpack(frame.own, packed);
  frame.frame = frame.own.frame();
  frame.axes = ImageAxes();
  frame.axes.shape = {frame.frame.height, frame.frame.width};
}

// Of the result, but its image and notes.
py::dict FieldsOf(UpsampledFrame result) {
  py::dict fields;
  fields["confidence"] = ArrayOrNone(std::move(result.confidence));
  fields["mask"] = ArrayOrNone(std::move(result.mask));
  fields["residual"] = result.residual;
  fields["holes"] = result.holes;
  fields["wild_values"] = result.wild_values;
  fields["method"] = result.method;
  return fields;
}

}  // namespace

PythonUpsampler::PythonUpsampler(const py::dict& arguments)
    : upsampler_(OptionsOf(arguments)),
      threads_(Argument<int>(arguments, "threads")),
      packed_(Argument<std::string>(arguments, "packed")),
      order_(OrderNamed(Argument<std::string>(arguments, "order"))),
      invalid_(Argument<std::string>(arguments, "invalid")) {
  Threads(threads_);  // throws for a number that is none
}

PythonUpsampler::PythonUpsampler(const PythonUpsampler& other, Upsampler upsampler)
    : upsampler_(std::move(upsampler)),
      threads_(other.threads_),
      packed_(other.packed_),
      order_(other.order_),
      invalid_(other.invalid_) {}

PythonUpsampler PythonUpsampler::Sibling() {
  const py::gil_scoped_release other_threads_run;
  const auto turn = turns_->Take();
  return {*this, upsampler_.Sibling()};
}

void PythonUpsampler::SetGuide(const py::array& guide, const std::string& order) {
  std::vector<Note> notes;
  const ArrayFrame frame = FrameOfArray(guide, "guide", Role::kGuide, OrderNamed(order), notes);
  const py::gil_scoped_release other_threads_run;
  const auto turn = turns_->Take();
  const auto threads = Threads(threads_);
  upsampler_.SetGuide(frame.frame);
  if (!upsampler_.guide_note().empty()) {
    notes.push_back({"guide", Level::kWarning, "the guide: " + upsampler_.guide_note()});
  }
  guide_notes_ = std::move(notes);
  guide_width_ = frame.frame.width;
  guide_height_ = frame.frame.height;
}

py::list PythonUpsampler::GuideNotes() const {
  std::vector<Note> notes;
  {
    const py::gil_scoped_release other_threads_run;
    const auto turn = turns_->Take();
    notes = guide_notes_;
  }
  return ListOf(notes);
}

py::dict PythonUpsampler::Upsample(const py::array& target, const py::object& mask) {
  std::vector<Note> notes;
  const bool own_guide = upsampler_.options().own_guide;
  ArrayFrame from =
      FrameOfArray(target, "target", Role::kTarget, own_guide ? order_ : ChannelOrder::kRgb, notes);
  ArrayFrame weights;
  if (!mask.is_none()) {
    weights = FrameOfArray(py::array(mask), "mask", Role::kTarget, ChannelOrder::kRgb, notes);
  }
  if (!packed_.empty()) {
    UnpackFrame(packed_, from);
  }
  // A guide that another thread sets meanwhile may have another size: this frame waits for it.
  std::unique_lock<std::mutex> turn;
  {
    const py::gil_scoped_release other_threads_run;
    turn = turns_->Take();
  }
  if (own_guide) {
    guide_width_ = from.frame.width;
    guide_height_ = from.frame.height;
  }
  if (guide_width_ == 0) {
    throw ArgumentError("a target before its guide; set .guide first");
  }
  const SampleType type = upsampler_.ResultType(from.frame.type);
  OutputArray out = OutputFor(from.axes, type, guide_width_, guide_height_);
  out.frame.order = from.frame.order;
  UpsampledFrame result;
  {
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(threads_);
    const Turns::Mark mark(*turns_);
    result = upsampler_.Upsample(from.frame, weights.frame, out.frame);
  }
  const UpsamplerOptions& options = upsampler_.options();
  AddShape(guide_width_, guide_height_, from.frame, options.placement, notes);
  AddFindings(result, from.frame, invalid_, notes);
  AddChoices(upsampler_.choices(), result.method, notes);
  const bool of_values = options.invalid_rule == InvalidRule::kValue;
  const bool same_kind = IsInteger(from.frame.type) == IsInteger(type);
  py::dict fields = FieldsOf(std::move(result));
  fields["image"] = out.array;
  // What stands for holes in the image; None: NaN of floats, 0 of integers.
  fields["mark"] = of_values && same_kind ? options.invalid.mark() : std::nullopt;
  fields["size"] = py::make_tuple(guide_height_, guide_width_);
  fields["notes"] = ListOf(notes);
  return fields;
}

py::list PythonUpsampler::Choices() const {
  py::list choices;
  for (const MethodChoice& choice : upsampler_.choices()) {
    choices.append(py::make_tuple(choice.method, choice.reason, choice.scale));
  }
  return choices;
}

void PythonUpsampler::FreeMemory() {
  const py::gil_scoped_release other_threads_run;
  const auto turn = turns_->Take();
  upsampler_.FreeMemory();
}

py::list ListOf(const std::vector<Note>& notes) {
  py::list list;
  for (const Note& note : notes) {
    list.append(py::make_tuple(note.kind, note.level == Level::kWarning, WithArguments(note.text)));
  }
  return list;
}

}  // namespace dkn::python
