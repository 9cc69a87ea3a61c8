#ifndef DKN_BINDINGS_PYTHON_OPTIONS_H_
#define DKN_BINDINGS_PYTHON_OPTIONS_H_

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>

#include "dkn/upsampler.h"

namespace dkn::python {

// The argument of this name; a TypeError where it is of another type.
template <typename T>
T Argument(const pybind11::dict& arguments, const char* name) {
  const pybind11::object value = arguments[name];
  try {
    return value.cast<T>();
  } catch (const pybind11::cast_error&) {
    throw pybind11::type_error(std::string(name) + " is " +
                               pybind11::repr(value).cast<std::string>() +
                               ", which is of another type than expected");
  }
}

// NetworkOptions of arguments: "auto" or a precision's name, and megabytes.
NetworkOptions NetworkOf(const std::string& precision, int max_memory);

// By the names of Python's arguments (dkn/_upsampler.py), all of them there.
UpsamplerOptions OptionsOf(const pybind11::dict& arguments);

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_OPTIONS_H_
