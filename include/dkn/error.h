#ifndef DKN_ERROR_H_
#define DKN_ERROR_H_

#include <stdexcept>
#include <string>

namespace dkn {

// The one exception type of the library. what() says what was wrong, where, and what was expected,
// for instance "fdkn_x8.safetensors: layer 'conv5' is 5x5x32x64, expected 5x5x64x128". It is one
// line of UTF-8 text of at most 8192 bytes that is safe to print, whatever names and values a file
// held: other bytes and control characters appear as \xHH, line breaks as \n.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);
};

// Memory did not suffice, or a bound of memory that the caller set.
class MemoryError : public Error {
 public:
  using Error::Error;
};

}  // namespace dkn

#endif  // DKN_ERROR_H_
