#ifndef DKN_SRC_IO_NPY_HEADER_H_
#define DKN_SRC_IO_NPY_HEADER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/core/bytes.h"

namespace dkn {

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

// What stands before the values of NumPy's array file.
struct NpyHeader {
  std::string type;  // 'descr', such as "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;  // no length is negative; their product may overflow
};

// Reads the header of a file of version 1 to 3, kNpyMagic included; `reader` then stands at the
// values. Throws Error, without the file's name, when it is damaged. The magic is not checked.
NpyHeader ReadNpyHeader(ByteReader& reader);

}  // namespace dkn

#endif  // DKN_SRC_IO_NPY_HEADER_H_
