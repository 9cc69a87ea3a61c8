// dkn.lib._dkn: images. What users see of it, with its documentation, is dkn/__init__.py.

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bindings/python/arrays.h"
#include "bindings/python/notes.h"
#include "bindings/python/options.h"
#include "bindings/python/segmenter.h"
#include "bindings/python/thread_count.h"
#include "bindings/python/upsampler.h"
#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"
#include "src/pipeline/target_traits.h"
#include "src/report/inspection.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

// Python's classes of errors, as long as the program runs.
PyObject* g_error = nullptr;
PyObject* g_argument = nullptr;
PyObject* g_method = nullptr;
PyObject* g_memory = nullptr;

PyObject* AddErrorClass(py::module_& module, const char* name, const py::tuple& bases,
                        const char* text) {
  const std::string full = std::string("dkn.") + name;
  PyObject* const made = PyErr_NewExceptionWithDoc(full.c_str(), text, bases.ptr(), nullptr);
  if (made == nullptr) {
    throw py::error_already_set();
  }
  module.add_object(name, py::reinterpret_borrow<py::object>(made));
  return made;
}

void Translate(std::exception_ptr thrown) {
  const auto set = [](PyObject* type, const Error& error) {
    PyErr_SetString(type, WithArguments(error.what()).c_str());
  };
  try {
    std::rethrow_exception(std::move(thrown));
  } catch (const ArgumentError& error) {
    set(g_argument, error);
  } catch (const MethodError& error) {
    set(g_method, error);
  } catch (const MemoryError& error) {
    set(g_memory, error);
  } catch (const Error& error) {
    set(g_error, error);
  }
}

void AddErrors(py::module_& module) {
  const auto of = [](PyObject* type) { return py::reinterpret_borrow<py::object>(type); };
  g_error = AddErrorClass(module, "Error", py::make_tuple(of(PyExc_ValueError)),
                          "What was wrong, where, and what was expected. A ValueError.");
  const py::object error = of(g_error);
  g_argument = AddErrorClass(module, "ArgumentError", py::make_tuple(error),
                             "An argument out of its range, or against another one.");
  g_method = AddErrorClass(module, "MethodError", py::make_tuple(error),
                           "There is no such method or model, or it lacks what was asked for.");
  g_memory = AddErrorClass(module, "OutOfMemory", py::make_tuple(error, of(PyExc_MemoryError)),
                           "Memory, or the bound max_memory, did not suffice.");
  py::register_exception_translator(&Translate);
}

py::tuple AxesTuple(const py::array& array, const std::string& what) {
  const ImageAxes axes = AxesOf(array, what);
  return py::make_tuple(axes.height, axes.width, axes.channels);
}

// Whether an array is copied before the library reads it; for tests.
bool IsCopied(const py::array& array) {
  std::vector<Note> notes;
  return !FrameOfArray(array, "array", Role::kTarget, ChannelOrder::kRgb, notes).own.empty();
}

// Weight, x and y of each tap as [H, W, taps, 3], and the network's name.
py::tuple KernelsOf(const py::array& guide, const std::string& order, const py::array& target,
                    const py::object& mask, const std::string& method, const std::string& precision,
                    int thread_count) {
  std::vector<Note> notes;
  const ArrayFrame picture = FrameOfArray(guide, "guide", Role::kGuide, OrderNamed(order), notes);
  const ArrayFrame map = FrameOfArray(target, "target", Role::kTarget, ChannelOrder::kRgb, notes);
  ArrayFrame weights;
  if (!mask.is_none()) {
    weights = FrameOfArray(py::array(mask), "mask", Role::kTarget, ChannelOrder::kRgb, notes);
  }
  py::array_t<float> array;
  std::string name = method;
  {
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(thread_count);
    const Image seen = GuideOf(picture.frame);
    const Image values = ImageOf(map.frame);
    const ValueMeaning meaning = MeaningOf(values, map.frame.type, {});  // as `dkn inspect`
    const Image measured =
        MarkTarget(values, meaning.invalid, MaskWeights(weights.frame, {}), meaning.all_count)
            .values;
    if (name.empty()) {
      name = ChooseUpsamplingMethod(TraitsOf(seen, measured)).name;
    }
    const auto model = LoadModel(name, NetworkOf(precision, 0));
    const report::Inspection inspection(seen, measured, *model);
    const Kernels& kernels = inspection.kernels();
    const int taps = kernels.weights.channels();
    const int height = kernels.weights.height();
    const int width = kernels.weights.width();
    {
      const py::gil_scoped_acquire python;
      array = py::array_t<float>({height, width, taps, 3});
    }
    float* to = array.mutable_data();
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int tap = 0; tap < taps; ++tap) {
          *to++ = kernels.weights(x, y, tap);
          *to++ = kernels.positions(x, y, 2 * tap);
          *to++ = kernels.positions(x, y, 2 * tap + 1);
        }
      }
    }
  }
  return py::make_tuple(array, name);
}

std::map<std::string, std::string> Methods() {
  std::map<std::string, std::string> methods;
  for (const FilterInfo& info : ListFilters()) {
    methods[info.name] = info.summary;
  }
  return methods;
}

}  // namespace
}  // namespace dkn::python

PYBIND11_MODULE(_dkn, module) {
  namespace py = pybind11;
  using dkn::python::PythonUpsampler;
  dkn::python::AddErrors(module);
  module.attr("version") = DKN_VERSION_STRING;
  module.def("models", &dkn::ListModels);
  module.def("methods", &dkn::python::Methods);
  module.def("axes", &dkn::python::AxesTuple);
  module.def("is_copied", &dkn::python::IsCopied);
  module.def("kernels", &dkn::python::KernelsOf);
  dkn::python::AddSegmenter(module);
  py::class_<PythonUpsampler>(module, "Upsampler")
      .def(py::init<const py::dict&>())
      .def("sibling", &PythonUpsampler::Sibling)
      .def("set_guide", &PythonUpsampler::SetGuide)
      .def("guide_notes", &PythonUpsampler::GuideNotes)
      .def("upsample", &PythonUpsampler::Upsample)
      .def("choices", &PythonUpsampler::Choices)
      .def("free_memory", &PythonUpsampler::FreeMemory);
}
