#ifndef DKN_SRC_EVAL_REPORT_ASSETS_H_
#define DKN_SRC_EVAL_REPORT_ASSETS_H_

#include <string_view>

namespace dkn {

// The files of src/eval/assets, embedded when building (cmake/EmbedFiles.cmake).
extern const std::string_view kReportHtml;    // the page; {{NAME}} stands for what belongs there
extern const std::string_view kReportStyle;   // CSS
extern const std::string_view kReportScript;  // JavaScript, all of it

}  // namespace dkn

#endif  // DKN_SRC_EVAL_REPORT_ASSETS_H_
