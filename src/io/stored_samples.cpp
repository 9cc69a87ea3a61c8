#include "src/io/stored_samples.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "src/core/half.h"
#include "src/core/number_text.h"

namespace dkn {
namespace {

static_assert(std::endian::native == std::endian::little, "files in this order are not turned");

// The values of `samples`, which need not be aligned.
template <typename T>
class Values {
 public:
  explicit Values(Bytes samples) : samples_(samples) {}
  std::size_t size() const { return samples_.size() / sizeof(T); }
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, samples_.data() + i * sizeof(T), sizeof(T));
    return value;
  }

 private:
  Bytes samples_;
};

// Calls body with a value of the type that the file stores; not for halves.
template <typename Body>
auto WithStoredType(StoredType type, const Body& body) {
  const int index = type.bytes == 1 ? 0 : type.bytes == 2 ? 1 : type.bytes == 4 ? 2 : 3;
  switch (4 * type.kind + index) {
    case 0:
      return body(std::uint8_t{});
    case 1:
      return body(std::uint16_t{});
    case 2:
      return body(std::uint32_t{});
    case 3:
      return body(std::uint64_t{});
    case 4:
      return body(std::int8_t{});
    case 5:
      return body(std::int16_t{});
    case 6:
      return body(std::int32_t{});
    case 7:
      return body(std::int64_t{});
    case 10:
      return body(float{});
    default:
      return body(double{});
  }
}

template <typename T>
bool Equals(T value, std::optional<double> nodata) {
  if (!nodata) {
    return false;
  }
  if constexpr (std::is_same_v<T, float>) {
    // The tag holds the value as text, which a float may round. Nothing was measured near the
    // largest of floats, of which programs write few digits: -3.40282e+38.
    constexpr double kHuge = 1e38;
    constexpr double kRounding = 1e-5;
    const double rounding = std::abs(*nodata) > kHuge ? kRounding * std::abs(*nodata) : 0.0;
    return std::abs(static_cast<double>(value) - *nodata) <= rounding ||
           value == static_cast<T>(std::clamp<double>(*nodata, std::numeric_limits<float>::lowest(),
                                                      std::numeric_limits<float>::max()));
  }
  return static_cast<double>(value) == *nodata;
}

// The integers of frames that may hold those of a file.
template <typename T>
using Narrow = std::conditional_t<sizeof(T) == 1, std::uint8_t, std::uint16_t>;

template <typename T>
bool FitIntegers(const Values<T>& values, std::optional<double> nodata) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    // One below 0 becomes one that is far too large.
    if (static_cast<std::uint64_t>(values[i]) > std::numeric_limits<Narrow<T>>::max() &&
        !Equals(values[i], nodata)) {
      return false;
    }
  }
  return true;
}

// What happened to values on their way to another type.
struct Losses {
  bool rounded = false;
  bool beyond = false;  // finite ones became infinite
  bool nodata = false;
};

template <typename From, typename To>
Losses Convert(const Values<From>& from, To* to, std::optional<double> nodata) {
  Losses losses;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const From value = from[i];
    if (Equals(value, nodata)) {
      to[i] = std::is_same_v<To, float> ? std::numeric_limits<To>::quiet_NaN() : To{0};
      losses.nodata = true;
      continue;
    }
    if constexpr (std::is_same_v<From, double>) {
      if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) {
        to[i] = std::numeric_limits<float>::quiet_NaN();
        losses.beyond = true;
        continue;
      }
      losses.rounded |= !std::isnan(value) && static_cast<double>(static_cast<To>(value)) != value;
    } else if constexpr (std::is_same_v<To, float>) {
      // 2^24: a float holds all integers up to it.
      losses.rounded |= std::abs(static_cast<double>(value)) > 16777216.0 &&
                        static_cast<double>(static_cast<To>(value)) != static_cast<double>(value);
    }
    to[i] = static_cast<To>(value);
  }
  return losses;
}

Losses MarkHalves(FrameBuffer& frame, float nodata) {
  constexpr std::uint16_t kNan = 0x7e00;
  const std::uint16_t mark = HalfOfFloat(nodata);
  auto* const first = frame.As<std::uint16_t>();
  auto* const end = first + frame.bytes() / sizeof(*first);
  Losses losses;
  losses.nodata = std::find(first, end, mark) != end;
  std::replace(first, end, mark, kNan);
  return losses;
}

void Tell(const Losses& losses, StoredType stored, SampleType type, std::optional<double> nodata,
          const ReadOptions& options) {
  const std::string name = StoredTypeName(stored);
  const bool became_float = stored.kind != StoredType::kFloat && type == SampleType::kFloat32;
  if (became_float) {
    AddNote(options, std::string("its ") + name + " values do not all fit " +
                         (stored.bytes == 1 ? "uint8" : "uint16") +
                         ": they are read as float32, of which 0 is no hole" +
                         (losses.rounded ? ", and rounded to 24 bits" : ""));
  } else if (losses.rounded) {
    AddNote(options, "its " + name + " values are rounded to float32");
  }
  if (losses.beyond) {
    AddNote(options, "its values beyond what float32 holds, 3.4e38, are holes");
  }
  if (losses.nodata) {
    AddNote(options,
            "its values of " + ShortestText(*nodata) + ", which its tags call no data, are holes");
  }
}

}  // namespace

std::string StoredTypeName(StoredType type) {
  return (type.kind == StoredType::kFloat      ? "float"
          : type.kind == StoredType::kUnsigned ? "uint"
                                               : "int") +
         std::to_string(8 * type.bytes);
}

std::optional<SampleType> SameSampleType(StoredType type) {
  if (type.kind == StoredType::kUnsigned && type.bytes <= 2) {
    return type.bytes == 1 ? SampleType::kUint8 : SampleType::kUint16;
  }
  if (type.kind == StoredType::kFloat && type.bytes <= 4) {
    return type.bytes == 2 ? SampleType::kFloat16 : SampleType::kFloat32;
  }
  return std::nullopt;
}

FrameBuffer FrameOfSamples(Bytes samples, StoredType stored, const FrameShape& shape,
                           const ReadOptions& options, std::optional<double> nodata) {
  const auto frame_of = [&](SampleType type) {
    return FrameBuffer(type, shape.width, shape.height, shape.channels);
  };
  const std::optional<SampleType> same = SameSampleType(stored);
  if (same && (!nodata || *same == SampleType::kFloat16)) {
    FrameBuffer frame = frame_of(*same);
    std::memcpy(frame.data(), samples.data(), samples.size());
    if (nodata) {
      Tell(MarkHalves(frame, static_cast<float>(*nodata)), stored, *same, nodata, options);
    }
    return frame;
  }
  return WithStoredType(stored, [&](auto kind) {
    using From = decltype(kind);
    const Values<From> values(samples);
    if constexpr (std::is_integral_v<From>) {
      if (FitIntegers(values, nodata)) {
        using To = Narrow<From>;
        FrameBuffer frame = frame_of(sizeof(To) == 1 ? SampleType::kUint8 : SampleType::kUint16);
        Tell(Convert(values, frame.As<To>(), nodata), stored, frame.type(), nodata, options);
        return frame;
      }
    }
    FrameBuffer frame = frame_of(SampleType::kFloat32);
    Tell(Convert(values, frame.As<float>(), nodata), stored, frame.type(), nodata, options);
    return frame;
  });
}

}  // namespace dkn
