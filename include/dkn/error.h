#ifndef DKN_ERROR_H_
#define DKN_ERROR_H_

#include <stdexcept>
#include <string>

namespace dkn {

// The one exception type of the library. what() says what was wrong, where, and what was expected,
// for instance "fdkn_x8.safetensors: layer 'conv5' is 5x5x32x64, expected 5x5x64x128".
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace dkn

#endif  // DKN_ERROR_H_
