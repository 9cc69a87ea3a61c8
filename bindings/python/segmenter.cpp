#include "bindings/python/segmenter.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bindings/python/arrays.h"
#include "bindings/python/options.h"
#include "bindings/python/thread_count.h"
#include "dkn/frame.h"
#include "dkn/segmenter.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

class PythonSegmenter {
 public:
  PythonSegmenter(const std::string& network, const std::string& filter,
                  const std::map<std::string, double>& settings, const std::string& precision,
                  std::int64_t max_pixels, int threads)
      : threads_(threads) {
    const py::gil_scoped_release other_threads_run;
    const auto while_loading = Threads(threads);
    const SegmenterOptions options{
        filter, NetworkOf(precision, 0), {settings.begin(), settings.end()}, max_pixels};
    segmenter_ = Segmenter::Load(network, options);
  }

  // [H, W, classes].
  py::array Scores(const py::array& picture, const std::string& order) const {
    const Image scores = ScoresOf(picture, order);
    py::array_t<float> array({scores.height(), scores.width(), scores.channels()});
    ToFrame(scores, Frame(array.mutable_data(), SampleType::kFloat32, scores.width(),
                          scores.height(), scores.channels()));
    return array;
  }

  // [H, W].
  py::array Labels(const py::array& picture, const std::string& order) const {
    const Image labels = LabelsOf(ScoresOf(picture, order));
    py::array_t<std::uint16_t> array({labels.height(), labels.width()});
    ToFrame(labels,
            Frame(array.mutable_data(), SampleType::kUint16, labels.width(), labels.height(), 1));
    return array;
  }

  const std::vector<std::string>& Classes() const { return segmenter_->classes(); }
  py::array Colours() const {
    const auto& colours = segmenter_->colours();
    py::array_t<std::uint8_t> array({colours.size(), std::size_t{3}});
    std::uint8_t* to = array.mutable_data();
    for (const auto& colour : colours) {
      to = std::copy(colour.begin(), colour.end(), to);
    }
    return array;
  }
  const std::string& Filter() const { return segmenter_->filter(); }

 private:
  Image ScoresOf(const py::array& picture, const std::string& order) const {
    std::vector<Note> notes;
    const ArrayFrame frame =
        FrameOfArray(picture, "picture", Role::kGuide, OrderNamed(order), notes);
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(threads_);
    return segmenter_->Scores(GuideOf(frame.frame));
  }

  int threads_;
  std::unique_ptr<Segmenter> segmenter_;
};

}  // namespace

void AddSegmenter(py::module_& module) {
  module.def("segmenters", &ListSegmenters);
  py::class_<PythonSegmenter>(module, "Segmenter")
      .def(py::init<const std::string&, const std::string&, const std::map<std::string, double>&,
                    const std::string&, std::int64_t, int>())
      .def("scores", &PythonSegmenter::Scores)
      .def("labels", &PythonSegmenter::Labels)
      .def("classes", &PythonSegmenter::Classes)
      .def("colours", &PythonSegmenter::Colours)
      .def("filter", &PythonSegmenter::Filter);
}

}  // namespace dkn::python
