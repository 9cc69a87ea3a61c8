#include "src/io/npy_header.h"

#include <charconv>
#include <system_error>

#include "dkn/error.h"

namespace dkn {
namespace {

// Reads the header: a Python dictionary literal with exactly the keys descr, fortran_order and
// shape, in any order.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  NpyHeader Parse() {
    NpyHeader header;
    bool type = false, order = false, shape = false;
    Expect('{');
    while (!Accept('}')) {
      const std::string_view key = String();
      Expect(':');
      if (key == "descr" && !type && IsNext('[')) {
        FailOfFields();
      }
      if (key == "descr" && !type) {
        header.type = String();
        type = true;
      } else if (key == "fortran_order" && !order) {
        header.fortran_order = Bool();
        order = true;
      } else if (key == "shape" && !shape) {
        header.shape = Tuple();
        shape = true;
      } else {
        Fail();
      }
      if (!Accept(',')) {
        Expect('}');
        break;
      }
    }
    SkipSpace();
    if (!text_.empty() || !type || !order || !shape) {
      Fail();
    }
    return header;
  }

 private:
  [[noreturn]] static void Fail() {
    throw Error("the NPY header is damaged: expected descr, fortran_order and shape");
  }
  // Of a structured array, whose type is a list: [('x', '<f4'), ('intensity', 'u1')].
  [[noreturn]] void FailOfFields() {
    std::string names;
    std::string first;
    bool of_tuple = false;  // the next text is a field's name, not its type
    while (!text_.empty() && text_[0] != ']') {
      if (Accept('(')) {
        of_tuple = true;
      } else if (of_tuple && (IsNext('\'') || IsNext('"'))) {
        const std::string name(String());
        first = first.empty() ? name : first;
        names += (names.empty() ? "" : ", ") + name;
        of_tuple = false;
      } else if (!text_.empty()) {
        text_.remove_prefix(1);
      }
    }
    if (names.empty()) {
      Fail();
    }
    throw Error("the NPY holds records of the fields " + names +
                ", expected an array of numbers; numpy.save('one.npy', array['" + first +
                "']) saves one field");
  }
  bool IsNext(char c) {
    SkipSpace();
    return !text_.empty() && text_[0] == c;
  }
  void SkipSpace() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) {
      text_.remove_prefix(1);
    }
  }
  bool Accept(char c) {
    SkipSpace();
    if (text_.empty() || text_[0] != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  void Expect(char c) {
    if (!Accept(c)) {
      Fail();
    }
  }
  bool AcceptWord(std::string_view word) {
    SkipSpace();
    if (!text_.starts_with(word)) {
      return false;
    }
    text_.remove_prefix(word.size());
    return true;
  }
  std::string_view String() {
    const char quote = Accept('"') ? '"' : '\'';
    if (quote == '\'') {
      Expect('\'');
    }
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) {
      Fail();
    }
    const std::string_view value = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return value;
  }
  bool Bool() {
    const bool value = AcceptWord("True");
    if (!value && !AcceptWord("False")) {
      Fail();
    }
    return value;
  }
  std::vector<std::int64_t> Tuple() {
    std::vector<std::int64_t> values;
    Expect('(');
    while (!Accept(')')) {
      SkipSpace();
      std::int64_t value = 0;
      const auto [stop, code] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
      if (code != std::errc() || value < 0) {
        Fail();
      }
      text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
      values.push_back(value);
      if (!Accept(',')) {
        Expect(')');
        break;
      }
    }
    return values;
  }

  std::string_view text_;
};

}  // namespace

NpyHeader ReadNpyHeader(ByteReader& reader) {
  reader.Take(kNpyMagic.size());
  const int version = reader.U8();
  reader.U8();  // minor version
  if (version < 1 || version > 3) {
    throw Error("the NPY is of version " + std::to_string(version) + ", expected 1 to 3");
  }
  const Bytes text = reader.Take(version == 1 ? reader.U16() : reader.U32());
  return HeaderParser({reinterpret_cast<const char*>(text.data()), text.size()}).Parse();
}

}  // namespace dkn
