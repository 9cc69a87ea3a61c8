#include "dkn/error.h"

#include "src/core/printable_text.h"

namespace dkn {

Error::Error(const std::string& message)
    : std::runtime_error(PrintableText(message, kMaxErrorText)) {}

}  // namespace dkn
