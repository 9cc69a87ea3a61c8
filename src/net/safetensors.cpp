#include "src/net/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "src/core/bytes.h"
#include "src/core/file.h"
#include "src/core/half.h"
#include "src/core/named_values.h"
#include "src/core/printable_text.h"

namespace dkn {
namespace {

using nlohmann::json;

constexpr const char* kMetadataKey = "__metadata__";
constexpr std::size_t kLengthBytes = 8;  // the header's length, little-endian
constexpr std::size_t kHeaderAlign = 8;  // the header is padded with spaces to a multiple of this
constexpr int kMaxDepth = 3;             // nesting of objects and arrays in the header
constexpr std::size_t kMaxRank = 8;      // length of a shape
constexpr std::size_t kMaxData = kMaxSafetensorsFile - kMaxSafetensorsHeader - kLengthBytes;
constexpr std::size_t kMaxNameShown = 64;  // bytes of a name from the file in a message

struct DataType {
  const char* name;
  std::uint64_t size;  // bytes of a value
  // Little-endian values to floats.
  void (*load)(const std::uint8_t* from, std::size_t count, float* to);
};

// A loop of one type, which the compiler can vectorise.
template <typename Stored, typename Convert>
void LoadEach(const std::uint8_t* from, std::size_t count, float* to, const Convert& convert) {
  for (std::size_t i = 0; i < count; ++i) {
    Stored value;
    std::memcpy(&value, from + i * sizeof value, sizeof value);
    to[i] = convert(FromLittleEndian(value));
  }
}

void LoadF32(const std::uint8_t* from, std::size_t count, float* to) {
  LoadEach<std::uint32_t>(from, count, to, [](std::uint32_t v) { return std::bit_cast<float>(v); });
}
void LoadF16(const std::uint8_t* from, std::size_t count, float* to) {
  LoadEach<std::uint16_t>(from, count, to, FloatOfHalf);
}
void LoadBF16(const std::uint8_t* from, std::size_t count, float* to) {
  LoadEach<std::uint16_t>(from, count, to, [](std::uint16_t v) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(v) << 16);
  });
}
void LoadI8(const std::uint8_t* from, std::size_t count, float* to) {
  LoadEach<std::uint8_t>(from, count, to, [](std::uint8_t v) {
    return static_cast<float>(static_cast<std::int8_t>(v));
  });
}

constexpr NamedValue<StorageType> kStorageTypes[] = {
    {"f32", StorageType::kF32}, {"f16", StorageType::kF16}, {"bf16", StorageType::kBF16}};

// In the order of StorageType, as far as that goes.
constexpr DataType kDataTypes[] = {
    {"F32", 4, LoadF32}, {"F16", 2, LoadF16}, {"BF16", 2, LoadBF16}, {"I8", 1, LoadI8}};

const DataType* FindDataType(const std::string& name) {
  for (const DataType& type : kDataTypes) {
    if (name == type.name) {
      return &type;
    }
  }
  return nullptr;
}

std::string TensorText(const std::string& name) {
  return "tensor '" + PrintableText(name, kMaxNameShown) + "'";
}

// One entry of the header, checked against itself; [begin, end) is its place in the data.
struct Entry {
  std::string name;
  const DataType* type = nullptr;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Product of a shape, or nothing when it does not fit 63 bits.
std::optional<std::uint64_t> CountValues(const std::vector<std::int64_t>& shape) {
  std::uint64_t count = 1;
  for (const std::int64_t length : shape) {
    const auto factor = static_cast<std::uint64_t>(length);
    if (factor != 0 && count > INT64_MAX / factor) {
      return std::nullopt;
    }
    count *= factor;
  }
  return count;
}

bool IsIndex(const json& value) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() <= INT64_MAX;
}

// Refuses what a plain parse would accept: nesting deeper than any header has, and keys that
// appear twice. Errors begin with `where`.
json ParseHeader(std::span<const std::uint8_t> text, const std::string& where) {
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    if ((event == Event::object_start || event == Event::array_start) && depth >= kMaxDepth) {
      throw Error(where + "nests deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    if (event == Event::object_start) {
      keys.emplace_back();
    } else if (event == Event::object_end) {
      keys.pop_back();
    } else if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second) {
      throw Error(where + "has the key '" +
                  PrintableText(parsed.get<std::string>(), kMaxNameShown) + "' twice");
    }
    return true;
  };
  // The format wants the brace first: no byte order mark, no white space. A NUL would end the text
  // early for the parser.
  json header = json::value_t::discarded;
  if (text[0] == '{' && std::find(text.begin(), text.end(), 0) == text.end()) {
    header = json::parse(text.begin(), text.end(), check, /*allow_exceptions=*/false);
  }
  if (!header.is_object()) {
    throw Error(where + "is not a JSON object");
  }
  return header;
}

std::map<std::string, std::string> ReadMetadata(const json& value, const std::string& where) {
  if (!value.is_object()) {
    throw Error(where + "'__metadata__' is not an object of strings");
  }
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) {
      throw Error(where + "metadata '" + PrintableText(key, kMaxNameShown) + "' is not a string");
    }
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

Entry ReadEntry(const std::string& name, const json& value, const std::string& file) {
  const std::string where = file + ": " + TensorText(name);
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
      !value.contains("shape") || !value.contains("data_offsets")) {
    throw Error(where + " needs dtype, shape and data_offsets, and nothing else");
  }
  Entry entry;
  entry.name = name;
  const json& type = value["dtype"];
  entry.type = type.is_string() ? FindDataType(type.get<std::string>()) : nullptr;
  if (entry.type == nullptr) {
    throw Error(where + " has the unknown dtype " + PrintableText(type.dump(), kMaxNameShown) +
                ", expected F32, F16, BF16 or I8");
  }
  const json& shape = value["shape"];
  if (!shape.is_array() || shape.size() > kMaxRank ||
      !std::all_of(shape.begin(), shape.end(), IsIndex)) {
    throw Error(where + " has a bad shape, expected at most " + std::to_string(kMaxRank) +
                " integers that are not negative");
  }
  entry.shape = shape.get<std::vector<std::int64_t>>();
  const json& offsets = value["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !IsIndex(offsets[0]) || !IsIndex(offsets[1])) {
    throw Error(where + " has bad data_offsets, expected [begin, end]");
  }
  entry.begin = offsets[0].get<std::uint64_t>();
  entry.end = offsets[1].get<std::uint64_t>();
  const std::optional<std::uint64_t> count = CountValues(entry.shape);
  if (!count || *count > INT64_MAX / entry.type->size) {
    throw Error(where + " has a shape whose product overflows");
  }
  const std::uint64_t bytes = *count * entry.type->size;
  if (entry.begin > entry.end || entry.end - entry.begin != bytes) {
    throw Error(where + " has data_offsets that do not span " + std::to_string(bytes) +
                " bytes, as dtype and shape demand");
  }
  return entry;
}

// The tensors must fill the data exactly: each begins where the one before it ends.
void CheckLayout(std::vector<Entry>& entries, std::uint64_t data_size, const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t place = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != place) {
      throw Error(file + ": " + TensorText(entry.name) + " begins at byte " +
                  std::to_string(entry.begin) + " of the data, expected " + std::to_string(place) +
                  " (tensors neither overlap nor leave gaps)");
    }
    place = entry.end;
  }
  if (place != data_size) {
    throw Error(file + ": holds " + std::to_string(data_size) +
                " bytes of data, its header tells " + std::to_string(place));
  }
}

void CheckFinite(const Entry& entry, std::span<const std::uint8_t> data, const std::string& file) {
  constexpr std::size_t kAtOnce = 1024;
  std::array<float, kAtOnce> values;
  const auto count = static_cast<std::size_t>((entry.end - entry.begin) / entry.type->size);
  for (std::size_t first = 0; first < count; first += kAtOnce) {
    const std::size_t some = std::min(kAtOnce, count - first);
    entry.type->load(&data[entry.begin + first * entry.type->size], some, values.data());
    bool finite = true;  // no early exit: so the loop vectorises
    for (std::size_t i = 0; i < some; ++i) {
      finite &= std::abs(values[i]) <= std::numeric_limits<float>::max();
    }
    if (!finite) {
      const auto bad = std::find_if_not(values.begin(), values.end(),
                                        [](float value) { return std::isfinite(value); });
      throw Error(file + ": " + TensorText(entry.name) + " has a value that is not finite, at " +
                  std::to_string(first + static_cast<std::size_t>(bad - values.begin())));
    }
  }
}

// The upper half of a float, rounded to nearest, ties to even; Inf for what is too large.
std::uint16_t ToBF16(float value) {
  constexpr std::uint32_t kInf = 0x7f80;
  if (!std::isfinite(value)) {
    return kInf;
  }
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

void AppendValue(float value, StorageType storage, std::vector<std::uint8_t>& out) {
  switch (storage) {
    case StorageType::kF32:
      return AppendLittleEndian(std::bit_cast<std::uint32_t>(value), out);
    case StorageType::kF16:
      return AppendLittleEndian(HalfOfFloat(value), out);
    case StorageType::kBF16:
      return AppendLittleEndian(ToBF16(value), out);
  }
}

// The header's text, padded; the data follows in the order of the names. Errors begin with `where`.
std::string HeaderText(const TensorFile& file, const DataType& type, const std::string& where) {
  json header = json::object();
  if (!file.metadata.empty()) {
    header[kMetadataKey] = file.metadata;
  }
  std::uint64_t place = 0;
  for (const auto& [name, tensor] : file.tensors) {
    if (name == kMetadataKey) {
      throw Error(where + "'__metadata__' cannot be the name of a tensor");
    }
    const std::uint64_t end = place + tensor.values.size() * type.size;
    header[name] = {{"dtype", type.name}, {"shape", tensor.shape}, {"data_offsets", {place, end}}};
    place = end;
  }
  if (place > kMaxData) {
    throw Error(where + "would have " + std::to_string(place) +
                " bytes of data, expected at most " + std::to_string(kMaxData));
  }
  try {
    std::string text = header.dump();
    text.resize((text.size() + kHeaderAlign - 1) / kHeaderAlign * kHeaderAlign, ' ');
    return text;
  } catch (const json::exception&) {
    throw Error(where + "a name or metadata value is not UTF-8");
  }
}

std::vector<std::uint8_t> Serialize(const TensorFile& file, StorageType storage,
                                    const std::string& name) {
  const DataType& type = kDataTypes[static_cast<int>(storage)];
  const std::string header = HeaderText(file, type, name + ": ");
  std::vector<std::uint8_t> bytes;
  AppendLittleEndian(std::uint64_t{header.size()}, bytes);
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (const auto& entry : file.tensors) {
    for (const float value : entry.second.values) {
      AppendValue(value, storage, bytes);
    }
  }
  return bytes;
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) {
    text += (text.empty() ? "" : "x") + std::to_string(size);
  }
  return text;
}

}  // namespace

StorageType ParseStorageType(const std::string& name) {
  return ParseNamed(kStorageTypes, name, "type of stored values");
}

TensorFile ParseSafetensors(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.size() < kLengthBytes) {
    throw Error(name + ": not a safetensors file, it has only " + std::to_string(bytes.size()) +
                " bytes");
  }
  const std::uint64_t length = ByteReader(bytes, std::endian::little).U64();
  if (length == 0 || length > kMaxSafetensorsHeader) {
    throw Error(name + ": not a safetensors file, its header would have " + std::to_string(length) +
                " bytes, expected 1 to " + std::to_string(kMaxSafetensorsHeader));
  }
  if (length > bytes.size() - kLengthBytes) {
    throw Error(name + ": ends inside its header of " + std::to_string(length) + " bytes");
  }
  const std::string where = name + ": header ";
  const json header = ParseHeader(bytes.subspan(kLengthBytes, length), where);
  const std::span<const std::uint8_t> data = bytes.subspan(kLengthBytes + length);

  TensorFile file;
  std::vector<Entry> entries;
  for (const auto& [key, value] : header.items()) {
    if (key == kMetadataKey) {
      file.metadata = ReadMetadata(value, where);
    } else {
      entries.push_back(ReadEntry(key, value, name));
    }
  }
  CheckLayout(entries, data.size(), name);
  for (const Entry& entry : entries) {
    CheckFinite(entry, data, name);
  }
  for (Entry& entry : entries) {
    Tensor& tensor = file.tensors[entry.name];
    tensor.shape = std::move(entry.shape);
    tensor.values.resize((entry.end - entry.begin) / entry.type->size);
    entry.type->load(data.data() + entry.begin, tensor.values.size(), tensor.values.data());
  }
  return file;
}

TensorFile ReadSafetensors(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path, kMaxSafetensorsFile);
  try {
    return ParseSafetensors(bytes, path);
  } catch (const std::bad_alloc&) {
    throw MemoryError(path + ": no memory for the values of its " + std::to_string(bytes.size()) +
                      " bytes");
  }
}

const std::vector<float>& TensorValues(const TensorFile& file, const std::string& name,
                                       const std::vector<std::int64_t>& shape) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) {
    throw Error("tensor '" + name + "' is missing");
  }
  if (found->second.shape != shape) {
    throw Error("tensor '" + name + "' is " + ShapeText(found->second.shape) + ", expected " +
                ShapeText(shape));
  }
  return found->second.values;
}

void WriteSafetensors(const std::string& path, const TensorFile& file, StorageType storage) {
  const std::vector<std::uint8_t> bytes = Serialize(file, storage, path);
  ParseSafetensors(bytes, path);  // what breaks a rule must not reach the disk
  WriteFileBytes(path, bytes);
}

}  // namespace dkn
