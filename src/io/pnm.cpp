#include "src/io/pnm.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "dkn/error.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

bool IsBlank(std::uint8_t byte) {
  return byte == ' ' || ('\t' <= byte && byte <= '\r');
}

// Source: "PGM Format Specification", "PPM Format Specification" and "PBM Format Specification" of
// Netpbm.
class Parser {
 public:
  explicit Parser(Bytes bytes) : left_(bytes.subspan(1)) { kind_ = Next() - '0'; }

  int kind() const { return kind_; }
  std::size_t remaining() const { return left_.size(); }
  Bytes rest() const { return left_; }

  // A number of the header or, of text, a value; blanks and comments, to a line's end, come before.
  std::int64_t Number() {
    SkipBlanks();
    constexpr std::int64_t kMost = 1'000'000'000;
    std::int64_t number = -1;
    while (!left_.empty() && '0' <= left_[0] && left_[0] <= '9') {
      number = std::max<std::int64_t>(number, 0) * 10 + (Next() - '0');
      if (number > kMost) {
        throw Error("the PNM has a number beyond " + std::to_string(kMost));
      }
    }
    if (number < 0) {
      throw Error(left_.empty() ? "the file is truncated"
                                : "the PNM is damaged: expected a number");
    }
    return number;
  }
  // A bitmap's, 0 or 1; blanks and comments come before.
  int Digit() {
    SkipBlanks();
    const int digit = left_.empty() ? -1 : Next() - '0';
    if (digit != 0 && digit != 1) {
      throw Error("the PBM is truncated or damaged: expected 0 or 1");
    }
    return digit;
  }
  // The one that ends the header of a file of bytes.
  void Blank() {
    if (left_.empty() || !IsBlank(Next())) {
      throw Error("the PNM is damaged: expected a blank before its values");
    }
  }
  void SkipBlanks() {
    while (!left_.empty() && (IsBlank(left_[0]) || left_[0] == '#')) {
      if (Next() == '#') {
        while (!left_.empty() && left_[0] != '\n' && left_[0] != '\r') {
          Next();
        }
      }
    }
  }
  std::uint8_t Next() {
    const std::uint8_t byte = left_[0];
    left_ = left_.subspan(1);
    return byte;
  }

 private:
  Bytes left_;
  int kind_ = 0;
};

template <typename T>
void ReadValues(Parser& parser, std::int64_t most, bool stretch, FrameBuffer& frame) {
  const bool text = parser.kind() < 4;
  auto* const values = frame.As<T>();
  const std::size_t count = frame.bytes() / sizeof(T);
  const auto full = static_cast<std::int64_t>(FullScale(frame.type()));
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = text ? parser.Number() : parser.Next();
    if (!text && sizeof(T) == 2) {
      value = value * 256 + parser.Next();
    }
    if (value > most) {
      throw Error("the PNM has a value of " + std::to_string(value) + ", more than its greatest, " +
                  std::to_string(most));
    }
    values[i] = static_cast<T>(stretch ? (2 * value * full + most) / (2 * most) : value);
  }
}

bool IsBitmap(const Parser& parser) {
  return parser.kind() == 1 || parser.kind() == 4;
}

// Of a bitmap, in which 1 is black: digits, which need no blanks between them, or bits, of which
// the highest comes first and a row begins a byte.
void ReadBits(Parser& parser, FrameBuffer& frame) {
  auto* to = frame.As<std::uint8_t>();
  for (int y = 0; y < frame.height(); ++y) {
    int bits = 0;
    for (int x = 0; x < frame.width(); ++x) {
      bool black = false;
      if (parser.kind() == 1) {
        black = parser.Digit() == 1;
      } else {
        bits = x % 8 == 0 ? parser.Next() : bits << 1;
        black = (bits & 0x80) != 0;
      }
      *to++ = black ? 0 : 255;
    }
  }
}

// Throws Error where a file can have no such values, before memory is taken for them. Of text there
// is a digit for each, and, but for bitmaps and the last one, a blank.
void CheckRemaining(const Parser& parser, std::int64_t width, std::int64_t height, int channels,
                    SampleType type) {
  const bool text = parser.kind() < 4;
  const std::uint64_t of_row = IsBitmap(parser) ? (text ? width : (width + 7) / 8)
                                                : static_cast<std::uint64_t>(width) *
                                                      static_cast<std::uint64_t>(channels) *
                                                      (text ? 2 : SampleBytes(type));
  const bool last_blank = text && !IsBitmap(parser);
  if (static_cast<std::uint64_t>(height) > (parser.remaining() + (last_blank ? 1 : 0)) / of_row) {
    throw Error("the PNM is truncated: it has " + std::to_string(parser.remaining()) +
                " bytes of values for " + std::to_string(height) + " rows, expected at least " +
                std::to_string(of_row) + " for each");
  }
}

}  // namespace

bool IsPnm(Bytes bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && '1' <= bytes[1] && bytes[1] <= '6' &&
         (IsBlank(bytes[2]) || bytes[2] == '#');
}

FrameBuffer ParsePnm(Bytes bytes, const ReadOptions& options) {
  if (!IsPnm(bytes)) {
    throw Error("is no PBM, PGM or PPM");
  }
  Parser parser(bytes);
  const std::int64_t width = parser.Number();
  const std::int64_t height = parser.Number();
  const std::int64_t most = IsBitmap(parser) ? 1 : parser.Number();
  CheckSize(width, height, options);
  if (most < 1 || most > 65535) {
    throw Error("the PNM's greatest value is " + std::to_string(most) + ", expected 1 to 65535");
  }
  const bool text = parser.kind() < 4;
  if (!text) {
    parser.Blank();
  }
  const int channels = parser.kind() % 3 == 0 ? 3 : 1;
  const SampleType type = most < 256 ? SampleType::kUint8 : SampleType::kUint16;
  CheckRemaining(parser, width, height, channels, type);
  FrameBuffer frame(type, static_cast<int>(width), static_cast<int>(height), channels);
  if (IsBitmap(parser)) {
    ReadBits(parser, frame);
  } else if (type == SampleType::kUint8) {
    ReadValues<std::uint8_t>(parser, most, options.guide, frame);
  } else {
    ReadValues<std::uint16_t>(parser, most, options.guide, frame);
  }
  const Bytes rest = parser.rest();
  if (!std::all_of(rest.begin(), rest.end(), IsBlank)) {
    throw Error("the PNM has " + std::to_string(rest.size()) + " bytes after its values");
  }
  return frame;
}

}  // namespace dkn
