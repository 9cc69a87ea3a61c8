#ifndef DKN_SRC_REPORT_HTML_TEXT_H_
#define DKN_SRC_REPORT_HTML_TEXT_H_

#include <map>
#include <string>
#include <string_view>

#include "src/core/bytes.h"

namespace dkn::report {

// The text for HTML, as content or in a quoted attribute: & < > " ' escaped, control characters
// other than tab and line feed as U+FFFD. (Browsers show bytes that are not UTF-8 so too.)
std::string EscapeHtml(std::string_view text);

// RFC 4648, section 4, with padding.
std::string Base64(Bytes bytes);

// The JSON text for a <script> element: nothing in it can end the element. Means the same JSON.
std::string JsonForScript(std::string json);

// The page with each {{NAME}} replaced by parts[NAME], what stands in the parts as it is. Throws
// Error where a part is missing.
std::string FillTemplate(std::string_view page, const std::map<std::string, std::string>& parts);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_HTML_TEXT_H_
