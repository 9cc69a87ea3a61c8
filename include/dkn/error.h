#ifndef DKN_ERROR_H_
#define DKN_ERROR_H_

#include <stdexcept>
#include <string>

#include "dkn/export.h"

namespace dkn {

// What the library throws, itself where the images are at fault: their sizes do not fit, a value is
// not finite or does not fit its type, nothing is measured, a file is damaged. what() says what was
// wrong, where, and what was expected, for instance "fdkn_x8.safetensors: layer 'conv5' is
// 5x5x32x64, expected 5x5x64x128". It is one line of UTF-8 text of at most 8192 bytes that is safe
// to print, whatever names and values a file held: other bytes and control characters appear as
// \xHH, line breaks as \n.
class DKN_EXPORT Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);
};

// A mistake of the calling program: a malformed frame, an option out of its range or against
// another one, a call before the one that it needs.
class DKN_EXPORT ArgumentError : public Error {
 public:
  using Error::Error;
};

// No method or model has the name, its file cannot be read or is none, or the method lacks an
// option that was asked for.
class DKN_EXPORT MethodError : public Error {
 public:
  using Error::Error;
};

// Memory did not suffice, or a bound of memory that the caller set.
class DKN_EXPORT MemoryError : public Error {
 public:
  using Error::Error;
};

// The caller's Progress ended the work.
class DKN_EXPORT CancelledError : public Error {
 public:
  using Error::Error;
};

}  // namespace dkn

#endif  // DKN_ERROR_H_
