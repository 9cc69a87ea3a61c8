#ifndef DKN_BINDINGS_PYTHON_FILES_H_
#define DKN_BINDINGS_PYTHON_FILES_H_

#include <pybind11/pybind11.h>

namespace dkn::python {

// What dkn.distributed needs of many frames in files: `folder_frames`, `listed_frames` and
// `FilesUpsampler`.
void AddFiles(pybind11::module_& module);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_FILES_H_
