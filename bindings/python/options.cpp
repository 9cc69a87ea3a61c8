#include "bindings/python/options.h"

#include <memory>
#include <optional>

#include "dkn/error.h"
#include "src/pipeline/invalid_text.h"

namespace dkn::python {

namespace py = pybind11;

NetworkOptions NetworkOf(const std::string& precision, int max_memory) {
  if (max_memory < 0) {
    throw ArgumentError("a bound of memory of " + std::to_string(max_memory) +
                        " MB, expected 0, for none, or more");
  }
  NetworkOptions options;
  options.precision.reset();
  if (precision != "auto") {
    options.precision = ParsePrecision(precision);
  }
  options.max_memory_mb = max_memory;
  return options;
}

namespace {

// Calls `progress`, which may be None, and ends the work where it returns False or raises, or where
// a signal does: Ctrl-C works, though the library knows nothing of Python.
Progress ProgressOf(const py::object& progress) {
  if (!progress.is_none() && PyCallable_Check(progress.ptr()) == 0) {
    throw py::type_error("progress is " + py::repr(progress).cast<std::string>() +
                         ", expected a function of the share that is done, or None");
  }
  // Threads without the GIL copy it and let it go.
  const std::shared_ptr<py::object> shared(new py::object(progress), [](py::object* object) {
    const py::gil_scoped_acquire python;
    delete object;
  });
  return [shared](double done) {
    const py::gil_scoped_acquire python;
    if (PyErr_CheckSignals() != 0) {
      throw py::error_already_set();
    }
    return shared->is_none() || !(*shared)(done).is(py::bool_(false));
  };
}

}  // namespace

UpsamplerOptions OptionsOf(const py::dict& arguments) {
  UpsamplerOptions options;
  options.method = Argument<std::string>(arguments, "method");
  options.settings = Argument<FilterSettings>(arguments, "settings");
  options.network = NetworkOf(Argument<std::string>(arguments, "precision"),
                              Argument<int>(arguments, "max_memory"));
  options.orientations = Argument<int>(arguments, "orientations");
  SetInvalid(Argument<std::string>(arguments, "invalid"), options);
  options.mask_at_least = Argument<std::optional<float>>(arguments, "mask_at_least");
  options.may_be_empty = Argument<bool>(arguments, "may_be_empty");
  options.step = Argument<double>(arguments, "step");
  if (const auto type = Argument<std::string>(arguments, "dtype"); !type.empty()) {
    options.result_type = ParseSampleType(type);
  }
  if (const auto text = Argument<std::string>(arguments, "cameras"); !text.empty()) {
    options.placement.cameras = ParseCameraPair(text);
  } else if (const auto path = Argument<std::string>(arguments, "camera_file"); !path.empty()) {
    options.placement.cameras = ReadCameraPair(path);
  }
  if (const auto place = Argument<std::string>(arguments, "place"); !place.empty()) {
    options.placement.place = ParseRectangle(place);
  }
  UpsampleOptions& how = options.upsample;
  how.soft_mask = Argument<bool>(arguments, "soft_mask");
  how.keep_wild_values = Argument<bool>(arguments, "keep_wild_values");
  how.holes = ParseHoleMode(Argument<std::string>(arguments, "holes"));
  how.least_support = Argument<float>(arguments, "support");
  how.hole_refinements = Argument<int>(arguments, "hole_refinements");
  how.fidelity_iterations = Argument<int>(arguments, "fidelity");
  how.iterations = Argument<int>(arguments, "iterations");
  how.same_size = Argument<bool>(arguments, "same_size");
  options.own_guide = Argument<bool>(arguments, "own_guide");
  how.confidence = Argument<bool>(arguments, "confidence");
  how.progress = ProgressOf(arguments["progress"]);
  return options;
}

}  // namespace dkn::python
