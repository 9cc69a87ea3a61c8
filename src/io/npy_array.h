#ifndef DKN_SRC_IO_NPY_ARRAY_H_
#define DKN_SRC_IO_NPY_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dkn {

// A NumPy array file of any shape, of which a part is read at a time: the file may be larger than
// memory. uint8, uint16, float32 or float64, little-endian, C order. Several threads may read.
class NpyArray {
 public:
  // Reads the header. Throws Error, which names the file, unless the file is exactly one such array
  // with at least one value.
  explicit NpyArray(const std::string& path);

  const std::string& path() const { return path_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::string ShapeText() const;  // "[449, 480, 640]", for messages
  // What integers of the type reach, 255 or 65535; 1 for floats.
  double full_scale() const { return full_scale_; }

  // Values first .. first + count - 1 in the order of the array. Throws Error when the array has
  // not that many, or the file cannot be read.
  std::vector<double> Read(std::uint64_t first, std::size_t count) const;

 private:
  std::string path_;
  std::vector<std::int64_t> shape_;
  std::string type_;
  double full_scale_ = 1.0;
  std::size_t value_size_ = 0;
  std::uint64_t values_begin_ = 0;  // bytes before the first value
  std::uint64_t count_ = 0;         // of all values
};

}  // namespace dkn

#endif  // DKN_SRC_IO_NPY_ARRAY_H_
