#ifndef DKN_SRC_REPORT_REPORT_ASSETS_H_
#define DKN_SRC_REPORT_REPORT_ASSETS_H_

#include <string_view>

namespace dkn::report {

// The files of src/report/assets, embedded when building (cmake/EmbedFiles.cmake).
extern const std::string_view kReportHtml;    // the page; {{NAME}} stands for what belongs there
extern const std::string_view kReportStyle;   // CSS
extern const std::string_view kReportScript;  // JavaScript, all of it

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_REPORT_ASSETS_H_
