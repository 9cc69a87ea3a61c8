#ifndef DKN_BINDINGS_PYTHON_SEGMENTER_H_
#define DKN_BINDINGS_PYTHON_SEGMENTER_H_

#include <pybind11/pybind11.h>

namespace dkn::python {

// Adds the class Segmenter, which dkn/_segmenter.py describes.
void AddSegmenter(pybind11::module_& module);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_SEGMENTER_H_
