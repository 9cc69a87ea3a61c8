#ifndef DKN_SRC_NET_SAFETENSORS_H_
#define DKN_SRC_NET_SAFETENSORS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dkn {

// Limits of a model file; the layout and the rules are in docs/model_format.md.
inline constexpr std::size_t kMaxSafetensorsHeader = std::size_t{1} << 20;  // bytes
inline constexpr std::size_t kMaxSafetensorsFile = std::size_t{1} << 30;    // bytes

struct Tensor {
  std::vector<std::int64_t> shape;  // slowest index first; empty: one value
  std::vector<float> values;        // as many as the product of the shape
};

struct TensorFile {
  std::map<std::string, std::string> metadata;  // `__metadata__`
  std::map<std::string, Tensor> tensors;
};

enum class StorageType { kF32, kF16, kBF16 };

// The type of this name: "f32", "f16" or "bf16". Throws Error for any other.
StorageType ParseStorageType(const std::string& name);

// Reads a safetensors file of at most kMaxSafetensorsFile bytes. F16, BF16 and I8 values become
// float, which holds them exactly. Throws Error when the file cannot be read or breaks a rule.
TensorFile ReadSafetensors(const std::string& path);

// Reads what a file holds, from memory; `name` stands for the file in messages. Of the file's bytes
// they repeat names and types alone, cut and printable. Memory for values is taken after every
// check has passed.
TensorFile ParseSafetensors(std::span<const std::uint8_t> bytes, const std::string& name);

// The values of the tensor of this name. Throws Error where there is none, or it has another shape.
const std::vector<float>& TensorValues(const TensorFile& file, const std::string& name,
                                       const std::vector<std::int64_t>& shape);

// Equal content gives equal bytes. Values are rounded to the nearest value of the storage type,
// ties to even. Throws Error, and leaves no file behind nor an older one changed, when a value is
// not finite or would not be once stored, a shape does not fit its values, a limit is exceeded, or
// the file cannot be written.
void WriteSafetensors(const std::string& path, const TensorFile& file,
                      StorageType storage = StorageType::kF32);

}  // namespace dkn

#endif  // DKN_SRC_NET_SAFETENSORS_H_
